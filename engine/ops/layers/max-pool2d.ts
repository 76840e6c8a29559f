// torch.nn.MaxPool2d: the largest value of each window, padding never chosen. Of equal ones the first is chosen and gets the
// gradient; NaN (the last one) is chosen before any number.
import { windowOf, type LayerOf } from '../../spec/index.ts';
import { onlyInput, outputShapeOf, type LayerReference } from '../layer-reference.ts';
import { addTo, at, zeros } from '../values.ts';
import { forEachPlace } from './pooling.ts';

export const maxPool2d: LayerReference<LayerOf<'MaxPool2d'>> = {
  forward(layer, inputs) {
    const input = onlyInput(layer, inputs);
    const output = zeros(outputShapeOf(layer, inputs));
    const { kernel, stride, padding, dilation } = windowOf(layer);
    const sizes = [input.shape[2] ?? 0, input.shape[3] ?? 0] as const;
    const chosen = new Int32Array(output.data.length);
    const reach = (axis: 0 | 1, index: number) => {
      const [step, begin] = [dilation[axis], index * stride[axis] - padding[axis]];
      const from = begin < 0 ? begin + Math.ceil(-begin / step) * step : begin;
      return { from, to: Math.min(sizes[axis], begin + (kernel[axis] - 1) * step + 1), step };
    };
    forEachPlace(input, output, reach, (y, positions) => {
      let [best, value] = [positions[0] ?? 0, -Infinity];
      for (const position of positions) {
        const x = at(input.data, position);
        if (x > value || Number.isNaN(x)) [best, value] = [position, x];
      }
      chosen[y] = best;
      output.data[y] = value;
    });
    return {
      output,
      state: {},
      backward(dy) {
        const dx = new Float64Array(input.data.length);
        for (const [y, position] of chosen.entries()) addTo(dx, position, at(dy, y));
        return { inputs: [dx], parameters: {} };
      },
    };
  },
};
