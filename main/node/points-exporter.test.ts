// Exact points as files: the table and the arrays hold what a run sees, and what cannot be said is refused by name.
import { expect, test } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { loadData } from '../../engine/data/index.ts';
import { readNpy } from '../../engine/interop/index.ts';
import { Generator } from '../../engine/random/index.ts';
import { parseExperiment, type ExperimentSpec } from '../../engine/spec/index.ts';
import type { PointFormat } from '../contract/shapes.ts';
import { pointsExporter } from './points-exporter.ts';

const regression = parseExperiment(EXAMPLES['regression']);
const cnn = parseExperiment(EXAMPLES['cnn']);
const exported = (experiment: ExperimentSpec, format: PointFormat) => pointsExporter(experiment, format, null);

/** The files of an uncompressed archive by name. */
function unpacked(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = new Map<string, Uint8Array>();
  for (let at = 0; view.getUint32(at, true) === 0x04034b50;) {
    const [size, name, extra] = [
      view.getUint32(at + 18, true),
      view.getUint16(at + 26, true),
      view.getUint16(at + 28, true),
    ];
    const begin = at + 30 + name + extra;
    files.set(new TextDecoder().decode(bytes.subarray(at + 30, at + 30 + name)), bytes.subarray(begin, begin + size));
    at = begin + size;
  }
  return files;
}

test('a table has every point of every split, bit by bit', async () => {
  const { splits } = await loadData(regression.data, Generator.manualSeed(regression.seed));
  const [head, ...rows] = new TextDecoder()
    .decode(await exported(regression, 'csv'))
    .trimEnd()
    .split('\r\n');
  expect(head).toBe('x1,y,split');
  for (const split of ['train', 'test'] as const) {
    const own = rows.map((row) => row.split(',')).filter((cells) => cells[2] === split);
    expect(Float32Array.from(own, (cells) => Number(cells[0]))).toEqual(splits[split]?.x);
    expect(Float32Array.from(own, (cells) => Number(cells[1]))).toEqual(splits[split]?.y);
  }
});

test('arrays are named by their split and have the shapes of the data', async () => {
  const files = unpacked(await exported(regression, 'npy'));
  expect([...files.keys()]).toEqual(['x_train.npy', 'y_train.npy', 'x_test.npy', 'y_test.npy']);
  const x = readNpy(files.get('x_train.npy') ?? new Uint8Array(), 'x_train.npy');
  expect([x.dtype, x.shape]).toEqual(['F32', [20, 1]]);
  const { splits } = await loadData(regression.data, Generator.manualSeed(regression.seed));
  expect(Buffer.from(x.bytes).equals(Buffer.from(splits.train.x.buffer))).toBe(true);
});

test('pictures are arrays of bytes with classes, and no table', async () => {
  if (cnn.data.type !== 'shapes32') throw new Error('the example has other data');
  const small = { ...cnn, data: { ...cnn.data, train: 12, test: 10 } };
  const files = unpacked(await exported(small, 'npy'));
  const read = (name: string) => readNpy(files.get(name) ?? new Uint8Array(), name);
  expect(read('x_train.npy')).toMatchObject({ dtype: 'U8', shape: [12, 3, 32, 32] });
  expect(read('y_test.npy')).toMatchObject({ dtype: 'I32', shape: [10] });
  await expect(exported(small, 'csv')).rejects.toMatchObject({
    code: 'EXPORT_UNSUPPORTED',
    details: { what: 'pictures' },
  });
});

test('data in files that were not given are missing, by name', async () => {
  const elsewhere = parseExperiment({ ...cnn, data: { type: 'cifar10' } });
  await expect(exported(elsewhere, 'npy')).rejects.toMatchObject({
    code: 'DATA_MISSING',
    details: { dataset: 'cifar10' },
  });
});
