// torch.nn.Conv2d: cross-correlation with zero padding, stride, dilation and groups.
import { windowOf, type LayerOf } from '../../spec/index.ts';
import { onlyInput, outputShapeOf, parameterOf, type LayerReference } from '../layer-reference.ts';
import { addTo, at, zeros, type Tensor } from '../values.ts';

/** Calls `pair` for every product: positions of its output, input and weight. */
function forEachProduct(
  layer: LayerOf<'Conv2d'>,
  input: Tensor,
  output: Tensor,
  pair: (y: number, x: number, w: number) => void,
): void {
  const [batch = 0, channels = 0, height = 0, width = 0] = input.shape;
  const [, filters = 0, outHeight = 0, outWidth = 0] = output.shape;
  const { kernel, stride, padding, dilation } = windowOf(layer);
  const [perGroup, filtersPerGroup] = [channels / layer.groups, filters / layer.groups];
  for (let n = 0; n < batch; n++)
    for (let f = 0; f < filters; f++) {
      const firstChannel = Math.floor(f / filtersPerGroup) * perGroup;
      for (let oy = 0; oy < outHeight; oy++)
        for (let ox = 0; ox < outWidth; ox++) {
          const y = ((n * filters + f) * outHeight + oy) * outWidth + ox;
          for (let c = 0; c < perGroup; c++)
            for (let ky = 0; ky < kernel[0]; ky++) {
              const iy = oy * stride[0] - padding[0] + ky * dilation[0];
              if (iy < 0 || iy >= height) continue;
              for (let kx = 0; kx < kernel[1]; kx++) {
                const ix = ox * stride[1] - padding[1] + kx * dilation[1];
                if (ix < 0 || ix >= width) continue;
                const x = ((n * channels + firstChannel + c) * height + iy) * width + ix;
                pair(y, x, ((f * perGroup + c) * kernel[0] + ky) * kernel[1] + kx);
              }
            }
        }
    }
}

/** Calls `value` for every output: its position and its filter. */
function forEachOutput(
  { shape: [batch = 0, filters = 0, ...rest] }: Tensor,
  value: (y: number, f: number) => void,
): void {
  const places = rest.reduce((product, x) => product * x, 1);
  for (let n = 0; n < batch; n++)
    for (let f = 0; f < filters; f++) for (let i = 0; i < places; i++) value((n * filters + f) * places + i, f);
}

export const conv2d: LayerReference<LayerOf<'Conv2d'>> = {
  forward(layer, inputs, context) {
    const input = onlyInput(layer, inputs);
    const x = input.data;
    const weight = parameterOf(layer, context, 'weight');
    const bias = layer.bias ? parameterOf(layer, context, 'bias') : null;
    const output = zeros(outputShapeOf(layer, inputs));
    if (bias) forEachOutput(output, (y, f) => (output.data[y] = at(bias, f)));
    forEachProduct(layer, input, output, (y, i, w) => addTo(output.data, y, at(x, i) * at(weight, w)));
    return {
      output,
      state: {},
      backward(dy) {
        const [dx, dw] = [new Float64Array(x.length), new Float64Array(weight.length)];
        forEachProduct(layer, input, output, (y, i, w) => {
          addTo(dx, i, at(dy, y) * at(weight, w));
          addTo(dw, w, at(dy, y) * at(x, i));
        });
        if (!bias) return { inputs: [dx], parameters: { weight: dw } };
        const db = new Float64Array(bias.length);
        forEachOutput(output, (y, f) => addTo(db, f, at(dy, y)));
        return { inputs: [dx], parameters: { weight: dw, bias: db } };
      },
    };
  },
};
