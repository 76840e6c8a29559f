// `overfit run`: trains the chosen variants in a workspace, shows how far they are, and reports what came out.
import { DocumentError, LIVE_STATUSES, parseExperiment, type ExperimentSpec } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import type { RunSummary } from '../contract/shapes.ts';
import type { RunCommand } from './arguments.ts';
import { documentError, EXIT, InputError, RunError, SIGNAL_EXIT, type ExitCode } from './exit.ts';
import { createLabSession } from './lab-session.ts';
import { say } from './messages.ts';
import { applyOverrides } from './overrides.ts';
import { createProgressBar, type ProgressBar, type Terminal } from './progress.ts';
import { makeReport, reportLines, type FinishedRun } from './report.ts';
import { findTarget, type Target } from './target.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export type StopSignal = keyof typeof SIGNAL_EXIT;

export interface RunHost {
  /** Writes lines to stdout. */
  print(lines: readonly string[]): void;
  /** Writes one line to stderr, marked as the program's. */
  remark(line: string): void;
  /** Where the progress bar goes. */
  readonly terminal: Terminal;
  now(): number;
  /** @returns a function that stops listening; the next signal then ends the process. */
  onStopSignal(listener: (signal: StopSignal) => void): () => void;
}

/** A wish to stop, which may come at any time: what it ends is filled in once there is something to end. */
interface Stop {
  signal: StopSignal | null;
  act: () => void;
}

/** @throws InputError, LabError, DocumentError before anything ran. */
export async function run(command: RunCommand, host: RunHost): Promise<ExitCode> {
  const stop: Stop = { signal: null, act: () => undefined };
  const stopListening = host.onStopSignal((signal) => {
    stop.signal = signal;
    stop.act();
  });
  try {
    const target = prepare(findTarget(command.target), command);
    const workspace = openWorkspace(target, command.out);
    try {
      return await runIn(workspace, target, command, host, stop);
    } finally {
      workspace.project.close();
    }
  } finally {
    stopListening();
  }
}

/** Applies the options to an experiment that is not stored yet, and refuses unknown variants before a file is made. */
function prepare(target: Target, command: RunCommand): Target {
  if (target.kind === 'project') return target;
  const document = overridden(target.document, command);
  chooseVariants(document, command.variants);
  return { kind: 'experiment', document };
}

function overridden(document: ExperimentSpec, command: RunCommand): ExperimentSpec {
  try {
    return parseExperiment(applyOverrides(document, command));
  } catch (error) {
    throw error instanceof DocumentError ? documentError(command.target, error) : error;
  }
}

function chooseVariants(document: ExperimentSpec, wanted: readonly string[]): string[] {
  const known = document.variants.map((x) => x.name);
  for (const name of wanted) if (!known.includes(name)) throw new InputError(say.unknownVariant(name, known));
  return wanted.length === 0 ? known : [...wanted];
}

/** What is to be done in a workspace: go on with runs, or start new ones. */
type Plan =
  | { readonly kind: 'continue'; readonly runs: readonly RunSummary[] }
  | { readonly kind: 'start'; readonly experimentId: string; readonly variants: readonly string[] };

function makePlan(workspace: Workspace, target: Target, command: RunCommand, host: RunHost): Plan & { name: string } {
  const { project } = workspace;
  if (target.kind === 'project' && command.seed === null && command.steps === null) {
    const unfinished = project.runs
      .list()
      .filter((x) => x.status === 'stopped' || x.status === 'interrupted')
      .filter((x) => command.variants.length === 0 || command.variants.includes(x.variant));
    const [first] = unfinished;
    if (first) {
      if (!command.quiet)
        host.remark(
          say.continuing(
            unfinished.length,
            unfinished.map((x) => x.variant),
          ),
        );
      return { kind: 'continue', runs: unfinished, name: first.experiment.name };
    }
  }
  const experiments = project.experiments();
  const [experiment] = experiments;
  if (!experiment) throw new InputError(say.nothingToRun(command.target));
  const { id, document } = experiment;
  const variants = chooseVariants(document, command.variants);
  if (experiments.length > 1 && !command.quiet) host.remark(say.firstExperiment(document.name, experiments.length));
  return { kind: 'start', experimentId: id, variants, name: document.name };
}

