// Fork and join inside a step: spin for a few microseconds, then sleep on the word (futex). No message is ever posted.
import { C_ARRIVED, C_BARRIER_SLEEPERS, C_EPOCH, C_EPOCH_SLEEPERS, C_STOP_AT, C_THREADS } from './layout';

/**
 * Looks before a waiting thread goes to sleep: about 50 µs, longer than it takes to wake another. With less, one thread that
 * sleeps makes the others fall asleep at the next barrier while it wakes up, and so on at every barrier (measured: 8 times slower).
 */
const SPINS = 100_000;

/** Barriers that this thread has passed since the session began; the same number in every thread at the same place. */
let passed: i32 = 0;

/** All threads of the command meet. What any wrote before is seen by all after. */
export function barrier(): void {
  const threads = load<i32>(C_THREADS);
  passed += 1;
  if (threads == 1) return;
  const target = passed * threads;
  const arrived = atomic.add<i32>(C_ARRIVED, 1) + 1;
  if (arrived == target) {
    if (atomic.load<i32>(C_BARRIER_SLEEPERS) > 0) atomic.notify(C_ARRIVED, -1);
  } else waitForArrivals(target);
}

/** Differences are compared, because the count wraps around. */
function waitForArrivals(target: i32): void {
  for (let i = 0; i < SPINS; i++) if (atomic.load<i32>(C_ARRIVED) - target >= 0) return;
  atomic.add<i32>(C_BARRIER_SLEEPERS, 1);
  for (;;) {
    const arrived = atomic.load<i32>(C_ARRIVED);
    if (arrived - target >= 0) break;
    atomic.wait<i32>(C_ARRIVED, arrived, -1);
  }
  atomic.sub<i32>(C_BARRIER_SLEEPERS, 1);
}

/** All threads leave the command at the next barrier. Called by one thread, in a place that a barrier follows. */
export function stopAtNextBarrier(): void {
  store<i32>(C_STOP_AT, passed + 1);
}

/** No barrier to come is one to stop at. */
export function forgetStop(): void {
  store<i32>(C_STOP_AT, passed);
}

/** Whether the barrier just passed is where the command is left. */
// @ts-ignore: decorator
@inline
export function isStopped(): bool {
  return load<i32>(C_STOP_AT) == passed;
}

export function startHelpers(): void {
  atomic.add<i32>(C_EPOCH, 1);
  if (atomic.load<i32>(C_EPOCH_SLEEPERS) > 0) atomic.notify(C_EPOCH, -1);
}

/** @returns the new epoch. */
export function waitForCommand(seen: i32): i32 {
  for (let i = 0; i < SPINS; i++) if (atomic.load<i32>(C_EPOCH) != seen) return atomic.load<i32>(C_EPOCH);
  atomic.add<i32>(C_EPOCH_SLEEPERS, 1);
  while (atomic.load<i32>(C_EPOCH) == seen) atomic.wait<i32>(C_EPOCH, seen, -1);
  atomic.sub<i32>(C_EPOCH_SLEEPERS, 1);
  return atomic.load<i32>(C_EPOCH);
}

/** First row of thread `index`'s share; shares are whole granules, thread 0 first. */
// @ts-ignore: decorator
@inline
export function shareStart(rows: i32, granule: i32, index: i32, threads: i32): i32 {
  const granules = (rows + granule - 1) / granule;
  const start = <i32>((<i64>granules * index + threads - 1) / threads) * granule;
  return start < rows ? start : rows;
}
