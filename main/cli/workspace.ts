// The project that a run command works in: a new file, a given one, a copy of it, or memory when nothing is to be kept.
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { ExperimentSpec } from '../../engine/spec/index.ts';
import type { ProjectState } from '../contract/shapes.ts';
import { nodeProjectDisk } from '../node/project-disk.ts';
import { DocumentCache } from '../project/codec.ts';
import { CURRENT_VERSION, migrate } from '../project/migrations.ts';
import { saveProjectAs, createProject, openProject } from '../project/open.ts';
import { ProjectFile } from '../project/project-file.ts';
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
        ? { project: projectInMemory(target.document), keptIn: null }
        : { project: newProject(out, target.document), keptIn: out };
    case 'project':
      return out === null
        ? { project: writable(target.file), keptIn: target.file }
        : { project: copyOf(target.file, out), keptIn: out };
    default:
      return target satisfies never;
  }
}

function newProject(file: string, document: ExperimentSpec): ProjectFile {
  const experiments = [{ id: randomUUID(), document }];
  return createProject(nodeProjectDisk, file, { experiments, meta: {}, now: Date.now() });
}

function projectInMemory(document: ExperimentSpec): ProjectFile {
  const db = nodeProjectDisk.scratch();
  migrate(db, 0);
  const project = new ProjectFile(
    {
      path: '',
      version: CURRENT_VERSION,
      db,
      lock: null,
      readOnly: null,
      damage: [],
      liveIsInterrupted: false,
      documents: new DocumentCache(),
    },
    nodeProjectDisk.digest,
  );
  project.addExperiment(randomUUID(), document, Date.now());
  return project;
}

function copyOf(file: string, out: string): ProjectFile {
  const source = openProject(nodeProjectDisk, file, { access: 'read' });
  try {
    refuseUnsound(source, file);
    return saveProjectAs(nodeProjectDisk, source, out, false);
  } finally {
    source.close();
  }
}

function writable(file: string): ProjectFile {
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
