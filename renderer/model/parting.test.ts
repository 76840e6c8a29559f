import { describe, expect, it } from 'vitest';
import example from '../../assets/examples/numpy-dropout.json';
import regression from '../../assets/examples/regression.json';
import { parseExperiment, resolveVariant } from '../../engine/spec/index.ts';
import { fakeArithmetic } from '../host/fake-arithmetic.ts';
import { partings } from './parting.ts';

const experiment = parseExperiment(example);
const of = (variant: string) => {
  const resolved = resolveVariant(experiment, variant);
  const arithmetic = fakeArithmetic(resolved, 200);
  const delta = arithmetic.tensors.find((x) => x.name === 'fc1.output.gradient')?.values ?? new Float32Array();
  return { resolved, arithmetic, delta, parting: partings(resolved, arithmetic)[0] };
};

describe('as printed and corrected', () => {
  it.each([
    ['as printed', 'as_printed', 'asPrinted'],
    ['corrected', 'chain_rule', 'chainRule'],
  ] as const)('%s: the one in use is the delta of the update', (variant, used, side) => {
    const { parting, delta } = of(variant);
    expect(parting).toMatchObject({
      at: 'fc1.output.gradient',
      sigmoid: 'sigmoid1',
      dropout: 'dropout1',
      used,
      p: 0.2,
    });
    expect(delta).toHaveLength(16);
    for (const [k, x] of delta.entries()) expect(parting?.[side][k]).toBeCloseTo(x, 5);
  });

  it('point opposite ways where a kept unit is scaled beyond 1, and nowhere else', () => {
    const { parting, arithmetic } = of('as printed');
    const scaled = arithmetic.tensors.find((x) => x.name === 'dropout1.output')?.values ?? new Float32Array();
    const beyond = scaled.filter((h) => h > 1).length;
    expect(beyond).toBeGreaterThan(0);
    expect(parting?.opposite).toBe(beyond);
  });

  it('are the same without dropout', () => {
    const { parting } = of('no dropout');
    expect(parting?.opposite).toBe(0);
    expect(parting?.asPrinted).toEqual(parting?.chainRule);
  });

  it('do not part where no Dropout follows a Sigmoid, or where arrays are missing', () => {
    const other = resolveVariant(parseExperiment(regression), 'dropout');
    expect(partings(other, of('corrected').arithmetic)).toEqual([]);
    expect(partings(of('corrected').resolved, { step: 1, tensors: [] })).toEqual([]);
  });
});
