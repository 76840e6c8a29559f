// A layer's arguments at a glance, in torch's words, which need no translation: what matters most first, defaults left out.
import type { LayerOf, LayerSpec, LayerType } from '../../../engine/spec/index.ts';
import { fieldText } from '../numbers.ts';
import { sizeText } from '../layer-fields.ts';

const size = (value: unknown): string => (Array.isArray(value) ? String(sizeText(value)) : fieldText(value));
const not = <T>(name: string, value: T, fallback: T): readonly string[] =>
  value === undefined || value === fallback ? [] : [`${name}=${size(value)}`];
const noBias = ({ bias }: { readonly bias: boolean }): readonly string[] => (bias ? [] : ['bias=False']);
const p = (layer: { readonly p: number }): string => `p=${fieldText(layer.p)}`;
const none = (): readonly string[] => [];
const dropping = (layer: { readonly p: number }): readonly string[] => [p(layer)];
const pooling = (layer: LayerOf<'MaxPool2d' | 'AvgPool2d'>): readonly string[] => [
  size(layer.kernel_size),
  ...not('stride', layer.stride, layer.kernel_size),
  ...not('padding', layer.padding, 0),
];

const ARGUMENTS: { readonly [T in LayerType]: (layer: LayerOf<T>) => readonly string[] } = {
  Linear: (layer) => [size(layer.out_features), ...noBias(layer)],
  DropConnect: (layer) => [size(layer.out_features), p(layer), ...noBias(layer)],
  Conv2d: (layer) => [
    size(layer.out_channels),
    size(Array.isArray(layer.kernel_size) ? layer.kernel_size : [layer.kernel_size, layer.kernel_size]),
    ...not('stride', layer.stride, 1),
    ...not('padding', layer.padding, 0),
    ...not('dilation', layer.dilation, 1),
    ...not('groups', layer.groups, 1),
    ...noBias(layer),
  ],
  MaxPool2d: pooling,
  AvgPool2d: pooling,
  AdaptiveAvgPool2d: (layer) => [size(layer.output_size)],
  Flatten: none,
  BatchNorm1d: (layer) => not('momentum', layer.momentum, 0.1),
  BatchNorm2d: (layer) => not('momentum', layer.momentum, 0.1),
  LayerNorm: none,
  ReLU: none,
  LeakyReLU: (layer) => [size(layer.negative_slope)],
  ELU: (layer) => not('alpha', layer.alpha, 1),
  GELU: (layer) => not('approximate', layer.approximate, 'none'),
  SiLU: none,
  Sigmoid: none,
  Tanh: none,
  Softmax: none,
  LogSoftmax: none,
  Dropout: (layer) => [p(layer), ...not('gradient', layer.gradient, 'chain_rule')],
  Dropout2d: dropping,
  AlphaDropout: dropping,
  GaussianDropout: dropping,
  Add: none,
  Concat: none,
};

export const keyArguments = (layer: LayerSpec): readonly string[] =>
  (ARGUMENTS[layer.type] as (layer: LayerSpec) => readonly string[])(layer);

const PENALTY_MARKS = {
  l1: (x: unknown) => `λ₁ ${fieldText(x)}`,
  l2: (x: unknown) => `λ₂ ${fieldText(x)}`,
  decoupled_decay: (x: unknown) => `decay ${fieldText(x)}`,
  max_norm: (x: unknown) => (x === null ? '‖w‖ < ∞' : `‖w‖ ≤ ${fieldText(x)}`),
  weight_decay: (x: unknown) => `weight_decay ${fieldText(x)}`,
} as const;

/** What a layer has of its own: penalties, and how its first values are drawn. */
export function badgesOf(layer: LayerSpec): readonly string[] {
  const penalties = 'regularization' in layer ? Object.entries(layer.regularization ?? {}) : [];
  const marks = penalties.flatMap(([key, value]) =>
    value === undefined ? [] : [PENALTY_MARKS[key as keyof typeof PENALTY_MARKS](value)],
  );
  const init = 'init' in layer ? layer.init : undefined;
  const drawn = [init?.weight?.type, init?.bias && `bias: ${init.bias.type}`].filter((x) => x !== undefined);
  return [...marks, ...drawn];
}
