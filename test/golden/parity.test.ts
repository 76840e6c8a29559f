// The parts of `parity` that need no PyTorch: what is said when there is none, and that a changed record is noticed.
import { describe, expect, it } from 'vitest';
import { compareRecords } from '../../engine/parity/compare-records.ts';
import type { Fixture } from '../../engine/parity/fixture.ts';
import { readFixture } from '../../main/node/parity-fixtures.ts';
import { findPython, pythonCandidates } from './python.ts';

describe('finding a Python with torch', () => {
  it('asks OVERFIT_PYTHON first, then python3 and python', () => {
    expect(pythonCandidates({ OVERFIT_PYTHON: 'venv/python' })).toEqual(['venv/python', 'python3', 'python']);
    expect(pythonCandidates({})).toEqual(['python3', 'python']);
  });

  it('says of each candidate why it cannot be used', () => {
    expect(findPython(['no-such-python', process.execPath])).toEqual({
      reasons: ['no-such-python: not found', expect.stringContaining(`${process.execPath}: `)],
    });
  });
});

describe('comparing two records', () => {
  const fixture = (value: unknown): Fixture<unknown> => ({ header: readFixture('draws').header, cases: [value] });

  it('finds none in equal ones', () => {
    const { numbers, texts } = compareRecords(readFixture('training'), readFixture('training'));
    expect(numbers.comparisons).toBeGreaterThan(10_000);
    expect([numbers.largest, texts]).toEqual([0, 0]);
  });

  it('names the number that differs most, and counts hashes', () => {
    const { numbers, texts } = compareRecords(fixture({ a: [1, 2], sha256: 'x' }), fixture({ a: [1, 4], sha256: 'y' }));
    expect(numbers).toEqual({ comparisons: 2, largest: 0.5, where: 'cases.0.a.1' });
    expect(texts).toBe(1);
  });

  it('refuses records of different shape', () => {
    expect(() => compareRecords(fixture({ a: [1] }), fixture({ a: [1, 2] }))).toThrow('cases.0.a.1');
  });
});

it.each(['draws', 'operations', 'training', 'regression', 'regression-same', 'numpy-dropout', 'cnn'])(
  '%s says where it comes from',
  (name) => {
    const { header } = readFixture<unknown>(name);
    expect(header.torch).toMatch(/^2\.13\./);
    expect(header.command).toBe(`python test/golden/record/${header.made_by}`);
    expect(header.threads).toBe(1);
    expect(header.seed).toBeDefined();
  },
);
