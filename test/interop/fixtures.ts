// Files that real programs wrote (make_fixtures.py), and what a call throws, for the tests of import and export.
import { readFileSync } from 'node:fs';

export interface ExpectedArray {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
export type ExpectedArrays = Readonly<Record<string, ExpectedArray>>;

interface Expected {
  readonly types: ExpectedArrays;
  readonly sequential: ExpectedArrays;
  readonly by_hand: ExpectedArrays;
  readonly shared: ExpectedArrays;
  readonly npy: ExpectedArrays;
}

const path = (name: string): URL => new URL(`fixtures/${name}`, import.meta.url);

export const fixtureBytes = (name: string): Uint8Array => Uint8Array.from(readFileSync(path(name)));
export const fixtureText = (name: string): string => readFileSync(path(name), 'utf8');
export const expected = JSON.parse(fixtureText('expected.json')) as Expected;

/** What a call throws; null when it does not. */
export function thrown(call: () => unknown): unknown {
  try {
    call();
    return null;
  } catch (error) {
    return error;
  }
}
