// All runs of the project, kept current from the streams. Live batches are gathered and applied once per drawn frame;
// what was missed is read again from the record.
import type { LabClient } from '../../main/contract/methods.ts';
import type { RunProgress, RunSummary } from '../../main/contract/shapes.ts';
import { groupRuns } from '../model/run-groups.ts';
import type { Environment } from './environment.ts';
import { errorParts, type Notices } from './notices.svelte.ts';
import { RunEntry } from './run-entry.svelte.ts';

export class RunList {
  /** By number, ascending. */
  entries = $state.raw<readonly RunEntry[]>([]);
  /** Raised once per frame in which any shown record grew. */
  version = $state(0);
  readonly groups = $derived(groupRuns(this.entries));
  readonly live = $derived(this.entries.filter((x) => x.live));
  readonly shown = $derived(this.entries.filter((x) => x.shown));
  /** The runs of the newest press. */
  readonly newest = $derived(this.groups[0]?.runs ?? []);

  // Indexes for the streams, read in no template: what is shown follows `entries` and `version`.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #byId = new Map<string, RunEntry>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #refilling = new Set<string>();
  #waiting: RunProgress[] = [];
  #frameAsked = false;
  readonly #client: LabClient;
  readonly #notices: Notices;
  readonly #environment: Environment;

  constructor(client: LabClient, notices: Notices, environment: Environment) {
    this.#client = client;
    this.#notices = notices;
    this.#environment = environment;
    client.subscribe('run.changed', (summary) => {
      this.heard(summary);
    });
    client.subscribe('run.deleted', ({ runId }) => {
      this.#forget(runId);
    });
    client.subscribe('run.progressed', (batch) => {
      this.#waiting.push(batch);
      if (this.#frameAsked) return;
      this.#frameAsked = true;
      environment.requestFrame(() => {
        this.#frameAsked = false;
        this.#applyWaiting();
      });
    });
  }

  /** Reads the project's runs; the newest press is shown. */
  async load(): Promise<void> {
    const summaries = await this.#client.call('run.list', null);
    for (const id of [...this.#byId.keys()]) if (!summaries.some((x) => x.id === id)) this.#byId.delete(id);
    const first = this.#byId.size === 0;
    for (const summary of summaries) {
      const held = this.#byId.get(summary.id);
      if (held) held.heard(summary, this.#environment.now());
      else this.#byId.set(summary.id, new RunEntry(summary));
    }
    this.#publish();
    if (first) for (const entry of this.newest) this.show(entry, true, false);
  }

  /** Another project: nothing of the old one stays. */
  clear(): void {
    this.#byId.clear();
    this.#waiting = [];
    this.#publish();
  }

  heard(summary: RunSummary): void {
    const held = this.#byId.get(summary.id);
    if (held) {
      held.heard(summary, this.#environment.now());
      if (held.shown && !held.live && held.series.lastStep < summary.step) void this.#refill(held);
      return;
    }
    const entry = new RunEntry(summary);
    this.#byId.set(summary.id, entry);
    // A new press takes the stage; earlier runs stay only where the person asked for them.
    for (const other of this.entries) if (!other.pinned && other.pressId !== entry.pressId) other.shown = false;
    entry.shown = true;
    entry.loaded = summary.step === 0;
    this.#publish();
    if (!entry.loaded) void this.#refill(entry);
  }

  /** @param byPerson false when the app itself decides; a later press may then hide it again. */
  show(entry: RunEntry, shown: boolean, byPerson = true): void {
    entry.shown = shown;
    entry.pinned = byPerson && shown;
    if (shown) this.ensureRecord(entry);
  }

  /** Reads the record when it is not there yet. */
  ensureRecord(entry: RunEntry): void {
    if (!entry.loaded || entry.series.lastStep < entry.step || !entry.series.data) void this.#refill(entry);
  }

  get(runId: string): RunEntry | undefined {
    return this.#byId.get(runId);
  }

  #applyWaiting(): void {
    const batches = this.#waiting;
    this.#waiting = [];
    const now = this.#environment.now();
    let grew = false;
    for (const batch of batches) {
      const entry = this.#byId.get(batch.runId);
      // Computed before the run went back: void by now.
      if (!entry || batch.rewinds !== entry.summary.rewinds) continue;
      entry.reached(batch.step, now);
      if (entry.series.append(batch.steps, batch.evaluations, batch.events)) {
        entry.version += 1;
        grew ||= entry.shown;
      } else if (entry.shown) void this.#refill(entry);
    }
    if (grew) this.version += 1;
  }

  async #refill(entry: RunEntry): Promise<void> {
    if (this.#refilling.has(entry.id)) return;
    this.#refilling.add(entry.id);
    let again = false;
    try {
      const record = await this.#client.call('run.read', { runId: entry.id, afterStep: entry.series.completeUpTo });
      // Read before the run went back: what is still true of it is read again.
      again = record.rewinds !== entry.summary.rewinds;
      if (!again) entry.series.append(record.steps, record.evaluations, record.events);
      entry.series.data ??= record.data;
      entry.loaded = true;
      entry.version += 1;
      this.version += 1;
    } catch (error) {
      // Deleted meanwhile: there is nothing to show.
      if (errorParts(error).code !== 'NOT_FOUND') this.#notices.error(error);
    } finally {
      this.#refilling.delete(entry.id);
    }
    if (again) await this.#refill(entry);
  }

  #forget(runId: string): void {
    if (this.#byId.delete(runId)) this.#publish();
  }

  #publish(): void {
    this.entries = [...this.#byId.values()].sort((a, b) => a.number - b.number);
    this.version += 1;
  }
}
