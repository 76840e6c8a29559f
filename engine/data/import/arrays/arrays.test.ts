// NumPy's arrays as people save them, told apart by names and shapes; broken ones are named.
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { counted, patched, refusal, sources } from '../../../../test/fixtures/import-files.ts';
import { writeNpy } from '../../../interop/npy.ts';
import { writeStoredNpz } from '../../../interop/npz.ts';
import type { Dtype, StoredTensor } from '../../../interop/stored-tensor.ts';
import { describeStored } from '../../stored/describe.ts';
import { inspectArrays, readArrays } from './index.ts';

type Values = Float64Array | Float32Array | Int32Array | BigInt64Array | Uint8Array;
const array = (dtype: Dtype, shape: readonly number[], values: Values): StoredTensor => ({
  dtype,
  shape,
  bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});
const X = array('F32', [3, 2], Float32Array.of(1, 2, 3, 4, 5, NaN));
const Y = array('I64', [3], BigInt64Array.of(7n, -1n, 7n));
const npz = (arrays: Readonly<Record<string, StoredTensor>>) =>
  sources({ 'data.npz': writeStoredNpz(new Map(Object.entries(arrays))) });

describe('arrays', () => {
  it('are columns of x and a target y', async () => {
    const data = await readArrays(npz({ y: Y, x: X }));
    expect(data).toEqual({
      kind: 'columns',
      rows: 3,
      columns: [
        { name: 'x0', kind: 'number', values: Float64Array.of(1, 3, 5) },
        { name: 'x1', kind: 'number', values: Float64Array.of(2, 4, NaN) },
        { name: 'y', kind: 'category', values: Int32Array.of(1, 0, 1), categories: ['-1', '7'] },
      ],
    });
    const spec = describeStored(data, { name: 'data', digest: '0'.repeat(64) });
    expect(spec.columns.map((x) => [x.role, x.missing])).toEqual([
      ['feature', 'drop'],
      ['feature', 'median'],
      ['target', 'drop'],
    ]);
  });

  it('are the same in two files, packed, or chosen by name', async () => {
    const plain = await readArrays(npz({ x: X, y: Y }));
    expect(await readArrays(sources({ 'x.npy': writeNpy(X), 'y.npy': writeNpy(Y) }))).toEqual(plain);
    const packed = zipSync({ 'x.npy': writeNpy(X), 'y.npy': writeNpy(Y) }, { level: 9 });
    expect(await readArrays(sources({ 'packed.npz': packed }))).toEqual(plain);
    const others = npz({ table: X, more: Y, note: array('F64', [1], Float64Array.of(1)) });
    expect((await inspectArrays(others)).roles).toEqual({ x: 'table', y: 'more', xTest: null, yTest: null });
    expect(await readArrays(others, { roles: { x: 'table', y: 'more', xTest: null, yTest: null } })).toEqual(plain);
  });

  it('of one file hold their target among their columns', async () => {
    const data = await readArrays(sources({ 'table.npy': writeNpy(X) }));
    expect(data).toMatchObject({ kind: 'columns', columns: [{ name: 'x0' }, { name: 'x1' }] });
    expect(describeStored(data, { name: 't', digest: '0'.repeat(64) }).columns[1]?.role).toBe('target');
  });

  it('of every kind of number are read', async () => {
    const kinds: readonly StoredTensor[] = [
      array('F64', [2], Float64Array.of(0.5, -2)),
      array('I32', [2], Int32Array.of(5, -2)),
      array('U8', [2], Uint8Array.of(5, 200)),
      { dtype: 'F16', shape: [2], bytes: Uint8Array.of(0, 0x38, 0, 0xc0) },
      { dtype: 'I16', shape: [2], bytes: Uint8Array.of(5, 0, 0xfe, 0xff) },
      { dtype: 'I8', shape: [2], bytes: Uint8Array.of(5, 0xfe) },
      { dtype: 'BOOL', shape: [2], bytes: Uint8Array.of(0, 1) },
    ];
    const read = await Promise.all(kinds.map((x) => readArrays(npz({ x }))));
    expect(read.map((x) => (x.kind === 'columns' ? [...(x.columns[0]?.values ?? [])] : null))).toEqual([
      [0.5, -2],
      [5, -2],
      [5, 200],
      [0.5, -2],
      [5, -2],
      [5, -2],
      [0, 1],
    ]);
  });

  it('of bytes with classes are pictures, channels first or last, train before test', async () => {
    const labels = (...x: number[]) => array('U8', [x.length, 1], Uint8Array.from(x));
    const gray = await readArrays(npz({ images: array('U8', [2, 2, 3], counted(12)), labels: labels(3, 1) }));
    expect(gray).toMatchObject({ kind: 'pictures', rows: 2, shape: [1, 2, 3], classes: ['1', '3'], parts: null });
    const last = array('U8', [1, 2, 2, 3], counted(12));
    const test = array('U8', [1, 2, 2, 3], counted(12, 3));
    const found = npz({ x_train: last, y_train: labels(0), x_test: test, y_test: labels(1) });
    expect(await inspectArrays(found)).toMatchObject({
      kind: 'pictures',
      rows: 2,
      roles: { x: 'x_train', y: 'y_train', xTest: 'x_test', yTest: 'y_test' },
    });
    const colour = await readArrays(found);
    expect(colour).toMatchObject({ shape: [3, 2, 2], labels: Int32Array.of(0, 1), parts: Uint8Array.of(0, 1) });
    expect(colour.kind === 'pictures' && [...colour.pixels.subarray(0, 12)]).toEqual([
      0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11,
    ]);
    const first = await readArrays(npz({ x: array('U8', [2, 3, 2, 1], counted(12)), y: labels(0, 1) }));
    expect(first.kind === 'pictures' && [first.shape, first.pixels]).toEqual([[3, 2, 1], counted(12)]);
  });

  it('of other parts are rows that a column marks', async () => {
    const data = await readArrays(npz({ X_train: X, Y_train: Y, X_test: X, Y_test: Y }));
    expect(data.rows).toBe(6);
    const spec = describeStored(data, { name: 'data', digest: '0'.repeat(64) });
    expect(spec.split).toMatchObject({ method: 'column', test: 0.5 });
  });
});

