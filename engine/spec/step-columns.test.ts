import { expect, test } from 'vitest';
import { emptySteps, joinSteps, stepsAfter, stepsUpTo } from './step-columns.ts';

const rows = (...steps: number[]) => ({
  step: Int32Array.from(steps),
  train_loss: Float64Array.from(steps, (s) => s / 10),
  penalty_l1: Float64Array.from(steps, (s) => s + 0.25),
  penalty_l2: Float64Array.from(steps, (s) => s + 0.5),
  lr: Float64Array.from(steps, (s) => s / 1000),
});

test('joining keeps every column in order and skips the empty parts', () => {
  expect(joinSteps([rows(1, 2), null, emptySteps(), rows(3)])).toEqual(rows(1, 2, 3));
});

test('joining nothing gives null', () => {
  expect(joinSteps([])).toBeNull();
  expect(joinSteps([null, emptySteps()])).toBeNull();
});

test('joined rows are copies', () => {
  const part = rows(1);
  const joined = joinSteps([part]);
  part.train_loss[0] = 99;
  expect(joined?.train_loss[0]).toBe(0.1);
});

test('rows after a step', () => {
  expect(stepsAfter(rows(4, 5, 6), 4)).toEqual(rows(5, 6));
  expect(stepsAfter(rows(4, 5, 6), -1)).toEqual(rows(4, 5, 6));
  expect(stepsAfter(rows(4, 5, 6), 6)).toEqual(emptySteps());
});

test('rows up to a step', () => {
  expect(stepsUpTo(rows(4, 5, 6), 5)).toEqual(rows(4, 5));
  expect(stepsUpTo(rows(4, 5, 6), 3)).toEqual(emptySteps());
  expect(stepsUpTo(rows(4, 5, 6), 9)).toEqual(rows(4, 5, 6));
});
