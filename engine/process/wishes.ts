// What the person wants of a run, as the last commands left it.
import type { Ask, ControlAction } from './protocol.ts';

export interface Wishes {
  paused: boolean;
  stopped: boolean;
  pendingSteps: number;
  /** Not answered yet, the oldest first. */
  readonly asks: Ask[];
}

export function obey(wishes: Omit<Wishes, 'asks'>, action: ControlAction): void {
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
