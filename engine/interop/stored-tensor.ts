// Arrays as files hold them: an element type, a shape and raw little-endian bytes; and how they become f32.
// Every machine that runs the lab's kernels is little-endian, so bytes are reinterpreted, not swapped.
import { elements, shapeText, type Shape } from '../spec/index.ts';
import { unsupported } from './interop-error.ts';

/** Bytes per element; the keys are the names that safetensors uses. */
export const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;
export type Dtype = keyof typeof DTYPE_BYTES;

export const isDtype = (name: string): name is Dtype => Object.hasOwn(DTYPE_BYTES, name);

export interface StoredTensor {
  readonly dtype: Dtype;
  readonly shape: Shape;
  /** Row-major, little-endian; a view into the file where it can be. */
  readonly bytes: Uint8Array;
}

/** Bytes that a tensor of this type and shape takes; not a safe integer when the claim is absurd. */
export const tensorBytes = (dtype: Dtype, shape: Shape): number => elements(shape) * DTYPE_BYTES[dtype];

/** The f32 that a half-precision number stands for (exact). */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Whole numbers up to here are kept exactly by f32. */
const LARGEST_EXACT = 2 ** 24;

function requireExact(value: number, index: number, name: string): number {
  if (Math.abs(value) <= LARGEST_EXACT) return value;
  throw unsupported(name, `element ${index} is ${value}, which f32 cannot hold exactly (whole numbers up to 2^24)`);
}

function narrow(value: number, index: number, name: string): number {
  const narrowed = Math.fround(value);
  if (Number.isFinite(value) && !Number.isFinite(narrowed))
    throw unsupported(name, `element ${index} is ${value}, which is beyond f32's range`);
  return narrowed;
}

/**
 * A tensor's values in f32, whatever it was stored as.
 * @param name for messages: the tensor and its file.
 * @throws InteropError UNSUPPORTED when a value has no place in f32: whole numbers above 2^24, f64 beyond f32's range.
 */
export function toFloat32({ dtype, shape, bytes }: StoredTensor, name: string): Float32Array {
  if (bytes.length !== tensorBytes(dtype, shape))
    throw new RangeError(
      `${name} must have ${tensorBytes(dtype, shape)} bytes for ${shapeText(shape)}, not ${bytes.length}`,
    );
  const { buffer } = bytes.slice();
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer), (x, i) => narrow(x, i, name));
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), fromFloat16);
    case 'BF16':
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (x) => x << 16).buffer);
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer) as unknown as ArrayLike<bigint>, (x, i) =>
        requireExact(Number(x), i, name),
      );
    case 'I32':
      return Float32Array.from(new Int32Array(buffer), (x, i) => requireExact(x, i, name));
    case 'I16':
      return Float32Array.from(new Int16Array(buffer));
    case 'I8':
      return Float32Array.from(new Int8Array(buffer));
    case 'U8':
    case 'BOOL':
      return Float32Array.from(bytes);
    default:
      return dtype satisfies never;
  }
}

/** The bytes of an f32 array; a view, not a copy. */
export const float32Bytes = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
