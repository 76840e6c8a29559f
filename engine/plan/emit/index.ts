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
import { emitActivation } from './elementwise.ts';
import { emitLinear } from './linear.ts';
import { emitMaxPool } from './pool.ts';

const EMITTERS: { readonly [T in LayerType]?: Emitter<LayerOf<T>> } = {
  Linear: emitLinear,
  Conv2d: emitConv,
  MaxPool2d: emitMaxPool,
  Flatten: passOn,
  ReLU: emitActivation as Emitter<LayerOf<'ReLU'>>,
  Sigmoid: emitActivation as Emitter<LayerOf<'Sigmoid'>>,
  Tanh: emitActivation as Emitter<LayerOf<'Tanh'>>,
  Dropout: emitDropout,
  Dropout2d: emitDropout2d,
  AlphaDropout: emitAlphaDropout,
  GaussianDropout: emitGaussianDropout,
  DropConnect: emitDropConnect,
};

export function emitLayer(context: LayerContext): Emitted {
  const emitter = EMITTERS[context.layer.type] as Emitter<LayerSpec> | undefined;
  if (!emitter) throw new Error(`no emitter for ${context.layer.type}`);
  return emitter(context);
}

export { LOSS_EMITTERS, type LossContext } from './loss.ts';
