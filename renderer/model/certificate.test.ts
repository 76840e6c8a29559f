import { describe, expect, it } from 'vitest';
import { fakeCertificate } from '../host/fake-certificate.ts';
import { comparisonGroups } from './certificate.ts';

describe('groups of a certificate', () => {
  it('stand in the order of their first comparison, what is wrong before the others', () => {
    const groups = comparisonGroups(fakeCertificate(2));
    expect(groups.map(({ name, failed, comparisons }) => [name, failed, comparisons.length])).toEqual([
      ['examples', 2, 5],
      ['draws', 0, 5],
      ['live: draws', 0, 1],
      ['initialization', 0, 6],
      ['operations', 0, 18],
      ['ten updates', 0, 6],
    ]);
    expect(groups[1]).toMatchObject({ values: 5 * 65_536, equal: 4 });
  });

  it('are put together though their comparisons lie apart', () => {
    const { comparisons } = fakeCertificate();
    const [first, ...others] = comparisons;
    if (!first) throw new Error('no comparison');
    expect(comparisonGroups({ comparisons: [...others, first] })).toHaveLength(6);
    expect(comparisonGroups({ comparisons: [] })).toEqual([]);
  });
});
