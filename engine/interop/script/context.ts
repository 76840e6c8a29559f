// What every script is written from: one variant as it was trained, with its layers' shapes, its Python names and its trained
// parameters; the same for PyTorch and NumPy.
import {
  dataShape,
  isGenerated,
  layerShapes,
  resolveVariant,
  totalSteps,
  type DataSpec,
  type ExperimentSpec,
  type GeneratedSpec,
  type LayerShape,
  type LayerSpec,
  type ParameterRole,
  type RecipeSpec,
  type ResolvedVariant,
  type RunEvent,
  type Shape,
  type Split,
} from '../../spec/index.ts';
import { InteropError } from '../interop-error.ts';
import { tableOf, type DrawnPoints } from './drawn-points.ts';
import { pythonNames } from './names.ts';

/** Pictures of a split: u8 [n, 3, 32, 32] and their classes [n]. */
export interface PictureArrays {
  readonly pixels: Uint8Array;
  readonly labels: Int32Array;
}

/** The examples of a stored data set, divided, filled in, encoded and scaled as the document says. */
export interface StoredArrays {
  /** null: x are inputs already; otherwise x are pixels. */
  readonly normalization: { readonly mean: readonly number[]; readonly std: readonly number[] } | null;
  readonly splits: Readonly<
    Record<
      Split,
      {
        readonly rows: number;
        readonly x: Float32Array | Uint8Array;
        readonly y: Float32Array | Int32Array;
      } | null
    >
  >;
}

export interface ScriptInput {
  readonly experiment: ExperimentSpec;
  readonly variant: string;
  readonly seed: number;
  /** Changes that were made while the run went on. */
  readonly events?: readonly RunEvent[];
  /** The pictures of `shapes32`, which the lab draws; they go into a file beside the script. */
  readonly pictures?: Readonly<Record<'train' | 'validation' | 'test', PictureArrays | null>>;
  /** The points of generated data; they are written out as a table's are. */
  readonly points?: DrawnPoints;
  /** The examples of `dataset`, likewise. */
  readonly stored?: StoredArrays;
}

/** A script and what lies beside it, by file name; the script comes first. */
export interface ScriptFiles {
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

export interface ScriptLayer {
  readonly spec: LayerSpec;
  readonly shape: LayerShape;
  /** Python identifier. */
  readonly name: string;
}

/** One trained array. */
export interface ScriptParameter {
  readonly layer: ScriptLayer;
  readonly part: 'weight' | 'bias';
  readonly role: ParameterRole;
  readonly shape: Shape;
}

/** Generated data stand in it as the table of their points. */
export interface ScriptVariant extends ResolvedVariant {
  readonly data: Exclude<DataSpec, GeneratedSpec>;
}

export interface ScriptContext {
  readonly input: ScriptInput;
  readonly variant: ScriptVariant;
  /** What that table was drawn from; null: the document's data are what they are. */
  readonly drawnFrom: GeneratedSpec | null;
  readonly layers: readonly ScriptLayer[];
  readonly parameters: readonly ScriptParameter[];
  readonly events: readonly RunEvent[];
  /** Variants that the document initialises before this one from the same stream. */
  readonly earlier: readonly ResolvedVariant[];
  /** Updates of the run; null when only the person's files say how many. */
  readonly steps: number | null;
  /** Passes over the train data, for a recipe that counts them. */
  readonly epochs: number | null;
}

export function scriptLayers(variant: ResolvedVariant, clashes?: (name: string) => boolean): readonly ScriptLayer[] {
  const names = pythonNames(variant.model, clashes);
  return layerShapes(variant.model, variant.data).flatMap((shape, i) => {
    const [spec, name] = [variant.model.layers[i], names[i]];
    return spec === undefined || name === undefined ? [] : [{ spec, shape, name }];
  });
}

export const parametersOf = (layers: readonly ScriptLayer[]): readonly ScriptParameter[] =>
  layers.flatMap((layer) =>
    layer.shape.parameterShapes.map(({ name: part, role, shape }) => ({ layer, part, role, shape })),
  );

function earlierVariants({ experiment, variant }: ScriptInput): readonly ResolvedVariant[] {
  if (experiment.initialization === 'same') return [];
  const position = experiment.variants.findIndex((x) => x.name === variant);
  return experiment.variants.slice(0, position).map(({ name }) => resolveVariant(experiment, name));
}

/** How long the run was in the end: its length can be changed while it goes on. */
function lengthOf({ recipe }: ResolvedVariant, events: readonly RunEvent[]): Pick<RecipeSpec, 'steps' | 'epochs'> {
  const { steps, epochs } = recipe;
  const last = (path: string): number | undefined => {
    const value = events.findLast((x) => x.path === path)?.value;
    return typeof value === 'number' ? value : undefined;
  };
  return steps === undefined ? { epochs: last('recipe.epochs') ?? epochs } : { steps: last('recipe.steps') ?? steps };
}

/** null when only the person's files say how many. */
export const trainRowsOf = ({ stored }: ScriptInput, { data }: ResolvedVariant): number | null =>
  stored?.splits.train?.rows ?? dataShape(data).trainRows;

/**
 * @param clashes Python names that this kind of script gives to something else than layers.
 * @throws DocumentError when there is no such variant, or one cannot be resolved; InteropError MISSING_DATA without the points
 * of generated data.
 */
export function scriptContext(input: ScriptInput, clashes?: (name: string) => boolean): ScriptContext {
  const resolved = resolveVariant(input.experiment, input.variant);
  const { data } = resolved;
  const drawnFrom = isGenerated(data) ? data : null;
  const variant = { ...resolved, data: isGenerated(data) ? tableOf(data, input.points) : data };
  const layers = scriptLayers(variant, clashes);
  const events = [...(input.events ?? [])].sort((a, b) => a.step - b.step);
  const length = lengthOf(variant, events);
  const steps = totalSteps({ ...variant.recipe, ...length }, trainRowsOf(input, variant));
  return {
    input,
    variant,
    drawnFrom,
    layers,
    parameters: parametersOf(layers),
    // A change after the last update changes nothing.
    events: events.filter((x) => steps === null || x.step < steps),
    earlier: earlierVariants(input),
    steps,
    epochs: length.epochs ?? null,
  };
}

/** Whether the field was changed while the run went on. */
export const isChanged = ({ events }: ScriptContext, path: string): boolean => events.some((x) => x.path === path);

/**
 * The examples of a stored data set that the exporter was given.
 * @throws InteropError MISSING_DATA.
 */
export function requireStored({ input }: ScriptContext): StoredArrays {
  if (input.stored !== undefined) return input.stored;
  throw new InteropError('MISSING_DATA', 'the data set of the experiment is needed to write it beside the script', {
    what: 'data',
  });
}

/**
 * The pictures that the exporter was given.
 * @throws InteropError MISSING_DATA.
 */
export function requirePictures({ input }: ScriptContext): NonNullable<ScriptInput['pictures']> {
  if (input.pictures !== undefined) return input.pictures;
  throw new InteropError('MISSING_DATA', 'the pictures of the experiment are needed to write them beside the script', {
    what: 'data',
  });
}
