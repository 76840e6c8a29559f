// The project that a run command works in: a new file, a given one, a copy of it, or memory when nothing is to be kept.
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { ExperimentSpec } from '../../engine/spec/index.ts';
import type { ProjectState } from '../contract/shapes.ts';
import { nodeProjectDisk } from '../node/project-disk.ts';
import { createProject, createProjectInMemory, openProject, saveProjectAs, type NewProject } from '../project/open.ts';
import type { ProjectFile } from '../project/project-file.ts';
import { InputError } from './exit.ts';
import { say } from './messages.ts';
import type { Target } from './target.ts';

export interface Workspace {
  readonly project: ProjectFile;
  /** The file that keeps the runs; null when nothing is kept. */
  readonly keptIn: string | null;
}

/** @throws InputError, LabError when the file cannot be made, opened or written. */
export function openWorkspace(target: Target, out: string | null): Workspace {
  if (out !== null && nodeProjectDisk.facts(out).kind !== 'missing') throw new InputError(say.fileExists(out));
  switch (target.kind) {
    case 'experiment':
      return out === null
        ? { project: createProjectInMemory(nodeProjectDisk, contentOf(target.document)), keptIn: null }
        : { project: createProject(nodeProjectDisk, out, contentOf(target.document)), keptIn: out };
    case 'project':
      return out === null
        ? { project: writable(target.file), keptIn: target.file }
        : { project: copyOf(target.file, out), keptIn: out };
    default:
      return target satisfies never;
  }
}

const contentOf = (document: ExperimentSpec): NewProject => ({
  experiments: [{ id: randomUUID(), document }],
  meta: {},
  now: Date.now(),
});

function copyOf(file: string, out: string): ProjectFile {
  const source = openProject(nodeProjectDisk, file, { access: 'read' });
  try {
    refuseUnsound(source, file);
    return saveProjectAs(nodeProjectDisk, source, out, false);
  } finally {
    source.close();
  }
}

/** @throws InputError when it cannot be written to, LabError when it cannot be opened. */
export function writable(file: string): ProjectFile {
  const project = openProject(nodeProjectDisk, file, { access: 'write' });
  if (project.readOnly === null) return project;
  try {
    refuseUnsound(project, file);
    throw new InputError(
      project.readOnly === 'in_use' ? say.inUse(file) : say.readOnly(file, say.reasons[project.readOnly]),
    );
  } finally {
    project.close();
  }
}

/** A file that this program does not wholly understand is neither continued nor copied: that would lose the rest. */
function refuseUnsound(project: ProjectFile, file: string): void {
  if (project.readOnly === 'damaged')
    throw new InputError(say.check.problems(file, project.damage.length), [
      ...project.damage.map((x) => `  ${x}`),
      say.check.whatToDo,
    ]);
  if (project.readOnly === 'newer_version') throw new InputError(`${file}: ${say.check.newer(project.version)}`);
}

/**
 * A project as the run service sees it.
 * @param shown how an experiment is run, when not as it is stored (`--steps`).
 */
export function stateOf(project: ProjectFile, shown: (document: ExperimentSpec) => ExperimentSpec): ProjectState {
  return {
    handle: project.path,
    name: basename(project.path),
    location: project.path,
    untitled: project.path === '',
    readOnly: project.readOnly,
    damage: [...project.damage],
    experiments: project.experiments().map((entry) => ({ ...entry, document: shown(entry.document) })),
  };
}
