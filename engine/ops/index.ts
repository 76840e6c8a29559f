// The public face of the references: exhaustive tables, so that a layer, loss or optimizer without one does not compile.
import type { Generator } from '../random/index.ts';
import type {
  LayerOf,
  LayerSpec,
  LayerType,
  LossSpec,
  LossType,
  OptimizerOf,
  OptimizerSpec,
  OptimizerType,
} from '../spec/index.ts';
import { checkOperands, OperandError, type LayerContext, type LayerReference, type Tape } from './layer-reference.ts';
import { add } from './layers/add.ts';
import { alphaDropout } from './layers/alpha-dropout.ts';
import { adaptiveAvgPool2d, avgPool2d } from './layers/average-pooling.ts';
import { batchNorm1d, batchNorm2d } from './layers/batch-norm.ts';
import { concat } from './layers/concat.ts';
import { conv2d } from './layers/conv2d.ts';
import { dropConnect } from './layers/drop-connect.ts';
import { dropout } from './layers/dropout.ts';
import { dropout2d } from './layers/dropout2d.ts';
import { elu } from './layers/elu.ts';
import { flatten } from './layers/flatten.ts';
import { gaussianDropout } from './layers/gaussian-dropout.ts';
import { gelu } from './layers/gelu.ts';
import { layerNorm } from './layers/layer-norm.ts';
import { leakyRelu } from './layers/leaky-relu.ts';
import { linear } from './layers/linear.ts';
import { maxPool2d } from './layers/max-pool2d.ts';
import { relu } from './layers/relu.ts';
import { sigmoid } from './layers/sigmoid.ts';
import { silu } from './layers/silu.ts';
import { logSoftmax, softmax } from './layers/softmax.ts';
import { tanh } from './layers/tanh.ts';
import { bceWithLogitsLoss } from './losses/bce-with-logits-loss.ts';
import { crossEntropyLoss, nllLoss } from './losses/class-losses.ts';
import { huberLoss } from './losses/huber-loss.ts';
import { l1Loss } from './losses/l1-loss.ts';
import type { LossOf } from './losses/loss-of.ts';
import type { LossReference, LossValue } from './losses/loss-reference.ts';
import { mseLoss } from './losses/mse-loss.ts';
import { smoothL1Loss } from './losses/smooth-l1-loss.ts';
import { adagrad } from './optimizers/adagrad.ts';
import { adam, adamW } from './optimizers/adam.ts';
import type { OptimizerReference } from './optimizers/optimizer-reference.ts';
import { rmsprop } from './optimizers/rmsprop.ts';
import { sgd } from './optimizers/sgd.ts';
import type { Tensor, Values } from './values.ts';

export { clipGradients, totalNorm } from './clipping.ts';
export {
  OperandError,
  type LayerContext,
  type LayerGradients,
  type LayerNoise,
  type LayerReference,
  type NamedValues,
  type ParameterName,
  type StateName,
  type Tape,
} from './layer-reference.ts';
export { sigmoidSlope } from './layers/sigmoid.ts';
export { tanhSlope } from './layers/tanh.ts';
export type { LossOf } from './losses/loss-of.ts';
export { LabelRangeError, type LossReference, type LossValue } from './losses/loss-reference.ts';
export {
  momentumOf,
  updateValues,
  type OptimizerReference,
  type OptimizerState,
  type UpdateValues,
} from './optimizers/optimizer-reference.ts';
export {
  decoupledDecay,
  l1Penalty,
  l2Factors,
  l2Penalty,
  limitNorms,
  softThreshold,
  type L2Form,
} from './penalties.ts';
export { afterEvaluation, afterUpdate, startSchedule, type ScheduleRecipe, type ScheduleState } from './schedules.ts';
export { parameterTreatments, type ParameterTreatment } from './treatment.ts';
export { tensor, type Tensor, type Values } from './values.ts';

export const LAYER_OPS: { readonly [T in LayerType]: LayerReference<LayerOf<T>> } = {
  Linear: linear,
  Conv2d: conv2d,
  MaxPool2d: maxPool2d,
  AvgPool2d: avgPool2d,
  AdaptiveAvgPool2d: adaptiveAvgPool2d,
  Flatten: flatten,
  BatchNorm1d: batchNorm1d,
  BatchNorm2d: batchNorm2d,
  LayerNorm: layerNorm,
  ReLU: relu,
  LeakyReLU: leakyRelu,
  ELU: elu,
  GELU: gelu,
  SiLU: silu,
  Sigmoid: sigmoid,
  Tanh: tanh,
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  Dropout: dropout,
  Dropout2d: dropout2d,
  AlphaDropout: alphaDropout,
  GaussianDropout: gaussianDropout,
  DropConnect: dropConnect,
  Add: add,
  Concat: concat,
};

export const LOSS_OPS: { readonly [T in LossType]: LossReference<LossOf<T>> } = {
  MSELoss: mseLoss,
  L1Loss: l1Loss,
  SmoothL1Loss: smoothL1Loss,
  HuberLoss: huberLoss,
  CrossEntropyLoss: crossEntropyLoss,
  NLLLoss: nllLoss,
  BCEWithLogitsLoss: bceWithLogitsLoss,
};

export const OPTIMIZER_OPS: { readonly [T in OptimizerType]: OptimizerReference<OptimizerOf<T>> } = {
  SGD: sgd,
  Adam: adam,
  AdamW: adamW,
  RMSprop: rmsprop,
  Adagrad: adagrad,
};

const layerReference = (layer: LayerSpec): LayerReference<LayerSpec> =>
  LAYER_OPS[layer.type] as unknown as LayerReference<LayerSpec>;

/**
 * One pass through a layer of any kind.
 * @param inputs as many as the layer takes, each [batch, …].
 * @throws LayerShapeError when the inputs do not fit the layer; OperandError naming an operand that is missing or too short.
 */
export function forwardLayer(layer: LayerSpec, inputs: readonly Tensor[], context: LayerContext): Tape {
  checkOperands(layer, inputs, context);
  const { forward, noise } = layerReference(layer);
  const expected = noise?.length(layer, inputs[0]?.shape ?? []);
  if (context.noise && context.noise.length !== expected)
    throw new OperandError(layer, 'noise', `needs ${expected ?? 'no'} values, but has ${context.noise.length}`);
  return forward(layer, inputs, context);
}

/**
 * The noise of one training pass, drawn from `generator` as torch draws it.
 * @param input shape of the layer's input, [batch, …].
 * @returns null, and no draw, for layers without noise and for p = 0.
 */
export function drawNoise(layer: LayerSpec, input: readonly number[], generator: Generator): Float64Array | null {
  const { noise } = layerReference(layer);
  if (!noise || !('p' in layer) || layer.p === 0) return null;
  return noise.draw(generator, layer, noise.length(layer, input));
}

/** Value and gradient of a loss of any kind. @throws RangeError, LabelRangeError as LossReference says. */
export const evaluateLoss = (loss: LossSpec, output: Tensor, target: Values): LossValue =>
  (LOSS_OPS[loss.type] as unknown as LossReference<LossSpec>).evaluate(loss, output, target);

/** The reference of an optimizer of any kind. */
export const optimizerReference = (optimizer: OptimizerSpec): OptimizerReference<OptimizerSpec> =>
  OPTIMIZER_OPS[optimizer.type] as unknown as OptimizerReference<OptimizerSpec>;
