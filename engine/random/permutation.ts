// Orders: torch.randperm, and the draws of a DataLoader that shuffles.
import { requireCount } from './arguments.ts';
import { Generator } from './generator.ts';
import { random63 } from './uniform.ts';

/** torch takes 64-bit draws and the other algorithm from this size on: floor((2^32-1) / 20). */
const WIDE_PERMUTATION = 214_748_364;

/** Fisher-Yates from the front on 0 … n-1; n-1 draws of 32 bits. */
function shuffle(generator: Generator, order: Int32Array): void {
  const n = order.length;
  for (let i = 0; i < n; i++) order[i] = i;
  for (let i = 0; i < n - 1; i++) {
    const j = i + (generator.random() % (n - i));
    const moved = order[i] as number;
    order[i] = order[j] as number;
    order[j] = moved;
  }
}

/** The "inside-out" form, which torch takes for long permutations; n draws of 64 bits. */
function shuffleInsideOut(generator: Generator, order: Int32Array): void {
  for (let i = 0; i < order.length; i++) {
    const j = Number(generator.random64() % BigInt(i + 1));
    order[i] = i;
    order[i] = order[j] as number;
    order[j] = i;
  }
}

/**
 * `torch.randperm(n)`: n-1 draws of 32 bits, or n draws of 64 for n ≥ 214,748,364.
 * @returns i32 [n], a permutation of 0 … n-1.
 * @throws RangeError naming `n`.
 */
export function randperm(generator: Generator, n: number): Int32Array {
  const order = new Int32Array(requireCount('n', n));
  if (n < WIDE_PERMUTATION) shuffle(generator, order);
  else shuffleInsideOut(generator, order);
  return order;
}

/**
 * One epoch's order as `DataLoader(data, shuffle=True)` makes it: from the given (default) generator it draws its base
 * seed (63 bits, used only by workers, but drawn always), then the sampler's seed (63 bits), which seeds a generator of
 * its own for the permutation.
 * @param rows number of examples.
 * @returns i32 [rows].
 * @throws RangeError naming `rows`.
 */
export function shuffledEpoch(generator: Generator, rows: number): Int32Array {
  requireCount('rows', rows);
  random63(generator);
  return randperm(Generator.manualSeed(random63(generator)), rows);
}

/**
 * One epoch's order of `DataLoader(data, shuffle=True, generator=generator)`: base seed and permutation both from the
 * given generator, which the sampler asks for one more (unused) permutation when the epoch is exhausted.
 * @param rows number of examples.
 * @returns i32 [rows].
 * @throws RangeError naming `rows`.
 */
export function shuffledEpochFrom(generator: Generator, rows: number): Int32Array {
  requireCount('rows', rows);
  random63(generator);
  const order = randperm(generator, rows);
  randperm(generator, rows);
  return order;
}

/**
 * One epoch's order as a `DataLoader` with `num_workers=0` makes it from the default generator. Without shuffling the order is
 * that of the rows, but the base seed is drawn all the same (63 bits).
 * @param rows number of examples.
 * @returns i32 [rows].
 * @throws RangeError naming `rows`.
 * @source golden: draws/shuffled_epoch, draws/sequential_epoch.
 */
export function epochOrder(generator: Generator, rows: number, shuffle: boolean): Int32Array {
  if (shuffle) return shuffledEpoch(generator, rows);
  requireCount('rows', rows);
  random63(generator);
  return Int32Array.from({ length: rows }, (_, i) => i);
}
