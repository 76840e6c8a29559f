// Descriptions of generated data: defaults, shapes, and what is refused, field by field.
import { describe, expect, it } from 'vitest';
import { classNames, dataShape, DocumentError, parseExperiment, type DataSpec } from './index.ts';

const VALUES = {
  polynomial: { type: 'polynomial', coefficients: [0, 1], x_min: -1, x_max: 1, train: 20, test: 10 },
  sine: { type: 'sine', x_min: -1, x_max: 1, train: 20, test: 10 },
  linear: { type: 'linear', features: 50, informative: 5, train: 20, test: 10 },
};
const CLASSES = {
  moons: { type: 'moons', train: 20, test: 10 },
  circles: { type: 'circles', train: 20, test: 10 },
  spirals: { type: 'spirals', arms: 4, train: 20, test: 10 },
  xor: { type: 'xor', train: 20, test: 10 },
  blobs: { type: 'blobs', centers: 3, features: 5, train: 20, test: 10 },
};
const ALL = { ...VALUES, ...CLASSES };

function documentOf(data: object, out: number, changes: object = {}): object {
  const isClasses = !(Object.keys(VALUES) as unknown[]).includes((data as { type: string }).type);
  return {
    format: 'overfit-experiment',
    version: 1,
    name: 'sample',
    seed: 1,
    data,
    model: { layers: [{ type: 'Linear', name: 'fc', out_features: out }] },
    recipe: {
      steps: 1,
      loss: { type: isClasses ? 'CrossEntropyLoss' : 'MSELoss' },
      optimizer: { type: 'SGD', lr: 0.1 },
    },
    variants: [{ name: 'base', changes }],
  };
}
const OUT = { polynomial: 1, sine: 1, linear: 1, moons: 2, circles: 2, spirals: 4, xor: 2, blobs: 3 } as const;
type Kind = keyof typeof OUT;
const KINDS = Object.keys(OUT) as Kind[];
const parsed = (kind: Kind, fields: object = {}): DataSpec =>
  parseExperiment(documentOf({ ...ALL[kind], ...fields }, OUT[kind])).data;

function problems(kind: Kind, fields: object): string[] {
  try {
    parseExperiment(documentOf({ ...ALL[kind], ...fields }, OUT[kind]));
  } catch (error) {
    if (error instanceof DocumentError) return error.problems.map((x) => `${x.path} ${x.code}`);
    throw error;
  }
  return [];
}

describe('generated data', () => {
  it('have the shapes that they say', () => {
    const shapes = Object.fromEntries(KINDS.map((kind) => [kind, dataShape(parsed(kind, { validation: 3 }))]));
    const rows = { trainRows: 20, validationRows: 3, testRows: 10 };
    const numbers = { kind: 'values', shape: [1] };
    expect(shapes).toEqual({
      polynomial: { input: [1], target: numbers, ...rows },
      sine: { input: [1], target: numbers, ...rows },
      linear: { input: [50], target: numbers, ...rows },
      moons: { input: [2], target: { kind: 'classes', classes: 2 }, ...rows },
      circles: { input: [2], target: { kind: 'classes', classes: 2 }, ...rows },
      spirals: { input: [2], target: { kind: 'classes', classes: 4 }, ...rows },
      xor: { input: [2], target: { kind: 'classes', classes: 2 }, ...rows },
      blobs: { input: [5], target: { kind: 'classes', classes: 3 }, ...rows },
    });
  });

  it('have names for as many classes as they have, or none at all', () => {
    for (const kind of KINDS) {
      const data = parsed(kind);
      const { target } = dataShape(data);
      const names = classNames(data);
      if (names) expect(names).toHaveLength(target.kind === 'classes' ? target.classes : 0);
    }
    expect(classNames(parsed('moons'))).toEqual(['outer', 'inner']);
    expect(classNames(parsed('spirals'))).toBeNull();
  });

  it('fill in what is left out', () => {
    expect(parsed('moons')).toEqual({
      ...CLASSES.moons,
      validation: 0,
      seed: 0,
      noise: 0,
      label_noise: 0,
      balance: null,
    });
    expect(parsed('sine')).toMatchObject({ amplitude: 1, frequency: 1, phase: 0, outliers: 0, noise: 0, seed: 0 });
  });

  it.each<[Kind, object, string]>([
    ['polynomial', { coefficients: [] }, 'data.coefficients empty'],
    ['polynomial', { coefficients: Array.from({ length: 17 }, () => 1) }, 'data.coefficients too_long'],
    ['polynomial', { coefficients: [1, 'x'] }, 'data.coefficients.1 wrong_type'],
    ['polynomial', { x_min: 1 }, 'data.x_max out_of_range'],
    ['polynomial', { coefficients: [0, 0, 0, 1e6], x_max: 1e6 }, 'data.coefficients out_of_range'],
    ['sine', { x_max: -1 }, 'data.x_max out_of_range'],
    ['sine', { x_max: 1e7 }, 'data.x_max out_of_range'],
    ['sine', { frequency: -1 }, 'data.frequency out_of_range'],
    ['sine', { outliers: 1.1 }, 'data.outliers out_of_range'],
    ['sine', { outlier_size: -1 }, 'data.outlier_size out_of_range'],
    ['sine', { label_noise: 0.1 }, 'data.label_noise unknown_key'],
    ['linear', { features: 1001 }, 'data.features out_of_range'],
    ['linear', { informative: 51 }, 'data.informative out_of_range'],
    ['linear', { correlation: 1 }, 'data.correlation out_of_range'],
    ['linear', { train: 50_000 }, 'data.features out_of_range'],
    ['moons', { train: 1 }, 'data.train out_of_range'],
    ['moons', { train: 100_001 }, 'data.train out_of_range'],
    ['moons', { noise: -0.1 }, 'data.noise out_of_range'],
    ['moons', { seed: 0.5 }, 'data.seed not_an_integer'],
    ['moons', { label_noise: -0.1 }, 'data.label_noise out_of_range'],
    ['moons', { balance: [1] }, 'data.balance out_of_range'],
    ['moons', { balance: [1, 0] }, 'data.balance.1 out_of_range'],
    ['moons', { balance: [1, 2, 3] }, 'data.balance out_of_range'],
    ['circles', { factor: 1 }, 'data.factor out_of_range'],
    ['spirals', { arms: 11 }, 'data.arms out_of_range'],
    ['spirals', { turns: 11 }, 'data.turns out_of_range'],
    ['blobs', { centers: 1 }, 'data.centers out_of_range'],
    ['blobs', { features: 0 }, 'data.features out_of_range'],
    ['blobs', { cluster_std: -1 }, 'data.cluster_std out_of_range'],
    ['blobs', { noise: 0.1 }, 'data.noise unknown_key'],
  ])('%s with %j: refuses and names the field', (kind, fields, expected) => {
    expect(problems(kind, fields)).toContain(expected);
  });

  it('are checked in a variant that changes them', () => {
    const document = documentOf(CLASSES.moons, 2, { 'data.noise': -1 });
    expect(() => parseExperiment(document)).toThrow(/variants\.base\.changes\.data\.noise: must be a number from 0/);
  });

  it('need a net that answers with a score for each class', () => {
    expect(() => parseExperiment(documentOf(CLASSES.moons, 1))).toThrow(/shape|target is/);
  });
});
