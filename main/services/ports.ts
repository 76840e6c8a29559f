// Everything that services need from a host, as small interfaces. Hosts implement them; services never import a host.
import type { EngineCommand, EngineEvent, StartCommand } from '../../engine/process/protocol.ts';
import type { Checkpoint, ExperimentSpec, RunEvent } from '../../engine/spec/index.ts';
import type {
  Certificate,
  CodeLanguage,
  ExportFormat,
  FileKind,
  ParityProgress,
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
  chooseOpen(): Promise<string | null>;
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
  check(source: Omit<ExportSource, 'checkpoint'>, format: RunExporterFormat): Promise<void>;
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

/** Compares the lab's numbers with PyTorch's. */
export interface ParityRunner {
  /** @throws LabError CANCELLED after an abort; NOT_AVAILABLE (what) when `live` was asked for and cannot be. */
  run(options: {
    readonly live: boolean;
    readonly signal: AbortSignal;
    readonly onProgress: (progress: ParityProgress) => void;
  }): Promise<Pick<Certificate, 'reference' | 'live' | 'device' | 'comparisons' | 'remarks'>>;
}
