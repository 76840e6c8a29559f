import { describe, expect, it } from 'vitest';
import example from '../../assets/examples/numpy-dropout.json';
import { parseExperiment, resolveVariant } from '../../engine/spec/index.ts';
import { fakeArithmetic } from '../host/fake-arithmetic.ts';
import { stages, summaryOf, tableOf } from './arithmetic.ts';

const resolved = resolveVariant(parseExperiment(example), 'corrected');
const taken = stages(fakeArithmetic(resolved, 0), resolved, 'values');
const list = taken.map(({ stage, arrays }) => [stage, arrays.map((x) => `${x.role} ${x.id}`)]);

describe('one update', () => {
  it('is put in the order in which it is computed', () => {
    expect(list).toEqual([
      ['before', ['weights fc1.weight', 'weights fc2.weight']],
      [
        'forward',
        [
          'input input',
          'preActivation fc1.output',
          'activation sigmoid1.output',
          'mask dropout1.mask',
          'scaled dropout1.output',
          'preActivation fc2.output',
          'output sigmoid2.output',
        ],
      ],
      ['error', ['target target', 'error error', 'loss loss']],
      ['backward', ['delta fc2.output.gradient', 'delta dropout1.output.gradient', 'delta fc1.output.gradient']],
      ['gradients', ['gradient fc1.weight.gradient', 'gradient fc2.weight.gradient']],
      ['after', ['updated fc1.weight.updated', 'updated fc2.weight.updated']],
    ]);
  });

  it('says how each array is computed, without bias where there is none', () => {
    const formulas = new Map(taken.flatMap((x) => x.arrays).map((x) => [x.id, x.formula]));
    expect(formulas.get('fc1.output')).toBe('z = x·Wᵀ');
    expect(formulas.get('sigmoid1.output')).toBe('a = 1 / (1 + e⁻ᶻ)');
    expect(formulas.get('dropout1.mask')).toBe('m = 0,  or 1/(1 − 0.2)');
    expect(formulas.get('dropout1.output')).toBe('h = m ⊙ a');
  });

  it('takes targets from answers, but no class index', () => {
    const error = taken.flatMap((x) => x.arrays).find((x) => x.role === 'error');
    const output = taken.flatMap((x) => x.arrays).find((x) => x.role === 'output');
    expect(error?.tensor.values[1]).toBeCloseTo((output?.tensor.values[1] ?? 0) - 1, 6);
    const classes = stages(fakeArithmetic(resolved, 0), resolved, 'classes');
    expect(classes.flatMap((x) => x.arrays).some((x) => x.role === 'error')).toBe(false);
  });
});

describe('arrays as tables', () => {
  it.each([
    [[], { rows: 1, columns: 1 }],
    [[5], { rows: 1, columns: 5 }],
    [[4, 3], { rows: 4, columns: 3 }],
    [[6, 3, 5, 5], { rows: 6, columns: 75 }],
  ])('%j', (shape, table) => {
    expect(tableOf(shape)).toEqual(table);
  });

  it('are summed up', () => {
    expect(summaryOf(Float32Array.of(-1, 0, 0, 3))).toEqual({ smallest: -1, largest: 3, mean: 0.5, zeros: 0.5 });
    expect(summaryOf(new Float32Array()).zeros).toBe(0);
  });
});
