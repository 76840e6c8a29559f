// PyTorch's recorded operations against the plain-TypeScript reference of each op (kernels are held to the reference beside them).
import { describe, expect, it } from 'vitest';
import { readFixture } from './fixture.ts';
import { compareOperations, type OperationCase } from './replay-operations.ts';

const fixture = readFixture<OperationCase>('operations');

describe('operations', () => {
  const { elements, sums } = compareOperations(fixture);

  it('agree with PyTorch to 1e-5', () => {
    expect(elements.comparisons).toBeGreaterThan(4000);
    expect(elements.largest, elements.where).toBeLessThanOrEqual(1e-5);
  });

  it('agree with PyTorch to 1e-6 of what is summed, where products are summed', () => {
    expect(sums.comparisons).toBeGreaterThan(1500);
    expect(sums.largest, sums.where).toBeLessThanOrEqual(1e-6);
  });

  it.each(['linear', 'relu', 'tanh', 'sigmoid', 'dropout', 'mse_loss', 'penalty', 'updates'])(
    'has cases of %s, and notices other inputs',
    (operation) => {
      const cases = fixture.cases.filter((x) => x.operation === operation);
      expect(cases.length).toBeGreaterThan(0);
      const moved = compareOperations({ ...fixture, cases: cases.map((x) => ({ ...x, seed: x.seed + 1 })) });
      expect(Math.max(moved.elements.largest, moved.sums.largest)).toBeGreaterThan(1e-5);
    },
  );
});
