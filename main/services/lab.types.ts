// The whole application behind the contract, as a host composes it: ports in, handlers out.
import type { AppInfo, ProjectState, Settings } from '../contract/shapes.ts';
import type { Handlers, Publisher } from '../contract/methods.ts';
import type { DataPoints, ExperimentSpec } from '../../engine/spec/index.ts';
import type { Clock, EngineLauncher, FileDialogs } from './ports.ts';
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
  /** The engine's own data draw (pure, milliseconds): what a run of this document with its own seed would see. */
  readonly drawPoints: (experiment: ExperimentSpec) => DataPoints;
}

/** The open project and the ways to change it (main/services/project-service.ts). */
export interface Projects {
  readonly current: OpenProject;
  /** Closes the current project and opens another one. */
  openNew(example: string): ProjectState;
  open(handle: string): ProjectState;
  saveAs(handle: string, replace: boolean): ProjectState;
  updateExperiment(
    experimentId: string,
    document: ExperimentSpec,
  ): { id: string; revision: number; document: ExperimentSpec };
  close(): void;
}
export interface OpenProject {
  readonly state: ProjectState;
  readonly runs: RunStore;
}
export interface SettingsStore {
  get(): Settings;
  set(change: Partial<Settings>): Settings;
}

export interface Lab {
  readonly handlers: Handlers;
  /** Stops live runs (resumable), stores everything, ends the engine. */
  close(): Promise<void>;
}
