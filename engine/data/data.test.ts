// Data sets from documents: what is drawn in which order, what nothing is drawn for, what is shown of them, and their fingerprint.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Generator, linspace, randn } from '../random/index.ts';
import {
  parseExperiment,
  PREVIEW_IMAGES,
  PREVIEW_POINTS,
  type DataPreview,
  type DataSpec,
  type ExperimentSpec,
} from '../spec/index.ts';
import {
  augment,
  batchOf,
  digestOf,
  drawAugmentation,
  drawPoints,
  loadData,
  normalized,
  pixelTable,
  previewOf,
  sizesOf,
  type DataSet,
} from './index.ts';

const LINE = { type: 'linear_noise', points: 20, x_min: -1, x_max: 1, slope: 2, noise: 0.3 };
const TABLE = {
  type: 'table',
  x: [
    [0, 0.1],
    [1, 2],
  ],
  y: [[1], [0]],
};
const SHAPES = { type: 'shapes32', train: 130, validation: 20, test: 110, label_noise: 0.2, seed: 3 };

/** A document around some data; `Linear` on top of a `Flatten` takes any of them. */
function documentOf(data: unknown, seed = 1): ExperimentSpec {
  const isClassified = (data as { type: string }).type === 'shapes32' || 'classes' in (data as object);
  return parseExperiment({
    format: 'overfit-experiment',
    version: 1,
    name: 'sample',
    seed,
    data,
    model: {
      layers: [
        { type: 'Flatten', name: 'flatten' },
        { type: 'Linear', name: 'fc1', out_features: isClassified ? 10 : 1 },
      ],
    },
    recipe: {
      steps: 1,
      loss: { type: isClassified ? 'CrossEntropyLoss' : 'MSELoss' },
      optimizer: { type: 'SGD', lr: 0.1 },
    },
    variants: [{ name: 'base' }],
  });
}
const dataOf = (data: unknown): DataSpec => documentOf(data).data;
const load = (data: unknown, seed = 1): Promise<DataSet> => loadData(dataOf(data), Generator.manualSeed(seed));

/** Pictures as one string, because comparing thousands of numbers one by one takes seconds. */
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const comparable = (preview: DataPreview): unknown =>
  preview.kind === 'points'
    ? preview
    : {
        ...preview,
        train: { ...preview.train, pixels: hexOf(preview.train.pixels) },
        test: preview.test && { ...preview.test, pixels: hexOf(preview.test.pixels) },
      };

describe('linear_noise', () => {
  const line = (generator: Generator, points: number) => {
    const x = linspace(-1, 1, points);
    const noise = randn(generator, points);
    const y = x.map((value, i) => Math.fround(2 * value) + Math.fround(Math.fround(0.3) * (noise[i] as number)));
    return { rows: points, x, y };
  };

  it('draws train, then test, then validation targets, and leaves the stream behind them', async () => {
    const [generator, ours] = [Generator.manualSeed(7), Generator.manualSeed(7)];
    const { splits } = await loadData(dataOf({ ...LINE, validation_points: 9 }), generator);
    const expected = { train: line(ours, 20), test: line(ours, 20), validation: line(ours, 9) };
    expect(splits).toEqual(expected);
    expect(generator.getState()).toEqual(ours.getState());
  });

  it('draws nothing for a validation set that is not asked for', async () => {
    const [generator, ours] = [Generator.manualSeed(7), Generator.manualSeed(7)];
    const { splits, normalization } = await loadData(dataOf(LINE), generator);
    expect(splits).toEqual({ train: line(ours, 20), test: line(ours, 20), validation: null });
    expect(normalization).toBeNull();
    expect(generator.getState()).toEqual(ours.getState());
  });
});

describe('table', () => {
  it('holds what is written, in f32, and draws nothing', async () => {
    const generator = Generator.manualSeed(1);
    const { splits, input, target } = await loadData(dataOf(TABLE), generator);
    expect(splits).toEqual({
      train: { rows: 2, x: Float32Array.of(0, 0.1, 1, 2), y: Float32Array.of(1, 0) },
      validation: null,
      test: null,
    });
    expect([input, target]).toEqual([[2], { kind: 'values', shape: [1] }]);
    expect(generator.getState()).toEqual(Generator.manualSeed(1).getState());
  });

  it('has classes, pictures and all splits where it says so', async () => {
    const rows = [[1, 2, 3, 4]];
    const { splits, input, target } = await load({
      type: 'table',
      x: rows,
      y: [[9]],
      validation_x: rows,
      validation_y: [[3]],
      test_x: rows,
      test_y: [[4]],
      shape: [1, 2, 2],
      classes: 10,
    });
    expect([splits.train.y, splits.validation?.y, splits.test?.y]).toEqual([
      Int32Array.of(9),
      Int32Array.of(3),
      Int32Array.of(4),
    ]);
    expect([input, target]).toEqual([[1, 2, 2], { kind: 'classes', classes: 10 }]);
  });
});

