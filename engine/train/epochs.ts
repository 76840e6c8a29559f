// The order of one pass over the train data.
import { epochOrder, type Generator } from '../random/index.ts';

/** What torch's DataLoader draws when a pass begins. @returns null where the order is as the data lies. */
export function nextEpochOrder(generator: Generator, rows: number, shuffle: boolean): Int32Array | null {
  const order = epochOrder(generator, rows, shuffle);
  return shuffle ? order : null;
}
