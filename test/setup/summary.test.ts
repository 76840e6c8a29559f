// The closing line counts what the report says, a file that fails to load included.
import { describe, expect, it } from 'vitest';
import { closingLine, parseReport, skipLines } from '../config/summary.ts';

const report = (results: unknown[]) => JSON.stringify({ testResults: results });

describe('test summary', () => {
  it('counts tests and groups skips by reason', () => {
    const summary = parseReport(
      report([
        {
          name: 'a.test.ts',
          status: 'passed',
          assertionResults: [
            { status: 'passed', fullName: 'a' },
            { status: 'failed', fullName: 'b' },
            { status: 'skipped', fullName: 'c [skipped: no binary]' },
            { status: 'pending', fullName: 'd [skipped: no binary]' },
            { status: 'skipped', fullName: 'a group [skipped: no binary] and a test in it' },
          ],
        },
      ]),
    );
    expect(closingLine(summary)).toBe('tests: 1 passed, 1 failed, 3 skipped');
    expect(skipLines(summary)).toEqual(['skipped: 3 × no binary']);
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(parseReport(report([{ name: 'x', status: 'failed', assertionResults: [] }])).failed).toBe(1);
  });

  it('names a skipped test that gives no reason', () => {
    const summary = parseReport(
      report([{ name: 'x', status: 'passed', assertionResults: [{ status: 'todo', fullName: 'later' }] }]),
    );
    expect(skipLines(summary)).toEqual(['skipped: 1 × no reason given by later']);
  });
});
