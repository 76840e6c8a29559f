// Small data sets in the place of a person's imported ones, for scripts that are held to PyTorch: numbers with gaps, categories, pictures.
import { encodeStored, storedDigest, type StoredData } from '../data/index.ts';

const ROWS = 40;
const each = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const columns: StoredData = {
  kind: 'columns',
  rows: ROWS,
  columns: [
    {
      name: 'length',
      kind: 'number',
      values: Float64Array.from(each(ROWS, (i) => (i % 9 === 4 ? NaN : ((i * 7) % 13) / 3 - 1))),
    },
    {
      name: 'colour',
      kind: 'category',
      values: Int32Array.from(each(ROWS, (i) => (i % 11 === 7 ? -1 : (i * 5) % 3))),
      categories: ['red', 'green', 'blue'],
    },
    { name: 'size', kind: 'number', values: Float64Array.from(each(ROWS, (i) => 100 + ((i * i) % 17))) },
    { name: 'weight', kind: 'number', values: Float64Array.from(each(ROWS, (i) => ((i * 3) % 7) + i / 50)) },
    {
      name: 'kind',
      kind: 'category',
      values: Int32Array.from(each(ROWS, (i) => (i % 13 === 12 ? -1 : (i + (i % 3)) % 4))),
      categories: ['a', 'b', 'c', 'd'],
    },
  ],
};

const pictures: StoredData = {
  kind: 'pictures',
  rows: 36,
  shape: [1, 8, 8],
  pixels: Uint8Array.from(each(36 * 64, (i) => (i * 37 + ((i >> 6) % 3) * 50) % 256)),
  labels: Int32Array.from(each(36, (i) => i % 3)),
  classes: ['zero', 'one', 'two'],
  parts: Uint8Array.from(each(36, (i) => (i < 28 ? 0 : 1))),
};

/** By digest, as documents name them. */
const SAMPLES: Readonly<Record<string, StoredData>> = {
  '5314bfe7578cfe58d021eda57f39168976105219ce8c2546d3410992d901b1ee': columns,
  d7609d930b611413fd35e8935f362c1782ba52c33e2cf2d489d42f549e845f47: pictures,
};

/** @throws RangeError when no sample has that digest. */
export function sampleStored(digest: string): StoredData {
  const sample = Object.hasOwn(SAMPLES, digest) ? SAMPLES[digest] : undefined;
  if (!sample) throw new RangeError(`no sample data set has the digest ${digest}`);
  return sample;
}

export const sampleContainer = (digest: string): Promise<Uint8Array> =>
  Promise.resolve(encodeStored(sampleStored(digest)));

/** Whether every sample has the digest that it goes by. */
export async function sampleDigests(): Promise<readonly (readonly [given: string, real: string])[]> {
  return Promise.all(
    Object.entries(SAMPLES).map(async ([digest, data]) => [digest, await storedDigest(encodeStored(data))] as const),
  );
}
