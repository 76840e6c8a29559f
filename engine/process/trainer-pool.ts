// Trainer threads, kept warm: a run that starts finds compiled kernels, and a thread that ends is replaced.
import type { DeviceInfo } from '../spec/index.ts';
import type { TrainerCommand, TrainerEvent } from './trainer-protocol.ts';

/** A trainer's thread, as the host gives it. */
export interface TrainerConnection {
  post(command: TrainerCommand): void;
  onEvent(listener: (event: TrainerEvent) => void): void;
  /** Called once when the thread is gone. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

interface User {
  readonly onEvent: (event: TrainerEvent) => void;
  readonly onExit: (reason: string) => void;
}

export interface TrainerPool {
  /** A trainer for one run; it returns to the pool by itself when it says `idle`. */
  take(user: User): TrainerConnection;
  close(): void;
}

/** A thread that dies before it was ever warm is not replaced for ever. */
const MOST_COLD_DEATHS = 3;

export function createTrainerPool(options: {
  readonly start: () => TrainerConnection;
  /** Trainers to start at once, before anybody asks. */
  readonly warm: number;
  /** Idle trainers to keep for the next runs. */
  readonly keep: number;
  /** Called once, when the first `warm` trainers have their kernels. */
  readonly onWarm: (simd: DeviceInfo['simd']) => void;
  /** Called once, when trainers die before any was ever warm: the engine cannot work. */
  readonly onBroken: (reason: string) => void;
}): TrainerPool {
  const users = new Map<TrainerConnection, User | null>();
  let closed = false;
  let warmed = 0;
  let coldDeaths = 0;

  const idle = () => [...users].filter(([, user]) => user === null).map(([trainer]) => trainer);
  const refill = () => {
    while (!closed && users.size < options.warm) add();
  };

  function add(): TrainerConnection {
    const trainer = options.start();
    let warm = false;
    users.set(trainer, null);
    trainer.onEvent((event) => {
      if (event.type === 'warm') {
        warm = true;
        warmed += 1;
        if (warmed === options.warm) options.onWarm(event.simd);
      }
      users.get(trainer)?.onEvent(event);
      if (event.type !== 'idle') return;
      users.set(trainer, null);
      if (idle().length > options.keep) {
        users.delete(trainer);
        trainer.kill();
      }
    });
    trainer.onExit((reason) => {
      const user = users.get(trainer);
      users.delete(trainer);
      if (closed) return;
      user?.onExit(reason);
      if (!warm) coldDeaths += 1;
      if (coldDeaths < MOST_COLD_DEATHS) refill();
      else if (coldDeaths === MOST_COLD_DEATHS && warmed === 0) options.onBroken(reason);
    });
    return trainer;
  }

  refill();
  return {
    take(user) {
      const trainer = idle()[0] ?? add();
      users.set(trainer, user);
      return trainer;
    },
    close() {
      closed = true;
      const trainers = [...users.keys()];
      users.clear();
      for (const trainer of trainers) trainer.kill();
    },
  };
}
