// The whole application behind the contract, as a host composes it: ports in, handlers out.
import type {
  AppInfo,
  Certificate,
  ExperimentEntry,
  FileKind,
  FolderListing,
  ListedKind,
  ProjectState,
  ReadOnlyReason,
  RecentFile,
  Settings,
} from '../contract/shapes.ts';
import type { Handlers, Publisher } from '../contract/methods.ts';
import type { DataPreview, ExperimentSpec } from '../../engine/spec/index.ts';
import type {
  Clock,
  DatasetReader,
  EngineLauncher,
  FileContent,
  FileDialogs,
  ParityRunner,
  PointsExporter,
  RunExporter,
} from './ports.ts';
import type { DatasetStore } from './dataset-store.ts';
import type { RunStore } from './run-store.ts';

export interface LabPorts {
  readonly info: AppInfo;
  readonly engine: EngineLauncher;
  readonly clock: Clock;
  readonly dialogs: FileDialogs;
  readonly publisher: Publisher;
  /** Built by main/node: the app's own folder, project files, settings, recent files, folder listing. */
  readonly projects: Projects;
  readonly settings: SettingsStore;
  /**
   * The engine's own draw of the data: what a run of this document with its own seed would see, as far as it is shown. Not asked
   * for data that lies in files.
   */
  readonly drawPoints: (experiment: ExperimentSpec) => Promise<DataPreview>;
  /** Reads imported data. */
  readonly datasets: DatasetReader;
  /** @throws LabError EXPORT_UNSUPPORTED, DATA_MISSING. */
  readonly exportPoints: PointsExporter;
  readonly exporter: RunExporter;
  /** null: this build has nothing to compare with. */
  readonly parity: ParityRunner | null;
}

/**
 * The open project, the ways to change it, and files by opaque handles (main/services/project-service.ts).
 * Everything throws LabError with the codes that the contract's methods name; updateExperiment throws DocumentError too.
 */
export interface Projects {
  /**
   * Another object after every open, new and saveAs: read it anew for each use. Live runs must be stopped before open
   * and new; saveAs leaves them be.
   */
  readonly current: OpenProject;
  /**
   * Called once by the host, before anything else. A given path is opened or its error thrown; null opens the last
   * project, or a fresh untitled one when there is none or it cannot be written now.
   */
  openAtStart(path: string | null): ProjectState;
  /** Closes the current project and opens another one. When that fails, the current one stays. */
  openNew(example: string | null): ProjectState;
  open(handle: string): ProjectState;
  saveAs(handle: string, replace: boolean): ProjectState;
  updateExperiment(
    experimentId: string,
    document: ExperimentSpec,
  ): { id: string; revision: number; document: ExperimentSpec };
  /**
   * Another project's file, opened to be read: it stays as it is, whoever else has it open. To be closed by the caller.
   * @throws LabError SAME_PROJECT; FILE_NOT_FOUND, FILE_FOREIGN, FILE_ACCESS; FILE_DAMAGED, FILE_NEWER (nothing readable).
   */
  openOther(handle: string): OtherFile;
  /** The handle that stands for a path from a native dialog or the command line. */
  handleFor(path: string): string;
  /** Where a handle leads. @throws LabError NOT_FOUND. */
  pathOf(handle: string): string;
  recent(): RecentFile[];
  listFolder(handle: string | null, kind: ListedKind): FolderListing;
  /** A handle for a file called `name` (its kind's ending added) in a listed folder. */
  fileIn(folder: string, name: string, kind: FileKind): string;
  /**
   * Writes files: the first where the handle says (the kind's ending added), the others beside it under their own names. Each
   * appears whole or not at all. @throws LabError FILE_EXISTS (nothing was written then), FILE_ACCESS, DISK_FULL, NOT_FOUND.
   * @param replace what the person agreed to lose; others than the first are only ever replaced with it.
   */
  writeFiles(handle: string, kind: FileKind, files: readonly FileContent[], replace: boolean): void;
  examples(): { name: string; description: string }[];
  close(): void;
}
export interface OpenProject {
  readonly state: ProjectState;
  readonly runs: RunStore;
  readonly datasets: DatasetStore;
  certificate(): Certificate | null;
  /** In the place of an older one. @throws LabError READ_ONLY, DISK_FULL. */
  storeCertificate(certificate: Certificate): void;
}
/** A project file that is looked into while another one is open. */
export interface OtherFile {
  readonly name: string;
  readonly location: string;
  readonly file: {
    readonly readOnly: ReadOnlyReason | null;
    /** What could not be read. */
    readonly damage: readonly string[];
    readonly runs: Pick<RunStore, 'list'>;
    readonly datasets: Pick<DatasetStore, 'list' | 'entry' | 'chunks'>;
    experiments(): ExperimentEntry[];
    close(): void;
  };
}
/** Fields that are left out or undefined stay as they are. */
export type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | undefined };
export interface SettingsStore {
  get(): Settings;
  set(change: SettingsChange): Settings;
}

export interface Lab {
  readonly handlers: Handlers;
  /** Stops live runs (resumable), stores everything, ends the engine. */
  close(): Promise<void>;
}
