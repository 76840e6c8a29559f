// The run bar's deeds: run, pause, step, resume, stop, continue, delete, pace, and which variants Run means.
import type { LabClient } from '../../main/contract/methods.ts';
import { SvelteSet } from 'svelte/reactivity';
import type { ExperimentEditor } from './experiment-editor.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { RunEntry } from './run-entry.svelte.ts';
import type { RunList } from './run-list.svelte.ts';

/** Steps per second by the name of the speed: a step at a time for the eye, a run in two seconds, all that the machine can. */
export const PACES = { slow: 20, watch: 250, full: null } as const;
export type Speed = keyof typeof PACES;

/** The speed that a stored pace comes closest to. */
export function speedOf(stepsPerSecond: number | null): Speed {
  if (stepsPerSecond === null) return 'full';
  return stepsPerSecond < Math.sqrt(PACES.slow * PACES.watch) ? 'slow' : 'watch';
}

export class Training {
  /** Names that Run leaves out; new variants are in. */
  readonly #leftOut = new SvelteSet<string>();
  /** Between pressing Run and the services' answer. */
  starting = $state(false);
  readonly #client: LabClient;
  readonly #runs: RunList;
  readonly #notices: Notices;
  readonly #preferences: Preferences;
  readonly #editor: () => ExperimentEditor | null;

  constructor(parts: {
    client: LabClient;
    runs: RunList;
    notices: Notices;
    preferences: Preferences;
    editor: () => ExperimentEditor | null;
  }) {
    this.#client = parts.client;
    this.#runs = parts.runs;
    this.#notices = parts.notices;
    this.#preferences = parts.preferences;
    this.#editor = parts.editor;
  }

  chosen(variantName: string): boolean {
    return !this.#leftOut.has(variantName);
  }
  choose(variantName: string, chosen: boolean): void {
    if (chosen) this.#leftOut.delete(variantName);
    else this.#leftOut.add(variantName);
  }
  /** In the document's order. */
  get chosenVariants(): readonly string[] {
    return (this.#editor()?.good.variants ?? []).map((x) => x.name).filter((x) => this.chosen(x));
  }

  get paused(): readonly RunEntry[] {
    return this.#runs.live.filter((x) => x.status === 'paused');
  }
  get going(): readonly RunEntry[] {
    return this.#runs.live.filter((x) => x.status !== 'paused');
  }

  /** Stores pending edits, then starts the chosen variants. */
  async run(paused = false): Promise<void> {
    const editor = this.#editor();
    if (!editor || this.starting || editor.problems.length > 0 || this.chosenVariants.length === 0) return;
    this.starting = true;
    try {
      await editor.flush();
      const input = { experimentId: editor.id, variants: [...this.chosenVariants], seed: null, paused };
      for (const summary of await this.#client.call('run.start', input)) this.#runs.heard(summary);
    } catch (error) {
      this.#notices.error(error);
    } finally {
      this.starting = false;
    }
  }

  pause(): Promise<void> {
    return this.#each(this.going, 'run.pause');
  }
  resume(): Promise<void> {
    return this.#each(this.paused, 'run.resume');
  }
  pauseOrResume(): Promise<void> {
    return this.going.length > 0 ? this.pause() : this.resume();
  }
  /** Paused runs take one step; going ones are paused; when nothing is live, the variants start paused. */
  async step(): Promise<void> {
    if (this.paused.length > 0) return this.#each(this.paused, 'run.step');
    if (this.going.length > 0) return this.pause();
    return this.run(true);
  }
  stop(runs: readonly RunEntry[] = this.#runs.live): Promise<void> {
    return this.#each(runs, 'run.stop');
  }

  async continue(run: RunEntry): Promise<void> {
    await this.#try(async () => {
      this.#runs.heard(await this.#client.call('run.continue', { runId: run.id }));
    });
  }
  async delete(run: RunEntry): Promise<void> {
    await this.#try(() => this.#client.call('run.delete', { runId: run.id }));
  }

  async pace(stepsPerSecond: number | null): Promise<void> {
    const before = this.#preferences.values;
    this.#preferences.values = { ...before, pace: stepsPerSecond };
    try {
      await this.#client.call('run.pace', { stepsPerSecond });
    } catch (error) {
      this.#preferences.values = before;
      this.#notices.error(error);
    }
  }

  /** A run that ended by itself in the meantime is no failure. */
  async #each(runs: readonly RunEntry[], method: 'run.pause' | 'run.resume' | 'run.step' | 'run.stop'): Promise<void> {
    const answers = await Promise.allSettled(runs.map((x) => this.#client.call(method, { runId: x.id })));
    for (const answer of answers) {
      if (answer.status === 'fulfilled') continue;
      const reason: unknown = answer.reason;
      const ended = typeof reason === 'object' && reason !== null && 'code' in reason && reason.code === 'RUN_NOT_LIVE';
      if (!ended) this.#notices.error(reason);
    }
  }

  async #try(deed: () => Promise<unknown>): Promise<void> {
    try {
      await deed();
    } catch (error) {
      this.#notices.error(error);
    }
  }
}
