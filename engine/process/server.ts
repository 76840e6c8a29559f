// The engine's front: checks commands, gives each run a trainer (or a place in the queue), passes everything else on.
import { DocumentError, parseExperiment, parseWith, resolveVariant } from '../spec/index.ts';
import { blankEntry } from './journal.ts';
import { EngineCommand, type Ask, type EngineEvent, type StartCommand, type StatusChange } from './protocol.ts';
import { RUN_OVER } from './refusal.ts';
import { createTrainerPool, type TrainerConnection } from './trainer-pool.ts';
import { rejection } from './trainer.ts';
import type { TrainerEvent, TrainerStart } from './trainer-protocol.ts';
import { obey } from './wishes.ts';

/** Runs that compute at once beyond the number of cores: a few small runs side by side are worth more than a queue. */
const EXTRA_RUNNING = 4;
/** Runs that hold memory at once, paused ones included. */
const MOST_TRAINERS = 64;

export interface EngineServerPorts {
  readonly post: (event: EngineEvent) => void;
  /** Starts a thread that trains one run at a time. */
  readonly startTrainer: () => TrainerConnection;
  readonly cores: number;
  /** Commands that make no sense (a defect of the sender); not fatal. */
  readonly report: (problem: string) => void;
  /** No trainer can be started: the process should say why and end. */
  readonly fail: (reason: string) => void;
  /** `shutdown` was asked for and is done: the process can end. */
  readonly finished: () => void;
}

export interface EngineServer {
  receive(message: unknown): void;
}

interface Run {
  start: TrainerStart;
  /** Null while it waits in the queue. */
  trainer: TrainerConnection | null;
  /** Runs that are paused do not count against the limit. */
  paused: boolean;
  /** Asked and not answered yet: whatever happens to the run, each is answered once. */
  readonly open: Map<number, Ask>;
}

function parsedStart(command: StartCommand): TrainerStart {
  const document = command.experiment;
  const experiment = parseExperiment(
    typeof document === 'object' && document !== null ? { ...document, seed: command.seed } : document,
  );
  resolveVariant(experiment, command.variant);
  return { ...command, experiment, pendingSteps: 0, asks: [], firstSeq: 1, acknowledged: 0 };
}

/** The run that a message means to start, even when the rest of the message is wrong. */
function startedId(message: unknown): string | null {
  if (typeof message !== 'object' || message === null) return null;
  const { type, runId } = message as { type?: unknown; runId?: unknown };
  return type === 'start' && typeof runId === 'string' ? runId : null;
}

const isOver = (event: TrainerEvent): boolean =>
  event.type === 'rejected' ||
  (event.type === 'journal' && event.change !== null && ['done', 'stopped', 'failed'].includes(event.change.status));

