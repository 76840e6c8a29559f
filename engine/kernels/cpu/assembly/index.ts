// The kernels' entry: runs a program of records over the chunks of a batch, many training steps per call, on all threads.
import { dispatch } from '../build/dispatch';
import { blocks, enterBatch, enterChunk, enterThread, isFirstChunk, isLastChunk } from './context';
import { writeConstants } from './elementary';
import {
  COMMAND_TRAIN, C_COMMAND, C_DATASET, C_EXIT, C_FIRST_STEP, C_L1, C_L2, C_MEASURE, C_RECORDS, C_RECORDS_END, C_ROWS,
  C_STEPS, C_SUM, C_THREADS, D_BATCH, D_BATCH_SIZE, D_FIRST, D_POSITION, D_ROWS, R_BARRIER, R_BYTES, R_GRANULE, R_GROUP_BYTES,
  R_OP, R_ROWS, R_SPLIT, R_WHEN, SPLIT_BLOCKS, SPLIT_ONE, WHEN_ALWAYS, WHEN_FIRST_CHUNK,
} from './layout';
import { meanLoss } from './loss';
import { beginOptimizerStep } from './optimizer';
import { barrier, forgetStop, isStopped, shareStart, startHelpers, waitForCommand } from './sync';

// @ts-ignore: decorator
@inline
function isDue(record: usize): bool {
  const when = load<i32>(record, R_WHEN);
  return when == WHEN_ALWAYS || (when == WHEN_FIRST_CHUNK ? isFirstChunk : isLastChunk);
}

// @ts-ignore: decorator
@inline
function run1(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  dispatch(load<i32>(record, R_OP), record, first, last, from, to);
}

/** This thread's part of the records from `record` on that belong together. @returns the record after them. */
function perform(record: usize, index: i32, threads: i32): usize {
  const end = record + load<i32>(record, R_GROUP_BYTES);
  const split = load<i32>(record, R_SPLIT);
  if (split == SPLIT_BLOCKS) {
    const from = (blocks * index) / threads;
    const to = (blocks * (index + 1)) / threads;
    for (let block = from; block < to; block++)
      for (let r = record; r < end; r += load<i32>(r, R_BYTES))
        if (isDue(r)) run1(r, 0, load<i32>(r, R_ROWS), block, block + 1);
    return end;
  }
  if (!isDue(record)) return end;
  const rows = load<i32>(record, R_ROWS);
  if (split == SPLIT_ONE) {
    if (index == 0) run1(record, 0, rows, 0, blocks);
    return end;
  }
  const granule = load<i32>(record, R_GRANULE);
  const first = shareStart(rows, granule, index, threads);
  const last = shareStart(rows, granule, index + 1, threads);
  if (first < last) run1(record, first, last, 0, blocks);
  return end;
}

/** One pass of the program over a batch. @returns false when it was stopped for a number that is not finite. */
function pass(index: i32, threads: i32): bool {
  const records = load<usize>(C_RECORDS);
  const end = load<usize>(C_RECORDS_END);
  const chunks = enterBatch();
  for (let chunk = 0; chunk < chunks; chunk++) {
    if (chunk > 0) {
      // Buffers are used again.
      barrier();
      if (isStopped()) return false;
    }
    enterChunk(chunk, chunks);
    let record = records;
    while (record < end) {
      if (load<i32>(record, R_BARRIER)) {
        barrier();
        if (isStopped()) return false;
      }
      record = perform(record, index, threads);
    }
  }
  return true;
}

/** The first thread chooses the batch and prepares the step's scalars, while the others wait. */
function begin(step: i32, steps: i32): void {
  const dataset = load<usize>(C_DATASET);
  const rows = load<i32>(dataset, D_ROWS);
  let first = load<i32>(dataset, D_POSITION);
  // A batch that is the whole data begins anew; epochs of several batches are begun by the session.
  if (first >= rows) first = 0;
  const batch = min(load<i32>(dataset, D_BATCH_SIZE), rows - first);
  store<i32>(dataset, first, D_FIRST);
  store<i32>(dataset, batch, D_BATCH);
  store<f64>(C_SUM, 0);
  if (load<i32>(C_COMMAND) != COMMAND_TRAIN) return;
  store<i32>(dataset, first + batch, D_POSITION);
  store<f64>(C_L1, 0);
  store<f64>(C_L2, 0);
  beginOptimizerStep(load<i32>(C_FIRST_STEP) + step, step, load<i32>(C_MEASURE) != 0 && step == steps - 1);
}

/** What every thread does for one command; returns when all have finished it. */
function work(index: i32): void {
  enterThread(index);
  const threads = load<i32>(C_THREADS);
  const training = load<i32>(C_COMMAND) == COMMAND_TRAIN;
  const steps = training ? load<i32>(C_STEPS) : 1;
  for (let step = 0; step < steps; step++) {
    // All have left the step before; its scalars and masks may change.
    barrier();
    if (index == 0) begin(step, steps);
    barrier();
    if (!pass(index, threads)) break;
    if (index == 0 && training) store<i32>(C_ROWS, step + 1);
  }
  barrier();
}

/**
 * Runs the command in the control block; the session's thread takes part as thread 0.
 * @returns training steps taken; a step whose loss is not finite is written to the rows but not counted.
 */
export function run(): i32 {
  store<i32>(C_ROWS, 0);
  writeConstants();
  forgetStop();
  if (load<i32>(C_THREADS) > 1) startHelpers();
  work(0);
  return load<i32>(C_ROWS);
}

/** Data loss of the last evaluation. @param count elements that a mean divides by; 0 for a sum. */
export function evaluationLoss(count: f64): f64 {
  return meanLoss(count);
}

/** Tells all helpers to leave their loop. */
export function stopHelpers(): void {
  store<i32>(C_EXIT, 1);
  startHelpers();
}

/** A helper thread's life: take part in every command until told to leave. Commands are counted from 0. */
export function helperLoop(index: i32): void {
  let epoch = 0;
  for (;;) {
    epoch = waitForCommand(epoch);
    if (load<i32>(C_EXIT)) return;
    work(index);
  }
}
