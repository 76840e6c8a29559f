// `overfit show` and `overfit check`: what a project file holds, and whether it is sound. Both only read.
import { LabError } from '../contract/errors.ts';
import type { RunSummary } from '../contract/shapes.ts';
import { nodeProjectDisk } from '../node/project-disk.ts';
import { openProject } from '../project/open.ts';
import type { ProjectFile } from '../project/project-file.ts';
import { EXIT, InputError, type ExitCode } from './exit.ts';
import { say } from './messages.ts';
import { bestText, hasBest, headOf, scoreColumns, scoreText } from './score-columns.ts';
import { durationText, tableLines } from './table.ts';

export interface Output {
  /** Writes lines to stdout. */
  print(lines: readonly string[]): void;
}

function withProject<T>(file: string, work: (project: ProjectFile) => T): T {
  const project = openProject(nodeProjectDisk, file, { access: 'read' });
  try {
    return work(project);
  } finally {
    project.close();
  }
}

/** Continuing needs a checkpoint or a fresh start; either is possible for what was not finished. */
const isUnfinished = (run: RunSummary): boolean => run.status === 'stopped' || run.status === 'interrupted';

export function show(file: string, json: boolean, output: Output): ExitCode {
  return withProject(file, (project) => {
    output.print(json ? [JSON.stringify(contents(project, file))] : describe(project, file));
    return EXIT.done;
  });
}

/** Reasons that tell something about the file; that it is only looked at here is none. */
const remarkable = (project: ProjectFile): ProjectFile['readOnly'] =>
  project.readOnly === 'no_permission' ? null : project.readOnly;

function contents(project: ProjectFile, file: string) {
  const experiments = project.experiments();
  const nameOf = new Map(experiments.map((x) => [x.id, x.document.name]));
  return {
    file,
    formatVersion: project.version,
    readOnly: remarkable(project),
    damage: project.damage,
    experiments: experiments.map(({ document, revision }) => ({
      name: document.name,
      revision,
      seed: document.seed,
      variants: document.variants.map((x) => x.name),
      document,
    })),
    runs: project.runs.list().map((run) => ({
      number: run.number,
      experiment: nameOf.get(run.experimentId) ?? run.experiment.name,
      variant: run.variant,
      seed: run.seed,
      status: run.status,
      steps: run.step,
      totalSteps: run.totalSteps,
      durationMs: run.computeMs,
      final: run.final,
      best: run.best,
      events: project.runs.events(run.id),
      dataDigest: run.dataDigest,
      weights: run.weights,
      failure: run.failure,
      device: run.device,
      createdAt: new Date(run.createdAt).toISOString(),
    })),
  };
}

function describe(project: ProjectFile, file: string): string[] {
  const experiments = project.experiments();
  const runs = project.runs.list();
  const lines = [say.show.title(file, experiments.length, runs.length)];
  const reason = remarkable(project);
  if (reason !== null) lines.push(say.show.readOnly(say.reasons[reason]));
  lines.push(...project.damage.map(say.show.damage));
  for (const { document, revision } of experiments) {
    lines.push('', say.show.experiment(document.name, revision));
    if (document.description !== '') lines.push(`  ${document.description}`);
    lines.push(`  ${say.show.variants(document.variants.map((x) => x.name))}`);
  }
  lines.push('', ...(runs.length === 0 ? [say.show.noRuns] : runTable(runs, experiments.length > 1)));
  const unfinished = runs.filter(isUnfinished).length;
  if (unfinished > 0) lines.push('', say.show.resumable(file, unfinished));
  return lines;
}

function runTable(runs: readonly RunSummary[], withExperiment: boolean): string[] {
  const { results } = say;
  const scores = scoreColumns(runs);
  const best = hasBest(runs);
  const columns = [
    { head: say.show.run, align: 'right' },
    ...(withExperiment ? [{ head: say.show.experimentColumn, align: 'left' } as const] : []),
    { head: results.variant, align: 'left' },
    { head: results.seed, align: 'right' },
    { head: results.status, align: 'left' },
    { head: results.steps, align: 'right' },
    ...scores.map(headOf),
    ...(best ? [{ head: results.bestStep, align: 'right' } as const] : []),
    { head: results.time, align: 'right' },
    { head: say.show.created, align: 'left' },
  ] as const;
  const rows = runs.map((run) => [
    String(run.number),
    ...(withExperiment ? [run.experiment.name] : []),
    run.variant,
    String(run.seed),
    run.status,
    `${run.step}/${run.totalSteps ?? '?'}`,
    ...scores.map((column) => scoreText(run, column)),
    ...(best ? [bestText(run)] : []),
    durationText(run.computeMs),
    new Date(run.createdAt).toISOString().slice(0, 16).replace('T', ' '),
  ]);
  return tableLines(columns, rows);
}

/** @throws InputError naming every problem. */
export function check(file: string, output: Output): ExitCode {
  return withProject(file, (project) => {
    const problems = [...project.damage];
    if (project.readOnly === 'newer_version') problems.push(say.check.newer(project.version));
    problems.push(...runProblems(project), ...datasetProblems(project));
    if (problems.length > 0)
      throw new InputError(say.check.problems(file, problems.length), [
        ...problems.map((x) => `  ${x}`),
        say.check.whatToDo,
      ]);
    output.print([say.check.sound(file, project.experiments().length, project.runs.list().length)]);
    return EXIT.done;
  });
}

/** Reads every part of every data set, and compares all of them with the digest that documents name it by. */
function datasetProblems(project: ProjectFile): string[] {
  return project.datasets.list().flatMap(({ digest, name }) => {
    const hash = nodeProjectDisk.hash();
    try {
      for (const chunk of project.datasets.chunks(digest)) hash.update(chunk);
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'FILE_DAMAGED') throw error;
      return [error.message];
    }
    return hash.hex() === digest ? [] : [say.check.dataset(name)];
  });
}

/** Reads every row of every run; what opening does not look at shows here. */
function runProblems(project: ProjectFile): string[] {
  const problems: string[] = [];
  for (const { id, number } of project.runs.list()) {
    const reads = [
      () => project.runs.read(id, -1),
      () => project.runs.checkpoint(id),
      () => project.runs.checkpoint(id, 'best'),
    ];
    for (const read of reads) {
      try {
        read();
      } catch (error) {
        if (!(error instanceof LabError) || error.code !== 'FILE_DAMAGED') throw error;
        problems.push(say.check.run(number, error.message));
      }
    }
  }
  return problems;
}
