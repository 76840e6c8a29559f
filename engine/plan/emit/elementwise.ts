// Layers whose every output depends on its own input alone: forward from x to y, backward from x or y and dy to dx.
import { elements, type LayerOf, type LayerSpec } from '../../spec/index.ts';
import type { Emitted, LayerContext, Value } from '../emission.ts';
import type { Buffer, Share } from '../instruction.ts';

/** Emits the kernels of one layer. `y` of the derivative: the output, or what stands for it (see Emitted.derivativeAt). */
interface Pointwise {
  readonly forward: (share: Share, operands: { readonly x: Buffer; readonly y: Buffer }) => void;
  readonly backward: (
    share: Share,
    operands: { readonly x: Buffer; readonly y: Buffer; readonly dy: Buffer; readonly dx: Buffer },
  ) => void;
}

function emitPointwise({ builder, shape, inputs }: LayerContext, { forward, backward }: Pointwise): Emitted {
  const count = elements(shape.output);
  const share = builder.each(count);
  const x = (inputs[0] as Value).buffer;
  const y = builder.activation(`${shape.name}.output`, count);
  let at: Buffer = y;
  forward(share, { x, y });
  return {
    output: { buffer: y, shape: shape.output },
    derivativeAt: (value) => {
      at = value;
    },
    backward(dy, [wanted]) {
      if (!wanted) return { inputs: [null] };
      const dx = builder.activation(`${shape.name}.input.gradient`, count);
      backward(share, { x, y: at, dy, dx });
      return { inputs: [dx] };
    },
  };
}

const emitter =
  <L extends LayerSpec>(kernels: (context: LayerContext<L>) => Pointwise) =>
  (context: LayerContext<L>): Emitted =>
    emitPointwise(context as LayerContext, kernels(context));

export const emitRelu = emitter<LayerOf<'ReLU'>>(({ builder }) => ({
  forward: (share, { x, y }) => builder.emit('relu_forward', share, { x, y }, {}),
  backward: (share, { y, dy, dx }) => builder.emit('relu_backward', share, { y, dy, dx }, {}),
}));

export const emitSigmoid = emitter<LayerOf<'Sigmoid'>>(({ builder }) => ({
  forward: (share, { x, y }) => builder.emit('sigmoid_forward', share, { x, y }, {}),
  backward: (share, { y, dy, dx }) => builder.emit('sigmoid_backward', share, { y, dy, dx }, {}),
}));

export const emitTanh = emitter<LayerOf<'Tanh'>>(({ builder }) => ({
  forward: (share, { x, y }) => builder.emit('tanh_forward', share, { x, y }, {}),
  backward: (share, { y, dy, dx }) => builder.emit('tanh_backward', share, { y, dy, dx }, {}),
}));

export const emitLeakyRelu = emitter<LayerOf<'LeakyReLU'>>(({ builder, layer }) => {
  const numbers = { slope: layer.negative_slope };
  return {
    forward: (share, { x, y }) => builder.emit('leaky_relu_forward', share, { x, y }, numbers),
    backward: (share, { y, dy, dx }) => builder.emit('leaky_relu_backward', share, { y, dy, dx }, numbers),
  };
});

export const emitElu = emitter<LayerOf<'ELU'>>(({ builder, layer: { alpha } }) => ({
  forward: (share, { x, y }) => builder.emit('elu_forward', share, { x, y }, { alpha }),
  backward: (share, { x, dy, dx }) => builder.emit('elu_backward', share, { x, dy, dx }, { alpha }),
}));

export const emitGelu = emitter<LayerOf<'GELU'>>(({ builder, layer: { approximate } }) => {
  const [forward, backward] =
    approximate === 'tanh'
      ? (['gelu_tanh_forward', 'gelu_tanh_backward'] as const)
      : (['gelu_forward', 'gelu_backward'] as const);
  return {
    forward: (share, { x, y }) => builder.emit(forward, share, { x, y }, {}),
    backward: (share, { x, dy, dx }) => builder.emit(backward, share, { x, dy, dx }, {}),
  };
});

export const emitSilu = emitter<LayerOf<'SiLU'>>(({ builder }) => ({
  forward: (share, { x, y }) => builder.emit('silu_forward', share, { x, y }, {}),
  backward: (share, { x, dy, dx }) => builder.emit('silu_backward', share, { x, dy, dx }, {}),
}));
