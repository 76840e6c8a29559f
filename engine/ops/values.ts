// Arrays and tensors as the references take them: double precision, row-major, batch first.
import { elements } from '../spec/index.ts';

export type Values = ArrayLike<number>;

/** f64, row-major; shape [batch, …]. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Element of an array whose bounds the caller has established. */
export const at = (values: Values, index: number): number => values[index] as number;

/** Adds to an element in place. */
export function addTo(values: Float64Array, index: number, x: number): void {
  values[index] = at(values, index) + x;
}

/** f64 copy of any values, with their shape. */
export const tensor = (shape: readonly number[], values: Values): Tensor => ({
  shape,
  data: Float64Array.from(values),
});

export const zeros = (shape: readonly number[]): Tensor => ({ shape, data: new Float64Array(elements(shape)) });

/** [batch, channels or features, everything after them as one]: what layers over torch's dim=1 need to know. */
export function planes({ shape }: Tensor): readonly [number, number, number] {
  const [batch = 0, channels = 1, ...rest] = shape;
  return [batch, channels, elements(rest)];
}
