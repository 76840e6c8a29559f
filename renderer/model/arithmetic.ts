// One update taken apart, put into the order in which people follow it: what each array is, and how it comes from the others.
import {
  elements,
  type LayerSpec,
  type LayerType,
  type ModelSpec,
  type NamedTensor,
  type ResolvedVariant,
  type Shape,
  type StepArithmetic,
} from '../../engine/spec/index.ts';

export const ROLES = [
  'weights',
  'input',
  'preActivation',
  'activation',
  'mask',
  'scaled',
  'features',
  'output',
  'target',
  'error',
  'loss',
  'delta',
  'gradient',
  'updated',
] as const;
/** What an array is in plain words. */
export type Role = (typeof ROLES)[number];

export const STAGES = ['before', 'forward', 'error', 'backward', 'gradients', 'after'] as const;
/** `before`: the weights that the update begins with. `after`: those that it ends with. */
export type Stage = (typeof STAGES)[number];

export interface ArithmeticArray {
  /** Unique: the tensor's name. */
  readonly id: string;
  readonly role: Role;
  /** Layer that it belongs to; null for what belongs to the data or the loss. */
  readonly layer: LayerSpec | null;
  readonly tensor: NamedTensor;
  /** How it is computed, in signs that need no translation; '' where there is nothing to say. */
  readonly formula: string;
  /** Rows are examples. */
  readonly byExample: boolean;
}

export interface ArithmeticStage {
  readonly stage: Stage;
  readonly arrays: readonly ArithmeticArray[];
}

const LEARNS: ReadonlySet<LayerType> = new Set(['Linear', 'Conv2d', 'DropConnect']);
const ACTIVATIONS: Partial<Record<LayerType, string>> = {
  ReLU: 'a = max(0, z)',
  LeakyReLU: 'a = max(z, slope·z)',
  ELU: 'a = z,  or α·(eᶻ − 1) below 0',
  GELU: 'a = z·Φ(z)',
  SiLU: 'a = z / (1 + e⁻ᶻ)',
  Sigmoid: 'a = 1 / (1 + e⁻ᶻ)',
  Tanh: 'a = tanh z',
  Softmax: 'a = eᶻ / Σ eᶻ',
  LogSoftmax: 'a = z − log Σ eᶻ',
};
const DROPS: ReadonlySet<LayerType> = new Set(['Dropout', 'Dropout2d', 'AlphaDropout', 'GaussianDropout']);

function roleOf(layer: LayerSpec, isLast: boolean): Role {
  if (isLast) return 'output';
  if (LEARNS.has(layer.type)) return 'preActivation';
  if (layer.type in ACTIVATIONS) return 'activation';
  return DROPS.has(layer.type) ? 'scaled' : 'features';
}

function formulaOf(layer: LayerSpec): string {
  switch (layer.type) {
    case 'Linear':
    case 'DropConnect':
      return layer.bias ? 'z = x·Wᵀ + b' : 'z = x·Wᵀ';
    case 'Conv2d':
      return layer.bias ? 'z = W ∗ x + b' : 'z = W ∗ x';
    case 'Dropout':
    case 'Dropout2d':
    case 'GaussianDropout':
      return 'h = m ⊙ a';
    case 'Add':
      return 'Σ x';
    default:
      return ACTIVATIONS[layer.type] ?? '';
  }
}

const maskFormula = (layer: LayerSpec): string => {
  if (!('p' in layer)) return '';
  if (layer.type === 'GaussianDropout') return 'm ~ N(1, p/(1 − p))';
  return layer.type === 'Dropout' || layer.type === 'Dropout2d'
    ? `m = 0,  or 1/(1 − ${String(layer.p)})`
    : `p = ${String(layer.p)}`;
};

const SUFFIX = { gradient: '.gradient', updated: '.updated' } as const;

/** The layer that a tensor's name begins with. */
const layerOf = (model: ModelSpec, name: string): LayerSpec | null =>
  model.layers.find((x) => name.startsWith(`${x.name}.`)) ?? null;

interface Placed extends ArithmeticArray {
  readonly stage: Stage;
}

function place(tensor: NamedTensor, { model }: ResolvedVariant): Placed {
  const { name } = tensor;
  const layer = layerOf(model, name);
  const base = { id: name, layer, tensor };
  const put = (stage: Stage, role: Role, formula: string, byExample: boolean): Placed => ({
    ...base,
    stage,
    role,
    formula,
    byExample,
  });
  if (name === 'input') return put('forward', 'input', '', true);
  if (name === 'target') return put('error', 'target', '', true);
  if (name === 'loss') return put('error', 'loss', '', false);
  if (layer === null) return put('forward', 'features', '', false);
  const isLast = layer === model.layers.at(-1);
  if (name.endsWith(`.output${SUFFIX.gradient}`)) return put('backward', 'delta', `∂L/∂(${layer.name})`, true);
  if (name.endsWith('.output')) return put('forward', roleOf(layer, isLast), formulaOf(layer), true);
  if (name.endsWith('.mask')) return put('forward', 'mask', maskFormula(layer), true);
  if (name.endsWith(SUFFIX.gradient)) return put('gradients', 'gradient', '', false);
  if (name.endsWith(SUFFIX.updated)) return put('after', 'updated', '', false);
  return put('before', 'weights', '', false);
}

/** Output minus target, where targets are numbers of the output's own shape. */
function errorOf(output: Placed | undefined, target: Placed | undefined): Placed | null {
  if (!output || !target || output.tensor.values.length !== target.tensor.values.length) return null;
  const wanted = target.tensor.values;
  const values = output.tensor.values.map((x, i) => x - (wanted[i] ?? Number.NaN));
  return {
    id: 'error',
    stage: 'error',
    role: 'error',
    layer: null,
    tensor: { name: 'error', shape: output.tensor.shape, values },
    formula: 'y − t',
    byExample: true,
  };
}

/** @param kind what the data's targets are: a class index is nothing to subtract from. */
export function stages(
  arithmetic: StepArithmetic,
  resolved: ResolvedVariant,
  kind: 'values' | 'classes',
): ArithmeticStage[] {
  const placed = arithmetic.tensors.map((tensor) => place(tensor, resolved));
  const error =
    kind === 'values'
      ? errorOf(
          placed.find((x) => x.role === 'output'),
          placed.find((x) => x.role === 'target'),
        )
      : null;
  const loss = placed.findIndex((x) => x.role === 'loss');
  if (error) placed.splice(loss < 0 ? placed.length : loss, 0, error);
  return STAGES.flatMap((stage) => {
    const arrays = placed.filter((x) => x.stage === stage);
    return arrays.length > 0 ? [{ stage, arrays }] : [];
  });
}

/** A view of an array as a table: rows of numbers, the rest of the shape flattened into columns. */
export interface ArrayTable {
  readonly rows: number;
  readonly columns: number;
}

/** A vector is one row; a number is one cell. */
export function tableOf(shape: Shape): ArrayTable {
  if (shape.length <= 1) return { rows: 1, columns: shape[0] ?? 1 };
  const [rows = 1, ...rest] = shape;
  return { rows, columns: elements(rest) };
}

export interface Summary {
  readonly smallest: number;
  readonly largest: number;
  readonly mean: number;
  /** Share of exact zeros. */
  readonly zeros: number;
}

export function summaryOf(values: Float32Array): Summary {
  let [smallest, largest, sum, zeros] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
    sum += value;
    if (value === 0) zeros += 1;
  }
  const count = Math.max(1, values.length);
  return { smallest, largest, mean: sum / count, zeros: zeros / count };
}
