// Provisional until the data branch lands: where in the generator's stream a variant's data, initial parameters and masks lie.
import { loadData, type DataSet } from '../data/index.ts';
import { Generator, uniform } from '../random/index.ts';
import { elements, layerShapes, resolveVariant, type ExperimentSpec, type ResolvedVariant } from '../spec/index.ts';
import type { FileSource, NamedArrays } from './session.ts';

export interface Start {
  readonly data: DataSet;
  /** In torch's order. */
  readonly parameters: NamedArrays;
  /** Stands where the variant's masks begin. */
  readonly generator: Generator;
}

function initializeModel({ model, data }: ResolvedVariant, generator: Generator): NamedArrays {
  const out = new Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }>();
  for (const layer of layerShapes(model, data))
    for (const { name, role, shape, fanIn } of layer.parameterShapes) {
      const values = new Float32Array(elements(shape));
      const gain = Math.sqrt(2 / (1 + Math.sqrt(5) ** 2));
      const bound = role === 'weight' ? Math.sqrt(3) * (gain / Math.sqrt(fanIn)) : 1 / Math.sqrt(fanIn);
      if (role === 'weight' || role === 'bias') uniform(generator, values, -bound, bound);
      else values.fill(role === 'scale' ? 1 : 0);
      out.set(`${layer.name}.${name}`, { shape, values });
    }
  return out;
}

/**
 * Draws a variant's data and initial parameters from the seed alone.
 * @throws DocumentError when a variant before it cannot be resolved.
 */
export async function drawStart(experiment: ExperimentSpec, resolved: ResolvedVariant, seed: number, files?: FileSource): Promise<Start> {
  void files;
  const generator = Generator.manualSeed(seed);
  const data = await loadData(resolved.data, generator);
  if (experiment.initialization === 'sequential')
    for (const { name } of experiment.variants) {
      if (name === resolved.variant) break;
      initializeModel(resolveVariant(experiment, name), generator);
    }
  return { data, parameters: initializeModel(resolved, generator), generator };
}