async function runIn(
  workspace: Workspace,
  target: Target,
  command: RunCommand,
  host: RunHost,
  stop: Stop,
): Promise<ExitCode> {
  const plan = makePlan(workspace, target, command, host);
  const session = createLabSession({
    project: workspace.project,
    threads: command.threads,
    shown: (document) => (target.kind === 'project' ? overridden(document, command) : document),
  });
  let bar: ProgressBar | null = null;
  stop.act = () => {
    bar?.clear();
    bar = null;
    if (!command.quiet) host.remark(say.stopping(workspace.keptIn !== null));
    session.stop();
  };
  if (stop.signal !== null) stop.act();
  let started: RunSummary[] = [];
  let failure: unknown = null;
  try {
    started =
      plan.kind === 'continue'
        ? await session.continueRuns(plan.runs)
        : await session.startRuns(plan.experimentId, plan.variants, command.seed);
    if (!command.quiet && stop.signal === null) bar = barFor(started, host);
    await session.finished((done) => bar?.update(done));
  } catch (error) {
    // Stopped before the engine was there: no run was started.
    const cancelled = error instanceof LabError && error.code === 'CANCELLED' && stop.signal !== null;
    if (!cancelled) failure = error;
  }
  bar?.clear();
  stop.act = () => undefined;
  try {
    await session.close();
  } catch (error) {
    failure ??= error;
  }
  if (failure !== null) throw brokenOff(failure, workspace);
  const runs = started.map(({ id }) => finishedRun(workspace, id));
  for (const problem of session.problems) host.remark(problem);
  report(plan.name, runs, command, host);
  return conclude(runs, workspace, stop.signal, command, host);
}

/** What ended the runs from outside (a full disk, no engine): not the input's fault, and what is stored stays. */
function brokenOff(error: unknown, { keptIn }: Workspace): unknown {
  if (!(error instanceof LabError) || error.code === 'INTERNAL') return error;
  return new RunError(error.message, [keptIn === null ? say.notKept : say.keptSoFar(keptIn)]);
}

function barFor(started: readonly RunSummary[], host: RunHost): ProgressBar {
  const sum = (pick: (run: RunSummary) => number): number => started.reduce((total, x) => total + pick(x), 0);
  const facts = { totalSteps: sum((x) => x.totalSteps), startSteps: sum((x) => x.step) };
  return createProgressBar(host.terminal, facts, () => host.now());
}

function finishedRun({ project }: Workspace, id: string): FinishedRun {
  const summary = project.runs.summary(id);
  const record = project.runs.read(id, -1);
  if (!summary || !record) throw new Error(`run ${id} is not in the project`);
  return { summary, record };
}

function report(name: string, runs: readonly FinishedRun[], command: RunCommand, host: RunHost): void {
  host.print(
    command.json ? [JSON.stringify(makeReport(name, command.threads, runs))] : reportLines(name, command.threads, runs),
  );
}

/** Says what people must know beyond the figures, and how the command ends. */
function conclude(
  runs: readonly FinishedRun[],
  { keptIn }: Workspace,
  signal: StopSignal | null,
  command: RunCommand,
  host: RunHost,
): ExitCode {
  const summaries = runs.map((x) => x.summary);
  const failed = summaries.filter((x) => x.status === 'failed');
  for (const { variant, seed, failure } of failed)
    if (failure) host.remark(say.diverged(variant, seed, failure.step, failure.quantity, failure.parameter));
  const broken = summaries.filter((x) => x.status === 'interrupted');
  for (const { variant, step } of broken) host.remark(say.interrupted(variant, step));
  const stopped = summaries.filter((x) => x.status === 'stopped' || LIVE_STATUSES.has(x.status));
  if (stopped.length > 0)
    host.remark(say.stopped(stopped.map(({ variant, step, totalSteps }) => ({ variant, step, total: totalSteps }))));
  const cancelled = signal !== null && runs.length === 0;
  if (cancelled || stopped.length + broken.length > 0)
    host.remark(keptIn === null ? say.notKept : say.resumeWith(keptIn));
  else if (keptIn !== null && !command.quiet) host.remark(say.savedIn(keptIn));
  if (signal !== null && (cancelled || stopped.length > 0)) return SIGNAL_EXIT[signal];
  return failed.length + broken.length + stopped.length > 0 ? EXIT.runFailed : EXIT.done;
}
