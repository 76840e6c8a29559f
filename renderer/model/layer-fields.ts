// The settings of each kind of layer, and how a layer gets its first weights.
import {
  readField,
  type InitializerSpec,
  type LayerOf,
  type LayerSpec,
  type LayerType,
} from '../../engine/spec/index.ts';
import type { PlainKey } from '../messages/catalogue.ts';
import { setFields } from './edits.ts';
import { LAYER_PENALTIES, setLayerPenalty } from './network/network-edits.ts';
import { isTrained } from './network/layer-kinds.ts';
import { setInitializer, setLayerArgument } from './recipe-edits.ts';
import {
  choice,
  named,
  number,
  toggle,
  type ChoiceFieldSpec,
  type FieldSpec,
  type NumberFieldSpec,
  type Option,
} from './fields.ts';

const at = (layer: LayerSpec, field: string) => `model.layers.${layer.name}.${field}`;

/** One number for both directions, or `5 × 3`: height and width. */
export function sizeText(value: unknown): unknown {
  return Array.isArray(value) ? value.join(' × ') : value;
}
/** Text that says two sizes becomes both; anything else stays what it is. */
export function typedSize(value: unknown): unknown {
  const two = typeof value === 'string' ? /^\s*(\d+)\s*[×x*]\s*(\d+)\s*$/i.exec(value) : null;
  return two ? [Number(two[1]), Number(two[2])] : value;
}

function size(layer: LayerSpec, field: string, label: PlainKey, rest: Partial<NumberFieldSpec> = {}): NumberFieldSpec {
  const path = at(layer, field);
  return number(path, label, {
    hint: 'model.sizeHint',
    step: 1,
    min: 1,
    read: (document) => sizeText(readField(document, path)) ?? '',
    edit: (value) => setFields([path], typedSize(value)),
    ...rest,
  });
}
const padding = (layer: LayerSpec) => size(layer, 'padding', 'model.padding', { min: 0 });
const bias = (layer: LayerSpec) => toggle(at(layer, 'bias'), 'model.bias');
const width = (layer: LayerSpec) =>
  number(at(layer, 'out_features'), 'model.units', { hint: 'model.outFeaturesHint', step: 10, min: 1 });
const eps = (layer: LayerSpec) => number(at(layer, 'eps'), 'recipe.eps', { min: 0 });

/** Left out, the stride of a pooling layer is its kernel's size. */
const poolStride = (layer: LayerOf<'MaxPool2d' | 'AvgPool2d'>): NumberFieldSpec =>
  size(layer, 'stride', 'model.stride', {
    hint: 'model.poolStrideHint',
    empty: 'model.asKernel',
    edit: (value) => setLayerArgument(layer.name, 'stride', typedSize(value)),
  });

function pooling(layer: LayerOf<'MaxPool2d' | 'AvgPool2d'>): readonly FieldSpec[] {
  return [
    size(layer, 'kernel_size', 'model.kernel'),
    poolStride(layer),
    padding(layer),
    toggle(at(layer, 'ceil_mode'), 'model.ceil', 'model.ceilHint'),
  ];
}

const normalization = (layer: LayerOf<'BatchNorm1d' | 'BatchNorm2d'>): readonly FieldSpec[] => [
  number(at(layer, 'momentum'), 'recipe.momentum', { hint: 'model.runningHint', step: 0.05, min: 0 }),
  eps(layer),
  toggle(at(layer, 'affine'), 'model.affine', 'model.affineHint'),
];

const none = () => [];

