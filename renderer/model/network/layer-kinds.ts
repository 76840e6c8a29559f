// The kinds of layers as a person builds with them: where they stand in the palette, how torch users name them, and with which
// arguments a fresh one begins. An exhaustive table: a new kind of layer needs a line here.
import { Layer, layerRule, parseWith, type LayerSpec, type LayerType } from '../../../engine/spec/index.ts';

export const KIND_GROUPS = ['weights', 'activation', 'normalisation', 'pooling', 'dropout', 'combine'] as const;
export type KindGroup = (typeof KIND_GROUPS)[number];

interface LayerKind {
  readonly group: KindGroup;
  /** `fc` of fc1, fc2. */
  readonly stem: string;
  /** What a fresh layer has besides the schema's defaults. */
  readonly fresh?: object;
  /** Other words people search for. */
  readonly search?: string;
}

export const LAYER_KINDS: { readonly [T in LayerType]: LayerKind } = {
  Linear: { group: 'weights', stem: 'fc', fresh: { out_features: 64 }, search: 'dense fully connected 全连接' },
  Conv2d: {
    group: 'weights',
    stem: 'conv',
    fresh: { out_channels: 16, kernel_size: 3, padding: 1 },
    search: 'convolution 卷积',
  },
  DropConnect: { group: 'weights', stem: 'dropconnect', fresh: { out_features: 64, p: 0.5 }, search: 'linear dropout' },
  ReLU: { group: 'activation', stem: 'relu', search: 'activation 激活' },
  LeakyReLU: { group: 'activation', stem: 'leakyrelu', search: 'activation 激活' },
  ELU: { group: 'activation', stem: 'elu', search: 'activation 激活' },
  GELU: { group: 'activation', stem: 'gelu', search: 'activation 激活' },
  SiLU: { group: 'activation', stem: 'silu', search: 'swish activation 激活' },
  Sigmoid: { group: 'activation', stem: 'sigmoid', search: 'logistic activation 激活' },
  Tanh: { group: 'activation', stem: 'tanh', search: 'activation 激活' },
  Softmax: { group: 'activation', stem: 'softmax', search: 'probabilities 概率' },
  LogSoftmax: { group: 'activation', stem: 'logsoftmax', search: 'log probabilities 概率' },
  BatchNorm1d: { group: 'normalisation', stem: 'bn', search: 'batch normalisation normalization 归一化' },
  BatchNorm2d: { group: 'normalisation', stem: 'bn', search: 'batch normalisation normalization 归一化' },
  LayerNorm: { group: 'normalisation', stem: 'ln', search: 'normalisation normalization 归一化' },
  MaxPool2d: { group: 'pooling', stem: 'pool', fresh: { kernel_size: 2 }, search: 'pooling 池化' },
  AvgPool2d: { group: 'pooling', stem: 'pool', fresh: { kernel_size: 2 }, search: 'average pooling 池化' },
  AdaptiveAvgPool2d: { group: 'pooling', stem: 'pool', fresh: { output_size: 1 }, search: 'global average 池化' },
  Flatten: { group: 'pooling', stem: 'flatten', search: 'reshape view 展平' },
  Dropout: { group: 'dropout', stem: 'dropout', fresh: { p: 0.5 }, search: '丢弃' },
  Dropout2d: { group: 'dropout', stem: 'dropout', fresh: { p: 0.25 }, search: 'spatial channels 丢弃' },
  AlphaDropout: { group: 'dropout', stem: 'dropout', fresh: { p: 0.1 }, search: 'selu 丢弃' },
  GaussianDropout: { group: 'dropout', stem: 'dropout', fresh: { p: 0.5 }, search: 'noise 丢弃' },
  Add: { group: 'combine', stem: 'add', search: 'residual skip sum 残差 相加' },
  Concat: { group: 'combine', stem: 'cat', search: 'concatenate join 拼接' },
};

export const LAYER_TYPES = Object.keys(LAYER_KINDS) as readonly LayerType[];

/** Whether it may have penalties of its own. */
export const isTrained = (type: LayerType): boolean =>
  LAYER_KINDS[type].group === 'weights' || LAYER_KINDS[type].group === 'normalisation';

export const takesSeveral = (layer: LayerSpec): boolean => layerRule(layer).arity === 'several';

/** The lowest number that is free behind a stem: fc1, fc2. */
export function freshName(stem: string, taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(`${stem}${String(number)}`)) number += 1;
  return `${stem}${String(number)}`;
}

/** A layer of a kind with its defaults, under a name that nobody has. */
export const freshLayer = (type: LayerType, taken: ReadonlySet<string>): LayerSpec =>
  parseWith(Layer, { type, name: freshName(LAYER_KINDS[type].stem, taken), ...LAYER_KINDS[type].fresh }, 'Layer');

/** Whether a layer is called as a fresh one of its kind would be. */
export function isFreshlyNamed(layer: LayerSpec): boolean {
  const { stem } = LAYER_KINDS[layer.type];
  return layer.name.startsWith(stem) && /^\d+$/.test(layer.name.slice(stem.length));
}

/** Kinds that a search finds, those that begin with it first. */
export function searchKinds(text: string): readonly LayerType[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return LAYER_TYPES;
  const begins = (type: LayerType) => type.toLowerCase().startsWith(wanted) || LAYER_KINDS[type].stem === wanted;
  const mentions = (type: LayerType) =>
    `${type} ${LAYER_KINDS[type].stem} ${LAYER_KINDS[type].search ?? ''}`.toLowerCase().includes(wanted);
  return [...LAYER_TYPES.filter(begins), ...LAYER_TYPES.filter((x) => !begins(x) && mentions(x))];
}
