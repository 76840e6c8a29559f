// Where in the generator's stream a variant's data, initial parameters and masks lie (see `initialization` in engine/spec).
import { loadData, type DataSet, type FileSource } from '../data/index.ts';
import { defaultBias, defaultWeight, Generator, initialize } from '../random/index.ts';
import {
  DocumentError,
  elements,
  layerShapes,
  resolveVariant,
  type ExperimentSpec,
  type InitializerSpec,
  type LayerShape,
  type ModelSpec,
  type ParameterShape,
  type ResolvedVariant,
} from '../spec/index.ts';
import type { NamedArrays } from './session.ts';

export interface Start {
  readonly data: DataSet;
  /** In torch's order. */
  readonly parameters: NamedArrays;
  /** Stands where the variant's training begins: its masks, orders and augmentations. */
  readonly generator: Generator;
}

type Parameters = Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;

/** As torch's modules have them after their constructors. Scales and shifts draw nothing. */
function defaultValues(generator: Generator, { role, shape, fanIn }: ParameterShape): Float32Array {
  const values = new Float32Array(elements(shape));
  switch (role) {
    case 'weight':
      return defaultWeight(generator, fanIn, values);
    case 'bias':
      return defaultBias(generator, fanIn, values);
    case 'scale':
      return values.fill(1);
    case 'shift':
      return values;
    default:
      return role satisfies never;
  }
}

function initOf(model: ModelSpec, layer: string, parameter: ParameterShape['name']): InitializerSpec | undefined {
  const spec = model.layers.find((x) => x.name === layer);
  return spec && 'init' in spec ? spec.init?.[parameter] : undefined;
}

/** @throws DocumentError naming the `init` whose arguments cannot be. */
function initialValues(
  generator: Generator,
  init: InitializerSpec,
  shape: readonly number[],
  path: string,
): Float32Array {
  try {
    return initialize(generator, init, shape, new Float32Array(elements(shape)));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DocumentError('Experiment', [
      { path, code: 'out_of_range', message: error.message, params: { expected: error.message, received: init.type } },
    ]);
  }
}

/**
 * First values of everything that is trained: first torch's defaults for the whole model, layer by layer in the document's
 * order, weight before bias; then, in the same order, what the layers' own `init` asks for.
 * @param shapes of the model's layers (`layerShapes`).
 * @returns by torch's names, in the order of `Module.parameters()`.
 * @throws DocumentError naming the `init` whose arguments cannot be.
 * @source golden: initialization.
 */
export function drawParameters(model: ModelSpec, shapes: readonly LayerShape[], generator: Generator): NamedArrays {
  const drawn: Parameters = new Map();
  for (const layer of shapes)
    for (const parameter of layer.parameterShapes)
      drawn.set(`${layer.name}.${parameter.name}`, {
        shape: parameter.shape,
        values: defaultValues(generator, parameter),
      });
  for (const layer of shapes)
    for (const { name, shape } of layer.parameterShapes) {
      const init = initOf(model, layer.name, name);
      if (!init) continue;
      const values = initialValues(generator, init, shape, `model.layers.${layer.name}.init.${name}`);
      drawn.set(`${layer.name}.${name}`, { shape, values });
    }
  return drawn;
}

const drawVariant = ({ model, data }: ResolvedVariant, generator: Generator): NamedArrays =>
  drawParameters(model, layerShapes(model, data), generator);

/**
 * Draws a variant's data and initial parameters from the seed alone: the data; with `sequential` initialization what the
 * variants before it draw; then its own values.
 * @param files needed for data that lies in files.
 * @throws DocumentError when a variant before it cannot be resolved; EngineError DATA_MISSING, BAD_DATA_FILE.
 */
export async function drawStart(
  experiment: ExperimentSpec,
  resolved: ResolvedVariant,
  seed: number,
  files?: FileSource,
): Promise<Start> {
  const generator = Generator.manualSeed(seed);
  const data = await loadData(resolved.data, generator, files);
  if (experiment.initialization === 'sequential')
    for (const { name } of experiment.variants) {
      if (name === resolved.variant) break;
      drawVariant(resolveVariant(experiment, name), generator);
    }
  return { data, parameters: drawVariant(resolved, generator), generator };
}
