// The public face of the ops: the exhaustive table, and each op's reference by name.
import { dropoutRule } from './dropout.ts';
import { l1PenaltyRule } from './l1-penalty.ts';
import { l2PenaltyRule } from './l2-penalty.ts';
import { linearRule } from './linear.ts';
import { mseLossRule } from './mse-loss.ts';
import type { OpName, OpRule } from './op.ts';
import { reluRule } from './relu.ts';
import { sigmoidRule } from './sigmoid.ts';
import { tanhRule } from './tanh.ts';

export const OPS: Readonly<Record<OpName, OpRule>> = {
  linear: linearRule,
  relu: reluRule,
  tanh: tanhRule,
  sigmoid: sigmoidRule,
  dropout: dropoutRule,
  mse_loss: mseLossRule,
  l1_penalty: l1PenaltyRule,
  l2_penalty: l2PenaltyRule,
};

export { dropout } from './dropout.ts';
export { l1Penalty } from './l1-penalty.ts';
export { l2Factors, l2Penalty, type L2Form } from './l2-penalty.ts';
export { linear, type LinearGradients, type LinearSizes } from './linear.ts';
export { mseLoss } from './mse-loss.ts';
export { OP_NAMES, type OpName, type OpRule, type Values } from './op.ts';
export { adam, sgd, type AdamOptions, type AdamState, type SgdOptions, type SgdState } from './optimizers.ts';
export { relu } from './relu.ts';
export { sigmoid } from './sigmoid.ts';
export { tanh } from './tanh.ts';
