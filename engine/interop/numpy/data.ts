// The data section of a NumPy script; the same data as in the PyTorch script, from the same words.
import {
  dataShape,
  type GeneratedSpec,
  type LinearNoiseSpec,
  type ResolvedVariant,
  type TableSpec,
} from '../../spec/index.ts';
import { BESIDE, CIFAR10_READER, cifar10Slices } from '../pytorch/data.ts';
import { requireStored, type ScriptContext, type StoredArrays } from '../script/context.ts';
import { isLongTable, splitsOf, tableParts, type Rows } from '../script/data-files.ts';
import { drawnWords, shortestRows } from '../script/drawn-points.ts';
import {
  comment,
  indent,
  itemLines,
  joinParts,
  pairLines,
  listText,
  pyFloat,
  pyString,
  pyTuple,
  type Items,
  type Part,
} from '../script/text.ts';
import type { Draws } from './random.ts';

function linearNoise(data: LinearNoiseSpec, draws: Draws): Part {
  const x = (points: number): string =>
    `f32(np.linspace(${pyFloat(data.x_min)}, ${pyFloat(data.x_max)}, ${points}))[:, None]`;
  draws.useNormal(data.points);
  if (data.validation_points > 0) draws.useNormal(data.validation_points);
  const validation =
    data.validation_points === 0
      ? []
      : [`x_validation = ${x(data.validation_points)}`, 'y_validation = noisy_line(x_validation)'];
  return {
    imports: ['numpy'],
    lines: [
      'def noisy_line(x):',
      ...indent([
        '"""Points on a line, and normal noise that a good model must not learn."""',
        `return f32(${pyFloat(data.slope)} * x + ${pyFloat(data.noise)} * normal(len(x))[:, None])`,
      ]),
      '',
      `x_train = ${x(data.points)}`,
      'y_train = noisy_line(x_train)',
      'x_test = x_train  # the same x, with noise of its own',
      'y_test = noisy_line(x_test)',
      ...validation,
    ],
  };
}

/** `np.array(…)` over one line or several. @param after what is done to it at once. */
function arrayLines(name: string, items: Items, dtype: string, after = ''): string[] {
  const short = `${name} = np.array(${listText(items)}, ${dtype})${after}`;
  return short.length <= 90
    ? [short]
    : [`${name} = np.array(`, ...indent(['[', ...indent(itemLines(items)), '],', `${dtype},`]), `)${after}`];
}

/** @param drawnFrom what the lab drew the table from: its numbers are f32 and are written so. */
function table(data: TableSpec, file: string | null, drawnFrom: GeneratedSpec | null): Part {
  const { shape, classes } = data;
  const parts = tableParts(data);
  const words = drawnFrom ? comment(drawnWords(drawnFrom)) : [];
  if (file !== null)
    return {
      imports: ['Path', 'numpy'],
      lines: [
        ...words,
        `with np.load(Path(__file__).with_name(${pyString(file)})) as data:`,
        ...indent(
          parts.flatMap(([split]) => [
            `x_${split} = data["x_${split}"].astype(float)`,
            `y_${split} = data["y_${split}"]${classes === null ? '.astype(float)' : ''}`,
          ]),
        ),
      ],
    };
  const numbers = (name: string, rows: Rows, after = ''): string[] =>
    drawnFrom
      ? arrayLines(name, shortestRows(rows), 'np.float32', `.astype(float)${after}`)
      : arrayLines(name, rows, 'float', after);
  const pictures = shape === null ? '' : `.reshape(-1, ${shape.join(', ')})`;
  return {
    imports: ['numpy'],
    lines: [
      ...words,
      ...parts.flatMap(([split, x, y]) => [
        ...numbers(`x_${split}`, x, pictures),
        ...(classes === null ? numbers(`y_${split}`, y) : arrayLines(`y_${split}`, y.flat(), 'int')),
      ]),
    ],
  };
}

function normalization({ mean, std }: NonNullable<StoredArrays['normalization']>): string[] {
  const array = (values: readonly number[]): string =>
    `np.array(${pyTuple(values.map(pyFloat))}).reshape(${values.length}, 1, 1)`;
  return [
    ...pairLines(['mean_pixel', array(mean)], ['std_pixel', array(std)]),
    '',
    'def to_inputs(pixels):',
    ...indent([
      '"""Pixels 0 … 255 as numbers around 0, per channel."""',
      'return (pixels / 255 - mean_pixel) / std_pixel',
    ]),
    '',
  ];
}

/** Arrays from the file beside the script. @param about what they are. */
function besideScript(context: ScriptContext, scale: StoredArrays['normalization'], file: string, about: string): Part {
  const { target } = dataShape(context.variant.data);
  const x = (split: string): string =>
    scale === null ? `data["x_${split}"].astype(float)` : `to_inputs(data["x_${split}"])`;
  const y = (split: string): string => `data["y_${split}"]${target.kind === 'classes' ? '' : '.astype(float)'}`;
  return {
    imports: ['Path', 'numpy'],
    lines: [
      ...(scale === null ? [] : normalization(scale)),
      `# ${about}`,
      `with np.load(Path(__file__).with_name(${pyString(file)})) as data:`,
      ...indent(splitsOf(context).map((split) => `x_${split}, y_${split} = ${x(split)}, ${y(split)}`)),
    ],
  };
}

/** @param file name of the data file beside the script, when there is one. */
export function dataPart(context: ScriptContext, file: string | null, draws: Draws): Part {
  const { data } = context.variant;
  switch (data.type) {
    case 'linear_noise':
      return linearNoise(data, draws);
    case 'table':
      return table(data, isLongTable(data) ? file : null, context.drawnFrom);
    case 'shapes32':
      return besideScript(context, data, file ?? '', BESIDE.shapes32);
    case 'cifar10': {
      const slices = cifar10Slices(data);
      const split = (x: 'train' | 'validation' | 'test'): string =>
        `x_${x}, y_${x} = to_inputs(pixels[${slices[x]}]), classes[${slices[x]}]`;
      return joinParts([
        CIFAR10_READER,
        {
          imports: ['numpy'],
          lines: [
            '',
            ...normalization(data),
            'pixels, classes = read_cifar10([f"data_batch_{i}.bin" for i in range(1, 6)])',
            split('train'),
            ...(splitsOf(context).includes('validation') ? [split('validation')] : []),
            'pixels, classes = read_cifar10(["test_batch.bin"])',
            split('test'),
          ],
        },
      ]);
    }
    case 'dataset': {
      const { normalization: scale } = requireStored(context);
      return besideScript(context, scale, file ?? '', scale === null ? BESIDE.columns : BESIDE.pictures);
    }
    default:
      return data satisfies never;
  }
}

/** Of the whole train batches, where the document leaves the number open. */
const CIFAR10_ROWS = 50_000;

/** Rows that a train batch can have: one number, or two where the last batch of an epoch is smaller. */
export function batchRows({ recipe }: ResolvedVariant, trainRows: number | null): readonly number[] {
  if (recipe.batch_size === null) return [trainRows ?? CIFAR10_ROWS];
  const rest = (trainRows ?? CIFAR10_ROWS) % recipe.batch_size;
  return recipe.drop_last || rest === 0 ? [recipe.batch_size] : [recipe.batch_size, rest];
}
