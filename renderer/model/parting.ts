// Where the tutorial's dropout ("as printed") and the derivative ("corrected") part: after a Sigmoid, the published code takes the
// slope a·(1 − a) at the masked and scaled activation. Both deltas are worked out here from the arrays of one update.
import type { NamedTensor, ResolvedVariant, StepArithmetic } from '../../engine/spec/index.ts';

export interface Parting {
  /** Array at which they differ: the delta below the Sigmoid (`fc1.output.gradient`). */
  readonly at: string;
  readonly sigmoid: string;
  readonly dropout: string;
  /** Which of the two the run takes. */
  readonly used: 'as_printed' | 'chain_rule';
  readonly p: number;
  readonly shape: readonly number[];
  /** g ⊙ h·(1 − h), h = m ⊙ a. */
  readonly asPrinted: Float32Array;
  /** g ⊙ m ⊙ a·(1 − a). */
  readonly chainRule: Float32Array;
  /** Numbers that point to opposite sides: h above 1 turns the sign. */
  readonly opposite: number;
}

/** Every Dropout that stands right after a Sigmoid, with both deltas. */
export function partings({ model }: ResolvedVariant, { tensors }: StepArithmetic): Parting[] {
  const of = (name: string): NamedTensor | undefined => tensors.find((x) => x.name === name);
  return model.layers.flatMap((layer, i) => {
    const sigmoid = model.layers[i - 1];
    const below = model.layers[i - 2];
    if (layer.type !== 'Dropout' || layer.inputs !== undefined || sigmoid?.type !== 'Sigmoid' || !below) return [];
    const gradient = of(`${layer.name}.output.gradient`)?.values;
    const activation = of(`${sigmoid.name}.output`)?.values;
    const mask = of(`${layer.name}.mask`)?.values;
    const scaled = of(`${layer.name}.output`)?.values;
    const delta = of(`${below.name}.output.gradient`);
    if (!gradient || !activation || !mask || !scaled || !delta) return [];
    const asPrinted = gradient.map((g, k) => g * slope(scaled[k]));
    const chainRule = gradient.map((g, k) => g * (mask[k] ?? Number.NaN) * slope(activation[k]));
    return [
      {
        at: delta.name,
        sigmoid: sigmoid.name,
        dropout: layer.name,
        used: layer.gradient,
        p: layer.p,
        shape: delta.shape,
        asPrinted,
        chainRule,
        opposite: asPrinted.filter((x, k) => x * (chainRule[k] ?? 0) < 0).length,
      },
    ];
  });
}

const slope = (a = Number.NaN): number => a * (1 - a);
