// The kernels' entry: runs a program of records over chunks of examples, many training steps per call, on all threads.
import { dropoutForward, drawKept } from './dropout';
import {
  multiplyRows, reluBackward, reluForward, sigmoidBackward, sigmoidForward, tanhBackward, tanhForward,
} from './elementwise';
import {
  COMMAND_TRAIN, C_COMMAND, C_DATASET, C_EXIT, C_FIRST_STEP, C_L1, C_L2, C_RECORDS, C_RECORD_COUNT,
  C_ROWS, C_STEPS, C_SUM, C_THREADS, D_CHUNK, D_CHUNKS, D_FEATURES, D_ROWS, D_STRIDE, D_X,
  OP_DROPOUT_BACKWARD, OP_DROPOUT_FORWARD, OP_LINEAR_FORWARD, OP_LINEAR_GRAD_INPUT, OP_LINEAR_GRAD_WEIGHT,
  OP_MSE_BACKWARD, OP_MSE_FORWARD, OP_PENALTY_ROWS, OP_PENALTY_TOTAL, OP_RELU_BACKWARD, OP_RELU_FORWARD,
  OP_SIGMOID_BACKWARD, OP_SIGMOID_FORWARD, OP_TANH_BACKWARD, OP_TANH_FORWARD, OP_TRANSPOSE, R_BARRIER, R_DX, R_DY,
  R_IN, R_IN_STRIDE, R_MASK, R_OP, R_ROWS, R_SIZE, R_X, R_XT, R_X_IS_DATA, R_Y,
} from './layout';
import { linearForward, linearGradInput, linearGradWeight, transpose } from './linear';
import { finishLoss, meanOf, mseBackward, mseForward, penaltyRows, penaltyTotal } from './loss';
import { beginOptimizerStep } from './optimizer';
import { barrier, forgetStop, isStopped, shareStart, startHelpers, waitForCommand } from './sync';

/**
 * One record, for one chunk of the data set: this thread's share of its rows.
 * Exported for the tests that compare each op with its reference.
 */
export function execute(record: usize, dataset: usize, chunk: i32, index: i32, threads: i32): void {
  const stride = load<i32>(dataset, D_STRIDE);
  const width = load<i32>(dataset, D_CHUNK);
  const offset = chunk * width;
  const examples = min(width, load<i32>(dataset, D_ROWS) - offset);
  const columns = (examples + 3) & ~3;
  const rows = load<i32>(record, R_ROWS);
  const first = shareStart(rows, index, threads);
  const last = shareStart(rows, index + 1, threads);
  if (first == last) return;
  let x = load<usize>(record, R_X);
  if (load<i32>(record, R_X_IS_DATA))
    x = load<usize>(dataset, D_X) + <usize>chunk * ((<usize>load<i32>(dataset, D_FEATURES) * stride) << 2);
  const from = <usize>(first * stride) << 2;
  const bytes = <usize>((last - first) * stride) << 2;
  const lastChunk = chunk == load<i32>(dataset, D_CHUNKS) - 1;

  switch (load<i32>(record, R_OP)) {
    case OP_LINEAR_FORWARD:
      linearForward(record, x, stride, columns, first, last);
      break;
    case OP_LINEAR_GRAD_INPUT:
      linearGradInput(record, load<i32>(record, R_IN), stride, columns, first, last);
      break;
    case OP_LINEAR_GRAD_WEIGHT:
      linearGradWeight(record, stride, examples, first, last, chunk == 0, lastChunk);
      break;
    case OP_TRANSPOSE:
      transpose(x, stride, load<usize>(record, R_XT), load<i32>(record, R_IN_STRIDE), columns, first, last, rows);
      break;
    case OP_RELU_FORWARD:
      reluForward(x + from, load<usize>(record, R_Y) + from, bytes);
      break;
    case OP_RELU_BACKWARD:
      reluBackward(load<usize>(record, R_Y) + from, load<usize>(record, R_DY) + from, load<usize>(record, R_DX) + from, bytes);
      break;
    case OP_TANH_FORWARD:
      tanhForward(x + from, load<usize>(record, R_Y) + from, bytes);
      break;
    case OP_TANH_BACKWARD:
      tanhBackward(load<usize>(record, R_Y) + from, load<usize>(record, R_DY) + from, load<usize>(record, R_DX) + from, bytes);
      break;
    case OP_SIGMOID_FORWARD:
      sigmoidForward(x + from, load<usize>(record, R_Y) + from, bytes);
      break;
    case OP_SIGMOID_BACKWARD:
      sigmoidBackward(load<usize>(record, R_Y) + from, load<usize>(record, R_DY) + from, load<usize>(record, R_DX) + from, bytes);
      break;
    case OP_DROPOUT_FORWARD:
      dropoutForward(record, x, stride, columns, first, last, offset, examples);
      break;
    case OP_DROPOUT_BACKWARD:
      multiplyRows(load<usize>(record, R_DY) + from, load<usize>(record, R_MASK) + from, load<usize>(record, R_DX) + from, bytes);
      break;
    case OP_MSE_FORWARD:
      mseForward(dataset, x, chunk, stride, examples);
      if (lastChunk && load<i32>(C_COMMAND) == COMMAND_TRAIN) finishLoss(dataset);
      break;
    case OP_MSE_BACKWARD:
      mseBackward(record, dataset, x, chunk, stride, columns, first, last);
      break;
    case OP_PENALTY_ROWS:
      if (chunk == 0) penaltyRows(record, first, last);
      break;
    case OP_PENALTY_TOTAL:
      if (chunk == 0) penaltyTotal(record);
      break;
    default:
      unreachable();
  }
}