describe('shapes32', () => {
  it('has the splits that are asked for, and draws nothing from the run’s generator', async () => {
    const generator = Generator.manualSeed(1);
    const set = await loadData(dataOf(SHAPES), generator);
    expect(sizesOf(set)).toEqual({ rows: { train: 130, validation: 20, test: 110 } });
    expect(set.splits.train.x).toHaveLength(130 * 3072);
    expect(set.normalization).toEqual({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
    expect(generator.getState()).toEqual(Generator.manualSeed(1).getState());
    const few = await load({ ...SHAPES, validation: 0, test: 0 });
    expect(few.splits).toMatchObject({ validation: null, test: null });
  });
});

describe('cifar10', () => {
  it('says that files are needed', async () => {
    await expect(
      loadData({ ...(dataOf(SHAPES) as object), type: 'cifar10' } as DataSpec, Generator.manualSeed(1)),
    ).rejects.toMatchObject({
      code: 'DATA_MISSING',
      details: { dataset: 'cifar10' },
    });
  });
});

describe('preview', () => {
  it.each([LINE, { ...LINE, validation_points: 4 }, TABLE, SHAPES, { ...SHAPES, test: 0 }])(
    'of a document is that of its run: %o',
    async (data) => {
      const document = documentOf(data, 5);
      expect(comparable(await drawPoints(document))).toEqual(comparable(previewOf(await load(data, 5))));
    },
  );

  it('holds copies of the first pictures and no more', async () => {
    const set = await load(SHAPES);
    const preview = previewOf(set);
    if (preview.kind !== 'images') throw new Error('no pictures');
    expect(preview.rows).toEqual({ train: 130, validation: 20, test: 110 });
    expect(hexOf(preview.train.pixels)).toBe(
      hexOf((set.splits.train.x as Uint8Array).subarray(0, PREVIEW_IMAGES * 3072)),
    );
    expect(preview.train.pixels.buffer.byteLength).toBe(PREVIEW_IMAGES * 3072);
    expect(preview.test?.labels).toEqual(set.splits.test?.y.subarray(0, PREVIEW_IMAGES));
  });

  it('shows classes of a table as numbers', async () => {
    const preview = previewOf(await load({ ...TABLE, y: [[3], [0]], classes: 10 }));
    expect(preview).toMatchObject({ kind: 'points', train: { y: Float32Array.of(3, 0) } });
  });

  it('takes some of many points, evenly, and says how many there are', async () => {
    const set = await load({ ...LINE, points: 10_000, validation_points: 7 });
    const preview = previewOf(set);
    if (preview.kind !== 'points') throw new Error('no points');
    expect(preview.rows).toEqual({ train: 10_000, validation: 7, test: 10_000 });
    expect(preview.train.x).toHaveLength(PREVIEW_POINTS);
    expect(preview.validation?.x).toEqual(set.splits.validation?.x);
    const rows = Array.from({ length: PREVIEW_POINTS }, (_, i) => Math.floor((i * 10_000) / PREVIEW_POINTS));
    expect(preview.train.x).toEqual(Float32Array.from(rows, (row) => set.splits.train.x[row] as number));
    expect(preview.train.y).toEqual(Float32Array.from(rows, (row) => set.splits.train.y[row] as number));
    expect(previewOf(await load(LINE))).not.toHaveProperty('rows');
  });

  it('takes fewer of wide rows', async () => {
    const x = Array.from({ length: 100 }, (_, i) => new Array<number>(20_000).fill(i));
    const preview = previewOf(await load({ ...TABLE, x, y: x.map((_, i) => [i]) }));
    expect(preview.kind === 'points' && preview.train.y).toEqual(
      Float32Array.from({ length: 24 }, (_, i) => Math.floor((i * 100) / 24)),
    );
  });
});

describe('digest', () => {
  it('is one of the data alone', async () => {
    const digest = await digestOf(await load(TABLE));
    expect(digest).toBe('8a34b29927646409dbc482f66492b2e54a8952b591dbf6ac32aed298f854ff78');
    expect(await digestOf(await load(TABLE, 99))).toBe(digest);
  });

  it('changes with every number, label, split and normalization', async () => {
    const documents: unknown[] = [
      TABLE,
      {
        ...TABLE,
        x: [
          [0, 0.1],
          [1, 2.0000002],
        ],
      },
      {
        ...TABLE,
        x: [
          [0, 0.1],
          [1, 2],
        ],
        y: [[0], [1]],
      },
      { ...TABLE, test_x: TABLE.x, test_y: TABLE.y },
      { ...TABLE, validation_x: TABLE.x, validation_y: TABLE.y },
      { ...TABLE, classes: 10 },
      { ...TABLE, x: [[0, 0.1, 1, 2]], y: [[1]] },
      { ...TABLE, x: [[0, 0.1, 1, 2]], y: [[1]], shape: [1, 2, 2] },
      SHAPES,
      { ...SHAPES, seed: 4 },
      { ...SHAPES, label_noise: 0.3 },
      { ...SHAPES, train: 131 },
      { ...SHAPES, mean: [0.5, 0.5, 0.4] },
    ];
    const digests = new Set<string>();
    for (const data of documents) digests.add(await digestOf(await load(data)));
    expect(digests.size).toBe(documents.length);
  });
});

describe('pixels', () => {
  it('become inputs channel by channel', () => {
    const table = pixelTable([0.5, 0, 0.25], [0.5, 1, 2]);
    const pixels = Uint8Array.of(0, 255, 51, 255, 0, 255, 255, 0, 0, 0, 255, 51);
    expect([...normalized(pixels, table, 2)].map((x) => Math.round(x * 1e4) / 1e4)).toEqual([
      -1, 1, 0.2, 1, -0.125, 0.375, 1, -1, 0, 0, 0.375, -0.025,
    ]);
  });
});

describe('batches', () => {
  it('hold copies of the rows that are asked for', async () => {
    const batch = batchOf(await load({ ...TABLE, test_x: TABLE.x, test_y: TABLE.y }), Int32Array.of(1, 1, 0));
    expect(batch.splits).toEqual({
      train: { rows: 3, x: Float32Array.of(1, 2, 1, 2, 0, 0.1), y: Float32Array.of(0, 0, 1) },
      validation: null,
      test: null,
    });
  });
});

describe('augmentation', () => {
  const sizes = fc.record({
    n: fc.integer({ min: 1, max: 4 }),
    channels: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 1, max: 6 }),
    width: fc.integer({ min: 1, max: 6 }),
  });
  const batch = ({ n, channels, height, width }: { n: number; channels: number; height: number; width: number }) => ({
    x: randn(Generator.manualSeed(n), n * channels * height * width),
    example: [channels, height, width],
  });

  it('gives back what is mirrored twice', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const { x, example } = batch(size);
        const flip = { type: 'RandomHorizontalFlip', flipped: new Uint8Array(size.n).fill(1) } as const;
        expect(augment(x, [flip, flip], example)).toEqual(x);
      }),
    );
  });

  it('leaves a picture that is cropped at its own place, and moves in zeros otherwise', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 9 }), (size, padding) => {
        const { x, example } = batch(size);
        const at = (start: number) => ({
          type: 'RandomCrop' as const,
          padding,
          starts: new Int32Array(2 * size.n).fill(start),
        });
        expect(augment(x, [at(padding)], example)).toEqual(x);
        const moved = augment(x, [at(0)], example);
        const kept = Math.max(0, size.height - padding) * Math.max(0, size.width - padding);
        expect(moved.filter((v) => v !== 0).length).toBe(kept * size.n * size.channels);
      }),
    );
  });

  it('changes nothing in the batch that it is given', () => {
    const { x, example } = batch({ n: 2, channels: 3, height: 4, width: 4 });
    const before = Float32Array.from(x);
    const specs = [
      { type: 'RandomHorizontalFlip', p: 1 },
      { type: 'RandomCrop', padding: 2 },
      { type: 'GaussianNoise', std: 1 },
    ] as const;
    augment(x, drawAugmentation(Generator.manualSeed(1), specs, 2, example), example);
    expect(x).toEqual(before);
  });

  it('draws nothing when there is nothing to do', () => {
    const generator = Generator.manualSeed(1);
    expect(drawAugmentation(generator, [], 4, [3, 32, 32])).toEqual([]);
    expect(generator.getState()).toEqual(Generator.manualSeed(1).getState());
  });

  it('makes noise for data that are no pictures, too', () => {
    const generator = Generator.manualSeed(1);
    const draws = drawAugmentation(generator, [{ type: 'GaussianNoise', std: 0.5 }], 20, [1]);
    const noise = randn(Generator.manualSeed(1), 20);
    expect(augment(new Float32Array(20), draws, [1])).toEqual(noise.map((x) => 0.5 * x));
  });
});
