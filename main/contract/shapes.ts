// The nouns that cross the contract, as schemas: project, experiment, run, settings, files.
import * as v from 'valibot';
import { DatasetData, RUN_STATUSES, type ExperimentSpec } from '../../engine/spec/index.ts';

export const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
/** Opaque name of a file or folder; only the side that made it can resolve it. */
export const FileHandle = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** Validated by parseExperiment where it is stored; here only its type is carried. */
export const ExperimentDocument = v.custom<ExperimentSpec>((x) => typeof x === 'object' && x !== null);

/** What a model can be read as. */
export const CODE_LANGUAGES = ['pytorch', 'numpy'] as const;
export type CodeLanguage = (typeof CODE_LANGUAGES)[number];

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
  layer: v.nullable(v.string()),
});

const score = v.nullable(v.number());
/** A split's scores in evaluation mode: see `Scores` of engine/spec. */
export const SplitScores = v.strictObject({ loss: v.number(), accuracy: score, top5: score, mae: score, r2: score });

const splits = { train: SplitScores, validation: v.nullable(SplitScores), test: v.nullable(SplitScores) };
/** The scores of one evaluation, after `step` updates. */
export const EvaluationScores = v.strictObject({ step: v.number(), ...splits });
export type EvaluationScores = v.InferOutput<typeof EvaluationScores>;

/** A change made while a run went on: from update `step` + 1 on, the field at `path` has `value`. */
export const RunEventRow = v.strictObject({ step: v.number(), path: v.string(), value: v.unknown() });
export type RunEventRow = v.InferOutput<typeof RunEventRow>;

export const RunSummary = v.strictObject({
  id: Id,
  experimentId: Id,
  /** Shared by the runs that one press of Run started. */
  pressId: Id,
  /** 1, 2, 3 … within the project, for people. */
  number: v.number(),
  variant: v.string(),
  seed: v.number(),
  status: v.picklist(RUN_STATUSES),
  step: v.number(),
  /** null: known once the run has started and read its data. Early stopping may end it before. */
  totalSteps: v.nullable(v.number()),
  /** How often it was stepped back. Whatever was received with another count may be void. */
  rewinds: v.number(),
  /** Unix milliseconds. */
  createdAt: v.number(),
  /** Computing time in ms, without pauses and pacing. */
  computeMs: v.number(),
  device: v.nullable(Device),
  failure: v.nullable(Failure),
  /** The latest evaluation; null before the first. */
  final: v.nullable(EvaluationScores),
  /** The evaluation with the best validation score; null without validation data. */
  best: v.nullable(EvaluationScores),
  /** Changes that were made while it went on. */
  eventCount: v.number(),
  /** Hex SHA-256 over every example: runs with one digest saw the same data. null before it started. */
  dataDigest: v.nullable(v.string()),
  /** File that its first values came from; null: they were drawn. */
  weights: v.nullable(v.strictObject({ name: v.string(), digest: v.string() })),
  resumable: v.boolean(),
  /** The document it was made from, frozen. */
  experiment: ExperimentDocument,
});
export type RunSummary = v.InferOutput<typeof RunSummary>;

/** A list that its receiver only reads. */
export const list = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.readonly());

// The widened constructors say that any buffer will do, shared memory included: a line copies what it carries.
export const f64 = v.instance(Float64Array as new () => Float64Array);
const f32 = v.instance(Float32Array as new () => Float32Array);
export const i32 = v.instance(Int32Array as new () => Int32Array);
export const u8 = v.instance(Uint8Array as new () => Uint8Array);

