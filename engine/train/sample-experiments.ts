// Small experiments that tests of the engine share: one line per case, the rest as in the bundled regression example.
import { parseExperiment, resolveVariant, type ExperimentSpec, type ResolvedVariant } from '../spec/index.ts';

/** Layers in short: a number is a Linear layer of that width, a fraction below 1 a Dropout, a name an activation. */
export type Layers = readonly (number | 'ReLU' | 'Tanh' | 'Sigmoid')[];

export interface Sample {
  readonly layers?: Layers;
  readonly points?: number;
  readonly bias?: boolean;
  readonly recipe?: Readonly<Record<string, unknown>>;
  readonly variants?: readonly unknown[];
  readonly initialization?: 'sequential' | 'same';
}

export const ADAM = { type: 'Adam', lr: 0.01 };

function layer(item: Layers[number], i: number, bias: boolean): unknown {
  if (typeof item === 'string') return { type: item, name: `${item.toLowerCase()}${i}` };
  if (item < 1) return { type: 'Dropout', name: `dropout${i}`, p: item };
  return { type: 'Linear', name: `fc${i}`, out_features: item, bias };
}

/** The variant is called `base`; layers are named by kind and position (`fc0`, `relu1`). */
export function sampleExperiment(sample: Sample = {}): ExperimentSpec {
  const { layers = [16, 'ReLU', 1], points = 20, bias = true, recipe = {}, variants, initialization } = sample;
  return parseExperiment({
    format: 'overfit-experiment',
    version: 1,
    name: 'sample',
    seed: 1,
    ...(initialization && { initialization }),
    data: { type: 'linear_noise', points, x_min: -1, x_max: 1, slope: 1, noise: 0.3 },
    model: { layers: layers.map((item, i) => layer(item, i, bias)) },
    recipe: { steps: 40, loss: { type: 'MSELoss' }, optimizer: ADAM, ...recipe },
    variants: variants ?? [{ name: 'base' }],
  });
}

export const sampleVariant = (sample: Sample = {}): ResolvedVariant => resolveVariant(sampleExperiment(sample), 'base');