/** What can be set of a layer besides p, which stands in its row. */
const LAYER_FIELDS: { readonly [T in LayerType]: (layer: LayerOf<T>) => readonly FieldSpec[] } = {
  Linear: (layer) => [width(layer), bias(layer)],
  DropConnect: (layer) => [width(layer), bias(layer)],
  Conv2d: (layer) => [
    number(at(layer, 'out_channels'), 'model.channels', { hint: 'model.channelsHint', step: 1, min: 1 }),
    size(layer, 'kernel_size', 'model.kernel'),
    size(layer, 'stride', 'model.stride'),
    padding(layer),
    size(layer, 'dilation', 'model.dilation'),
    number(at(layer, 'groups'), 'model.groups', { step: 1, min: 1 }),
    bias(layer),
  ],
  MaxPool2d: (layer) => [...pooling(layer), size(layer, 'dilation', 'model.dilation')],
  AvgPool2d: (layer) => [...pooling(layer), toggle(at(layer, 'count_include_pad'), 'model.countPad')],
  AdaptiveAvgPool2d: (layer) => [size(layer, 'output_size', 'model.outputSize')],
  Flatten: none,
  BatchNorm1d: normalization,
  BatchNorm2d: normalization,
  LayerNorm: (layer) => [
    eps(layer),
    toggle(at(layer, 'elementwise_affine'), 'model.affine', 'model.affineHint'),
    bias(layer),
  ],
  ReLU: none,
  LeakyReLU: (layer) => [number(at(layer, 'negative_slope'), 'model.negativeSlope', { step: 0.01, min: 0 })],
  ELU: (layer) => [number(at(layer, 'alpha'), 'model.alpha', { step: 0.1, min: 0 })],
  GELU: (layer) => [
    choice(at(layer, 'approximate'), 'model.approximate', [
      { value: 'none', label: 'model.exact' },
      { value: 'tanh', label: 'model.byTanh' },
    ]),
  ],
  SiLU: none,
  Sigmoid: none,
  Tanh: none,
  Softmax: none,
  LogSoftmax: none,
  Dropout: (layer) => [
    choice(
      at(layer, 'gradient'),
      'model.gradient',
      [
        { value: 'chain_rule', label: 'model.chainRule' },
        { value: 'as_printed', label: 'model.asPrinted' },
      ],
      { hint: 'model.gradientHint' },
    ),
  ],
  Dropout2d: none,
  AlphaDropout: none,
  GaussianDropout: none,
  Add: none,
  Concat: none,
};

type Range = Partial<Pick<NumberFieldSpec, 'step' | 'min'>>;
/** Numbers of each kind of first values, by torch's names, which are their labels. */
const INITIALIZER_NUMBERS: {
  readonly [T in InitializerSpec['type']]: Readonly<Record<string, Range & { readonly label: PlainKey }>>;
} = {
  uniform: { a: { label: 'model.lower', step: 0.1 }, b: { label: 'model.upper', step: 0.1 } },
  normal: { mean: { label: 'model.mean', step: 0.1 }, std: { label: 'model.std', step: 0.1, min: 0 } },
  trunc_normal: {
    mean: { label: 'model.mean', step: 0.1 },
    std: { label: 'model.std', step: 0.1, min: 0 },
    a: { label: 'model.lower', step: 0.1 },
    b: { label: 'model.upper', step: 0.1 },
  },
  constant: { val: { label: 'model.value', step: 0.1 } },
  zeros: {},
  ones: {},
  xavier_uniform: { gain: { label: 'model.gain', step: 0.1, min: 0 } },
  xavier_normal: { gain: { label: 'model.gain', step: 0.1, min: 0 } },
  kaiming_uniform: { a: { label: 'model.negativeSlope', step: 0.1, min: 0 } },
  kaiming_normal: { a: { label: 'model.negativeSlope', step: 0.1, min: 0 } },
};
const INITIALIZERS = Object.keys(INITIALIZER_NUMBERS) as InitializerSpec['type'][];
const INITIALIZER_OPTIONS: readonly Option[] = [
  { value: 'default', label: 'model.initDefault' },
  ...named(...INITIALIZERS),
];