export const StepRows = v.strictObject({ step: i32, train_loss: f64, penalty_l1: f64, penalty_l2: f64, lr: f64 });
const axis = v.strictObject({ low: v.number(), high: v.number(), points: v.number() });
/** What the model answers over a grid of one or two features: see `Fit` of engine/spec. */
export const FitGrid = v.strictObject({ axes: list(axis), values: f32, classes: v.nullable(u8) });
export const EvaluationRow = v.strictObject({
  step: v.number(),
  ...splits,
  /** Of data with one or two features, else null. */
  fit: v.nullable(FitGrid),
  /** i32 [true class][predicted class], or null. */
  confusion: v.nullable(i32),
  /** i32, one class per test picture of the preview, or null. */
  predicted: v.nullable(i32),
  parameters: list(
    v.strictObject({ name: v.string(), norm: v.number(), gradientNorm: v.nullable(v.number()), zeros: v.number() }),
  ),
});

const points = v.strictObject({ x: f32, y: f32 });
const splitRows = v.strictObject({ train: v.number(), validation: v.number(), test: v.number() });
const pictures = v.strictObject({ pixels: u8, labels: i32 });
export const Preview = v.variant('kind', [
  v.strictObject({
    kind: v.literal('points'),
    train: points,
    validation: v.nullable(points),
    test: v.nullable(points),
    /** Points of each split in all, when only some are here; absent: these are all. */
    rows: v.exactOptional(splitRows),
  }),
  v.strictObject({
    kind: v.literal('images'),
    /** [channels, height, width] of one picture. */
    shape: list(v.number()),
    /** Pictures of each split in all. */
    rows: splitRows,
    train: pictures,
    test: v.nullable(pictures),
  }),
]);

/** Everything recorded of a run after step `afterStep`. */
export const RunRecord = v.strictObject({
  runId: Id,
  /** The summary's count at the time of reading. */
  rewinds: v.number(),
  steps: StepRows,
  evaluations: list(EvaluationRow),
  /** Changes made at `afterStep` or later. */
  events: list(RunEventRow),
  data: v.nullable(Preview),
});
export type RunRecord = v.InferOutput<typeof RunRecord>;

/** One live batch (at most 20 a second per run); `run.read` refills what was missed. */
export const RunProgress = v.strictObject({
  runId: Id,
  /** The summary's count when these were computed: a batch with another one than the summary's is void. */
  rewinds: v.number(),
  step: v.number(),
  steps: v.nullable(StepRows),
  evaluations: list(EvaluationRow),
  events: list(RunEventRow),
});
export type RunProgress = v.InferOutput<typeof RunProgress>;

/** The arithmetic of one update, array by array in the order of computation. */
export const Arithmetic = v.strictObject({
  step: v.number(),
  tensors: list(v.strictObject({ name: v.string(), shape: list(v.number()), values: f32 })),
});

