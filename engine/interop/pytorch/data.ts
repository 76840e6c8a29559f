// The data section of a PyTorch script: drawn, written out, read from the file beside the script, or from the person's CIFAR-10.
import type { Cifar10Spec, GeneratedSpec, LinearNoiseSpec, TableSpec } from '../../spec/index.ts';
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

const linspace = ({ x_min, x_max }: LinearNoiseSpec, points: number): string =>
  `torch.linspace(${pyFloat(x_min)}, ${pyFloat(x_max)}, ${points}).unsqueeze(1)`;

/** Order of draws: train, test, validation targets. */
function linearNoise(data: LinearNoiseSpec): Part {
  const validation =
    data.validation_points === 0
      ? []
      : [
          `x_validation = ${linspace(data, data.validation_points)}`,
          'y_validation = noisy_line(x_validation)  # drawn last, whatever it is used for first',
        ];
  return {
    imports: ['torch'],
    lines: [
      'def noisy_line(x):',
      ...indent([
        '"""Points on a line, and normal noise that a good model must not learn."""',
        `return ${pyFloat(data.slope)} * x + ${pyFloat(data.noise)} * torch.normal(torch.zeros_like(x), torch.ones_like(x))`,
      ]),
      '',
      '',
      `x_train = ${linspace(data, data.points)}`,
      'y_train = noisy_line(x_train)',
      'x_test = x_train  # the same x, with noise of its own',
      'y_test = noisy_line(x_test)',
      ...validation,
    ],
  };
}

/** `torch.tensor(…)` over one line or several. @param after what is done to it at once. */
function tensorLines(name: string, items: Items, dtype: string, after = ''): string[] {
  const short = `${name} = torch.tensor(${listText(items)}, dtype=${dtype})${after}`;
  if (short.length <= 90) return [short];
  return [
    `${name} = torch.tensor(`,
    ...indent(['[', ...indent(itemLines(items)), '],', `dtype=${dtype},`]),
    `)${after}`,
  ];
}

/** @param drawnFrom what the lab drew the table from: its numbers are f32 and are written so. */
function table(data: TableSpec, file: string | null, drawnFrom: GeneratedSpec | null): Part {
  const { shape, classes } = data;
  const parts = tableParts(data);
  const words = drawnFrom ? comment(drawnWords(drawnFrom)) : [];
  const written = (rows: Rows): Rows => (drawnFrom ? shortestRows(rows) : rows);
  if (file !== null)
    return {
      imports: ['Path', 'numpy', 'torch'],
      lines: [
        ...words,
        `with np.load(Path(__file__).with_name(${pyString(file)})) as data:`,
        ...indent(
          parts.flatMap(([split]) => ['x', 'y'].map((x) => `${x}_${split} = torch.from_numpy(data["${x}_${split}"])`)),
        ),
      ],
    };
  const pictures = shape === null ? '' : `.view(-1, ${shape.join(', ')})`;
  return {
    imports: ['torch'],
    lines: [
      ...words,
      ...parts.flatMap(([split, x, y]) => [
        ...tensorLines(`x_${split}`, written(x), 'torch.float32', pictures),
        ...(classes === null
          ? tensorLines(`y_${split}`, written(y), 'torch.float32')
          : tensorLines(`y_${split}`, y.flat(), 'torch.int64')),
      ]),
    ],
  };
}

/** (pixel / 255 - mean) / std per channel. */
function normalization({ mean, std }: NonNullable<StoredArrays['normalization']>): readonly string[] {
  const tensor = (values: readonly number[]): string =>
    `torch.tensor(${pyTuple(values.map(pyFloat))}).view(${values.length}, 1, 1)`;
  return [
    ...pairLines(['mean', tensor(mean)], ['std', tensor(std)]),
    '',
    '',
    'def to_inputs(pixels):',
    ...indent([
      '"""Pixels 0 … 255 as numbers around 0, per channel."""',
      'return torch.from_numpy(pixels.astype(np.float32)).div(255).sub(mean).div(std)',
    ]),
    '',
    '',
  ];
}

