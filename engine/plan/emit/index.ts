// How each kind of layer is emitted: an exhaustive table.
import type { LayerOf, LayerSpec, LayerType } from '../../spec/index.ts';
import type { Emitted, Emitter, LayerContext } from '../emission.ts';
import { emitConv } from './conv.ts';
import {
  emitAlphaDropout,
  emitDropConnect,
  emitDropout,
  emitDropout2d,
  emitGaussianDropout,
  passOn,
} from './dropout.ts';
import { emitElu, emitGelu, emitLeakyRelu, emitRelu, emitSigmoid, emitSilu, emitTanh } from './elementwise.ts';
import { emitLinear } from './linear.ts';
import { emitAdd, emitConcat } from './merge.ts';
import { emitBatchNorm, emitLayerNorm } from './normalization.ts';
import { emitAdaptiveAvgPool, emitAvgPool, emitMaxPool } from './pool.ts';
import { emitSoftmax } from './softmax.ts';

const EMITTERS: { readonly [T in LayerType]: Emitter<LayerOf<T>> } = {
  Linear: emitLinear,
  Conv2d: emitConv,
  MaxPool2d: emitMaxPool,
  AvgPool2d: emitAvgPool,
  AdaptiveAvgPool2d: emitAdaptiveAvgPool,
  Flatten: passOn,
  BatchNorm1d: emitBatchNorm,
  BatchNorm2d: emitBatchNorm,
  LayerNorm: emitLayerNorm,
  ReLU: emitRelu,
  LeakyReLU: emitLeakyRelu,
  ELU: emitElu,
  GELU: emitGelu,
  SiLU: emitSilu,
  Sigmoid: emitSigmoid,
  Tanh: emitTanh,
  Softmax: emitSoftmax,
  LogSoftmax: emitSoftmax,
  Dropout: emitDropout,
  Dropout2d: emitDropout2d,
  AlphaDropout: emitAlphaDropout,
  GaussianDropout: emitGaussianDropout,
  DropConnect: emitDropConnect,
  Add: emitAdd,
  Concat: emitConcat,
};

export function emitLayer(context: LayerContext): Emitted {
  return (EMITTERS[context.layer.type] as Emitter<LayerSpec>)(context);
}

export { emitterOfLoss, type LossContext } from './loss.ts';
