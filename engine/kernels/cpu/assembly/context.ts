// Where in the data a thread is: which chunk of the batch, how many blocks of how many examples. Every thread has its own.
import {
  C_BLOCKS, C_COMMAND, C_DATASET, C_STRIDE, C_WHOLE, COMMAND_TRAIN, D_BATCH, D_FIRST,
} from './layout';

/** 0 is the session's own. */
export let thread: i32 = 0;
export let dataset: usize = 0;
export let training: bool = false;
/** Examples per block, a multiple of 4; activations of a block are [features][stride]. */
export let stride: i32 = 0;
/** Blocks and examples in the present chunk. */
export let blocks: i32 = 0;
export let examples: i32 = 0;
/** Position of the chunk's first example in its batch, and of the batch's first in the order of the data. */
export let chunkStart: i32 = 0;
export let batchStart: i32 = 0;
export let batchSize: i32 = 0;
export let isFirstChunk: bool = false;
export let isLastChunk: bool = false;
let whole: bool = false;
let chunkSize: i32 = 0;

export function enterThread(index: i32): void {
  thread = index;
}

/** Once per pass over a batch. @returns chunks that the batch falls into. */
export function enterBatch(): i32 {
  dataset = load<usize>(C_DATASET);
  training = load<i32>(C_COMMAND) == COMMAND_TRAIN;
  stride = load<i32>(C_STRIDE);
  whole = load<i32>(C_WHOLE) != 0;
  chunkSize = stride * load<i32>(C_BLOCKS);
  batchStart = load<i32>(dataset, D_FIRST);
  batchSize = load<i32>(dataset, D_BATCH);
  return (batchSize + chunkSize - 1) / chunkSize;
}

export function enterChunk(chunk: i32, chunks: i32): void {
  chunkStart = chunk * chunkSize;
  examples = min(chunkSize, batchSize - chunkStart);
  blocks = (examples + stride - 1) / stride;
  isFirstChunk = chunk == 0;
  isLastChunk = chunk == chunks - 1;
}

/** Real examples of a block. */
// @ts-ignore: decorator
@inline
export function examplesOf(block: i32): i32 {
  return min(stride, examples - block * stride);
}

/** Columns of a block that are computed: whole vectors; all of them where sums run over whole blocks. */
// @ts-ignore: decorator
@inline
export function columnsOf(block: i32): i32 {
  return whole ? stride : (examplesOf(block) + 3) & ~3;
}

/** Bytes of one row of a block. */
// @ts-ignore: decorator
@inline
export function rowBytes(): usize {
  return <usize>stride << 2;
}

/** Ones in the lanes of the four columns from `column` on that are real examples. */
// @ts-ignore: decorator
@inline
export function laneMask(column: i32, count: i32): v128 {
  return i32x4.lt_s(i32x4.add(i32x4.splat(column), i32x4(0, 1, 2, 3)), i32x4.splat(count));
}
