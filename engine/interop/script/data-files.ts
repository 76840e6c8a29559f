// The data that a script cannot write out itself: pictures that the lab drew, imported data and long tables go into an NPZ file beside it.
import { dataShape, elements, IMAGE_SHAPE, type Split, type TableSpec } from '../../spec/index.ts';
import { writeStoredNpz } from '../npz.ts';
import { float32Bytes, type StoredTensor } from '../stored-tensor.ts';
import { requirePictures, requireStored, type PictureArrays, type ScriptContext } from './context.ts';
import { fileSlug } from './text.ts';

/** A table with more numbers than this is not written into the script. */
const MOST_INLINE_NUMBERS = 400;

export type Rows = readonly (readonly number[])[];

/** The written-out examples of each split that has any, in the lab's order. */
export function tableParts(data: TableSpec): readonly (readonly [split: Split, x: Rows, y: Rows])[] {
  const parts = [
    ['train', data.x, data.y],
    ['validation', data.validation_x, data.validation_y],
    ['test', data.test_x, data.test_y],
  ] as const;
  return parts.filter(([, x]) => x.length > 0);
}

const numbersIn = (rows: Rows): number => rows.length * (rows[0]?.length ?? 0);

export const isLongTable = (data: TableSpec): boolean =>
  tableParts(data).reduce((sum, [, x, y]) => sum + numbersIn(x) + numbersIn(y), 0) > MOST_INLINE_NUMBERS;

/** Splits that a run evaluates, in the lab's order. */
export function splitsOf({ variant: { data } }: ScriptContext): readonly Split[] {
  const { validationRows, testRows } = dataShape(data);
  return [
    'train',
    ...(validationRows > 0 ? (['validation'] as const) : []),
    // null: only the files say how many, and CIFAR-10 has some.
    ...(testRows === 0 ? [] : (['test'] as const)),
  ];
}

const floats = (shape: readonly number[], rows: Rows): StoredTensor => ({
  dtype: 'F32',
  shape,
  bytes: float32Bytes(Float32Array.from(rows.flat())),
});

function classIndices(labels: Int32Array | readonly number[]): StoredTensor {
  const indices = BigInt64Array.from(labels, BigInt);
  return { dtype: 'I64', shape: [indices.length], bytes: new Uint8Array(indices.buffer) };
}

function tableArrays(data: TableSpec): Map<string, StoredTensor> {
  const { input, target } = dataShape(data);
  const entries = tableParts(data).flatMap(([split, x, y]) => [
    [`x_${split}`, floats([x.length, ...input], x)] as const,
    [
      `y_${split}`,
      target.kind === 'classes' ? classIndices(y.flat()) : floats([y.length, ...target.shape], y),
    ] as const,
  ]);
  return new Map(entries);
}

function pictureTensors(split: string, { pixels, labels }: PictureArrays): [string, StoredTensor][] {
  const count = labels.length;
  if (pixels.length !== count * elements(IMAGE_SHAPE))
    throw new RangeError(
      `${split} pixels must be ${count * elements(IMAGE_SHAPE)} for ${count} labels, not ${pixels.length}`,
    );
  return [
    [`x_${split}`, { dtype: 'U8', shape: [count, ...IMAGE_SHAPE], bytes: pixels }],
    [`y_${split}`, classIndices(labels)],
  ];
}

function storedTensors(context: ScriptContext): Map<string, StoredTensor> {
  const { input, target } = dataShape(context.variant.data);
  const { splits } = requireStored(context);
  const entries = splitsOf(context).flatMap((split): [string, StoredTensor][] => {
    const given = splits[split];
    if (!given || given.x.length !== given.rows * elements(input))
      throw new RangeError(`the ${split} examples of the data set do not fit the document`);
    const { rows, x, y } = given;
    const xShape = [rows, ...input];
    return [
      [
        `x_${split}`,
        x instanceof Float32Array
          ? { dtype: 'F32', shape: xShape, bytes: float32Bytes(x) }
          : { dtype: 'U8', shape: xShape, bytes: x },
      ],
      [
        `y_${split}`,
        y instanceof Float32Array
          ? { dtype: 'F32', shape: [rows, ...(target.kind === 'values' ? target.shape : [])], bytes: float32Bytes(y) }
          : classIndices(y),
      ],
    ];
  });
  return new Map(entries);
}

export interface DataFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The file beside the script; null when none is needed.
 * @throws InteropError MISSING_DATA when pictures or stored data were not given; RangeError when they do not fit the document.
 */
export function dataFile(context: ScriptContext): DataFile | null {
  const { data } = context.variant;
  const name = `${fileSlug(context.input.experiment.name)}-data.npz`;
  if (data.type === 'table') return isLongTable(data) ? { name, bytes: writeStoredNpz(tableArrays(data)) } : null;
  if (data.type === 'dataset') return { name, bytes: writeStoredNpz(storedTensors(context)) };
  if (data.type !== 'shapes32') return null;
  const pictures = requirePictures(context);
  const arrays = splitsOf(context).flatMap((split) => {
    const given = pictures[split];
    const wanted = data[split];
    if (given?.labels.length !== wanted)
      throw new RangeError(`there must be ${wanted} ${split} pictures, but ${given?.labels.length ?? 0} were given`);
    return pictureTensors(split, given);
  });
  return { name, bytes: writeStoredNpz(new Map(arrays)) };
}
