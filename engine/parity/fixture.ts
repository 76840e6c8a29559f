// What test/golden/record/*.py writes: a header that says where the numbers come from, and the cases.

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

/** The recorded values with their positions in the whole list. */
export function recordedAt(recorded: RecordedValues): readonly { readonly index: number; readonly value: number }[] {
  const { values, first = [], last = [], length } = recorded;
  if (values) return values.map((value, index) => ({ index, value }));
  return [
    ...first.map((value, index) => ({ index, value })),
    ...last.map((value, i) => ({ index: length - last.length + i, value })),
  ];
}
