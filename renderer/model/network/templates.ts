// Whole models to begin with, made for the data that are there; each says why when it cannot be. They set the layers, nothing else.
import {
  dataShape,
  Model,
  outputShape,
  parseWith,
  type ExperimentSpec,
  type LayerSpec,
  type Shape,
} from '../../../engine/spec/index.ts';

export const TEMPLATE_GROUPS = ['article', 'general'] as const;
export type TemplateGroup = (typeof TEMPLATE_GROUPS)[number];

/** Why a template does not fit the data. */
export type TemplateRefusal = 'needsVector' | 'needsPicture' | 'needsLargerPicture' | 'needsNumbers';

type Draft = { readonly type: LayerSpec['type']; readonly name: string } & Readonly<Record<string, unknown>>;

interface Answer {
  readonly input: Shape;
  readonly width: number;
  readonly isNumbers: boolean;
  readonly loss: ExperimentSpec['recipe']['loss']['type'];
}

interface Template {
  readonly group: TemplateGroup;
  refusal(answer: Answer): TemplateRefusal | null;
  layers(answer: Answer): readonly Draft[];
}

const linear = (name: string, out_features: number, rest: object = {}): Draft => ({
  type: 'Linear',
  name,
  out_features,
  ...rest,
});
const plain = (type: LayerSpec['type'], name: string, rest: object = {}): Draft => ({ type, name, ...rest });
const conv = (name: string, out_channels: number, kernel_size: number, rest: object = {}): Draft => ({
  type: 'Conv2d',
  name,
  out_channels,
  kernel_size,
  ...rest,
});

const isPicture = ({ input }: Answer): boolean => input.length === 3;
const needsVector = (answer: Answer): TemplateRefusal | null => (isPicture(answer) ? 'needsVector' : null);
const needsPicture =
  (side: number) =>
  (answer: Answer): TemplateRefusal | null => {
    if (!isPicture(answer)) return 'needsPicture';
    return answer.input.slice(1).some((x) => x < side) ? 'needsLargerPicture' : null;
  };
const fits = (): null => null;

const flattened = (answer: Answer): readonly Draft[] => (isPicture(answer) ? [plain('Flatten', 'flatten1')] : []);
/** NLLLoss takes logarithms of probabilities; every other loss takes the last layer as it is. */
const ending = ({ loss }: Answer): readonly Draft[] => (loss === 'NLLLoss' ? [plain('LogSoftmax', 'logsoftmax1')] : []);

/** A block of two convolutions with a skip around them; a wider one goes through a convolution of its own. */
function residualBlock(n: number, before: string, channels: number, wider: boolean): readonly Draft[] {
  const [a, b] = [`block${String(n)}_conv1`, `block${String(n)}_conv2`];
  const stride = wider ? 2 : 1;
  const name = (part: string) => `block${String(n)}_${part}`;
  return [
    conv(a, channels, 3, { stride, padding: 1, bias: false }),
    plain('BatchNorm2d', name('bn1')),
    plain('ReLU', name('relu1')),
    conv(b, channels, 3, { padding: 1, bias: false }),
    plain('BatchNorm2d', name('bn2')),
    ...(wider
      ? [
          conv(name('skip'), channels, 1, { stride, bias: false, inputs: [before] }),
          plain('BatchNorm2d', name('skip_bn')),
        ]
      : []),
    plain('Add', name('add'), { inputs: [name('bn2'), wider ? name('skip_bn') : before] }),
    plain('ReLU', name('relu2')),
  ];
}

const uniform = { weight: { type: 'uniform', a: -1, b: 1 } };

