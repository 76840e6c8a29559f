// Everything that services need from a host, as small interfaces. Hosts implement them; services never import a host.
import type { EngineCommand, EngineEvent, StartCommand } from '../../engine/process/protocol.ts';
import type { Checkpoint, DataPreview, DatasetSpec, ExperimentSpec, RunEvent, Split } from '../../engine/spec/index.ts';
import type { ColumnSummary, PairSample } from '../contract/column-shapes.ts';
import type {
  Certificate,
  CodeLanguage,
  DatasetEntry,
  DatasetReport,
  DatasetRows,
  ExportFormat,
  FileKind,
  ImportOptions,
  ImportPreview,
  OpenKind,
  ParityProgress,
  PointFormat,
  RunSummary,
} from '../contract/shapes.ts';

/** A running engine process. */
export interface EngineConnection {
  post(command: EngineCommand): void;
  onEvent(listener: (event: EngineEvent) => void): void;
  /** Called once when the process is gone, for whatever reason. */
  onExit(
    listener: (reason: {
      readonly code: number | null;
      readonly signal: string | null;
      /** The last lines that it wrote to stderr, where the host can tell. */
      readonly lastWords?: string;
    }) => void,
  ): void;
  /** Ends it at once. */
  kill(): void;
}
export interface EngineLauncher {
  launch(): EngineConnection;
}

export interface Clock {
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): { cancel(): void };
}

/** Names files for the renderer without telling it paths. */
export interface FileDialogs {
  readonly kind: 'native' | 'in-page';
  /** Native dialogs only. @returns null when cancelled. */
  chooseOpen(kind: OpenKind): Promise<string | null>;
  /** @param kind what the file is to become; decides the ending of its name. */
  chooseSave(suggestedName: string, kind: FileKind): Promise<string | null>;
}

/** Trained values from a file of the person's, for every model that new runs have. */
export interface GivenWeights {
  readonly source: { readonly name: string; readonly digest: string };
  /** @throws what is wrong, when they do not fit a variant's model. */
  arrays(experiment: ExperimentSpec, variant: string): NonNullable<StartCommand['weights']>;
}

/** Everything of a run that a file for other programs may need. */
export interface ExportSource {
  readonly summary: RunSummary;
  readonly events: readonly RunEvent[];
  /** The chosen trained state; null when none was kept. */
  readonly checkpoint: Checkpoint | null;
  /** Where the data set that it learnt from lies, when the format needs it; null: it learnt from something else. */
  readonly datasetFile: string | null;
}
/** Formats with words of their own; CSV is written by the services themselves. */
export type RunExporterFormat = Exclude<ExportFormat, 'csv'>;
export interface RunExporter {
  /**
   * The files of an export by name, what was asked for first.
   * @throws LabError EXPORT_UNSUPPORTED naming the part that the format has no word for; NOT_FOUND (what: checkpoint) when
   * trained values are needed and there are none; DATA_MISSING when pictures are needed that are not at hand.
   */
  files(source: ExportSource, format: RunExporterFormat): Promise<readonly FileContent[]>;
  /**
   * Whether the format has words for a run, before anything costly is made.
   * @throws LabError EXPORT_UNSUPPORTED as `files`.
   */
  check(source: Pick<ExportSource, 'summary' | 'events'>, format: RunExporterFormat): Promise<void>;
  /**
   * The model of a variant as Python.
   * @throws LabError EXPORT_UNSUPPORTED as `files`; DocumentError when there is no such variant.
   */
  model(experiment: ExperimentSpec, variant: string, language: CodeLanguage): Promise<string>;
}
export interface FileContent {
  /** Without folders. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Every example of a document's data as one file, its bytes exact; the name is the caller's to give.
 * @throws LabError EXPORT_UNSUPPORTED (pictures as a table), DATA_MISSING (they lie in files that were not given).
 */
export type PointsExporter = (
  experiment: ExperimentSpec,
  format: PointFormat,
  /** Where the imported data set lies; null for other data. */
  datasetFile: string | null,
) => Promise<Uint8Array>;

/** Compares the lab's numbers with PyTorch's. */
export interface ParityRunner {
  /** @throws LabError CANCELLED after an abort; NOT_AVAILABLE (what) when `live` was asked for and cannot be. */
  run(options: {
    readonly live: boolean;
    readonly signal: AbortSignal;
    readonly onProgress: (progress: ParityProgress) => void;
  }): Promise<Pick<Certificate, 'reference' | 'live' | 'device' | 'comparisons' | 'remarks'>>;
}

/** Two columns by their places in a description. */
export interface ColumnPair {
  readonly across: number;
  readonly up: number;
  /** null: all splits. */
  readonly split: Split | null;
}

/** A data set that was read wholly and lies somewhere of the host's, to be stored or forgotten. */
export interface ReadDataset {
  readonly entry: Omit<DatasetEntry, 'createdAt'>;
  /** Its bytes in order, CHUNK_BYTES at a time, read from the disk as they are asked for. */
  chunks(): AsyncIterable<Uint8Array>;
  /** Keeps it at hand for the engine. */
  keep(): Promise<void>;
  /** Nothing is left of it, unless it was kept. */
  discard(): Promise<void>;
}

/** Reads what people bring, in a thread of its own. Paths are absolute. */
export interface DatasetReader {
  /** @throws LabError BAD_DATA_FILE naming the file (row, column); FILE_NOT_FOUND, FILE_ACCESS, CANCELLED. */
  inspect(path: string, options: ImportOptions | null, signal: AbortSignal): Promise<ImportPreview>;
  /**
   * Nothing is left of it when it throws.
   * @param how `onProgress`: bytes read, and to be read.
   * @throws LabError as `inspect`; DISK_FULL.
   */
  read(
    path: string,
    options: ImportOptions,
    how: { readonly signal: AbortSignal; readonly onProgress: (done: number, total: number) => void },
  ): Promise<ReadDataset>;
  /**
   * A stored data set as one file, made of its chunks when it is not there.
   * @throws LabError FILE_DAMAGED when the chunks are not what the digest says; FILE_ACCESS, DISK_FULL, CANCELLED.
   */
  file(digest: string, chunks: () => Iterable<Uint8Array>, signal: AbortSignal): Promise<string>;
  /** The bytes of a file from `file` in order, CHUNK_BYTES at a time. @throws LabError FILE_ACCESS. */
  chunks(file: string): AsyncIterable<Uint8Array>;
  /** The data set is gone. */
  forget(digest: string): Promise<void>;
  /** @param file from `file`, as of the next five. @throws LabError BAD_DATA_FILE, FILE_ACCESS, CANCELLED. */
  rows(file: string, from: number, count: number, signal: AbortSignal): Promise<DatasetRows>;
  /** What each step of the description does to the data. */
  report(file: string, data: DatasetSpec, signal: AbortSignal): Promise<DatasetReport>;
  /** Of a table. @param at the column's place in the description. @returns null when nothing is learnt from such a column. */
  column(file: string, data: DatasetSpec, at: number, signal: AbortSignal): Promise<ColumnSummary | null>;
  /** Of a table. @returns null when nothing is learnt from such columns of numbers. */
  pair(file: string, data: DatasetSpec, pair: ColumnPair, signal: AbortSignal): Promise<PairSample | null>;
  preview(file: string, data: DatasetSpec, signal: AbortSignal): Promise<DataPreview>;
  /** Ends the thread. */
  close(): Promise<void>;
}
