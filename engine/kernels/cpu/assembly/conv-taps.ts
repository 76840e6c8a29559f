// Which taps of a kernel touch the image at one position along one axis: an arithmetic progression, left in these variables.

export let tapFirst: i32 = 0;
export let tapCount: i32 = 0;
export let tapStep: i32 = 0;
/** Position at the first tap, and its change per tap. */
export let tapAt: i32 = 0;
export let tapMove: i32 = 0;

/** Forward: taps k with 0 <= at*stride - padding + k*dilation < size. */
export function tapsOf(at: i32, stride: i32, padding: i32, dilation: i32, kernel: i32, size: i32): void {
  const start = at * stride - padding;
  tapFirst = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
  const end = start >= size ? 0 : min(kernel, (size - 1 - start) / dilation + 1);
  tapCount = max(0, end - tapFirst);
  tapStep = 1;
  tapAt = start + tapFirst * dilation;
  tapMove = dilation;
}

/** Backward: taps k for which (at + padding - k*dilation) / stride is whole and an output, 0 <= it < size. */
export function tapsOnto(at: i32, stride: i32, padding: i32, dilation: i32, kernel: i32, size: i32): void {
  let divisor = stride;
  for (let rest = dilation; rest != 0; ) {
    const next = divisor % rest;
    divisor = rest;
    rest = next;
  }
  tapStep = stride / divisor;
  tapMove = -(dilation / divisor);
  tapCount = 0;
  tapFirst = 0;
  for (let k = 0; k < kernel; k++) {
    const reach = at + padding - k * dilation;
    if (reach < 0) break;
    if (reach % stride != 0) continue;
    if (reach / stride < size) {
      if (tapCount == 0) {
        tapFirst = k;
        tapAt = reach / stride;
      }
      tapCount += 1;
    }
    k += tapStep - 1;
  }
}

/** First output of which the tap lies inside the input. */
// @ts-ignore: decorator
@inline
export function firstInside(tap: i32, stride: i32, padding: i32, dilation: i32): i32 {
  const start = padding - tap * dilation;
  return start <= 0 ? 0 : (start + stride - 1) / stride;
}

/** The output after the last one of which the tap lies inside the input. */
// @ts-ignore: decorator
@inline
export function endInside(tap: i32, stride: i32, padding: i32, dilation: i32, inputs: i32, outputs: i32): i32 {
  const last = inputs - 1 + padding - tap * dilation;
  return last < 0 ? 0 : min(outputs, last / stride + 1);
}