export function createEngineServer(ports: EngineServerPorts): EngineServer {
  /** In order of arrival: the first that waits is the first served. */
  const runs = new Map<string, Run>();
  let closed = false;
  const pool = createTrainerPool({
    start: ports.startTrainer,
    warm: Math.min(ports.cores, 2),
    keep: ports.cores + EXTRA_RUNNING,
    onWarm: (simd) => ports.post({ type: 'ready', simd, cores: ports.cores }),
    onBroken: ports.fail,
  });

  const refuse = ({ runId, id }: Ask): void =>
    ports.post({ type: 'answer', runId, id, answer: { type: 'refused', ...RUN_OVER } });

  const end = (runId: string) => {
    for (const ask of runs.get(runId)?.open.values() ?? []) refuse(ask);
    runs.delete(runId);
    schedule();
  };

  function onTrainerEvent(event: TrainerEvent): void {
    if (event.type === 'warm' || event.type === 'idle') return;
    ports.post(event);
    const run = runs.get(event.runId);
    if (run === undefined) return;
    if (event.type === 'answer') run.open.delete(event.id);
    if (event.type === 'journal' && event.change !== null) run.paused = event.change.status === 'paused';
    if (isOver(event)) end(event.runId);
    else schedule();
  }

  /** Gives trainers to waiting runs, first come first served. */
  function schedule(): void {
    if (closed) return;
    for (const [runId, run] of runs) {
      const placed = [...runs.values()].filter((x) => x.trainer !== null);
      const running = placed.filter((x) => !x.paused).length;
      if (placed.length >= MOST_TRAINERS || running >= ports.cores + EXTRA_RUNNING) return;
      if (run.trainer !== null) continue;
      run.trainer = pool.take({
        onEvent: onTrainerEvent,
        onExit: (reason) => {
          if (runs.get(runId) !== run) return;
          ports.post({
            type: 'rejected',
            runId,
            code: 'TRAINER_LOST',
            message: `the thread ended: ${reason}`,
            problems: [],
          });
          end(runId);
        },
      });
      run.paused = run.start.paused;
      run.trainer.post(run.start);
    }
  }

  /** A journal entry of a run that has no trainer yet. */
  function announce(run: Run, status: StatusChange['status']): void {
    const { runId, firstSeq, resume } = run.start;
    run.start = { ...run.start, firstSeq: firstSeq + 1 };
    ports.post({
      ...blankEntry(runId, firstSeq),
      change: { status, step: resume?.step ?? 0, failure: null },
    });
  }

  /** Control of a run that still waits: remembered for its trainer, and shown at once. */
  function controlWaiting(run: Run, command: Exclude<EngineCommand, { type: 'start' | 'shutdown' }>): void {
    switch (command.type) {
      case 'acknowledge':
        run.start = { ...run.start, acknowledged: Math.min(command.seq, run.start.firstSeq - 1) };
        return;
      case 'pace':
        run.start = { ...run.start, pace: command.stepsPerSecond };
        return;
      case 'control': {
        const wishes = { paused: run.start.paused, pendingSteps: run.start.pendingSteps, stopped: false };
        obey(wishes, command.action);
        const { paused, pendingSteps } = wishes;
        if (wishes.stopped) {
          announce(run, 'stopped');
          end(run.start.runId);
        } else {
          const before = run.start.paused;
          run.start = { ...run.start, paused, pendingSteps };
          if (before !== paused) announce(run, paused ? 'paused' : 'queued');
        }
        return;
      }
      case 'change':
      case 'stepBack':
      case 'inspect':
        run.start = { ...run.start, asks: [...run.start.asks, command] };
        return;
      default:
        command satisfies never;
    }
  }

  function close(): void {
    closed = true;
    runs.clear();
    pool.close();
  }

  return {
    receive(message) {
      let command: EngineCommand;
      try {
        command = parseWith(EngineCommand, message, 'Engine command');
      } catch (error) {
        const runId = startedId(message);
        if (runId !== null && !runs.has(runId)) ports.post(rejection(runId, error));
        else ports.report(error instanceof Error ? error.message : String(error));
        return;
      }
      if (command.type === 'shutdown') {
        close();
        ports.finished();
        return;
      }
      const run = runs.get(command.runId);
      if (command.type === 'start') {
        if (run !== undefined) {
          ports.report(`run ${command.runId} is already live`);
          return;
        }
        try {
          runs.set(command.runId, {
            start: parsedStart(command),
            trainer: null,
            paused: command.paused,
            open: new Map(),
          });
        } catch (error) {
          if (!(error instanceof DocumentError)) throw error;
          ports.post(rejection(command.runId, error));
          return;
        }
        schedule();
        return;
      }
      const ask =
        command.type === 'change' || command.type === 'stepBack' || command.type === 'inspect' ? command : null;
      if (run === undefined) {
        // A run may have ended while the command was on its way.
        if (ask) refuse(ask);
        return;
      }
      if (ask) run.open.set(ask.id, ask);
      if (run.trainer === null) controlWaiting(run, command);
      else run.trainer.post(command);
    },
  };
}
