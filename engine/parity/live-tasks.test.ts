// How long PyTorch holds to itself, and what is said of its own record: the rules behind the live rows.
import { describe, expect, it } from 'vitest';
import { readFixture } from '../../main/node/parity-fixtures.ts';
import { compareRecords } from './compare-records.ts';
import type { Fixture } from './fixture.ts';
import { ownAgreement, recordRemarks } from './live-tasks.ts';

describe('PyTorch’s agreement with itself', () => {
  const base = [1, 0.5, 0.25, 0.125];

  it('lasts as long as every other way stays within a tenth of the bound', () => {
    const near = [1, 0.5, 0.25 * (1 + 9e-6), 0.125];
    expect(ownAgreement(base, [base, near], 1e-4)).toEqual({ steps: 4, parting: 0 });
    const far = [1, 0.5, 0.25, 0.125 * (1 + 3e-5)];
    const { steps, parting } = ownAgreement(base, [near, far], 1e-4);
    expect(steps).toBe(3);
    expect(parting).toBeCloseTo(3e-5, 9);
  });

  it('ends where another way has no number', () => {
    expect(ownAgreement(base, [[1, 0.5]], 1e-4).steps).toBe(2);
    expect(ownAgreement(base, [], 1e-4).steps).toBe(4);
  });
});

describe('two records', () => {
  const { header } = readFixture('draws');
  const fixture = (value: unknown): Fixture<unknown> => ({ header, cases: [value] });

  it('that are equal have no difference', () => {
    const { numbers, texts } = compareRecords(readFixture('training'), readFixture('training'));
    expect(numbers.comparisons).toBeGreaterThan(10_000);
    expect([numbers.largest, texts]).toEqual([0, 0]);
  });

  it('are compared number by number, and hashes are counted', () => {
    const { numbers, texts } = compareRecords(fixture({ a: [1, 2], sha256: 'x' }), fixture({ a: [1, 4], sha256: 'y' }));
    expect(numbers).toEqual({ comparisons: 2, largest: 0.5, where: 'cases.0.a.1' });
    expect(texts).toBe(1);
  });

  it('of different shape are refused', () => {
    expect(() => compareRecords(fixture({ a: [1] }), fixture({ a: [1, 2] }))).toThrow('cases.0.a.1');
  });

  it('make a remark where they differ', () => {
    const read =
      (draws: number) =>
      <Case>(name: string) =>
        fixture(name === 'draws' ? draws : 1) as Fixture<Case>;
    const remarks = recordRemarks(['draws', 'training'], { read: read(3), committed: read(2) });
    expect(remarks).toHaveLength(1);
    expect(remarks[0]).toMatch(/up to 5\.0e-1 from its own record of "draws"/);
  });
});
