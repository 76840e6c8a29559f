// The training loop around one session at a time: obeys control within a chunk, keeps the pace, reports through the journal.
import { DocumentError, resolveVariant } from '../spec/index.ts';
import type { SessionOptions, TrainingSession } from '../train/session.ts';
import { createChunks } from './chunks.ts';
import { createJournal, type Journal } from './journal.ts';
import { createPace, type Pace } from './pace.ts';
import type { ControlAction, StatusChange } from './protocol.ts';
import type { TrainerCommand, TrainerEvent, TrainerStart } from './trainer-protocol.ts';

/** Share of the time that checkpoints on the way may take; more often than that they are left out. */
const CHECKPOINT_SHARE = 0.05;

export interface TrainerClock {
  /** Milliseconds from any fixed moment; never goes back. */
  now(): number;
  /** Lets the commands that have arrived meanwhile in. */
  breathe(): Promise<void>;
  setTimeout(callback: () => void, milliseconds: number): { cancel(): void };
}

export interface TrainerPorts {
  readonly post: (event: TrainerEvent) => void;
  readonly clock: TrainerClock;
  /** @throws DocumentError, or an error with a `code` (bad checkpoint, out of memory). */
  readonly open: (options: Omit<SessionOptions, 'launcher'>) => Promise<TrainingSession>;
}

export interface Trainer {
  /** A start is only taken after the previous run's `idle`; commands for other runs are ignored. */
  receive(command: TrainerCommand): void;
}

/** What the person wants of a run, as the last commands left it. */
interface Wishes {
  paused: boolean;
  stopped: boolean;
  pendingSteps: number;
}

interface LiveRun {
  readonly start: TrainerStart;
  readonly wishes: Wishes;
  readonly pace: Pace;
  readonly journal: Journal;
  /** Ends the present wait, if there is one. */
  wake(): void;
}

export function obey(wishes: Wishes, action: ControlAction): void {
  switch (action) {
    case 'pause':
      wishes.paused = true;
      wishes.pendingSteps = 0;
      break;
    case 'resume':
      wishes.paused = false;
      wishes.pendingSteps = 0;
      break;
    case 'step':
      wishes.paused = true;
      wishes.pendingSteps += 1;
      break;
    case 'stop':
      wishes.stopped = true;
      break;
    default:
      action satisfies never;
  }
}

export function rejection(runId: string, error: unknown): Extract<TrainerEvent, { type: 'rejected' }> {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL';
  return {
    type: 'rejected',
    runId,
    code: error instanceof RangeError ? 'OUT_OF_MEMORY' : code,
    message: error instanceof Error ? error.message : String(error),
    problems: error instanceof DocumentError ? error.problems : [],
  };
}

export function createTrainer(ports: TrainerPorts): Trainer {
  const { clock, post } = ports;
  let live: LiveRun | null = null;

  /** Until the run is woken by a command, or `milliseconds` have passed. */
  const wait = (run: LiveRun, milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = milliseconds === Infinity ? null : clock.setTimeout(() => run.wake(), Math.ceil(milliseconds));
      run.wake = () => {
        timer?.cancel();
        run.wake = () => undefined;
        resolve();
      };
    });

  async function train(run: LiveRun, session: TrainingSession): Promise<void> {
    const { wishes, pace, journal } = run;
    const chunks = createChunks();
    const { recipe } = resolveVariant(run.start.experiment, run.start.variant);
    const checkpointEvery = recipe.checkpoint_every;
    let computeMs = 0;
    let checkpointAt = -Infinity;
    let checkpointMs = 0;
    let reported = 'queued' as StatusChange['status'];

    const report = (change: StatusChange | null) => {
      if (change !== null) reported = change.status;
      journal.flush(clock.now(), computeMs, change);
    };
    const at = (status: StatusChange['status']): StatusChange => ({ status, step: session.step, failure: null });
    const keepCheckpoint = () => {
      const began = clock.now();
      journal.setCheckpoint(session.checkpoint());
      checkpointAt = clock.now();
      checkpointMs = checkpointAt - began;
    };
    const checkpointIsDue = () =>
      session.step % checkpointEvery === 0 && (clock.now() - checkpointAt) * CHECKPOINT_SHARE >= checkpointMs;
    /** Takes up to `steps` updates. @returns true when the run is over. */
    const advance = (steps: number): boolean => {
      const before = session.step;
      const began = clock.now();
      const result = session.advance(steps);
      const elapsed = clock.now() - began;
      computeMs += elapsed;
      const taken = session.step - before;
      chunks.measured(taken, elapsed);
      pace.took(taken);
      journal.add(result);
      if (result.failure !== null) {
        report({ status: 'failed', step: session.step, failure: result.failure });
        return true;
      }
      if (result.done) {
        keepCheckpoint();
        report(at('done'));
        return true;
      }
      if (taken > 0 && checkpointIsDue()) keepCheckpoint();
      return false;
    };

    // Step 0's evaluation, so that there is something to see at once.
    if (advance(0)) return;
    for (;;) {
      if (wishes.stopped) {
        keepCheckpoint();
        report(at('stopped'));
        return;
      }
      if (wishes.paused && reported !== 'paused') {
        keepCheckpoint();
        report(at('paused'));
      } else if (!wishes.paused && reported !== 'running') {
        pace.restart();
        report(at('running'));
      }
      const stepping = wishes.paused && wishes.pendingSteps > 0;
      if (journal.heldBack || (wishes.paused && !stepping)) {
        await wait(run, Infinity);
        continue;
      }
      if (stepping) {
        wishes.pendingSteps -= 1;
        if (advance(1)) return;
        report(null);
        await clock.breathe();
        continue;
      }
      const now = clock.now();
      const untilCheckpoint = checkpointEvery - (session.step % checkpointEvery);
      const steps = Math.min(chunks.size, untilCheckpoint, pace.allowance(now));
      if (steps > 0 && advance(steps)) return;
      if (journal.dueInMs(clock.now()) === 0) report(null);
      const later = clock.now();
      const idleMs = Math.min(pace.waitMs(later), journal.dueInMs(later));
      if (idleMs > 0) await wait(run, idleMs);
      else await clock.breathe();
    }
  }

  async function take(start: TrainerStart): Promise<void> {
    const run: LiveRun = {
      start,
      wishes: { paused: start.paused, stopped: false, pendingSteps: start.pendingSteps },
      pace: createPace(start.pace),
      journal: createJournal({ ...start, post }),
      wake: () => undefined,
    };
    live = run;
    let session: TrainingSession | null = null;
    try {
      const { experiment, variant, seed, threads, resume } = start;
      session = await ports.open({ experiment, variant, seed, threads, ...(resume === null ? {} : { resume }) });
      const { device, points, totalSteps, parameterCount } = session;
      post({ type: 'started', runId: start.runId, device, points, totalSteps, parameterCount });
      await train(run, session);
    } catch (error) {
      post(rejection(start.runId, error));
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
        default:
          command satisfies never;
      }
      live.wake();
    },
  };
}
