// The run bar's deeds: run, pause, step, resume, stop, continue, delete, pace, and which variants Run means.
import { SvelteSet } from 'svelte/reactivity';
import type { ExperimentSpec } from '../../engine/spec/index.ts';
import type { LabClient } from '../../main/contract/methods.ts';
import { liveChanges } from '../model/live-edits.ts';
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

/** Seeds of one press of Run at most. */
export const MOST_SEEDS = 100;

export class Training {
  /** Names that Run leaves out; new variants are in. */
  readonly #leftOut = new SvelteSet<string>();
  /** Between pressing Run and the services' answer. */
  starting = $state(false);
  /** While runs are taken back. */
  goingBack = $state(false);
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
  /** Edits of rate, λ and p act on the trainings that are going on. */
  live = $state(false);
  /** Runs of each variant that Run starts: with the document's seed, the next one, and so on. 1 … MOST_SEEDS. */
  seeds = $state(1);

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

  /** Nothing is in the way of a run: the document is whole, and a variant is chosen. */
  get ready(): boolean {
    return this.#editor()?.problems.length === 0 && this.chosenVariants.length > 0;
  }

  /** Stores pending edits, then starts the chosen variants, once for every seed. */
  async run(paused = false): Promise<void> {
    const editor = this.#editor();
    if (!editor || this.starting || !this.ready) return;
    this.starting = true;
    try {
      await editor.flush();
      const variants = [...this.chosenVariants];
      for (let i = 0; i < (paused ? 1 : this.seeds); i++) {
        const input = { experimentId: editor.id, variants, seed: i === 0 ? null : editor.stored.seed + i, paused };
        for (const summary of await this.#client.call('run.start', input)) this.#runs.heard(summary);
      }
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
  /** Opens a run that is over again: it stands paused at its end, to be looked into and taken back. */
  async reopen(run: RunEntry): Promise<void> {
    await this.#try(async () => {
      this.#runs.heard(await this.#client.call('run.reopen', { runId: run.id }));
    });
  }
  /** For one run, as pauseOrResume and step are for all of them. */
  pauseRun(run: RunEntry): Promise<void> {
    return this.#each([run], 'run.pause');
  }
  resumeRun(run: RunEntry): Promise<void> {
    return this.#each([run], 'run.resume');
  }
  stepRun(run: RunEntry): Promise<void> {
    return this.#each([run], 'run.step');
  }

  /** Live runs that have taken a step. */
  get undoable(): readonly RunEntry[] {
    return this.#runs.live.filter((x) => x.step > 0);
  }
  /** Takes the last step of every live run back. */
  async undoStep(): Promise<void> {
    if (!this.goingBack) await this.stepBack(this.undoable, 1);
  }

  /** Undoes updates; the runs stand paused afterwards. Going far back may take a while: what lies between is computed again. */
  async stepBack(runs: readonly RunEntry[], steps: number): Promise<void> {
    this.goingBack = true;
    try {
      await this.#settle(runs.map((x) => this.#client.call('run.stepBack', { runId: x.id, steps })));
    } finally {
      this.goingBack = false;
    }
  }

  /**
   * Changes fields of a live run from its next update on.
   * @throws LabError with the refusal, which belongs at the field.
   */
  async change(run: RunEntry, paths: readonly string[], value: unknown): Promise<void> {
    for (const path of paths) await this.#client.call('run.change', { runId: run.id, path, value });
  }

  /** Takes an edit of the experiment over into the trainings that are going on. */
  async follow(before: ExperimentSpec, after: ExperimentSpec): Promise<void> {
    if (!this.live) return;
    const changes = this.#runs.live.map(async (run) => {
      for (const { path, value } of liveChanges(before, after, run.summary.experiment, run.variant))
        await this.change(run, [path], value);
    });
    await this.#settle(changes);
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

  async #each(runs: readonly RunEntry[], method: 'run.pause' | 'run.resume' | 'run.step' | 'run.stop'): Promise<void> {
    await this.#settle(runs.map((x) => this.#client.call(method, { runId: x.id })));
  }

  /** A run that ended by itself in the meantime is no failure. */
  async #settle(calls: readonly Promise<unknown>[]): Promise<void> {
    for (const answer of await Promise.allSettled(calls)) {
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