export const EXPORT_FORMATS = ['pytorch', 'numpy', 'onnx', 'safetensors', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
/** Every example of a data set as a file: a table, or NumPy's arrays (one .npz of x_train.npy, y_train.npy …). */
export const POINT_FORMATS = ['csv', 'npy'] as const;
export type PointFormat = (typeof POINT_FORMATS)[number];
/** What a file that a person names is to become; decides the ending of its name. */
export const FileKind = v.picklist(['project', ...EXPORT_FORMATS, 'npz']);
export type FileKind = v.InferOutput<typeof FileKind>;

/** What a person can be asked to choose: a project, a file that data can be imported from, or a folder of such files. */
export const OpenKind = v.picklist(['project', 'data', 'folder']);
export type OpenKind = v.InferOutput<typeof OpenKind>;
/** What a listing shows besides folders. */
export const ListedKind = v.picklist([...FileKind.options, 'data', 'folder']);
export type ListedKind = v.InferOutput<typeof ListedKind>;

/** What a file or folder that was dropped on the window can be used as, by its name. */
export const DroppedKind = v.picklist(['project', 'data', 'other']);
export type DroppedKind = v.InferOutput<typeof DroppedKind>;
/** `handle` is null for what can be used as nothing. */
export const DroppedFile = v.strictObject({ name: v.string(), kind: DroppedKind, handle: v.nullable(FileHandle) });
export type DroppedFile = v.InferOutput<typeof DroppedFile>;

/** Why a format cannot say a run: the refused part, the reason's code, and what its sentence needs besides. `reason` is it in English. */
export const EXPORT_REFUSALS = [
  'numpy_changed',
  'numpy_augmentation',
  'numpy_schedule',
  'numpy_warm_up',
  'numpy_layer',
  'numpy_normalises_features',
  'numpy_trunc_normal',
  'change_value',
  'change_one_cycle',
  'change_rmsprop_momentum',
  'change_field',
] as const;
export const ExportRefusal = v.strictObject({
  what: v.string(),
  reason: v.string(),
  refusal: v.nullable(v.picklist(EXPORT_REFUSALS)),
  value: v.string(),
});
export type ExportRefusal = v.InferOutput<typeof ExportRefusal>;

/** A file that an export gave: written where it was asked for, or its content. */
export const ExportedFile = v.strictObject({ name: v.string(), sizeBytes: v.number(), bytes: v.nullable(u8) });
export type ExportedFile = v.InferOutput<typeof ExportedFile>;

export const COLUMN_KINDS = ['number', 'category'] as const;
export type ColumnKind = (typeof COLUMN_KINDS)[number];

/** What of an imported column is known without reading it. */
export const DatasetColumnInfo = v.strictObject({
  name: v.string(),
  kind: v.picklist(COLUMN_KINDS),
  missing: v.number(),
  /** How many different categories there are; 0 for numbers. */
  categories: v.number(),
  /** Their names in the order of their numbers, at most 1000. */
  names: list(v.string()),
  /** Of numbers; null for categories, and where all are missing. */
  range: v.nullable(v.strictObject({ low: v.number(), high: v.number() })),
});
export type DatasetColumnInfo = v.InferOutput<typeof DatasetColumnInfo>;

const PictureInfo = v.strictObject({
  /** [channels, height, width]. */
  shape: v.strictTuple([v.number(), v.number(), v.number()]),
  classes: list(v.string()),
  /** Pictures of each class. */
  counts: list(v.number()),
  /** Whether the files themselves told train and test apart. */
  parts: v.boolean(),
});

/** A data set that lies in the project. */
export const DatasetEntry = v.strictObject({
  /** Hex SHA-256 of what is stored: documents name it so. */
  digest: v.string(),
  name: v.string(),
  kind: v.picklist(['columns', 'pictures']),
  /** The name of the file or folder that it came from. */
  source: v.string(),
  sizeBytes: v.number(),
  createdAt: v.number(),
  rows: v.number(),
  /** Empty for pictures. */
  columns: list(DatasetColumnInfo),
  pictures: v.nullable(PictureInfo),
  /** A first description for a document, every field of which can be changed. */
  described: DatasetData,
});
export type DatasetEntry = v.InferOutput<typeof DatasetEntry>;

/** What a column of a file is read as; `ignore`: not at all. */
export const IMPORT_KINDS = [...COLUMN_KINDS, 'ignore'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

export const DELIMITERS = [',', ';', '\t', '|', ' '] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Which mark parts whole numbers from their fractions. */
export const DECIMALS = ['.', ','] as const;
export type Decimal = (typeof DECIMALS)[number];

const side = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(4096));
/** How a file is to be read; null and what is not named: as it is guessed. */
export const ImportOptions = v.strictObject({
  delimiter: v.nullable(v.picklist(DELIMITERS)),
  /** Whether the first row of a table holds the columns' names. */
  header: v.nullable(v.boolean()),
  decimal: v.nullable(v.picklist(DECIMALS)),
  /** [height, width] that every picture is brought to; null: all must have one size. */
  resize: v.nullable(v.strictTuple([side, side])),
  /** Kinds of columns that are not what was guessed, by name. */
  kinds: v.record(v.string(), v.picklist(IMPORT_KINDS)),
});
export type ImportOptions = v.InferOutput<typeof ImportOptions>;

/** What is wrong in a file, and where. */
export const ImportProblem = v.strictObject({
  /** Stable; the window has words for it. */
  code: v.string(),
  /** In English. */
  message: v.string(),
  file: v.string(),
  /** From 1, as a person counts; null: the whole file. */
  row: v.nullable(v.number()),
  /** Its name; null: the whole row. */
  column: v.nullable(v.string()),
  params: v.record(v.string(), v.union([v.string(), v.number()])),
});
export type ImportProblem = v.InferOutput<typeof ImportProblem>;

export const IMPORT_FORMATS = ['table', 'npy', 'npz', 'idx', 'cifar', 'pictures'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** What a file or folder holds, as far as its beginning tells. */
export const ImportPreview = v.strictObject({
  /** The name of the file or folder, without where it lies. */
  source: v.string(),
  format: v.picklist(IMPORT_FORMATS),
  sizeBytes: v.number(),
  /** Rows or pictures; null: not known before all of it is read. */
  rows: v.nullable(v.number()),
  /** Only about so many: counted from the length of the first ones. */
  approximate: v.boolean(),
  /** Of a table: what was guessed, or asked for; null for other formats. */
  delimiter: v.nullable(v.picklist(DELIMITERS)),
  header: v.nullable(v.boolean()),
  decimal: v.nullable(v.picklist(DECIMALS)),
  /** Empty for pictures. */
  columns: list(
    v.strictObject({
      name: v.string(),
      kind: v.picklist(IMPORT_KINDS),
      /** Among the first rows. */
      missing: v.number(),
      /** Some values as they stand in the file. */
      examples: list(v.string()),
    }),
  ),
  /** The first rows as they stand in the file. */
  first: list(list(v.string())),
  pictures: v.nullable(
    v.strictObject({
      shape: v.strictTuple([v.number(), v.number(), v.number()]),
      classes: list(v.string()),
      sample: v.strictObject({ pixels: u8, labels: i32 }),
    }),
  ),
  /** The first of what is wrong; an import would fail with it. */
  problems: list(ImportProblem),
});
export type ImportPreview = v.InferOutput<typeof ImportPreview>;

export const IMPORT_PHASES = ['reading', 'storing'] as const;
export type ImportPhase = (typeof IMPORT_PHASES)[number];
export const DatasetProgress = v.strictObject({
  /** What is imported. */
  handle: FileHandle,
  phase: v.picklist(IMPORT_PHASES),
  /** Bytes. */
  done: v.number(),
  total: v.number(),
});
export type DatasetProgress = v.InferOutput<typeof DatasetProgress>;

/** Rows of a stored data set, as they were imported. */
export const DatasetRows = v.variant('kind', [
  v.strictObject({
    kind: v.literal('columns'),
    from: v.number(),
    /** In all. */
    total: v.number(),
    /** [rows][columns]; null: missing. Categories by their names. */
    cells: list(list(v.nullable(v.union([v.number(), v.string()])))),
  }),
  v.strictObject({
    kind: v.literal('pictures'),
    from: v.number(),
    total: v.number(),
    /** u8 [count, channels, height, width]. */
    pixels: u8,
    labels: i32,
  }),
]);
export type DatasetRows = v.InferOutput<typeof DatasetRows>;

/** What each step does to a data set: see `StepsReport` of engine/data. */
export const DatasetReport = v.strictObject({
  /** In the file. */
  rows: v.number(),
  /** Rows left out for each column in which something was missing; a row counts once. */
  dropped: list(v.strictObject({ column: v.string(), rows: v.number() })),
  /** Rows of a split that the document does not use. */
  unused: v.number(),
  sizes: splitRows,
  imputed: list(
    v.strictObject({
      column: v.string(),
      method: v.picklist(['drop', 'mean', 'median', 'most_frequent']),
      values: v.number(),
      fill: v.union([v.number(), v.string()]),
    }),
  ),
  encoded: list(
    v.strictObject({
      column: v.string(),
      encoding: v.picklist(['one_hot', 'index']),
      categories: list(v.string()),
    }),
  ),
  /** Fitted on the train rows. Of pictures, `column` is the channel, from 0. */
  scaled: list(
    v.strictObject({
      column: v.string(),
      role: v.picklist(['feature', 'target']),
      mean: v.number(),
      std: v.number(),
    }),
  ),
  /** How often each class is there; null: the targets are numbers. */
  balance: v.nullable(
    v.strictObject({
      classes: list(v.string()),
      counts: v.strictObject({ train: i32, validation: i32, test: i32 }),
    }),
  ),
});
export type DatasetReport = v.InferOutput<typeof DatasetReport>;

/** Proof of one property of the numbers. */
export const Comparison = v.strictObject({
  /** `draws`, `operations`, `training`, `regression` … */
  group: v.string(),
  name: v.string(),
  /** Numbers that were compared. */
  values: v.number(),
  /** The largest difference that was found, in `unit`; 0 is bit-equal. */
  largest: v.number(),
  tolerance: v.number(),
  unit: v.picklist(['relative', 'absolute', 'ulp']),
  passed: v.boolean(),
  /** The fixture's origin: the program and version that recorded it, and on what. */
  origin: v.string(),
  /** What the largest difference belongs to; empty when there is none. */
  where: v.optional(v.string(), ''),
  /** What must be known to read it; empty when nothing. */
  note: v.optional(v.string(), ''),
});
export type Comparison = v.InferOutput<typeof Comparison>;

/** What the numbers were compared with, and how far apart they are. */
export const Certificate = v.strictObject({
  /** Unix milliseconds. */
  createdAt: v.number(),
  appVersion: v.string(),
  /** `PyTorch 2.13.0`. */
  reference: v.string(),
  /** Repeated against a PyTorch of this machine, besides what was recorded. */
  live: v.boolean(),
  device: Device,
  passed: v.boolean(),
  comparisons: list(Comparison),
  /** What was not compared and why, and what else must be known, in whole sentences. */
  remarks: v.optional(list(v.string()), []),
});
export type Certificate = v.InferOutput<typeof Certificate>;

export const ParityProgress = v.strictObject({ done: v.number(), total: v.number(), current: v.string() });
export type ParityProgress = v.InferOutput<typeof ParityProgress>;

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

/** Where a document can be taken from: an experiment as it is now, or what the runs of one press were made from. */
const DocumentSource = v.variant('kind', [
  v.strictObject({ kind: v.literal('experiment'), id: Id, name: v.string() }),
  v.strictObject({
    kind: v.literal('runs'),
    /** Of the first of them. */
    id: Id,
    name: v.string(),
    numbers: list(v.number()),
    createdAt: v.number(),
  }),
]);
export type DocumentSource = v.InferOutput<typeof DocumentSource>;

/** What another project's file holds, for taking parts of it. */
export const OtherProject = v.strictObject({
  name: v.string(),
  /** Where it lies, for people. */
  location: v.string(),
  /** Made by a newer version: what this one understands of it is here. */
  newer: v.boolean(),
  /** What could not be read of it. */
  damage: list(v.string()),
  /** Experiments first, then runs, the newest press first. */
  sources: list(DocumentSource),
  /** The id of the source that `document` is from. */
  source: Id,
  document: ExperimentDocument,
  /** Data sets that it holds. */
  datasets: list(DatasetEntry),
});
export type OtherProject = v.InferOutput<typeof OtherProject>;

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
  /** Folders first, then files of the kind that was asked for, by name. */
  entries: v.array(
    v.strictObject({
      handle: FileHandle,
      name: v.string(),
      kind: v.picklist(['folder', 'file']),
      sizeBytes: v.number(),
      modifiedAt: v.number(),
    }),
  ),
});
export type FolderListing = v.InferOutput<typeof FolderListing>;
