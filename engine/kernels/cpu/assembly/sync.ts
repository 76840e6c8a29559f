// Fork and join inside a step: spin for a few microseconds, then sleep on the word (futex). No message is ever posted.
import { C_ARRIVED, C_BARRIER_SLEEPERS, C_EPOCH, C_EPOCH_SLEEPERS, C_GENERATION, C_STOP, C_STOP_ASKED, C_THREADS } from './layout';

/** Looks before a waiting thread goes to sleep: about 20 µs, longer than the uneven part of any step's operation. */
const SPINS = 4000;

/** Sleeps until the word at `address` is no longer `seen`. */
function waitWhile(address: usize, seen: i32, sleepers: usize): void {
  for (let i = 0; i < SPINS; i++) if (atomic.load<i32>(address) != seen) return;
  atomic.add<i32>(sleepers, 1);
  while (atomic.load<i32>(address) == seen) atomic.wait<i32>(address, seen, -1);
  atomic.sub<i32>(sleepers, 1);
}

function change(address: usize, sleepers: usize): void {
  atomic.add<i32>(address, 1);
  if (atomic.load<i32>(sleepers) > 0) atomic.notify(address, -1);
}

/** All threads of the command meet. What any wrote before is seen by all after. */
export function barrier(): void {
  const threads = load<i32>(C_THREADS);
  if (threads == 1) {
    store<i32>(C_STOP, load<i32>(C_STOP_ASKED));
    return;
  }
  const generation = atomic.load<i32>(C_GENERATION);
  if (atomic.add<i32>(C_ARRIVED, 1) == threads - 1) {
    store<i32>(C_STOP, load<i32>(C_STOP_ASKED));
    atomic.store<i32>(C_ARRIVED, 0);
    change(C_GENERATION, C_BARRIER_SLEEPERS);
  } else waitWhile(C_GENERATION, generation, C_BARRIER_SLEEPERS);
}

export function startHelpers(): void {
  change(C_EPOCH, C_EPOCH_SLEEPERS);
}

/** @returns the new epoch. */
export function waitForCommand(seen: i32): i32 {
  waitWhile(C_EPOCH, seen, C_EPOCH_SLEEPERS);
  return atomic.load<i32>(C_EPOCH);
}

/** First row of thread `index`'s share; shares are whole blocks of 12 rows (the product's row block), thread 0 first. */
// @ts-ignore: decorator
@inline
export function shareStart(rows: i32, index: i32, threads: i32): i32 {
  const blocks = (rows + 11) / 12;
  const start = <i32>((<i64>blocks * index + threads - 1) / threads) * 12;
  return start < rows ? start : rows;
}
