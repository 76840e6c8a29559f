// Arrays of a file as numbers of 64 bits, and what their shape makes of them.
import type { StoredTensor } from '../../../interop/stored-tensor.ts';
import { fromFloat16 } from '../../../interop/stored-tensor.ts';
import { ImportError } from '../import-error.ts';

/** Of the bytes in place where they lie evenly, else of a copy. */
function typed<T>(
  bytes: Uint8Array,
  size: number,
  make: (buffer: ArrayBufferLike, at: number, length: number) => T,
): T {
  const even = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return make(even.buffer, even.byteOffset, even.length / size);
}

/** The values one by one; whole numbers of 64 bits beyond 2^53 are rounded. */
export function valuesOf({ dtype, bytes }: StoredTensor): ArrayLike<number> {
  switch (dtype) {
    case 'F64':
      return typed(bytes, 8, (...x) => new Float64Array(...x));
    case 'F32':
      return typed(bytes, 4, (...x) => new Float32Array(...x));
    case 'F16':
      return Float64Array.from(
        typed(bytes, 2, (...x) => new Uint16Array(...x)),
        fromFloat16,
      );
    case 'BF16':
      return new Float32Array(
        Uint32Array.from(
          typed(bytes, 2, (...x) => new Uint16Array(...x)),
          (x) => x << 16,
        ).buffer,
      );
    case 'I64': {
      const wide = typed(bytes, 8, (...x) => new BigInt64Array(...x));
      const values = new Float64Array(wide.length);
      for (const [i, x] of wide.entries()) values[i] = Number(x);
      return values;
    }
    case 'I32':
      return typed(bytes, 4, (...x) => new Int32Array(...x));
    case 'I16':
      return typed(bytes, 2, (...x) => new Int16Array(...x));
    case 'I8':
      return typed(bytes, 1, (...x) => new Int8Array(...x));
    case 'U8':
    case 'BOOL':
      return bytes;
    default:
      return dtype satisfies never;
  }
}

export const isWhole = ({ dtype }: StoredTensor): boolean => !/F/.test(dtype);

/** More classes are no classes but numbers. */
const MOST_CLASSES = 1000;

export interface ArrayLabels {
  readonly labels: Int32Array;
  /** The labels that occur, by size. */
  readonly classes: readonly string[];
}

/** Whole numbers with few different values as classes; null: they are no classes. */
export function classesIn(values: ArrayLike<number>): ArrayLabels | null {
  const found = new Set<number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isInteger(value)) return null;
    found.add(value);
    if (found.size > MOST_CLASSES) return null;
  }
  const sorted = [...found].sort((a, b) => a - b);
  const places = new Map(sorted.map((x, i) => [x, i]));
  return {
    labels: Int32Array.from(values, (x) => places.get(x) ?? 0),
    classes: sorted.map(String),
  };
}

/** @throws ImportError BAD_FILE naming the row of a value that is not finite (NaN stands for nothing and is kept). */
export function requireFinite(file: string, name: string, values: ArrayLike<number>, width: number): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value === Infinity || value === -Infinity)
      throw new ImportError(
        'BAD_FILE',
        file,
        `has an infinite value`,
        { place: name, reason: 'infinite' },
        { row: Math.floor(i / width) + 1, column: name },
      );
  }
}
