// A batch's examples out of the data set, [rows][features], into blocks of [features][examples]; and outputs back again.
// Columns beyond the last example repeat it, so that they hold nothing that real examples would not.
import {
  GATHER_LABELS_T, GATHER_PIXELS_CHANNELS, GATHER_PIXELS_PIXELS, GATHER_PIXELS_TABLE, GATHER_PIXELS_Y, GATHER_TARGETS_FEATURES,
  GATHER_TARGETS_T, GATHER_VALUES_FEATURES, GATHER_VALUES_Y, STORE_OUTPUTS_FEATURES, STORE_OUTPUTS_X,
} from '../build/records';
import { batchStart, chunkStart, columnsOf, dataset, examplesOf, rowBytes, stride } from './context';
import { D_ORDER, D_OUTPUT, D_TARGET, D_X } from './layout';

/** Row of the data set that column `column` of a block shows. */
// @ts-ignore: decorator
@inline
function sourceRow(block: i32, column: i32): usize {
  const at = batchStart + chunkStart + block * stride + min(column, examplesOf(block) - 1);
  const order = load<usize>(dataset, D_ORDER);
  return order == 0 ? <usize>at : <usize>load<i32>(order + (<usize>at << 2));
}

/** Rows [first, last) of [features][stride] from [rows][features] at `from`. */
function gatherFloats(from: usize, features: i32, y: usize, first: i32, last: i32, block: i32, to: i32): void {
  const bytes = rowBytes();
  const width = <usize>features << 2;
  for (; block < to; block++) {
    const columns = columnsOf(block);
    const base = y + <usize>block * ((<usize>features * stride) << 2);
    for (let c = 0; c < columns; c++) {
      const source = from + sourceRow(block, c) * width;
      let target = base + (<usize>c << 2) + first * bytes;
      for (let f = first; f < last; f++) {
        store<f32>(target, load<f32>(source + (<usize>f << 2)));
        target += bytes;
      }
    }
  }
}

export function gatherValues(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const features = load<i32>(record, GATHER_VALUES_FEATURES);
  gatherFloats(load<usize>(dataset, D_X), features, load<usize>(record, GATHER_VALUES_Y), first, last, from, to);
}

export function gatherTargets(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const target = load<usize>(dataset, D_TARGET);
  if (target == 0) return;
  const features = load<i32>(record, GATHER_TARGETS_FEATURES);
  gatherFloats(target, features, load<usize>(record, GATHER_TARGETS_T), first, last, from, to);
}

export function gatherLabels(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const labels = load<usize>(dataset, D_TARGET);
  const out = load<usize>(record, GATHER_LABELS_T);
  if (labels == 0) return;
  for (let block = from; block < to; block++)
    for (let c = 0; c < stride; c++)
      store<i32>(out + (<usize>(block * stride + c) << 2), load<i32>(labels + (sourceRow(block, c) << 2)));
}

/** Four pixels of one channel of four examples, looked up. */
// @ts-ignore: decorator
@inline
function lookUp(table: usize, a: usize, b: usize, c: usize, d: usize): v128 {
  let x = v128.load32_zero(table + (<usize>load<u8>(a) << 2));
  x = v128.load32_lane(table + (<usize>load<u8>(b) << 2), x, 1);
  x = v128.load32_lane(table + (<usize>load<u8>(c) << 2), x, 2);
  return v128.load32_lane(table + (<usize>load<u8>(d) << 2), x, 3);
}

/** Pixels through a table [channels][256] of the inputs that they stand for. */
export function gatherPixels(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const channels = load<i32>(record, GATHER_PIXELS_CHANNELS);
  const pixels = load<i32>(record, GATHER_PIXELS_PIXELS);
  const tables = load<usize>(record, GATHER_PIXELS_TABLE);
  const x = load<usize>(dataset, D_X);
  const width = <usize>(channels * pixels);
  const bytes = rowBytes();
  for (let block = from; block < to; block++) {
    const base = load<usize>(record, GATHER_PIXELS_Y) + <usize>block * width * bytes;
    for (let c = 0; c < stride; c += 4) {
      const s0 = x + sourceRow(block, c) * width;
      const s1 = x + sourceRow(block, c + 1) * width;
      const s2 = x + sourceRow(block, c + 2) * width;
      const s3 = x + sourceRow(block, c + 3) * width;
      let y = base + (<usize>c << 2) + first * bytes;
      for (let row = first; row < last; ) {
        const channel = row / pixels;
        const table = tables + (<usize>channel << 10);
        const end = min(last, (channel + 1) * pixels);
        for (; row < end; row++) {
          v128.store(y, lookUp(table, s0 + row, s1 + row, s2 + row, s3 + row));
          y += bytes;
        }
      }
    }
  }
}

export function storeOutputs(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const output = load<usize>(dataset, D_OUTPUT);
  if (output == 0) return;
  const features = load<i32>(record, STORE_OUTPUTS_FEATURES);
  const bytes = rowBytes();
  for (let block = from; block < to; block++) {
    const base = load<usize>(record, STORE_OUTPUTS_X) + <usize>block * (<usize>features * bytes);
    const count = examplesOf(block);
    for (let c = 0; c < count; c++) {
      const target = output + ((<usize>(batchStart + chunkStart + block * stride + c) * features) << 2);
      for (let f = first; f < last; f++)
        store<f32>(target + (<usize>f << 2), load<f32>(base + f * bytes + (<usize>c << 2)));
    }
  }
}
