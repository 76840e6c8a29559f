// What a host composes to have projects and settings on this machine's disk.
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { parseExperiment } from '../../engine/spec/index.ts';
import { EMPTY, EXAMPLES } from '../../assets/examples/index.ts';
import type { ProjectFile } from '../project/project-file.ts';
import { checkProject as check, type Finding } from '../project/check.ts';
import { describeProject as describe, type ProjectDescription } from '../project/describe.ts';
import { createProject, openProject } from '../project/open.ts';
import { ProjectService } from '../services/project-service.ts';
import { SettingsService } from '../services/settings-service.ts';
import { appFolder } from './app-folder.ts';
import { nodeFileSystem } from './folders.ts';
import { nodeProjectDisk } from './project-disk.ts';

export { EXAMPLES } from '../../assets/examples/index.ts';
export type { Finding } from '../project/check.ts';
export type { ProjectDescription } from '../project/describe.ts';

export interface NodeProjectsOptions {
  readonly appVersion: string;
  /** The person's home folder; the system's by default. */
  readonly home?: string;
  /** The process environment by default: OVERFIT_HOME, XDG_DATA_HOME, APPDATA. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Documents by name; the bundled ones by default. */
  readonly examples?: Readonly<Record<string, unknown>>;
}

export interface NodeProjects {
  /** `openAtStart` is still to be called. */
  readonly projects: ProjectService;
  readonly settings: SettingsService;
  readonly appFolder: string;
}

/** @throws LabError FILE_ACCESS when the app's own folder cannot be used. */
export function createNodeProjects(options: NodeProjectsOptions): NodeProjects {
  const home = options.home ?? homedir();
  const files = nodeFileSystem(home, appFolder({ platform: process.platform, env: options.env ?? process.env, home }));
  return {
    projects: new ProjectService({
      disk: nodeProjectDisk,
      files,
      now: Date.now,
      newId: randomUUID,
      examples: options.examples ?? EXAMPLES,
      empty: EMPTY,
      appVersion: options.appVersion,
    }),
    settings: new SettingsService(files),
    appFolder: files.appFolder,
  };
}

/** Opens a project file at a path for writing, as far as it can be used (`readOnly`, `damage`). Close it when done. */
export function openProjectFile(path: string): ProjectFile {
  return openProject(nodeProjectDisk, path, { access: 'write' });
}

/**
 * Makes a project file holding these documents. It appears whole or not at all.
 * @throws LabError FILE_EXISTS, FILE_ACCESS, DISK_FULL; DocumentError.
 */
export function createProjectFile(path: string, documents: readonly unknown[], appVersion: string): ProjectFile {
  return createProject(nodeProjectDisk, path, {
    experiments: documents.map((x) => ({ id: randomUUID(), document: parseExperiment(x) })),
    meta: { app_version: appVersion },
    now: Date.now(),
  });
}

/** What a file holds, for people and scripts; nothing is written. @throws LabError as `openProjectFile`. */
export function describeProject(path: string): ProjectDescription {
  return describe(nodeProjectDisk, path);
}

/**
 * Verifies a file wholly; nothing is written. An empty list is a sound file.
 * @throws LabError FILE_NOT_FOUND, FILE_FOREIGN, FILE_ACCESS.
 */
export function checkProject(path: string): Finding[] {
  return check(nodeProjectDisk, path);
}