function initialization(layer: LayerSpec, part: 'weight' | 'bias'): readonly FieldSpec[] {
  const initializer = 'init' in layer ? layer.init?.[part] : undefined;
  const path = at(layer, `init.${part}`);
  const kind: ChoiceFieldSpec = choice(
    `${path}.type`,
    part === 'weight' ? 'model.initWeight' : 'model.initBias',
    INITIALIZER_OPTIONS,
    {
      whole: path,
      hint: 'model.initHint',
      read: () => initializer?.type ?? 'default',
      edit: (type) => setInitializer(layer.name, part, INITIALIZERS.find((x) => x === type) ?? null),
    },
  );
  if (initializer === undefined) return [kind];
  const numbers = Object.entries(INITIALIZER_NUMBERS[initializer.type]).map(([name, { label, ...range }]) =>
    number(`${path}.${name}`, label, range),
  );
  return initializer.type === 'kaiming_uniform' || initializer.type === 'kaiming_normal'
    ? [
        kind,
        ...numbers,
        choice(`${path}.mode`, 'model.fan', named('fan_in', 'fan_out')),
        choice(
          `${path}.nonlinearity`,
          'model.nonlinearity',
          named('linear', 'sigmoid', 'tanh', 'relu', 'leaky_relu', 'selu'),
        ),
      ]
    : [kind, ...numbers];
}

const OWN_PENALTIES = {
  l1: 'recipe.l1',
  l2: 'recipe.l2',
  decoupled_decay: 'recipe.decoupled',
  max_norm: 'recipe.maxNorm',
  weight_decay: 'recipe.weightDecay',
} as const satisfies Record<string, PlainKey>;

/** Penalties that the document gives this layer alone. */
function ownPenalties(layer: LayerSpec): readonly FieldSpec[] {
  const own = 'regularization' in layer ? (layer.regularization ?? {}) : {};
  return (Object.keys(OWN_PENALTIES) as (keyof typeof OWN_PENALTIES)[])
    .filter((key) => key in own)
    .map((key) =>
      number(at(layer, `regularization.${key}`), OWN_PENALTIES[key], {
        min: 0,
        ...(key === 'max_norm' && { empty: 'recipe.noLimit' as const }),
      }),
    );
}

/** Every penalty that a layer may have of its own; an empty field is as the model has it. None where nothing is trained. */
export function penaltyFields(layer: LayerSpec): readonly NumberFieldSpec[] {
  if (!isTrained(layer.type)) return [];
  return LAYER_PENALTIES.map((key) => {
    const path = at(layer, `regularization.${key}`);
    return number(path, OWN_PENALTIES[key], {
      min: 0,
      empty: 'building.asModel',
      read: (document) => readField(document, path) ?? '',
      edit: (value) => setLayerPenalty(layer.name, key, value),
    });
  });
}

/** What makes a layer the one it is. */
export const argumentFields = (layer: LayerSpec): readonly FieldSpec[] =>
  (LAYER_FIELDS[layer.type] as (layer: LayerSpec) => readonly FieldSpec[])(layer);

/** How a layer gets its first weights and biases. */
export const initializationFields = (layer: LayerSpec): readonly FieldSpec[] =>
  layer.type === 'Linear' || layer.type === 'Conv2d' || layer.type === 'DropConnect'
    ? [...initialization(layer, 'weight'), ...(layer.bias ? initialization(layer, 'bias') : [])]
    : [];

/** Everything that can be set of a layer but p. */
export const layerFields = (layer: LayerSpec): readonly FieldSpec[] => [
  ...argumentFields(layer),
  ...initializationFields(layer),
  ...ownPenalties(layer),
];

/** The probability of a layer that drops something. */
export const dropField = (layer: LayerSpec): NumberFieldSpec | null =>
  'p' in layer ? number(at(layer, 'p'), 'variants.p', { hint: 'variants.pHint', step: 0.1, min: 0 }) : null;

/** The size of a layer's kernel, at a glance; null where it has none. */
export function kernelText(layer: LayerSpec): string | null {
  if (!('kernel_size' in layer)) return null;
  const { kernel_size: kernel } = layer;
  return typeof kernel === 'number' ? `${String(kernel)} × ${String(kernel)}` : String(sizeText(kernel));
}

/** The width of all hidden Linear layers at once; null where there are none. */
export function widthField(paths: readonly string[]): NumberFieldSpec | null {
  return paths.length === 0
    ? null
    : { kind: 'number', paths, label: 'model.width', hint: 'model.widthHint', step: 10, min: 1 };
}
