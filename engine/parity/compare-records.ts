// Compares two recordings of the same fixture number by number: what PyTorch says here against what is committed.
import { DifferenceTally, relativeDifference, type Tally } from './difference.ts';
import type { Fixture } from './fixture.ts';

export interface RecordDifferences {
  /** |a-b|/|b| over all numbers. */
  readonly numbers: Tally;
  /** Hashes and other texts that differ. */
  readonly texts: number;
}

/** @throws Error when the two do not have the same shape. */
export function compareRecords(fresh: Fixture<unknown>, committed: Fixture<unknown>): RecordDifferences {
  const numbers = new DifferenceTally();
  let texts = 0;
  const walk = (a: unknown, b: unknown, where: string): void => {
    if (typeof b === 'number' && typeof a === 'number') numbers.add(relativeDifference(a, b, 0), where);
    else if (typeof b === 'object' && b !== null && typeof a === 'object' && a !== null) {
      const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
      for (const key of keys)
        walk((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], `${where}.${key}`);
    } else if (typeof a !== typeof b) throw new Error(`${where} is ${typeof a} here and ${typeof b} in the fixture`);
    else if (a !== b) texts += 1;
  };
  walk(fresh.cases, committed.cases, 'cases');
  return { numbers: numbers.result, texts };
}
