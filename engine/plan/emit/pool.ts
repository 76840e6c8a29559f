// Pooling layers.
import { elements, image, windowOf, type LayerOf } from '../../spec/index.ts';
import type { Emitted, LayerContext, Value } from '../emission.ts';
import { windowNumbers } from './window.ts';

export function emitMaxPool(context: LayerContext<LayerOf<'MaxPool2d'>>): Emitted {
  const { builder, shape, inputs, layer } = context;
  const [channels] = image(shape.input);
  const numbers = { ...windowNumbers(windowOf(layer), shape.input, shape.output), channels };
  const x = (inputs[0] as Value).buffer;
  const y = builder.activation(`${shape.name}.output`, elements(shape.output));
  builder.emit('max_pool_forward', builder.each(channels * numbers.outHeight, 1), { x, y }, numbers);
  return {
    output: { buffer: y, shape: shape.output },
    backward(dy, [wanted]) {
      if (!wanted) return { inputs: [null] };
      const dx = builder.activation(`${shape.name}.input.gradient`, elements(shape.input));
      builder.emit('max_pool_backward', builder.each(channels, 1), { x, y, dy, dx }, numbers);
      return { inputs: [dx] };
    },
  };
}
