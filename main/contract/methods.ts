// The one contract between the app's window and its services: every method and every stream, with schemas and docs.
import * as v from 'valibot';
import { SPLITS } from '../../engine/spec/index.ts';
import { ColumnSummary, PairSample } from './column-shapes.ts';
import {
  AppInfo,
  Arithmetic,
  Certificate,
  CODE_LANGUAGES,
  DatasetEntry,
  DatasetProgress,
  DatasetReport,
  DatasetRows,
  EngineState,
  DroppedFile,
  DroppedKind,
  ExperimentDocument,
  ExperimentEntry,
  EXPORT_FORMATS,
  ExportRefusal,
  ExportedFile,
  FileHandle,
  FileKind,
  FolderListing,
  Id,
  ImportOptions,
  ImportPreview,
  ListedKind,
  OpenKind,
  OtherProject,
  ParityProgress,
  POINT_FORMATS,
  Preview,
  ProjectState,
  RecentFile,
  RunEventRow,
  RunProgress,
  RunRecord,
  RunSummary,
  Settings,
  SettingsChange,
} from './shapes.ts';

interface MethodSchema {
  readonly input: v.GenericSchema;
  readonly output: v.GenericSchema;
}
const method = <I extends v.GenericSchema, O extends v.GenericSchema>(input: I, output: O) =>
  ({ input, output }) as const;
const Nothing = v.null();
/** Hex SHA-256 of a stored data set. */
const Digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** Of a column in a document. */
const Place = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const byRun = v.strictObject({ runId: Id });

