// Layers whose every output depends on its own input alone, and whose derivative is a function of the output.
import { elements, type LayerType } from '../../spec/index.ts';
import type { Emitted, LayerContext, Value } from '../emission.ts';
import type { Buffer } from '../instruction.ts';

const KERNELS_OF = {
  ReLU: ['relu_forward', 'relu_backward'],
  Sigmoid: ['sigmoid_forward', 'sigmoid_backward'],
  Tanh: ['tanh_forward', 'tanh_backward'],
} as const satisfies Partial<Record<LayerType, readonly [string, string]>>;

export function emitActivation(context: LayerContext & { readonly layer: { readonly type: keyof typeof KERNELS_OF } }): Emitted {
  const { builder, shape, inputs, layer } = context;
  const [forward, backward] = KERNELS_OF[layer.type];
  const count = elements(shape.output);
  const y = builder.activation(`${shape.name}.output`, count);
  let at: Buffer = y;
  builder.emit(forward, builder.each(count), { x: (inputs[0] as Value).buffer, y }, {});
  return {
    output: { buffer: y, shape: shape.output },
    derivativeAt: (value) => {
      at = value;
    },
    backward(dy, [wanted]) {
      if (!wanted) return { inputs: [null] };
      const dx = builder.activation(`${shape.name}.input.gradient`, count);
      builder.emit(backward, builder.each(count), { y: at, dy, dx }, {});
      return { inputs: [dx] };
    },
  };
}
