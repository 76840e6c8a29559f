// One run in the window: its summary, its live step, its record, and whether it is shown in the charts.
import { LIVE_STATUSES, type DeviceInfo, type EvaluationMetric, type RunStatus } from '../../engine/spec/index.ts';
import type { RunSummary } from '../../main/contract/shapes.ts';
import { timeLeftMs } from '../model/numbers.ts';
import { variantIndex, type GroupedRun } from '../model/run-groups.ts';
import { RunSeries } from '../model/run-series.ts';
import { headline, scoreIn } from '../model/scores.ts';

interface Mark {
  readonly step: number;
  readonly atMs: number;
}

export class RunEntry implements GroupedRun {
  readonly id: string;
  readonly experimentId: string;
  readonly pressId: string;
  readonly number: number;
  readonly variant: string;
  readonly seed: number;
  readonly createdAt: number;
  /** Decides its colour. */
  readonly variantIndex: number;
  readonly series = new RunSeries();
  /** The score that says how good it is. */
  readonly headline: EvaluationMetric;

  summary: RunSummary;
  /** Ahead of `summary.step` while live batches come in. */
  step = $state(0);
  shown = $state(false);
  /** The person asked for it, so a new run does not hide it. */
  pinned = false;
  /** Raised when the record grew. */
  version = $state(0);
  /** The whole record up to now has been asked for. */
  loaded = false;
  #first: Mark | null = null;
  #latest = $state.raw<Mark | null>(null);

  readonly status = $derived.by(() => this.summary.status);
  /** What to call its state: a run that failed without a number that diverged never began. */
  readonly statusWord: RunStatus | 'refused' = $derived.by(() =>
    this.summary.status === 'failed' && this.summary.failure === null ? 'refused' : this.summary.status,
  );
  readonly live = $derived.by(() => LIVE_STATUSES.has(this.summary.status));
  readonly device: DeviceInfo | null = $derived.by(() => this.summary.device);

  /** Its newest headline score: from the record where it is ahead of the summary; null before the first evaluation. */
  readonly score: number | null = $derived.by(() => {
    void this.version;
    const { final } = this.summary;
    const { values, length } = this.series.score(this.headline);
    const recorded = this.series.lastEvaluation >= (final?.step ?? 0) ? values[length - 1] : undefined;
    return recorded ?? scoreIn(final, this.headline);
  });

  constructor(summary: RunSummary) {
    this.id = summary.id;
    this.experimentId = summary.experimentId;
    this.pressId = summary.pressId;
    this.number = summary.number;
    this.variant = summary.variant;
    this.seed = summary.seed;
    this.createdAt = summary.createdAt;
    this.variantIndex = variantIndex(summary);
    this.headline = headline(summary.experiment);
    this.summary = $state.raw(summary);
    this.step = summary.step;
  }

  heard(summary: RunSummary, atMs: number): void {
    const wasRunning = this.summary.status === 'running';
    const wasLive = LIVE_STATUSES.has(this.summary.status);
    const wentBack = summary.rewinds !== this.summary.rewinds;
    this.summary = summary;
    // Stepped back: what came after it is void. Continued from a checkpoint: it is computed again.
    if (wentBack || (!wasLive && LIVE_STATUSES.has(summary.status))) {
      this.series.truncate(summary.step);
      // Changes of a run that goes on from a checkpoint are made again in their turn; those of one that went back are not.
      if (wentBack) this.series.forgetEvents(summary.step);
      this.#first = this.#latest = null;
      this.step = summary.step;
      this.version += 1;
    }
    if (!LIVE_STATUSES.has(summary.status)) this.step = summary.step;
    if (summary.status !== 'running') this.#first = this.#latest = null;
    else if (!wasRunning) this.#first = { step: this.step, atMs };
  }

  /** The run has taken `step` steps. */
  reached(step: number, atMs: number): void {
    this.step = Math.max(this.step, step);
    this.#first ??= { step: this.step, atMs };
    this.#latest = { step: this.step, atMs };
  }

  get timeLeftMs(): number | null {
    const { status, totalSteps } = this.summary;
    return status === 'running' && totalSteps !== null ? timeLeftMs(this.#first, this.#latest, totalSteps) : null;
  }
}