export const methods = {
  'app.info': method(Nothing, AppInfo),

  'settings.get': method(Nothing, Settings),
  /** Merges and stores; every window hears `settings.changed`. */
  'settings.set': method(SettingsChange, Settings),

  'project.current': method(Nothing, ProjectState),
  /** Opens a fresh untitled project holding a bundled example, or (null) nothing yet. Errors: NOT_FOUND. */
  'project.new': method(v.strictObject({ example: v.nullable(v.string()) }), ProjectState),
  /** Errors: FILE_NOT_FOUND, FILE_FOREIGN, FILE_ACCESS; FILE_DAMAGED, FILE_NEWER (nothing readable). Others open read-only. */
  'project.open': method(v.strictObject({ handle: FileHandle }), ProjectState),
  /** Copies everything to the new file and goes on there. Live runs go on. Errors: FILE_EXISTS, FILE_ACCESS, DISK_FULL, FILE_IN_USE. */
  'project.saveAs': method(v.strictObject({ handle: FileHandle, replace: v.boolean() }), ProjectState),
  'project.recent': method(Nothing, v.array(RecentFile)),
  /**
   * What another project's file holds; it is only read, and left as it is, whoever has it open. `source`: whose document; null: the
   * first experiment's, or the newest run's. Errors: SAME_PROJECT, NOT_FOUND (the source), FILE_NOT_FOUND, FILE_FOREIGN,
   * FILE_ACCESS; FILE_DAMAGED, FILE_NEWER (nothing readable).
   */
  'project.look': method(v.strictObject({ handle: FileHandle, source: v.nullable(Id) }), OtherProject),

  /** Native dialogs; null when cancelled. Errors: FORBIDDEN when the host has none. */
  'dialog.open': method(v.strictObject({ kind: OpenKind }), v.nullable(FileHandle)),
  'dialog.save': method(v.strictObject({ suggestedName: v.string(), kind: FileKind }), v.nullable(FileHandle)),
  /**
   * In-page chooser: null lists the start folder; of files, those with the kind's ending (`folder`: none). Errors: FORBIDDEN outside the person's
   * home, FILE_NOT_FOUND.
   */
  'folder.list': method(v.strictObject({ handle: v.nullable(FileHandle), kind: ListedKind }), FolderListing),
  /** A handle for `name` (the kind's ending added when missing) in a listed folder. Errors: BAD_INPUT, FORBIDDEN, NOT_FOUND. */
  'folder.file': method(v.strictObject({ folder: FileHandle, name: v.string(), kind: FileKind }), FileHandle),

  /** What a dropped file or folder of this name can be used as, where the page alone knows of the drop. */
  'file.kind': method(v.strictObject({ name: v.string(), folder: v.boolean() }), DroppedKind),

  /** Names of the bundled examples. */
  'example.list': method(Nothing, v.array(v.strictObject({ name: v.string(), description: v.string() }))),

  /**
   * Replaces an experiment's document. Errors: INVALID_DOCUMENT (details.problems), READ_ONLY,
   * NAME_TAKEN, NOT_FOUND. Finished runs keep the document they were made from.
   */
  'experiment.update': method(v.strictObject({ experimentId: Id, document: ExperimentDocument }), ExperimentEntry),

  /**
   * The model of one variant of a document as Python, without data and training. The document need not be stored.
   * Errors: INVALID_DOCUMENT (details.problems), EXPORT_UNSUPPORTED (what, reason).
   */
  'model.code': method(
    v.strictObject({ document: ExperimentDocument, variant: v.string(), language: v.picklist(CODE_LANGUAGES) }),
    v.strictObject({ text: v.string() }),
  ),

  /**
   * What a run of the stored document would see, as far as it is shown, so that it is on the screen before anything has run.
   * Of many points some are taken, evenly, and the preview says how many there are. null: the data lies in files that the app was
   * not given, or in a data set that the project does not hold. Errors: NOT_FOUND, BAD_DATA_FILE.
   */
  'data.preview': method(v.strictObject({ experimentId: Id }), v.nullable(Preview)),

  /**
   * What a file or folder holds, as far as its beginning tells, and what was guessed; with options, as they say. What is wrong is
   * among the preview's problems, unless nothing can be read at all. Errors: NOT_FOUND, BAD_DATA_FILE (details: file, and where
   * known code, row, column, params), FILE_ACCESS, FILE_NOT_FOUND, CANCELLED.
   */
  'dataset.inspect': method(v.strictObject({ handle: FileHandle, options: v.nullable(ImportOptions) }), ImportPreview),
  /**
   * Reads a file or folder wholly and keeps it in the project, whole or not at all; the same data is kept once. Takes long;
   * `dataset.progressed` tells how far it is; can be cancelled. Errors: as `dataset.inspect`; READ_ONLY, BUSY (another import goes
   * on), DISK_FULL.
   */
  'dataset.import': method(v.strictObject({ handle: FileHandle, options: ImportOptions }), DatasetEntry),
  /**
   * Copies a data set of another project's file into this one, whole or not at all; one that is here already stays. Told and
   * cancelled as an import. Errors: DATA_MISSING (the other project has none of that digest), BAD_DATA_FILE (its bytes are not what
   * the digest says), READ_ONLY, BUSY, DISK_FULL; of the file as `project.look`.
   */
  'dataset.take': method(v.strictObject({ handle: FileHandle, digest: Digest }), DatasetEntry),
  /** The project's data sets, the oldest first. */
  'dataset.list': method(Nothing, v.array(DatasetEntry)),
  /** Errors: NOT_FOUND, READ_ONLY, DATA_IN_USE naming the experiments and runs that have it. */
  'dataset.delete': method(v.strictObject({ digest: Digest }), Nothing),
  /** Rows of a data set as they were imported, at most 1000 at once. Errors: NOT_FOUND, BAD_DATA_FILE, CANCELLED. */
  'dataset.rows': method(
    v.strictObject({
      digest: Digest,
      from: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      count: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    }),
    DatasetRows,
  ),
  /** What each step of the stored document does to its data set. Errors: NOT_FOUND, DATA_MISSING, BAD_DATA_FILE, CANCELLED. */
  'dataset.report': method(v.strictObject({ experimentId: Id }), DatasetReport),
  /**
   * Figures and bars of one column over all rows that the stored document keeps, in each split. `column`: its place in the document.
   * Errors: NOT_FOUND (what: dataset, column), DATA_MISSING, BAD_DATA_FILE (details: file, column, row), CANCELLED.
   */
  'dataset.column': method(v.strictObject({ experimentId: Id, column: Place }), ColumnSummary),
  /** Two columns of numbers against each other: a random sample of the rows that have both. Errors: as `dataset.column`. */
  'dataset.pair': method(
    v.strictObject({
      experimentId: Id,
      across: Place,
      up: Place,
      /** null: all of them. */
      split: v.nullable(v.picklist(SPLITS)),
    }),
    PairSample,
  ),

  /**
   * Every example of the stored document's data, exactly as a run with its seed sees them. With a destination it is written there
   * and its bytes are null; without one, they are the answer. Errors: NOT_FOUND, EXPORT_UNSUPPORTED (pictures as a table),
   * DATA_MISSING, FILE_EXISTS, FILE_ACCESS, DISK_FULL.
   */
  'data.export': method(
    v.strictObject({
      experimentId: Id,
      format: v.picklist(POINT_FORMATS),
      destination: v.nullable(FileHandle),
      replace: v.boolean(),
    }),
    v.array(ExportedFile),
  ),

  /**
   * Starts one run per variant with the stored document. Errors: NOT_FOUND, READ_ONLY, ENGINE_LOST, BAD_INPUT (seed),
   * DATA_MISSING (the data lies in files that the app was not given, or in a data set that the project does not hold),
   * BAD_DATA_FILE (the data set is damaged).
   */
  'run.start': method(
    v.strictObject({
      experimentId: Id,
      variants: v.pipe(v.array(v.string()), v.minLength(1)),
      seed: v.nullable(v.number()),
      /** Begin paused, for stepping. */
      paused: v.boolean(),
    }),
    v.array(RunSummary),
  ),
  /** Errors of all four: NOT_FOUND, RUN_NOT_LIVE. */
  'run.pause': method(byRun, Nothing),
  'run.resume': method(byRun, Nothing),
  'run.step': method(byRun, Nothing),
  'run.stop': method(byRun, Nothing),
  /**
   * Changes a field of the recipe, a dropout probability or a penalty of a live run from the next update on; recorded, and made
   * again at the same step when the run is repeated or continued. Errors: NOT_FOUND, RUN_NOT_LIVE, FIELD_FIXED,
   * INVALID_DOCUMENT (details.problems), ENGINE_LOST. A refused change leaves the run as it was.
   */
  'run.change': method(v.strictObject({ runId: Id, path: v.string(), value: v.unknown() }), RunEventRow),
  /**
   * Undoes up to `steps` updates of a live run and pauses it; what was recorded after them, and changes made then, are gone.
   * @returns the step where it is now: how far back it can go is limited. Errors: NOT_FOUND, RUN_NOT_LIVE, ENGINE_LOST.
   */
  'run.stepBack': method(
    v.strictObject({ runId: Id, steps: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) }),
    v.strictObject({ step: v.number() }),
  ),
  /** The next update of a live run, taken apart without taking it. Errors: NOT_FOUND, RUN_NOT_LIVE, MODEL_TOO_LARGE, ENGINE_LOST. */
  'run.inspect': method(byRun, Arithmetic),
  /** Every change that was made while the run went on, in order. Errors: NOT_FOUND. */
  'run.events': method(byRun, v.array(RunEventRow)),
  /**
   * Continues a stopped or interrupted run from its last checkpoint. Errors: RUN_LIVE, NOT_FOUND, READ_ONLY, ENGINE_LOST,
   * DATA_MISSING.
   */
  'run.continue': method(byRun, RunSummary),
  /**
   * Opens a run that is over again, finished and diverged ones too: it stands paused at its last checkpoint, to be looked into,
   * to go back, or to go on. Errors: as `run.continue`.
   */
  'run.reopen': method(byRun, RunSummary),
  /** Errors: RUN_LIVE, READ_ONLY. */
  'run.delete': method(byRun, Nothing),
  'run.list': method(Nothing, v.array(RunSummary)),
  /** Everything recorded after `afterStep` (-1: all, step 0's evaluation included). */
  'run.read': method(v.strictObject({ runId: Id, afterStep: v.number() }), RunRecord),
  /** Steps per second for every live run and the next ones; null is full speed. Stored in the settings. */
  'run.pace': method(v.strictObject({ stepsPerSecond: v.nullable(v.pipe(v.number(), v.minValue(0.1))) }), Nothing),

  /**
   * The run as files for other programs; the first is the one that was asked for, others (pictures that a script reads) lie
   * beside it. With a destination they are written there and their bytes are null; without one, they are the answer.
   * `weights`: of trained values, those of the last step or of the best one on validation data.
   * Errors: NOT_FOUND (what: run, checkpoint), EXPORT_UNSUPPORTED, DATA_MISSING, FILE_EXISTS, FILE_ACCESS, DISK_FULL.
   */
  'run.export': method(
    v.strictObject({
      runId: Id,
      format: v.picklist(EXPORT_FORMATS),
      weights: v.picklist(['last', 'best']),
      destination: v.nullable(FileHandle),
      replace: v.boolean(),
    }),
    v.array(ExportedFile),
  ),

  /** Why a format cannot say this run (what has no word in it, and the reason); null: it can. Errors: NOT_FOUND. */
  'run.exportable': method(
    v.strictObject({ runId: Id, format: v.picklist(EXPORT_FORMATS) }),
    v.nullable(ExportRefusal),
  ),

  /** The certificate that the project holds; null when none was made. */
  'parity.certificate': method(Nothing, v.nullable(Certificate)),
  /**
   * Compares the lab's numbers with PyTorch's recorded ones (`live`: with a PyTorch of this machine as well), and keeps the
   * certificate in the project, in the place of an older one. Takes long; `parity.progressed` tells how far it is; can be
   * cancelled. Errors: READ_ONLY, BUSY (one goes on already), NOT_AVAILABLE, CANCELLED.
   */
  'parity.run': method(v.strictObject({ live: v.boolean() }), Certificate),

  'engine.state': method(Nothing, EngineState),
} as const satisfies Record<string, MethodSchema>;

