// `overfit run`: trains the chosen variants in a workspace, shows how far they are, and reports what came out.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  DocumentError,
  LIVE_STATUSES,
  parseExperiment,
  resolveVariant,
  type ExperimentSpec,
} from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import type { RunSummary } from '../contract/shapes.ts';
import type { GivenWeights } from '../services/ports.ts';
import type { RunCommand, Seeds } from './arguments.ts';
import { documentError, EXIT, InputError, RunError, SIGNAL_EXIT, type ExitCode } from './exit.ts';
import { createLabSession } from './lab-session.ts';
import { say } from './messages.ts';
import { applyOverrides, hasPictures, withCifar10 } from './overrides.ts';
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
  /** @throws LabError naming the file and what is wrong in it. */
  readWeights(path: string): GivenWeights;
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
    if (command.data !== null && !existsSync(command.data)) throw new InputError(say.noSuchData(command.data));
    const target = prepare(findTarget(command.target), command, host);
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
function prepare(target: Target, command: RunCommand, host: RunHost): Target {
  if (target.kind === 'project') return target;
  const document = overridden(target.document, command);
  remarkData(target.document, command, host);
  chooseVariants(document, command.variants);
  return { kind: 'experiment', document };
}

function overridden(document: ExperimentSpec, command: RunCommand): ExperimentSpec {
  try {
    if (command.data !== null && !hasPictures(document)) throw new InputError(say.noPictures(document.name));
    return parseExperiment(applyOverrides(command.data === null ? document : withCifar10(document), command));
  } catch (error) {
    throw error instanceof DocumentError ? documentError(command.target, error) : error;
  }
}

/** Other pictures than the document's are worth a word. */
function remarkData({ data }: ExperimentSpec, command: RunCommand, host: RunHost): void {
  if (command.data !== null && data.type === 'shapes32' && !command.quiet)
    host.remark(say.usingData(command.data, data.validation));
}

/** Where a document's own seed is null. */
function seedsOf(seeds: Seeds | null, own: number): readonly (number | null)[] {
  if (seeds === null) return [null];
  return 'list' in seeds ? seeds.list : Array.from({ length: seeds.count }, (_, i) => own + i);
}

/** Whether the command says how something is run, so that it does not fit a run that has begun. */
const wantsNewRuns = ({ seed, seeds, steps, epochs, weights }: RunCommand): boolean =>
  [seed, seeds, steps, epochs, weights].some((x) => x !== null);

/** Runs on other data than the given files are not gone on with: they were not meant. */
const fits = ({ experiment, variant }: RunSummary, command: RunCommand): boolean =>
  command.data === null || resolveVariant(experiment, variant).data.type === 'cifar10';

/** How a stored experiment is run: the options are in one that was made for them already. */
const shown = (document: ExperimentSpec, target: Target, command: RunCommand): ExperimentSpec =>
  target.kind === 'project' ? overridden(document, command) : document;

function chooseVariants(document: ExperimentSpec, wanted: readonly string[]): string[] {
  const known = document.variants.map((x) => x.name);
  for (const name of wanted) if (!known.includes(name)) throw new InputError(say.unknownVariant(name, known));
  return wanted.length === 0 ? known : [...wanted];
}

/** What is to be done in a workspace: go on with runs, or start new ones. */
type Plan =
  | { readonly kind: 'continue'; readonly runs: readonly RunSummary[] }
  | {
      readonly kind: 'start';
      readonly experimentId: string;
      readonly document: ExperimentSpec;
      readonly variants: readonly string[];
      readonly seeds: readonly (number | null)[];
    };

function makePlan(workspace: Workspace, target: Target, command: RunCommand, host: RunHost): Plan & { name: string } {
  const { project } = workspace;
  if (target.kind === 'project' && !wantsNewRuns(command)) {
    const unfinished = project.runs
      .list()
      .filter((x) => x.status === 'stopped' || x.status === 'interrupted')
      .filter((x) => command.variants.length === 0 || command.variants.includes(x.variant))
      .filter((x) => fits(x, command));
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
  if (target.kind === 'project') remarkData(document, command, host);
  const seeds = command.seeds === null ? [command.seed] : seedsOf(command.seeds, document.seed);
  return { kind: 'start', experimentId: id, document, variants, seeds, name: document.name };
}

async function runIn(
  workspace: Workspace,
  target: Target,
  command: RunCommand,
  host: RunHost,
  stop: Stop,
): Promise<ExitCode> {
  const weights = command.weights === null ? null : host.readWeights(command.weights);
  const plan = makePlan(workspace, target, command, host);
  // Values that do not fit are bad input: nothing has begun yet.
  if (plan.kind === 'start')
    for (const variant of plan.variants) weights?.arrays(shown(plan.document, target, command), variant);
  const session = createLabSession({
    project: workspace.project,
    threads: command.threads,
    shown: (document) => shown(document, target, command),
    files: command.data === null ? null : resolve(command.data),
    weights,
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
        : await session.startRuns(plan.experimentId, plan.variants, plan.seeds);
    if (!command.quiet && stop.signal === null) bar = barFor(started, host);
    await session.finished((done, total) => bar?.update(done, total));
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
  const badData = session.problems.find((x) => DATA_PROBLEMS.has(x.code));
  if (badData) throw new InputError(say.badData(badData.reason));
  const runs = started.map(({ id }) => finishedRun(workspace, id));
  for (const { message } of session.problems) host.remark(message);
  report(plan.name, runs, command, host);
  return conclude(runs, workspace, stop.signal, command, host);
}

/** What the engine says of the files that it was given. */
const DATA_PROBLEMS: ReadonlySet<string> = new Set(['DATA_MISSING', 'BAD_DATA_FILE', 'DATA_ACCESS', 'DATA_TOO_LARGE']);

/** What ended the runs from outside (a full disk, no engine): not the input's fault, and what is stored stays. */
function brokenOff(error: unknown, { keptIn }: Workspace): unknown {
  if (!(error instanceof LabError) || error.code === 'INTERNAL') return error;
  if (error.code === 'BAD_DATA_FILE') return new InputError(error.message);
  if (error.code === 'DATA_MISSING') {
    const { dataset } = error.details;
    return new InputError(dataset === 'cifar10' ? say.dataMissing : say.datasetMissing(String(dataset)));
  }
  return new RunError(error.message, [keptIn === null ? say.notKept : say.keptSoFar(keptIn)]);
}

function barFor(started: readonly RunSummary[], host: RunHost): ProgressBar {
  const sum = (pick: (run: RunSummary) => number): number => started.reduce((total, x) => total + pick(x), 0);
  return createProgressBar(host.terminal, { startSteps: sum((x) => x.step) }, () => host.now());
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
