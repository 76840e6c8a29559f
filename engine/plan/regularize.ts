// What acts on one parameter besides its gradient, from the recipe, the layer's own values and the parameter's role.
import { l2Factors, type ParameterTreatment } from '../ops/index.ts';
import type { ResolvedVariant } from '../spec/index.ts';
import { instruction, type Buffer, type Instruction, type Share } from './instruction.ts';
import { updateWidth, type Parameter } from './parameters.ts';

/** Codes of `clipping` in an update's record. */
const CLIPPING = { norm: 1, value: 2 } as const;

/** The penalties' factors: of Σ|w| and Σw² in the objective, of sign(w) and w in the gradient. */
export interface PenaltyFactors {
  readonly l1Value: number;
  readonly l2Value: number;
  readonly l1Gradient: number;
  readonly l2Gradient: number;
}

export function penaltyFactors({ recipe }: ResolvedVariant, { l1, l2 }: ParameterTreatment): PenaltyFactors {
  const { l1_method, l2_form } = recipe.regularization;
  const { value, gradient } = l2Factors(l2, l2_form);
  return { l1Value: l1, l2Value: value, l1Gradient: l1_method === 'subgradient' ? l1 : 0, l2Gradient: gradient };
}

/** What an update must wait for: the loss is known to be finite; the factor of clipping by norm. */
export interface UpdateWaits {
  readonly verdict: Buffer;
  readonly clip: Buffer;
}

export function updateInstruction(
  resolved: ResolvedVariant,
  parameter: Parameter,
  gradient: Buffer,
  { verdict, clip }: UpdateWaits,
  share: Share,
): Instruction {
  const { optimizer, gradient_clipping: clipping, regularization } = resolved.recipe;
  const { treatment } = parameter;
  const { l1Gradient, l2Gradient } = penaltyFactors(resolved, treatment);
  const clippedByNorm = clipping?.type === 'norm';
  const isDecoupled = optimizer.type === 'AdamW';
  const [state1, state2, state3] = parameter.states;
  return instruction(
    'update',
    share,
    {
      w: parameter.value,
      g: gradient,
      norms: parameter.norms,
      verdict,
      ...(clippedByNorm && { clip }),
      state1,
      state2,
      state3,
    },
    {
      width: updateWidth(parameter),
      // Clipping by norm has put them into the gradient before.
      l1: clippedByNorm ? 0 : l1Gradient,
      l2: clippedByNorm ? 0 : l2Gradient,
      decay: isDecoupled ? 0 : treatment.weightDecay,
      clipping: clipping ? CLIPPING[clipping.type] : 0,
      decoupled: treatment.decoupledDecay,
      decoupledToo: isDecoupled ? treatment.weightDecay : 0,
      proximal: regularization.l1_method === 'proximal' ? treatment.l1 : 0,
      maxNorm: treatment.maxNorm ?? 0,
    },
  );
}
