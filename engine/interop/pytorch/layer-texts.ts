// How each kind of layer is written in a PyTorch script: the constructor as a person would type it, defaults left out.
import type { LayerOf, LayerSpec, LayerShape, LayerType, Shape } from '../../spec/index.ts';
import { keyword, pyBool, pyCall, pyFloat, pyPair, pyTuple } from '../script/text.ts';

/** torch has no such module: the script joins values in `forward`. */
type Joining = 'Add' | 'Concat';
type TextRule<T extends LayerType> = (layer: LayerOf<T>, shape: LayerShape) => string;

const channels = ({ input: [first = 1] }: LayerShape): number => first;
const flag = (name: string, value: boolean, fallback: boolean) => keyword(name, value, fallback, pyBool);
const number = (name: string, value: number, fallback: number) => keyword(name, value, fallback, pyFloat);

type Pair = number | readonly [number, number];
const pairKeyword = (name: string, value: Pair | undefined, fallback: number): string | undefined =>
  value === undefined || value === fallback ? undefined : `${name}=${pyPair(value)}`;
const samePair = (a: Pair | undefined, b: Pair): boolean => a === undefined || pyPair(a) === pyPair(b);

/** torch's stride of a pooling layer is its kernel's size unless said otherwise. */
const poolStride = (layer: LayerOf<'MaxPool2d' | 'AvgPool2d'>): string | undefined =>
  samePair(layer.stride, layer.kernel_size) ? undefined : `stride=${pyPair(layer.stride ?? layer.kernel_size)}`;

const shapeText = (shape: Shape): string => (shape.length === 1 ? String(shape[0]) : pyTuple(shape));

const batchNorm = (layer: LayerOf<'BatchNorm1d' | 'BatchNorm2d'>, shape: LayerShape): string =>
  pyCall(`nn.${layer.type}`, [
    channels(shape),
    number('eps', layer.eps, 1e-5),
    number('momentum', layer.momentum, 0.1),
    flag('affine', layer.affine, true),
  ]);

const bare = (layer: LayerSpec): string => `nn.${layer.type}()`;
const overDimension1 = (layer: LayerSpec): string => `nn.${layer.type}(dim=1)`;
const dropping = (layer: LayerOf<'Dropout' | 'Dropout2d' | 'AlphaDropout'>): string =>
  `nn.${layer.type}(p=${pyFloat(layer.p)})`;

export const LAYER_TEXTS: { readonly [T in Exclude<LayerType, Joining>]: TextRule<T> } = {
  Linear: (layer, shape) => pyCall('nn.Linear', [channels(shape), layer.out_features, flag('bias', layer.bias, true)]),
  Conv2d: (layer, shape) =>
    pyCall('nn.Conv2d', [
      channels(shape),
      layer.out_channels,
      `kernel_size=${pyPair(layer.kernel_size)}`,
      pairKeyword('stride', layer.stride, 1),
      pairKeyword('padding', layer.padding, 0),
      pairKeyword('dilation', layer.dilation, 1),
      keyword('groups', layer.groups, 1, String),
      flag('bias', layer.bias, true),
    ]),
  MaxPool2d: (layer) =>
    pyCall('nn.MaxPool2d', [
      `kernel_size=${pyPair(layer.kernel_size)}`,
      poolStride(layer),
      pairKeyword('padding', layer.padding, 0),
      pairKeyword('dilation', layer.dilation, 1),
      flag('ceil_mode', layer.ceil_mode, false),
    ]),
  AvgPool2d: (layer) =>
    pyCall('nn.AvgPool2d', [
      `kernel_size=${pyPair(layer.kernel_size)}`,
      poolStride(layer),
      pairKeyword('padding', layer.padding, 0),
      flag('ceil_mode', layer.ceil_mode, false),
      flag('count_include_pad', layer.count_include_pad, true),
    ]),
  AdaptiveAvgPool2d: (layer) => `nn.AdaptiveAvgPool2d(${pyPair(layer.output_size)})`,
  Flatten: bare,
  BatchNorm1d: batchNorm,
  BatchNorm2d: batchNorm,
  LayerNorm: (layer, shape) =>
    pyCall('nn.LayerNorm', [
      shapeText(shape.input),
      number('eps', layer.eps, 1e-5),
      flag('elementwise_affine', layer.elementwise_affine, true),
      layer.elementwise_affine ? flag('bias', layer.bias, true) : undefined,
    ]),
  ReLU: bare,
  LeakyReLU: (layer) => pyCall('nn.LeakyReLU', [number('negative_slope', layer.negative_slope, 0.01)]),
  ELU: (layer) => pyCall('nn.ELU', [number('alpha', layer.alpha, 1)]),
  GELU: (layer) => pyCall('nn.GELU', [layer.approximate === 'none' ? undefined : `approximate="${layer.approximate}"`]),
  SiLU: bare,
  Sigmoid: bare,
  Tanh: bare,
  Softmax: overDimension1,
  LogSoftmax: overDimension1,
  Dropout: dropping,
  Dropout2d: dropping,
  AlphaDropout: dropping,
  GaussianDropout: (layer) => `GaussianDropout(p=${pyFloat(layer.p)})`,
  DropConnect: (layer, shape) =>
    pyCall('DropConnect', [
      channels(shape),
      layer.out_features,
      `p=${pyFloat(layer.p)}`,
      flag('bias', layer.bias, true),
    ]),
};

/** The constructor of any layer that is a module. */
export function layerText(layer: Exclude<LayerSpec, { type: Joining }>, shape: LayerShape): string {
  const rule = LAYER_TEXTS[layer.type] as (layer: LayerSpec, shape: LayerShape) => string;
  return rule(layer, shape);
}

/** What a layer that regularizes does, said once where it first appears. */
export const LAYER_NOTES: { readonly [T in LayerType]?: string } = {
  Dropout:
    'Dropout: in training every unit is left out with probability p and the kept ones are scaled by 1/(1-p), so no unit can rely on a particular other one; in evaluation nothing is left out.',
  Dropout2d: 'Dropout2d: dropout of whole channels, because neighbouring pixels of one channel say nearly the same.',
  AlphaDropout:
    'AlphaDropout: dropped units get a fixed negative value, then everything is rescaled so that mean and variance stay.',
  BatchNorm1d:
    'BatchNorm: normalises with the statistics of the batch in training, with their running averages in evaluation; the chance of the batch also regularizes.',
  BatchNorm2d:
    'BatchNorm: normalises with the statistics of the batch in training, with their running averages in evaluation; the chance of the batch also regularizes.',
};
