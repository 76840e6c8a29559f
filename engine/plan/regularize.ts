// What acts on one parameter besides its gradient, from the recipe, the layer's own values and the parameter's role.
import { l2Factors } from '../ops/index.ts';
import { effectiveRegularization, type ResolvedVariant } from '../spec/index.ts';
import type { Share } from './instruction.ts';
import { instruction, type Instruction } from './instruction.ts';
import { updateRows, updateWidth, type Parameter } from './parameters.ts';
import type { Buffer } from './instruction.ts';

/** Codes of `clip` in an update's record. */
const CLIPPING = { norm: 1, value: 2 } as const;

/** The penalties' factors: of Σ|w| and Σw² in the objective, of sign(w) and w in the gradient. */
export interface PenaltyFactors {
  readonly l1Value: number;
  readonly l2Value: number;
  readonly l1Gradient: number;
  readonly l2Gradient: number;
}

export function penaltyFactors(resolved: ResolvedVariant, parameter: Parameter): PenaltyFactors {
  const { l1, l1_method, l2, l2_form } = effectiveRegularization(resolved, parameter.layer, parameter.role);
  const { value, gradient } = l2Factors(l2, l2_form);
  return { l1Value: l1, l2Value: value, l1Gradient: l1_method === 'subgradient' ? l1 : 0, l2Gradient: gradient };
}

export function updateInstruction(
  resolved: ResolvedVariant,
  parameter: Parameter,
  verdict: Buffer,
  share: (rows: number) => Share,
): Instruction {
  const { optimizer, gradient_clipping: clipping } = resolved.recipe;
  const acting = effectiveRegularization(resolved, parameter.layer, parameter.role);
  const { l1Gradient, l2Gradient } = penaltyFactors(resolved, parameter);
  const clippedByNorm = clipping?.type === 'norm';
  const decoupled = optimizer.type === 'AdamW' ? acting.weight_decay : 0;
  const [state1, state2, state3] = parameter.states;
  return instruction(
    'update',
    share(updateRows(parameter)),
    { w: parameter.value, g: parameter.gradient, norms: parameter.norms, verdict, state1, state2, state3 },
    {
      width: updateWidth(parameter),
      // Clipping by norm has put them into the gradient before.
      l1: clippedByNorm ? 0 : l1Gradient,
      l2: clippedByNorm ? 0 : l2Gradient,
      decay: optimizer.type === 'AdamW' ? 0 : acting.weight_decay,
      clip: clipping ? CLIPPING[clipping.type] : 0,
      shrink: decoupled + acting.decoupled_decay,
      proximal: acting.l1_method === 'proximal' ? acting.l1 : 0,
      maxNorm: acting.max_norm ?? 0,
    },
  );
}
