// What a project file holds, as one value: for `overfit show`.
import type { ExperimentEntry, ReadOnlyReason, RunSummary } from '../contract/shapes.ts';
import { isResumable } from './codec.ts';
import type { ProjectDisk } from './database.ts';
import { openProject } from './open.ts';

export interface ProjectDescription {
  readonly path: string;
  readonly sizeBytes: number;
  /** Version of the file's format. */
  readonly version: number;
  /** Why the app would open it read-only now; null when it would not. */
  readonly readOnly: ReadOnlyReason | null;
  readonly damage: readonly string[];
  readonly experiments: readonly ExperimentEntry[];
  readonly runs: readonly RunSummary[];
}

/** @throws LabError FILE_NOT_FOUND, FILE_FOREIGN, FILE_ACCESS, FILE_DAMAGED (nothing readable). */
export function describeProject(disk: ProjectDisk, path: string): ProjectDescription {
  const file = openProject(disk, path, { access: 'read' });
  try {
    const { sizeBytes, writable } = disk.facts(path);
    const readOnly = file.readOnly === 'no_permission' && writable ? null : file.readOnly;
    return {
      path,
      sizeBytes,
      version: file.version,
      readOnly,
      damage: file.damage,
      experiments: file.experiments(),
      runs: file.runs.list().map((run) => ({ ...run, resumable: readOnly === null && isResumable(run.status) })),
    };
  } finally {
    file.close();
  }
}
