// The numbers of a window that slides over images, as records hold them.
import { image, type Shape, type Window } from '../../spec/index.ts';

export function windowNumbers(w: Window, input: Shape, output: Shape) {
  const [, inHeight, inWidth] = image(input);
  const [, outHeight, outWidth] = image(output);
  return {
    inHeight,
    inWidth,
    outHeight,
    outWidth,
    kernelHeight: w.kernel[0],
    kernelWidth: w.kernel[1],
    strideHeight: w.stride[0],
    strideWidth: w.stride[1],
    paddingHeight: w.padding[0],
    paddingWidth: w.padding[1],
    dilationHeight: w.dilation[0],
    dilationWidth: w.dilation[1],
  };
}
