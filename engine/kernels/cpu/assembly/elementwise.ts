// Functions of one value (and, backward, of its gradient) over whole rows, in vectors of four.
// All of them share the record forms of ReLU: x to y; y and dy to dx.
import {
  ADD_VALUES_X, ADD_VALUES_Y, ADD_VALUES_Z, COPY_ROWS_FROM, COPY_ROWS_FROMROWS, COPY_ROWS_TO, COPY_ROWS_TOROWS, COPY_ROWS_X,
  COPY_ROWS_Y, RELU_BACKWARD_DX as DX, RELU_BACKWARD_DY as DY, RELU_BACKWARD_Y as OUTPUT, RELU_FORWARD_X as X, RELU_FORWARD_Y as Y,
} from '../build/records';
import { joinHalves } from './arithmetic';
import { rowBytes } from './context';
import { doubles, sigmoid64, tanhOfMagnitude64 } from './elementary';
import { R_ROWS } from './layout';

/** Offset of row `first` of a block in an activation. */
// @ts-ignore: decorator
@inline
export function place(record: usize, block: i32, first: i32): usize {
  return <usize>(block * load<i32>(record, R_ROWS) + first) * rowBytes();
}

export function reluForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const zero = f32x4.splat(0);
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, X) + at;
    const y = load<usize>(record, Y) + at;
    // max, not pmax: a NaN must come through.
    for (let i: usize = 0; i < bytes; i += 16) v128.store(y + i, f32x4.max(v128.load(x + i), zero));
  }
}

export function reluBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const zero = f32x4.splat(0);
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const y = load<usize>(record, OUTPUT) + at;
    const dy = load<usize>(record, DY) + at;
    const dx = load<usize>(record, DX) + at;
    for (let i: usize = 0; i < bytes; i += 16)
      v128.store(dx + i, v128.andnot(v128.load(dy + i), f32x4.le(v128.load(y + i), zero)));
  }
}

export function sigmoidForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, X) + at;
    const y = load<usize>(record, Y) + at;
    for (let i: usize = 0; i < bytes; i += 16)
      v128.store(y + i, joinHalves(sigmoid64(doubles(x + i)), sigmoid64(doubles(x + i + 8))));
  }
}

/** dy * (1 - y) * y, in torch's order. */
export function sigmoidBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const one = f32x4.splat(1);
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const y = load<usize>(record, OUTPUT) + at;
    const dy = load<usize>(record, DY) + at;
    const dx = load<usize>(record, DX) + at;
    for (let i: usize = 0; i < bytes; i += 16) {
      const y0 = v128.load(y + i);
      v128.store(dx + i, f32x4.mul(f32x4.mul(v128.load(dy + i), f32x4.sub(one, y0)), y0));
    }
  }
}

/** The sign is that of x, of -0 too. */
export function tanhForward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const sign = i32x4.splat(0x80000000);
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, X) + at;
    const y = load<usize>(record, Y) + at;
    for (let i: usize = 0; i < bytes; i += 16) {
      const magnitude = joinHalves(tanhOfMagnitude64(doubles(x + i)), tanhOfMagnitude64(doubles(x + i + 8)));
      v128.store(y + i, v128.bitselect(v128.load(x + i), magnitude, sign));
    }
  }
}

/** dy * (1 - y*y). */
export function tanhBackward(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const one = f32x4.splat(1);
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const y = load<usize>(record, OUTPUT) + at;
    const dy = load<usize>(record, DY) + at;
    const dx = load<usize>(record, DX) + at;
    for (let i: usize = 0; i < bytes; i += 16) {
      const y0 = v128.load(y + i);
      v128.store(dx + i, f32x4.mul(v128.load(dy + i), f32x4.sub(one, f32x4.mul(y0, y0))));
    }
  }
}

export function addValues(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = <usize>(last - first) * rowBytes();
  for (let block = from; block < to; block++) {
    const at = place(record, block, first);
    const x = load<usize>(record, ADD_VALUES_X) + at;
    const z = load<usize>(record, ADD_VALUES_Z) + at;
    const y = load<usize>(record, ADD_VALUES_Y) + at;
    for (let i: usize = 0; i < bytes; i += 16) v128.store(y + i, f32x4.add(v128.load(x + i), v128.load(z + i)));
  }
}

/** Rows [first, last) of a part, from row `from` of x on, to row `to` of y on. */
export function copyRows(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const bytes = rowBytes();
  const size = <usize>(last - first) * bytes;
  const x = load<usize>(record, COPY_ROWS_X) + <usize>(load<i32>(record, COPY_ROWS_FROM) + first) * bytes;
  const y = load<usize>(record, COPY_ROWS_Y) + <usize>(load<i32>(record, COPY_ROWS_TO) + first) * bytes;
  const xBlock = <usize>load<i32>(record, COPY_ROWS_FROMROWS) * bytes;
  const yBlock = <usize>load<i32>(record, COPY_ROWS_TOROWS) * bytes;
  for (let block = from; block < to; block++) memory.copy(y + <usize>block * yBlock, x + <usize>block * xBlock, size);
}
