// The window that the record at hand slides over images. Records that have one hold its numbers in the same places.
import {
  MAX_POOL_FORWARD_DILATIONHEIGHT, MAX_POOL_FORWARD_DILATIONWIDTH, MAX_POOL_FORWARD_INHEIGHT, MAX_POOL_FORWARD_INWIDTH,
  MAX_POOL_FORWARD_KERNELHEIGHT, MAX_POOL_FORWARD_KERNELWIDTH, MAX_POOL_FORWARD_OUTHEIGHT, MAX_POOL_FORWARD_OUTWIDTH,
  MAX_POOL_FORWARD_PADDINGHEIGHT, MAX_POOL_FORWARD_PADDINGWIDTH, MAX_POOL_FORWARD_STRIDEHEIGHT, MAX_POOL_FORWARD_STRIDEWIDTH,
} from '../build/records';

export let inHeight: i32 = 0;
export let inWidth: i32 = 0;
export let outHeight: i32 = 0;
export let outWidth: i32 = 0;
export let kernelHeight: i32 = 0;
export let kernelWidth: i32 = 0;
export let strideHeight: i32 = 0;
export let strideWidth: i32 = 0;
export let paddingHeight: i32 = 0;
export let paddingWidth: i32 = 0;
export let dilationHeight: i32 = 0;
export let dilationWidth: i32 = 0;

export function enterWindow(record: usize): void {
  inHeight = load<i32>(record, MAX_POOL_FORWARD_INHEIGHT);
  inWidth = load<i32>(record, MAX_POOL_FORWARD_INWIDTH);
  outHeight = load<i32>(record, MAX_POOL_FORWARD_OUTHEIGHT);
  outWidth = load<i32>(record, MAX_POOL_FORWARD_OUTWIDTH);
  kernelHeight = load<i32>(record, MAX_POOL_FORWARD_KERNELHEIGHT);
  kernelWidth = load<i32>(record, MAX_POOL_FORWARD_KERNELWIDTH);
  strideHeight = load<i32>(record, MAX_POOL_FORWARD_STRIDEHEIGHT);
  strideWidth = load<i32>(record, MAX_POOL_FORWARD_STRIDEWIDTH);
  paddingHeight = load<i32>(record, MAX_POOL_FORWARD_PADDINGHEIGHT);
  paddingWidth = load<i32>(record, MAX_POOL_FORWARD_PADDINGWIDTH);
  dilationHeight = load<i32>(record, MAX_POOL_FORWARD_DILATIONHEIGHT);
  dilationWidth = load<i32>(record, MAX_POOL_FORWARD_DILATIONWIDTH);
}

/** The usual window: 2 x 2, side by side. */
// @ts-ignore: decorator
@inline
export function isPlain(): bool {
  return kernelHeight == 2 && kernelWidth == 2 && strideHeight == 2 && strideWidth == 2 && paddingHeight == 0
    && paddingWidth == 0 && dilationHeight == 1 && dilationWidth == 1 && 2 * outHeight <= inHeight && 2 * outWidth <= inWidth;
}
