// A layer whose every output is a function of one input: what the activations share.
import type { LayerSpec } from '../../spec/index.ts';
import { onlyInput, type LayerReference } from '../layer-reference.ts';
import { at } from '../values.ts';

export interface Curve {
  value(x: number): number;
  /** Derivative at x, where the value is y. At a kink: torch's choice. */
  slope(x: number, y: number): number;
}

export const elementwise = <L extends LayerSpec>(curve: (layer: L) => Curve): LayerReference<L> => ({
  forward(layer, inputs) {
    const { shape, data } = onlyInput(layer, inputs);
    const { value, slope } = curve(layer);
    const y = data.map(value);
    return {
      output: { shape, data: y },
      state: {},
      backward: (dy) => ({
        inputs: [dy.map((d, i) => d * slope(at(data, i), at(y, i)))],
        parameters: {},
      }),
    };
  },
});
