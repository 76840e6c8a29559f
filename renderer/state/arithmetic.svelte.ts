// The next update of paused runs, taken apart: asked for again whenever a run stands at another step, and never twice at once.
import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
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
  | { readonly kind: 'ready'; readonly arithmetic: StepArithmetic };

const NONE: ArithmeticState = { kind: 'none' };

export class Arithmetic {
  readonly #client: LabClient;
  readonly #notices: Notices;
  /** By run; the last answer stays while the next one is on its way. */
  readonly #states = new SvelteMap<string, ArithmeticState>();
  /** What is the answer, or is being asked, by run: read by no template. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #asked = new Map<string, { readonly of: string; readonly asking: AbortController }>();

  constructor(client: LabClient, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  of(run: RunEntry | null): ArithmeticState {
    return (run && this.#states.get(run.id)) ?? NONE;
  }

  /** Follows these runs where they are paused; forgets every other one. */
  follow(runs: readonly RunEntry[]): void {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity
    const wanted = new Map(
      runs
        .filter((run) => run.status === 'paused')
        .map(({ id, step, summary: { rewinds, eventCount } }) => [id, [step, rewinds, eventCount].join(' ')] as const),
    );
    untrack(() => {
      for (const [id, { asking }] of this.#asked) {
        if (wanted.has(id)) continue;
        asking.abort();
        this.#asked.delete(id);
        this.#states.delete(id);
      }
      for (const [id, of] of wanted) {
        const held = this.#asked.get(id);
        if (held?.of === of) continue;
        held?.asking.abort();
        const asking = new AbortController();
        this.#asked.set(id, { of, asking });
        void this.#ask(id, asking.signal);
      }
    });
  }

  async #ask(runId: string, signal: AbortSignal): Promise<void> {
    if (this.#states.get(runId)?.kind !== 'ready') this.#states.set(runId, { kind: 'loading' });
    try {
      const arithmetic = await this.#client.call('run.inspect', { runId }, signal);
      if (!signal.aborted) this.#states.set(runId, { kind: 'ready', arithmetic });
    } catch (error) {
      if (signal.aborted) return;
      const { code } = errorParts(error);
      this.#states.set(
        runId,
        code === 'MODEL_TOO_LARGE' ? { kind: 'tooLarge' } : { kind: 'failed', word: this.#notices.word(error) },
      );
    }
  }
}
