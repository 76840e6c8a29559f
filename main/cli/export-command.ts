// `overfit export`: a stored run as a file for other programs. The project is only read.
import { dirname, join } from 'node:path';
import { LabError } from '../contract/errors.ts';
import type { RunSummary } from '../contract/shapes.ts';
import { nodeDatasetCache } from '../node/dataset-cache.ts';
import { writeDurably } from '../node/file-system.ts';
import { nodeProjectDisk } from '../node/project-disk.ts';
import { openProject } from '../project/open.ts';
import type { ProjectFile } from '../project/project-file.ts';
import { datasetFile } from '../services/dataset-service.ts';
import type { FileContent, RunExporter } from '../services/ports.ts';
import { runsCsv } from '../services/run-csv.ts';
import { exportRun } from '../services/run-export.ts';
import type { ExportCommand } from './arguments.ts';
import { EXIT, InputError, type ExitCode } from './exit.ts';
import { say } from './messages.ts';

export interface ExportHost {
  /** Writes one line to stderr, marked as the program's. */
  remark(line: string): void;
  readonly exporter: RunExporter;
}

/** @throws InputError, LabError. */
export async function exportFile(command: ExportCommand, host: ExportHost): Promise<ExitCode> {
  const project = openProject(nodeProjectDisk, command.file, { access: 'read' });
  try {
    const runs = chosenRuns(project, command);
    const [first] = runs;
    if (first === undefined) throw new InputError(say.noRuns(command.file));
    // Of one run the services know all; only a table takes several.
    const names =
      runs.length === 1 ? await exportOne(project, first, command, host) : exportTable(project, runs, command);
    host.remark(say.exported(names));
    return EXIT.done;
  } finally {
    project.close();
  }
}

/** @throws InputError when it is not said which run is meant. */
function chosenRuns(project: ProjectFile, { file, run, format }: ExportCommand): readonly RunSummary[] {
  const runs = project.runs.list();
  if (run !== null) {
    const found = runs.filter((x) => x.number === run);
    if (found.length > 0) return found;
    const known = runs.map((x) => x.number);
    throw new InputError(known.length === 0 ? say.noRuns(file) : say.noSuchRun(file, run, known));
  }
  if (runs.length < 2 || format === 'csv') return runs;
  throw new InputError(
    say.whichRun(file),
    runs.map(({ number, variant, seed, status }) => say.runLine(number, variant, seed, status)),
  );
}

function exportTable(project: ProjectFile, runs: readonly RunSummary[], { out }: ExportCommand): string[] {
  const text = runsCsv(runs.map((summary) => ({ summary, record: recordOf(project, summary.id) })));
  write(out, [{ name: out, bytes: new TextEncoder().encode(text) }]);
  return [out];
}

async function exportOne(
  project: ProjectFile,
  summary: RunSummary,
  { format, out, best }: ExportCommand,
  { exporter }: ExportHost,
): Promise<string[]> {
  const [, ...beside] = await exportRun(
    {
      exporter,
      store: () => project.runs,
      datasetFile: (data, signal) => datasetFile(project.datasets, nodeDatasetCache(), data, signal),
      projects: () => ({ writeFiles: (_, __, files) => write(out, files) }),
      summary: () => summary,
      read: (id) => recordOf(project, id),
      events: (id) => project.runs.events(id),
      storeAll: () => undefined,
    },
    { runId: summary.id, format, weights: best ? 'best' : 'last', destination: out, replace: false },
    new AbortController().signal,
  );
  return [out, ...beside.map(({ name }) => join(dirname(out), name))];
}

function recordOf(project: ProjectFile, id: string) {
  const record = project.runs.read(id, -1);
  if (record) return record;
  throw new LabError('NOT_FOUND', `There is no run ${id}.`, { what: 'run', id });
}

/** The first under the given name, the others beside it; nothing when one of them is there already. */
function write(out: string, files: readonly FileContent[]): void {
  const written = files.map(({ name, bytes }, i) => ({ path: i === 0 ? out : join(dirname(out), name), bytes }));
  const taken = written.find(({ path }) => nodeProjectDisk.facts(path).kind !== 'missing');
  if (taken) throw new InputError(say.exists(taken.path));
  // What others refer to comes first: a script without its pictures is of no use.
  for (const { path, bytes } of written.toReversed()) writeDurably(path, bytes, false);
}
