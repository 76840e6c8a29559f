// torch.cat along dim=1: per example, the features or channels of each input one after another.
import { elements, type LayerOf } from '../../spec/index.ts';
import { outputShapeOf, type LayerReference } from '../layer-reference.ts';
import { zeros } from '../values.ts';

export const concat: LayerReference<LayerOf<'Concat'>> = {
  forward(layer, inputs) {
    const output = zeros(outputShapeOf(layer, inputs));
    const [batch = 0, ...rest] = output.shape;
    const perExample = elements(rest);
    const widths = inputs.map(({ shape }) => elements(shape.slice(1)));
    const starts = widths.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width, 0));
    /** Calls `part` for every example of every input with the places of its values in the input and in the output. */
    const forEachPart = (part: (input: number, from: number, to: number, width: number) => void): void => {
      for (const [i, width] of widths.entries())
        for (let n = 0; n < batch; n++) part(i, n * width, n * perExample + (starts[i] as number), width);
    };
    forEachPart((i, from, to, width) => {
      const { data } = inputs[i] as (typeof inputs)[number];
      output.data.set(data.subarray(from, from + width), to);
    });
    return {
      output,
      state: {},
      backward(dy) {
        const dx = inputs.map(({ data }) => new Float64Array(data.length));
        forEachPart((i, from, to, width) => dx[i]?.set(dy.subarray(to, to + width), from));
        return { inputs: dx, parameters: {} };
      },
    };
  },
};
