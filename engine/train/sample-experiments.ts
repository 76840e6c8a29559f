// Small experiments that tests of the engine share: one line per case, the rest as in the bundled regression example.
import { Generator, randn } from '../random/index.ts';
import { parseExperiment, resolveVariant, type ExperimentSpec, type ResolvedVariant } from '../spec/index.ts';

/** Layers in short: a number is a Linear layer of that width, a fraction below 1 a Dropout, a name a layer without options; or whole. */
export type Layers = readonly (number | string | { readonly type: string; readonly [option: string]: unknown })[];

export interface Sample {
  readonly layers?: Layers;
  readonly points?: number;
  readonly bias?: boolean;
  readonly recipe?: Readonly<Record<string, unknown>>;
  readonly variants?: readonly unknown[];
  readonly initialization?: 'sequential' | 'same';
  /** Other data than the tutorial's line. */
  readonly data?: unknown;
}

export const ADAM = { type: 'Adam', lr: 0.01 };

function layer(item: Layers[number], i: number, bias: boolean): unknown {
  if (typeof item === 'object') return { name: `${item.type.toLowerCase()}${i}`, ...item };
  if (typeof item === 'string') return { type: item, name: `${item.toLowerCase()}${i}` };
  if (item < 1) return { type: 'Dropout', name: `dropout${i}`, p: item };
  return { type: 'Linear', name: `fc${i}`, out_features: item, bias };
}

/** The variant is called `base`; layers are named by kind and position (`fc0`, `relu1`). */
export function sampleExperiment(sample: Sample = {}): ExperimentSpec {
  const { layers = [16, 'ReLU', 1], points = 20, bias = true, recipe = {}, variants, initialization, data } = sample;
  return parseExperiment({
    format: 'overfit-experiment',
    version: 1,
    name: 'sample',
    seed: 1,
    ...(initialization && { initialization }),
    data: data ?? { type: 'linear_noise', points, x_min: -1, x_max: 1, slope: 1, noise: 0.3 },
    model: { layers: layers.map((item, i) => layer(item, i, bias)) },
    recipe: {
      ...(!('epochs' in recipe) && { steps: 40 }),
      loss: { type: 'MSELoss' },
      optimizer: ADAM,
      ...recipe,
    },
    variants: variants ?? [{ name: 'base' }],
  });
}

export const sampleVariant = (sample: Sample = {}): ResolvedVariant => resolveVariant(sampleExperiment(sample), 'base');

/** Values spread evenly over the classes of a table. */
export interface TableSample {
  readonly rows: number;
  readonly testRows?: number;
  /** Features, or [channels, height, width]. */
  readonly input: number | readonly [number, number, number];
  /** Numbers per example, or classes. */
  readonly targets?: number;
  readonly classes?: number;
  readonly seed?: number;
}

/** Normal inputs; normal targets, or classes drawn evenly. */
export function sampleTable({ rows, testRows = 0, input, targets = 1, classes, seed = 5 }: TableSample): unknown {
  const generator = Generator.manualSeed(seed);
  const features = typeof input === 'number' ? input : input.reduce((product, n) => product * n, 1);
  const lines = (count: number, width: number): number[][] =>
    Array.from({ length: count }, () => [...randn(generator, width)]);
  const answers = (count: number): number[][] =>
    classes === undefined ? lines(count, targets) : Array.from({ length: count }, () => [generator.random() % classes]);
  return {
    type: 'table',
    x: lines(rows, features),
    y: answers(rows),
    test_x: lines(testRows, features),
    test_y: answers(testRows),
    ...(typeof input !== 'number' && { shape: input }),
    ...(classes !== undefined && { classes }),
  };
}
