// torch.nn.AvgPool2d and AdaptiveAvgPool2d: each output is a mean over a window of its channel.
import { pair, windowOf, type LayerOf, type LayerSpec } from '../../spec/index.ts';
import { onlyInput, outputShapeOf, type LayerReference, type Tape } from '../layer-reference.ts';
import { addTo, at, zeros, type Tensor } from '../values.ts';
import { forEachPlace, type Reach } from './pooling.ts';

/** A window, and how many values it counts along its axis (padding included where it counts). */
interface CountedReach extends Reach {
  readonly count: number;
}

function averages(
  layer: LayerSpec,
  inputs: readonly Tensor[],
  reach: (axis: 0 | 1, index: number) => CountedReach,
): Tape {
  const input = onlyInput(layer, inputs);
  const output = zeros(outputShapeOf(layer, inputs));
  const [, , , width = 0] = output.shape;
  const divisor = (y: number): number => {
    const row = Math.floor(y / width) % (output.shape[2] ?? 1);
    return reach(0, row).count * reach(1, y % width).count;
  };
  forEachPlace(input, output, reach, (y, positions) => {
    output.data[y] = positions.reduce((sum, x) => sum + at(input.data, x), 0) / divisor(y);
  });
  return {
    output,
    state: {},
    backward(dy) {
      const dx = new Float64Array(input.data.length);
      forEachPlace(input, output, reach, (y, positions) => {
        for (const x of positions) addTo(dx, x, at(dy, y) / divisor(y));
      });
      return { inputs: [dx], parameters: {} };
    },
  };
}

/** Padding is zero and counts when `count_include_pad`; what a last window of ceil_mode has beyond the padding never counts. */
export const avgPool2d: LayerReference<LayerOf<'AvgPool2d'>> = {
  forward(layer, inputs) {
    const { shape } = onlyInput(layer, inputs);
    const { kernel, stride, padding } = windowOf(layer);
    return averages(layer, inputs, (axis, index) => {
      const size = shape[2 + axis] ?? 0;
      const begin = index * stride[axis] - padding[axis];
      const end = Math.min(begin + kernel[axis], size + padding[axis]);
      const [from, to] = [Math.max(begin, 0), Math.min(end, size)];
      return { from, to, step: 1, count: layer.count_include_pad ? end - begin : to - from };
    });
  },
};

/** Output i of n covers inputs ⌊i·size/n⌋ … ⌈(i+1)·size/n⌉ - 1; neighbours may overlap. */
export const adaptiveAvgPool2d: LayerReference<LayerOf<'AdaptiveAvgPool2d'>> = {
  forward(layer, inputs) {
    const { shape } = onlyInput(layer, inputs);
    const outputs = pair(layer.output_size);
    return averages(layer, inputs, (axis, index) => {
      const size = shape[2 + axis] ?? 0;
      const from = Math.floor((index * size) / outputs[axis]);
      const to = Math.ceil(((index + 1) * size) / outputs[axis]);
      return { from, to, step: 1, count: to - from };
    });
  },
};