/** Streams: a subscriber hears every event from the moment its subscription is confirmed. */
export const streams = {
  'project.changed': ProjectState,
  'settings.changed': Settings,
  'engine.changed': EngineState,
  /** A run appeared or its summary changed. */
  'run.changed': RunSummary,
  'run.deleted': v.strictObject({ runId: Id }),
  'run.progressed': RunProgress,
  'parity.progressed': ParityProgress,
  /** Asked for outside the window, in the menu of the desktop: it shows what this other project holds. */
  'project.offered': v.strictObject({ handle: FileHandle }),
  /** How far an import is. */
  'dataset.progressed': DatasetProgress,
  /** A file or folder was dropped on the window; only where the host can tell which one. */
  'file.dropped': DroppedFile,
  /** The lab is about to close: a window stores now what it still holds back. */
  'app.closing': v.null(),
  /** Something went wrong outside any call (autosave on a full disk, say). */
  'app.failed': v.strictObject({ code: v.string(), message: v.string(), details: v.record(v.string(), v.unknown()) }),
} as const satisfies Record<string, v.GenericSchema>;

export type MethodName = keyof typeof methods;
export type StreamName = keyof typeof streams;
export type Input<M extends MethodName> = v.InferInput<(typeof methods)[M]['input']>;
export type Output<M extends MethodName> = v.InferOutput<(typeof methods)[M]['output']>;
export type StreamEvent<S extends StreamName> = v.InferOutput<(typeof streams)[S]>;

/** What the services implement. */
export type Handlers = { readonly [M in MethodName]: (input: Input<M>, signal: AbortSignal) => Promise<Output<M>> };

/** What the window holds: the same contract, seen from the other side of a transport. */
export interface LabClient {
  call<M extends MethodName>(method: M, input: Input<M>, signal?: AbortSignal): Promise<Output<M>>;
  /** @returns a function that ends the subscription. */
  subscribe<S extends StreamName>(stream: S, listener: (event: StreamEvent<S>) => void): () => void;
  /** Called when the connection ends (server gone, engine of the page suspended). */
  onClose(listener: () => void): void;
}

/** What services publish through. */
export interface Publisher {
  publish<S extends StreamName>(stream: S, event: StreamEvent<S>): void;
}
