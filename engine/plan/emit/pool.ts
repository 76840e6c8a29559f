// Pooling layers.
import { elements, image, pair, windowOf, type LayerOf, type Window } from '../../spec/index.ts';
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

interface Averaging {
  readonly window: Window;
  readonly countPadding: boolean;
  /** The outputs are torch's bins; the window is not used. */
  readonly adaptive: boolean;
}

function emitAverage({ builder, shape, inputs }: LayerContext, { window, countPadding, adaptive }: Averaging): Emitted {
  const [channels] = image(shape.input);
  const numbers = {
    ...windowNumbers(window, shape.input, shape.output),
    channels,
    countPadding: countPadding ? 1 : 0,
    adaptive: adaptive ? 1 : 0,
  };
  const y = builder.activation(`${shape.name}.output`, elements(shape.output));
  const x = (inputs[0] as Value).buffer;
  builder.emit('avg_pool_forward', builder.each(channels * numbers.outHeight, 1), { x, y }, numbers);
  return {
    output: { buffer: y, shape: shape.output },
    backward(dy, [wanted]) {
      if (!wanted) return { inputs: [null] };
      const dx = builder.activation(`${shape.name}.input.gradient`, elements(shape.input));
      builder.emit('avg_pool_backward', builder.each(channels, 1), { dy, dx }, numbers);
      return { inputs: [dx] };
    },
  };
}

export const emitAvgPool = (context: LayerContext<LayerOf<'AvgPool2d'>>): Emitted =>
  emitAverage(context, {
    window: windowOf(context.layer),
    countPadding: context.layer.count_include_pad,
    adaptive: false,
  });

/** Bins of one size are a window that moves by its own length. */
export function emitAdaptiveAvgPool(context: LayerContext<LayerOf<'AdaptiveAvgPool2d'>>): Emitted {
  const [, height, width] = image(context.shape.input);
  const [rows, columns] = pair(context.layer.output_size);
  const size = [Math.floor(height / rows), Math.floor(width / columns)] as const;
  const window: Window = { kernel: size, stride: size, padding: [0, 0], dilation: [1, 1], ceil: false };
  const adaptive = height % rows !== 0 || width % columns !== 0;
  return emitAverage(context, { window, countPadding: false, adaptive });
}