/** One pass of the program over all chunks. @returns false when the step was stopped for a number that is not finite. */
function pass(index: i32, threads: i32, dataset: usize): bool {
  const records = load<usize>(C_RECORDS);
  const end = records + load<i32>(C_RECORD_COUNT) * R_SIZE;
  const chunks = load<i32>(dataset, D_CHUNKS);
  for (let chunk = 0; chunk < chunks; chunk++) {
    for (let record = records; record < end; record += R_SIZE) {
      if (load<i32>(record, R_BARRIER)) {
        barrier();
        if (isStopped()) return false;
      }
      execute(record, dataset, chunk, index, threads);
    }
  }
  return true;
}

function beginStep(dataset: usize, step: i32): void {
  store<f64>(C_SUM, 0);
  store<f64>(C_L1, 0);
  store<f64>(C_L2, 0);
  beginOptimizerStep(load<i32>(C_FIRST_STEP) + step);
  const records = load<usize>(C_RECORDS);
  const end = records + load<i32>(C_RECORD_COUNT) * R_SIZE;
  for (let record = records; record < end; record += R_SIZE)
    if (load<i32>(record, R_OP) == OP_DROPOUT_FORWARD) drawKept(record, load<i32>(dataset, D_ROWS));
}

/** What every thread does for one command; returns when all have finished it. */
function work(index: i32): void {
  const threads = load<i32>(C_THREADS);
  const dataset = load<usize>(C_DATASET);
  const training = load<i32>(C_COMMAND) == COMMAND_TRAIN;
  const steps = training ? load<i32>(C_STEPS) : 1;
  for (let step = 0; step < steps; step++) {
    // All have left the step before; its scalars and masks may change.
    barrier();
    if (index == 0) {
      if (training) beginStep(dataset, step);
      else store<f64>(C_SUM, 0);
    }
    if (!pass(index, threads, dataset)) break;
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
  forgetStop();
  if (load<i32>(C_THREADS) > 1) startHelpers();
  work(0);
  return load<i32>(C_ROWS);
}

/** Data loss of the last evaluation: mean squared error. */
export function evaluationLoss(): f64 {
  return meanOf(load<usize>(C_DATASET));
}

/** Tells all helpers to leave their loop. */
export function stopHelpers(): void {
  store<i32>(C_EXIT, C_FIRST_STEP, 1);
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
