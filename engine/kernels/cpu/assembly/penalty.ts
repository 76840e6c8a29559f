// The penalties' values, lambda times the sums of |w| and w^2. Each sum in one fixed order, whoever computes it.
import {
  PENALTY_ROWS_SUMS, PENALTY_ROWS_W, PENALTY_ROWS_WIDTH, PENALTY_TOTAL_L1, PENALTY_TOTAL_L2, PENALTY_TOTAL_ROWS,
  PENALTY_TOTAL_SUMS,
} from '../build/records';
import { C_L1, C_L2 } from './layout';

/** Sums of |w| and w^2 in double precision over `count` values (a multiple of 4; padding is zero). */
function sumMagnitudes(w: usize, count: i32, out: usize): void {
  let l1 = f64x2.splat(0);
  let l2 = f64x2.splat(0);
  let l1High = f64x2.splat(0);
  let l2High = f64x2.splat(0);
  const end = w + (<usize>count << 2);
  for (let at = w; at < end; at += 16) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(at));
    const xHigh = f64x2.promote_low_f32x4(v128.load64_zero(at + 8));
    l1 = f64x2.add(l1, f64x2.abs(x));
    l2 = f64x2.add(l2, f64x2.mul(x, x));
    l1High = f64x2.add(l1High, f64x2.abs(xHigh));
    l2High = f64x2.add(l2High, f64x2.mul(xHigh, xHigh));
  }
  l1 = f64x2.add(l1, l1High);
  l2 = f64x2.add(l2, l2High);
  store<f64>(out, f64x2.extract_lane(l1, 0) + f64x2.extract_lane(l1, 1));
  store<f64>(out + 8, f64x2.extract_lane(l2, 0) + f64x2.extract_lane(l2, 1));
}

/** Sums of |w| and w^2 of each row [first, last) of a parameter, so that threads may share the rows. */
export function penaltyRows(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const width = load<i32>(record, PENALTY_ROWS_WIDTH);
  const w = load<usize>(record, PENALTY_ROWS_W);
  const sums = load<usize>(record, PENALTY_ROWS_SUMS);
  for (let row = first; row < last; row++)
    sumMagnitudes(w + ((<usize>row * width) << 2), width, sums + (<usize>row << 4));
}

/** Adds lambda times the sums of all rows of one parameter. */
export function penaltyTotal(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const rows = load<i32>(record, PENALTY_TOTAL_ROWS);
  const sums = load<usize>(record, PENALTY_TOTAL_SUMS);
  let l1: f64 = 0;
  let l2: f64 = 0;
  for (let row = 0; row < rows; row++) {
    l1 += load<f64>(sums + (<usize>row << 4));
    l2 += load<f64>(sums + (<usize>row << 4), 8);
  }
  store<f64>(C_L1, load<f64>(C_L1) + l1 * load<f64>(record, PENALTY_TOTAL_L1));
  store<f64>(C_L2, load<f64>(C_L2) + l2 * load<f64>(record, PENALTY_TOTAL_L2));
}
