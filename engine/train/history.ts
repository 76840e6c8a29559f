// States of a run at earlier steps, so that it can go back: close together near the present, further apart behind it.
import type { RunEvent } from '../spec/index.ts';
import type { TrainingState } from './checkpoint.ts';

/** Memory that kept states may take; the newest two are kept whatever they take. */
const LIMIT_BYTES = 64 * 2 ** 20;
/** Share of the training time that keeping states may take. */
const SHARE = 0.03;

const bytesOf = (state: TrainingState): number => [...state.arrays.values()].reduce((sum, x) => sum + x.byteLength, 0);

export class History {
  #states: TrainingState[] = [];
  #keptAt = -Infinity;
  #costMs = 0;

  /** Keeps a state if enough has happened since the last one. */
  offer(step: number, state: () => TrainingState): void {
    const now = performance.now();
    if ((now - this.#keptAt) * SHARE < this.#costMs) return;
    const newest = state();
    this.#states.push(newest);
    this.#thin(step, bytesOf(newest));
    this.#keptAt = performance.now();
    this.#costMs = this.#keptAt - now;
  }

  /** The newest state at `step` or before in which the same changes have been made. */
  before(step: number, events: readonly RunEvent[]): TrainingState | null {
    const fits = (state: TrainingState): boolean =>
      state.step <= step &&
      state.events.every((x, i) => x === events[i] || JSON.stringify(x) === JSON.stringify(events[i]));
    return this.#states.findLast(fits) ?? null;
  }

  forgetAfter(step: number): void {
    this.#states = this.#states.filter((x) => x.step <= step);
  }

  /** Drops the state whose neighbours are closest together, measured by how far they lie back. */
  #thin(step: number, bytes: number): void {
    const most = Math.max(2, Math.floor(LIMIT_BYTES / Math.max(1, bytes)));
    const limit = Math.min(most, 40);
    while (this.#states.length > limit) {
      let [worst, density] = [0, Infinity];
      for (let i = 1; i < this.#states.length - 1; i++) {
        const [before, after] = [this.#states[i - 1]?.step ?? 0, this.#states[i + 1]?.step ?? step];
        const spread = (after - before) / (step - before + 1);
        if (spread < density) [worst, density] = [i, spread];
      }
      this.#states.splice(Math.max(1, worst), 1);
    }
  }
}
