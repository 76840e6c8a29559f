// Softmax and LogSoftmax: over the features of a vector, over the channels at each pixel of an image.
import { elements, type LayerOf } from '../../spec/index.ts';
import type { Emitted, LayerContext, Value } from '../emission.ts';

export function emitSoftmax(context: LayerContext<LayerOf<'Softmax' | 'LogSoftmax'>>): Emitted {
  const { builder, shape, inputs, layer } = context;
  const [forward, backward] =
    layer.type === 'Softmax'
      ? (['softmax_forward', 'softmax_backward'] as const)
      : (['log_softmax_forward', 'log_softmax_backward'] as const);
  const count = elements(shape.output);
  const [channels = 1] = shape.output;
  const share = builder.each(count / channels, 1);
  const y = builder.activation(`${shape.name}.output`, count);
  builder.emit(forward, share, { x: (inputs[0] as Value).buffer, y }, { channels });
  return {
    output: { buffer: y, shape: shape.output },
    backward(dy, [wanted]) {
      if (!wanted) return { inputs: [null] };
      const dx = builder.activation(`${shape.name}.input.gradient`, count);
      builder.emit(backward, share, { y, dy, dx }, { channels });
      return { inputs: [dx] };
    },
  };
}
