// A small model's answers without dropout, worked out from the weights that one update begins with: what the record of a run on
// a table does not hold. In double precision, for three digits; the engine's own numbers are those of the evaluations.
import type { LayerSpec, ResolvedVariant, StepArithmetic } from '../../engine/spec/index.ts';

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** What a layer does to each number of a row; null for layers that do something else. */
function elementwise(layer: LayerSpec): ((z: number) => number) | null {
  switch (layer.type) {
    case 'ReLU':
      return (z) => Math.max(0, z);
    case 'LeakyReLU':
      return (z) => (z > 0 ? z : layer.negative_slope * z);
    case 'ELU':
      return (z) => (z > 0 ? z : layer.alpha * Math.expm1(z));
    case 'SiLU':
      return (z) => z * sigmoid(z);
    case 'Sigmoid':
      return sigmoid;
    case 'Tanh':
      return Math.tanh;
    case 'Dropout':
    case 'AlphaDropout':
    case 'GaussianDropout':
      return (z) => z;
    default:
      return null;
  }
}

function linear(row: readonly number[], weight: Float32Array, bias: Float32Array | null): number[] {
  const inputs = row.length;
  return Array.from({ length: weight.length / inputs }, (_, j) =>
    row.reduce((sum, x, i) => sum + x * (weight[j * inputs + i] ?? Number.NaN), bias?.[j] ?? 0),
  );
}

/**
 * @param rows inputs, one list of numbers each.
 * @returns one list of outputs per row; null for models with layers that are not worked out here.
 */
export function answers(
  { model }: ResolvedVariant,
  { tensors }: StepArithmetic,
  rows: readonly (readonly number[])[],
): readonly (readonly number[])[] | null {
  const array = (name: string): Float32Array | null => tensors.find((x) => x.name === name)?.values ?? null;
  let at = rows;
  for (const layer of model.layers) {
    if (layer.inputs !== undefined) return null;
    if (layer.type === 'Linear') {
      const weight = array(`${layer.name}.weight`);
      if (!weight) return null;
      const bias = array(`${layer.name}.bias`);
      at = at.map((row) => linear(row, weight, bias));
      continue;
    }
    const each = elementwise(layer);
    if (!each) return null;
    at = at.map((row) => row.map(each));
  }
  return at;
}