/** Arrays from the file beside the script. @param about what they are. */
function besideScript(context: ScriptContext, scale: StoredArrays['normalization'], file: string, about: string): Part {
  const x = (split: string): string =>
    scale === null ? `torch.from_numpy(data["x_${split}"])` : `to_inputs(data["x_${split}"])`;
  return {
    imports: ['Path', 'numpy', 'torch'],
    lines: [
      ...(scale === null ? [] : normalization(scale)),
      ...comment(about),
      `with np.load(Path(__file__).with_name(${pyString(file)})) as data:`,
      ...indent(
        splitsOf(context).flatMap((split) => [
          `x_${split} = ${x(split)}`,
          `y_${split} = torch.from_numpy(data["y_${split}"])`,
        ]),
      ),
    ],
  };
}

/** What lies beside a script; the same words for NumPy scripts. */
export const BESIDE = {
  shapes32: 'Pictures that the lab drew: pixels [n, 3, 32, 32] from 0 to 255, and their classes.',
  pictures: 'Imported pictures, divided as in the lab: pixels from 0 to 255, and their classes.',
  columns: 'Imported rows, divided, filled in, encoded and scaled as in the lab.',
} as const;

/** Reading the binary form of CIFAR-10, from a folder or from the archive as its authors give it; the same for NumPy scripts. */
export const CIFAR10_READER: Part = {
  imports: ['Path', 'tarfile', 'numpy'],
  lines: [
    'def read_cifar10(names):',
    ...indent([
      '"""Pictures u8 [n, 3, 32, 32] and classes [n] of some binary files, one after another."""',
      'place = Path(args.cifar10)',
      'if place.is_dir():',
      '    contents = [(place / name).read_bytes() for name in names]',
      'else:',
      '    with tarfile.open(place) as archive:',
      '        members = {Path(member.name).name: member for member in archive if member.isfile()}',
      '        contents = [archive.extractfile(members[name]).read() for name in names]',
      'rows = np.frombuffer(b"".join(contents), np.uint8).reshape(-1, 1 + 3 * 32 * 32)',
      'return rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0].astype(np.int64)',
    ]),
    '',
    '',
  ],
};

/** Which rows of the train batches, and of the test batch, each split takes: Python slices. */
export function cifar10Slices({
  train,
  validation,
  test,
}: Cifar10Spec): Readonly<Record<'train' | 'validation' | 'test', string>> {
  const all = validation > 0 ? `:-${validation}` : ':';
  return {
    train: train === null ? all : `:${train}`,
    validation: `-${validation}:`,
    test: test === null ? ':' : `:${test}`,
  };
}

function cifar10(context: ScriptContext, data: Cifar10Spec): Part {
  const slices = cifar10Slices(data);
  const split = (name: 'train' | 'validation' | 'test', pixels: string, classes: string): string[] => [
    `x_${name} = to_inputs(${pixels}[${slices[name]}])`,
    `y_${name} = torch.from_numpy(${classes}[${slices[name]}])`,
  ];
  const heldOut = splitsOf(context).includes('validation') ? split('validation', 'pixels', 'classes') : [];
  return joinParts([
    CIFAR10_READER,
    {
      imports: ['numpy', 'torch'],
      lines: [
        ...normalization(data),
        'pixels, classes = read_cifar10([f"data_batch_{i}.bin" for i in range(1, 6)])',
        ...split('train', 'pixels', 'classes'),
        ...heldOut,
        'pixels, classes = read_cifar10(["test_batch.bin"])',
        ...split('test', 'pixels', 'classes'),
      ],
    },
  ]);
}

/** @param file name of the data file beside the script, when there is one. */
export function dataPart(context: ScriptContext, file: string | null): Part {
  const { data } = context.variant;
  switch (data.type) {
    case 'linear_noise':
      return linearNoise(data);
    case 'table':
      return table(data, isLongTable(data) ? file : null, context.drawnFrom);
    case 'shapes32':
      return besideScript(context, data, file ?? '', BESIDE.shapes32);
    case 'cifar10':
      return cifar10(context, data);
    case 'dataset': {
      const { normalization: scale } = requireStored(context);
      return besideScript(context, scale, file ?? '', scale === null ? BESIDE.columns : BESIDE.pictures);
    }
    default:
      return data satisfies never;
  }
}
