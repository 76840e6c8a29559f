// The order of one pass over the train data (provisional until the data branch lands).
import { random63, shuffledEpoch, type Generator } from '../random/index.ts';

/** What torch's DataLoader draws when a pass begins. @returns null where the order is as the data lies. */
export function nextEpochOrder(generator: Generator, rows: number, shuffle: boolean): Int32Array | null {
  if (shuffle) return shuffledEpoch(generator, rows);
  random63(generator);
  return null;
}
