// One trainer: takes one run at a time, opens its session, hands commands to the loop, and is free again afterwards.
import type { SessionOptions, TrainingSession } from '../train/session.ts';
import { createJournal } from './journal.ts';
import { createPace } from './pace.ts';
import { refusalOf } from './refusal.ts';
import type { TrainerCommand, TrainerEvent, TrainerStart } from './trainer-protocol.ts';
import { TrainingRun, type LiveRun, type TrainerClock } from './training-run.ts';
import { obey } from './wishes.ts';

/** What hosts add: threads, and a way from a path to the files. */
export interface OpenOptions extends Omit<SessionOptions, 'launcher' | 'files'> {
  /** Absolute path of a folder or an archive; null: the host was given none. */
  readonly files: string | null;
}

export interface TrainerPorts {
  readonly post: (event: TrainerEvent) => void;
  readonly clock: TrainerClock;
  /** @throws DocumentError, or an error with a `code` (bad checkpoint, missing data, out of memory). */
  readonly open: (options: OpenOptions) => Promise<TrainingSession>;
}

export interface Trainer {
  /** A start is only taken after the previous run's `idle`; commands for other runs are ignored. */
  receive(command: TrainerCommand): void;
}

export function rejection(runId: string, error: unknown): Extract<TrainerEvent, { type: 'rejected' }> {
  return { type: 'rejected', runId, ...refusalOf(error) };
}

function openOptions(start: TrainerStart): OpenOptions {
  const { experiment, variant, seed, threads, resume, events, files, weights } = start;
  return {
    experiment,
    variant,
    seed,
    threads,
    events,
    files,
    ...(resume !== null && { resume }),
    ...(weights !== null && {
      weights: new Map(weights.map(({ name, shape, values }) => [name, { shape, values }])),
    }),
  };
}

export function createTrainer(ports: TrainerPorts): Trainer {
  const { clock, post } = ports;
  let live: LiveRun | null = null;

  async function take(start: TrainerStart): Promise<void> {
    const { runId } = start;
    const run: LiveRun = {
      start,
      wishes: {
        paused: start.paused,
        stopped: false,
        pendingSteps: start.pendingSteps,
        asks: [...start.asks],
      },
      pace: createPace(start.pace),
      journal: createJournal({ ...start, post }),
      wake: () => undefined,
    };
    live = run;
    let session: TrainingSession | null = null;
    try {
      session = await ports.open(openOptions(start));
      const { device, data, dataDigest, totalSteps, parameterCount } = session;
      post({ type: 'started', runId, device, data, dataDigest, totalSteps, parameterCount });
      await new TrainingRun(run, session, clock, post).train();
    } catch (error) {
      post(rejection(runId, error));
    }
    live = null;
    await session?.dispose();
    post({ type: 'idle' });
  }

  return {
    receive(command) {
      if (command.type === 'start') {
        void take(command);
        return;
      }
      if (live?.start.runId !== command.runId) return;
      switch (command.type) {
        case 'control':
          obey(live.wishes, command.action);
          break;
        case 'pace':
          live.pace.set(command.stepsPerSecond, clock.now());
          break;
        case 'acknowledge':
          live.journal.acknowledge(command.seq);
          break;
        case 'change':
        case 'stepBack':
        case 'inspect':
          live.wishes.asks.push(command);
          break;
        default:
          command satisfies never;
      }
      live.wake();
    },
  };
}
