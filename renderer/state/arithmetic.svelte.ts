// The next update of one run, taken apart: asked for again whenever the run stands at another step, and never twice at once.
import type { StepArithmetic } from '../../engine/spec/index.ts';
import type { LabClient } from '../../main/contract/methods.ts';
import type { Translator } from '../messages/translator.ts';
import { errorParts, type Notices } from './notices.svelte.ts';
import type { RunEntry } from './run-entry.svelte.ts';

export type ArithmeticState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'failed'; readonly word: (t: Translator) => string }
  | { readonly kind: 'ready'; readonly runId: string; readonly arithmetic: StepArithmetic };

export class Arithmetic {
  /** What is shown; the last answer stays while the next one is on its way. */
  state = $state.raw<ArithmeticState>({ kind: 'none' });
  readonly #client: LabClient;
  readonly #notices: Notices;
  /** What `state` is the answer to. */
  #of = '';
  #asking: AbortController | null = null;

  constructor(client: LabClient, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Follows a paused run; forgets it otherwise. */
  follow(run: RunEntry | null): void {
    if (!run || run.status !== 'paused') {
      this.#end();
      this.#of = '';
      this.state = { kind: 'none' };
      return;
    }
    const { step, rewinds, eventCount } = run.summary;
    const of = [run.id, step, rewinds, eventCount].join(' ');
    if (of === this.#of) return;
    this.#end();
    this.#of = of;
    void this.#ask(run.id);
  }

  #end(): void {
    this.#asking?.abort();
    this.#asking = null;
  }

  async #ask(runId: string): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    if (this.state.kind !== 'ready' || this.state.runId !== runId) this.state = { kind: 'loading' };
    try {
      const arithmetic = await this.#client.call('run.inspect', { runId }, asking.signal);
      if (!asking.signal.aborted) this.state = { kind: 'ready', runId, arithmetic };
    } catch (error) {
      if (asking.signal.aborted) return;
      const { code } = errorParts(error);
      if (code === 'MODEL_TOO_LARGE') this.state = { kind: 'tooLarge' };
      else this.state = { kind: 'failed', word: this.#notices.word(error) };
    } finally {
      if (this.#asking === asking) this.#asking = null;
    }
  }
}
