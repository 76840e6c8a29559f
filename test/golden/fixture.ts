// Reads what test/golden/record/*.py wrote. The folder can be another one, so that `parity` replays against fresh records.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));

export interface FixtureHeader {
  readonly made_by: string;
  readonly command: string;
  readonly torch: string;
  readonly cpu_capability: string;
  readonly threads: number;
  readonly seed: number | string;
}

export interface Fixture<Case> {
  readonly header: FixtureHeader;
  readonly cases: readonly Case[];
}

/** A recorded list: whole when short, else its first and last 64 values; the hash covers all bytes. */
export interface RecordedValues {
  readonly length: number;
  readonly sha256: string;
  readonly values?: readonly number[];
  readonly first?: readonly number[];
  readonly last?: readonly number[];
}

/** @param folder absolute path, ends with a separator. */
export function readFixture<Case>(name: string, folder = FIXTURES): Fixture<Case> {
  return JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as Fixture<Case>;
}

export type NumberArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** SHA-256 of the bytes of all arrays, one after another. */
export function sha256(...arrays: readonly NumberArray[]): string {
  const hash = createHash('sha256');
  for (const x of arrays) hash.update(new Uint8Array(x.buffer, x.byteOffset, x.byteLength));
  return hash.digest('hex');
}

/** The recorded values with their positions in the whole list. */
export function recordedAt(recorded: RecordedValues): readonly { readonly index: number; readonly value: number }[] {
  const { values, first = [], last = [], length } = recorded;
  if (values) return values.map((value, index) => ({ index, value }));
  return [
    ...first.map((value, index) => ({ index, value })),
    ...last.map((value, i) => ({ index: length - last.length + i, value })),
  ];
}
