// torch.nn.Softmax and LogSoftmax over dim=1: over the features of [N, K], over the channels at each place of [N, C, H, W].
import type { LayerOf } from '../../spec/index.ts';
import { onlyInput, type LayerReference } from '../layer-reference.ts';
import { at, planes, type Tensor } from '../values.ts';

/** Calls `row` with the positions of each group of values that are normalised together. */
function forEachRow(input: Tensor, row: (positions: readonly number[]) => void): void {
  const [batch, channels, places] = planes(input);
  for (let n = 0; n < batch; n++)
    for (let place = 0; place < places; place++)
      row(Array.from({ length: channels }, (_, c) => (n * channels + c) * places + place));
}

const sum = (positions: readonly number[], term: (position: number) => number): number =>
  positions.reduce((total, position) => total + term(position), 0);

const most = (data: Float64Array, positions: readonly number[]): number =>
  positions.reduce((highest, position) => Math.max(highest, at(data, position)), -Infinity);

/** y = exp(x - max)/Σ; dx = y·(dy - Σ dy·y). */
export const softmax: LayerReference<LayerOf<'Softmax'>> = {
  forward(layer, inputs) {
    const input = onlyInput(layer, inputs);
    const y = new Float64Array(input.data.length);
    forEachRow(input, (positions) => {
      const highest = most(input.data, positions);
      for (const i of positions) y[i] = Math.exp(at(input.data, i) - highest);
      const total = sum(positions, (i) => at(y, i));
      for (const i of positions) y[i] = at(y, i) / total;
    });
    return {
      output: { shape: input.shape, data: y },
      state: {},
      backward(dy) {
        const dx = new Float64Array(y.length);
        forEachRow(input, (positions) => {
          const mean = sum(positions, (i) => at(dy, i) * at(y, i));
          for (const i of positions) dx[i] = at(y, i) * (at(dy, i) - mean);
        });
        return { inputs: [dx], parameters: {} };
      },
    };
  },
};

/** y = x - max - log Σ exp(x - max); dx = dy - exp(y)·Σ dy. */
export const logSoftmax: LayerReference<LayerOf<'LogSoftmax'>> = {
  forward(layer, inputs) {
    const input = onlyInput(layer, inputs);
    const y = new Float64Array(input.data.length);
    forEachRow(input, (positions) => {
      const highest = most(input.data, positions);
      const log = Math.log(sum(positions, (i) => Math.exp(at(input.data, i) - highest)));
      for (const i of positions) y[i] = at(input.data, i) - highest - log;
    });
    return {
      output: { shape: input.shape, data: y },
      state: {},
      backward(dy) {
        const dx = new Float64Array(y.length);
        forEachRow(input, (positions) => {
          const total = sum(positions, (i) => at(dy, i));
          for (const i of positions) dx[i] = at(dy, i) - Math.exp(at(y, i)) * total;
        });
        return { inputs: [dx], parameters: {} };
      },
    };
  },
};
