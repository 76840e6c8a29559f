// The data that a script cannot write out itself: pictures that the lab drew and long tables go into an NPZ file beside it.
import { IMAGE_SHAPE, elements, type TableSpec } from '../../spec/index.ts';
import { writeStoredNpz } from '../npz.ts';
import { float32Bytes, type StoredTensor } from '../stored-tensor.ts';
import { requirePictures, type PictureArrays, type ScriptContext } from './context.ts';
import { fileSlug } from './text.ts';

/** A table with more numbers than this is not written into the script. */
const MOST_INLINE_NUMBERS = 400;

export const isLongTable = ({ x, y, test_x, test_y }: TableSpec): boolean =>
  [x, y, test_x, test_y].reduce((sum, rows) => sum + rows.length * (rows[0]?.length ?? 0), 0) > MOST_INLINE_NUMBERS;

/** Splits that a run evaluates, in the lab's order. */
export function splitsOf({ variant: { data } }: ScriptContext): readonly ('train' | 'validation' | 'test')[] {
  switch (data.type) {
    case 'linear_noise':
      return data.validation_points > 0 ? ['train', 'validation', 'test'] : ['train', 'test'];
    case 'table':
      return data.test_x.length > 0 ? ['train', 'test'] : ['train'];
    case 'shapes32':
      return [
        'train',
        ...(data.validation > 0 ? (['validation'] as const) : []),
        ...(data.test > 0 ? (['test'] as const) : []),
      ];
    case 'cifar10':
      return data.validation > 0 ? ['train', 'validation', 'test'] : ['train', 'test'];
    default:
      return data satisfies never;
  }
}

const matrix = (rows: readonly (readonly number[])[]): StoredTensor => ({
  dtype: 'F32',
  shape: [rows.length, rows[0]?.length ?? 0],
  bytes: float32Bytes(Float32Array.from(rows.flat())),
});

function tableArrays(data: TableSpec): Map<string, StoredTensor> {
  const arrays = new Map([
    ['x_train', matrix(data.x)],
    ['y_train', matrix(data.y)],
  ]);
  if (data.test_x.length > 0) arrays.set('x_test', matrix(data.test_x)).set('y_test', matrix(data.test_y));
  return arrays;
}

function pictureTensors(split: string, { pixels, labels }: PictureArrays): [string, StoredTensor][] {
  const count = labels.length;
  if (pixels.length !== count * elements(IMAGE_SHAPE))
    throw new RangeError(
      `${split} pixels must be ${count * elements(IMAGE_SHAPE)} for ${count} labels, not ${pixels.length}`,
    );
  const classes = BigInt64Array.from(labels, BigInt);
  return [
    [`x_${split}`, { dtype: 'U8', shape: [count, ...IMAGE_SHAPE], bytes: pixels }],
    [`y_${split}`, { dtype: 'I64', shape: [count], bytes: new Uint8Array(classes.buffer) }],
  ];
}

export interface DataFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The file beside the script; null when none is needed.
 * @throws InteropError MISSING_DATA when the pictures were not given; RangeError when they do not fit the document.
 */
export function dataFile(context: ScriptContext): DataFile | null {
  const { data } = context.variant;
  const name = `${fileSlug(context.input.experiment.name)}-data.npz`;
  if (data.type === 'table') return isLongTable(data) ? { name, bytes: writeStoredNpz(tableArrays(data)) } : null;
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
