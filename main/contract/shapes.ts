// The nouns that cross the contract, as schemas: project, experiment, run, settings, files.
import * as v from 'valibot';
import { METRICS, RUN_STATUSES, type ExperimentSpec } from '../../engine/spec/index.ts';

export const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
/** Opaque name of a file or folder; only the side that made it can resolve it. */
export const FileHandle = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** Validated by parseExperiment where it is stored; here only its type is carried. */
export const ExperimentDocument = v.custom<ExperimentSpec>((x) => typeof x === 'object' && x !== null);

export const Device = v.strictObject({
  kind: v.literal('cpu'),
  simd: v.picklist(['relaxed', 'plain']),
  threads: v.number(),
});

export const EngineState = v.variant('status', [
  v.strictObject({ status: v.literal('starting') }),
  v.strictObject({ status: v.literal('ready'), simd: v.picklist(['relaxed', 'plain']), cores: v.number() }),
  /** Lost; a new one starts after `retryInMs`. */
  v.strictObject({ status: v.literal('lost'), reason: v.string(), retryInMs: v.number() }),
]);
export type EngineState = v.InferOutput<typeof EngineState>;

export const AppInfo = v.strictObject({
  version: v.string(),
  host: v.picklist(['electron', 'browser']),
  /** Why this is not the desktop app; null in the desktop app or when the browser was asked for. */
  hostReason: v.nullable(v.string()),
  fileDialogs: v.picklist(['native', 'in-page']),
  platform: v.string(),
});
export type AppInfo = v.InferOutput<typeof AppInfo>;

export const Settings = v.strictObject({
  /** `system`: follow the host. */
  locale: v.picklist(['system', 'en', 'zh-CN']),
  theme: v.picklist(['system', 'light', 'dark']),
  /** Steps per second while watching; null is full speed. */
  pace: v.nullable(v.pipe(v.number(), v.minValue(0.1))),
  threads: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
});
export type Settings = v.InferOutput<typeof Settings>;
/** Any subset of the settings. */
export const SettingsChange = v.partial(Settings);

export const Failure = v.strictObject({
  code: v.literal('DIVERGED'),
  step: v.number(),
  quantity: v.string(),
  parameter: v.nullable(v.string()),
});

export const RunSummary = v.strictObject({
  id: Id,
  experimentId: Id,
  /** 1, 2, 3 … within the project, for people. */
  number: v.number(),
  variant: v.string(),
  seed: v.number(),
  status: v.picklist(RUN_STATUSES),
  step: v.number(),
  totalSteps: v.number(),
  /** Unix milliseconds. */
  createdAt: v.number(),
  /** Computing time in ms, without pauses and pacing. */
  computeMs: v.number(),
  device: v.nullable(Device),
  failure: v.nullable(Failure),
  /** Eval-mode losses at the latest evaluation; null before the first. */
  final: v.nullable(v.strictObject({ step: v.number(), trainLoss: v.number(), testLoss: v.number() })),
  resumable: v.boolean(),
  /** The document it was made from, frozen. */
  experiment: ExperimentDocument,
});
export type RunSummary = v.InferOutput<typeof RunSummary>;

// The widened constructors say that any buffer will do, shared memory included: a line copies what it carries.
const f64 = v.instance(Float64Array as new () => Float64Array);
const f32 = v.instance(Float32Array as new () => Float32Array);
const i32 = v.instance(Int32Array as new () => Int32Array);

export const StepRows = v.strictObject({ step: i32, train_loss: f64, penalty_l1: f64, penalty_l2: f64 });
export const EvaluationRow = v.strictObject({
  step: v.number(),
  train_eval_loss: v.number(),
  test_loss: v.number(),
  /** f32 [FIT_GRID_POINTS] over fitGrid(x_min, x_max), or null. */
  fit: v.nullable(f32),
});
export const Points = v.strictObject({
  train: v.strictObject({ x: f32, y: f32 }),
  test: v.strictObject({ x: f32, y: f32 }),
});

/** Everything recorded of a run after step `afterStep`. */
export const RunRecord = v.strictObject({
  runId: Id,
  steps: StepRows,
  evaluations: v.array(EvaluationRow),
  points: v.nullable(Points),
});
export type RunRecord = v.InferOutput<typeof RunRecord>;

/** One live batch (at most 20 a second per run); `runs.read` refills what was missed. */
export const RunProgress = v.strictObject({
  runId: Id,
  step: v.number(),
  steps: v.nullable(StepRows),
  evaluations: v.array(EvaluationRow),
});
export type RunProgress = v.InferOutput<typeof RunProgress>;

export const ExperimentEntry = v.strictObject({
  id: Id,
  /** Raised by every edit; an update must name the revision it is based on. */
  revision: v.number(),
  document: ExperimentDocument,
});
export type ExperimentEntry = v.InferOutput<typeof ExperimentEntry>;

export const ReadOnlyReason = v.picklist(['in_use', 'newer_version', 'no_permission', 'damaged']);
export type ReadOnlyReason = v.InferOutput<typeof ReadOnlyReason>;

export const ProjectState = v.strictObject({
  handle: FileHandle,
  name: v.string(),
  /** Where it lies, for people (never used to open). */
  location: v.string(),
  /** Lives in the app's own folder until it is saved under a name. */
  untitled: v.boolean(),
  readOnly: v.nullable(ReadOnlyReason),
  /** What could not be read of a damaged file. */
  damage: v.array(v.string()),
  experiments: v.array(ExperimentEntry),
});
export type ProjectState = v.InferOutput<typeof ProjectState>;

export const RecentFile = v.strictObject({
  handle: FileHandle,
  name: v.string(),
  location: v.string(),
  openedAt: v.number(),
});
export type RecentFile = v.InferOutput<typeof RecentFile>;
export const FolderListing = v.strictObject({
  handle: FileHandle,
  location: v.string(),
  parent: v.nullable(FileHandle),
  /** Folders first, then *.overfit files, by name. */
  entries: v.array(
    v.strictObject({
      handle: FileHandle,
      name: v.string(),
      kind: v.picklist(['folder', 'project']),
      sizeBytes: v.number(),
      modifiedAt: v.number(),
    }),
  ),
});
export type FolderListing = v.InferOutput<typeof FolderListing>;

export const MetricName = v.picklist(METRICS);