describe('what cannot be is refused by name', () => {
  const file = writeNpy(X);
  const npy = (bytes: Uint8Array) => sources({ 'x.npy': bytes });
  const header = (from: string, to: string): Uint8Array => {
    const at = Buffer.from(file).indexOf(from);
    return patched(file, at, ...Buffer.from(to.padEnd(from.length)));
  };

  it.each<[string, ReturnType<typeof sources>, object]>([
    ['an empty file', npy(new Uint8Array()), { code: 'EMPTY_FILE', file: 'x.npy' }],
    ['another format', npy(counted(300)), { code: 'BAD_FILE', params: { place: 'byte 0' } }],
    ['a cut header', npy(file.subarray(0, 40)), { code: 'BAD_FILE' }],
    ['cut data', npy(file.subarray(0, -1)), { code: 'BAD_FILE' }],
    ['a claim of gigabytes', npy(header('(3, 2), }   ', '(99999, 999),}')), { code: 'BAD_FILE' }],
    [
      'a claim beyond all numbers',
      npy(header('(3, 2), }                  ', '(9999999999999999, 2), }')),
      { code: 'BAD_FILE' },
    ],
    ['texts', npy(header("'<f4'", "'<U4'")), { code: 'BAD_FILE', params: { place: 'header' } }],
    [
      'infinite values',
      npz({ x: array('F32', [2, 2], Float32Array.of(1, 2, 3, Infinity)) }),
      { code: 'BAD_FILE', row: 2 },
    ],
    [
      'rows that differ',
      npz({ x: X, y: array('F32', [2], new Float32Array(2)) }),
      {
        code: 'ROWS_DIFFER',
        params: { firstRows: 3, secondRows: 2 },
      },
    ],
    ['an archive of nothing', sources({ 'e.npz': zipSync({ 'readme.txt': counted(3) }) }), { code: 'NO_DATA' }],
    ['no rows', npz({ x: array('F32', [0, 2], new Float32Array()) }), { code: 'NO_DATA' }],
    ['test examples without targets', npz({ x_train: X, y_train: Y, x_test: X }), { code: 'MISSING_FILE' }],
    [
      'parts of other shapes',
      npz({ x_train: X, x_test: array('F32', [3, 1], new Float32Array(3)) }),
      { code: 'BAD_FILE' },
    ],
    ['more columns than there may be', npz({ x: array('U8', [1, 5000], counted(5000)) }), { code: 'TOO_LARGE' }],
    ['a path that leads out', sources({ 'e.npz': zipSync({ '../x.npy': file }) }), { code: 'UNSAFE_PATH' }],
    [
      'a damaged archive',
      sources({ 'e.npz': patched(zipSync({ 'x.npy': file }, { level: 0 }), 100, 9, 9) }),
      { code: 'BAD_FILE' },
    ],
  ])('%s', async (_, given, want) => {
    expect(await refusal(readArrays(given))).toMatchObject(want);
  });

  it('an array that is not there', async () => {
    const roles = { x: 'z', y: null, xTest: null, yTest: null };
    expect(await refusal(readArrays(npz({ x: X }), { roles }))).toMatchObject({
      code: 'MISSING_FILE',
      params: { what: 'z' },
    });
  });
});