export const TEMPLATES = {
  regression: {
    group: 'article',
    refusal: needsVector,
    layers: (answer) => [
      linear('fc1', 300),
      plain('ReLU', 'relu1'),
      linear('fc2', 300),
      plain('ReLU', 'relu2'),
      linear('fc3', answer.width),
      ...ending(answer),
    ],
  },
  regressionDropout: {
    group: 'article',
    refusal: needsVector,
    layers: (answer) => [
      linear('fc1', 300),
      plain('Dropout', 'dropout1', { p: 0.5 }),
      plain('ReLU', 'relu1'),
      linear('fc2', 300),
      plain('Dropout', 'dropout2', { p: 0.5 }),
      plain('ReLU', 'relu2'),
      linear('fc3', answer.width),
      ...ending(answer),
    ],
  },
  numpyDropout: {
    group: 'article',
    refusal: (answer) => needsVector(answer) ?? (answer.isNumbers ? null : 'needsNumbers'),
    layers: ({ width }) => [
      linear('fc1', 4, { bias: false, init: uniform }),
      plain('Sigmoid', 'sigmoid1'),
      plain('Dropout', 'dropout1', { p: 0.2 }),
      linear('fc2', width, { bias: false, init: uniform }),
      plain('Sigmoid', 'sigmoid2'),
    ],
  },
  lenet: {
    group: 'article',
    refusal: needsPicture(16),
    layers: (answer) => [
      conv('conv1', 6, 5),
      plain('ReLU', 'relu1'),
      plain('MaxPool2d', 'pool1', { kernel_size: 2 }),
      conv('conv2', 16, 5),
      plain('ReLU', 'relu2'),
      plain('MaxPool2d', 'pool2', { kernel_size: 2 }),
      plain('Flatten', 'flatten1'),
      linear('fc1', 120),
      plain('ReLU', 'relu3'),
      plain('Dropout', 'dropout1', { p: 0 }),
      linear('fc2', 84),
      plain('ReLU', 'relu4'),
      plain('Dropout', 'dropout2', { p: 0 }),
      linear('fc3', answer.width),
      ...ending(answer),
    ],
  },
  linear: {
    group: 'general',
    refusal: fits,
    layers: (answer) => [...flattened(answer), linear('fc1', answer.width), ...ending(answer)],
  },
  logistic: {
    group: 'general',
    refusal: fits,
    layers: (answer) => [
      ...flattened(answer),
      linear('fc1', answer.width),
      ...ending(answer),
      // Losses of raw scores have the sigmoid, or the softmax, in them.
      ...(answer.isNumbers && answer.loss !== 'BCEWithLogitsLoss' ? [plain('Sigmoid', 'sigmoid1')] : []),
    ],
  },
  mlp: {
    group: 'general',
    refusal: fits,
    layers: (answer) => [
      ...flattened(answer),
      linear('fc1', 128),
      plain('ReLU', 'relu1'),
      linear('fc2', 64),
      plain('ReLU', 'relu2'),
      linear('fc3', answer.width),
      ...ending(answer),
    ],
  },
  resnet: {
    group: 'general',
    refusal: needsPicture(4),
    layers: (answer) => [
      conv('conv1', 16, 3, { padding: 1, bias: false }),
      plain('BatchNorm2d', 'bn1'),
      plain('ReLU', 'relu1'),
      ...residualBlock(1, 'relu1', 16, false),
      ...residualBlock(2, 'block1_relu2', 32, true),
      plain('AdaptiveAvgPool2d', 'pool1', { output_size: 1 }),
      plain('Flatten', 'flatten1'),
      linear('fc1', answer.width),
      ...ending(answer),
    ],
  },
} as const satisfies Record<string, Template>;

export type TemplateName = keyof typeof TEMPLATES;
export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as readonly TemplateName[];

export type TemplateOffer =
  | { readonly layers: readonly LayerSpec[]; readonly refusal: null }
  | { readonly layers: null; readonly refusal: TemplateRefusal };

/** A template's layers for the document's data and loss, or why there are none. */
export function templateFor(name: TemplateName, { data, recipe }: ExperimentSpec): TemplateOffer {
  const { input, target } = dataShape(data);
  const [width = 1] = outputShape(target);
  const answer: Answer = { input, width, isNumbers: target.kind === 'values', loss: recipe.loss.type };
  const template: Template = TEMPLATES[name];
  const refusal = template.refusal(answer);
  if (refusal !== null) return { layers: null, refusal };
  return { layers: parseWith(Model, { layers: template.layers(answer) }, 'Model').layers, refusal: null };
}
