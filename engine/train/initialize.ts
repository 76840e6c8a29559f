// Where in the generator's stream a variant's data, initial parameters and masks lie (see `initialization` in engine/spec).
import { Generator, initializeLinear, type LinearParameters } from '../random/index.ts';
import {
  layerShapes,
  resolveVariant,
  type DataPoints,
  type ExperimentSpec,
  type ResolvedVariant,
} from '../spec/index.ts';
import { drawData } from './data.ts';

export interface Start {
  readonly points: DataPoints;
  /** Of the variant's Linear layers, in document order. */
  readonly layers: readonly LinearParameters[];
  /** Stands where the variant's masks begin. */
  readonly generator: Generator;
}

function initializeModel({ model, data }: ResolvedVariant, generator: Generator): LinearParameters[] {
  const shapes = layerShapes(model, data);
  return model.layers.flatMap((layer, i) =>
    layer.type === 'Linear'
      ? [initializeLinear(generator, shapes[i]?.input[0] ?? 1, layer.out_features, layer.bias)]
      : [],
  );
}

/**
 * Draws a variant's data and initial parameters from the seed alone.
 * @throws DocumentError when a variant before it cannot be resolved.
 */
export function drawStart(experiment: ExperimentSpec, resolved: ResolvedVariant, seed: number): Start {
  const generator = Generator.manualSeed(seed);
  const points = drawData(resolved.data, generator);
  if (experiment.initialization === 'sequential')
    for (const { name } of experiment.variants) {
      if (name === resolved.variant) break;
      initializeModel(resolveVariant(experiment, name), generator);
    }
  return { points, layers: initializeModel(resolved, generator), generator };
}
