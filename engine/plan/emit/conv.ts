// Conv2d: weights are packed once a step, for either direction; gradients of weight and bias are summed over all examples.
import { image, windowOf, type LayerOf } from '../../spec/index.ts';
import type { Emitted, LayerContext, Value } from '../emission.ts';
import type { Buffer } from '../instruction.ts';
import type { Parameter } from '../parameters.ts';
import { windowNumbers } from './window.ts';

/** Channels that a tile of the kernel takes at most. */
const TILE = 6;

export function emitConv(context: LayerContext<LayerOf<'Conv2d'>>): Emitted {
  const { builder, shape, inputs, layer } = context;
  const weight = context.parameter('weight') as Parameter;
  const bias = context.parameter('bias');
  const window = windowOf(layer);
  const [inChannels, inHeight] = image(shape.input);
  const [outChannels, outHeight, outWidth] = image(shape.output);
  const { groups } = layer;
  const kernel = window.kernel[0] * window.kernel[1];
  const sizes = { ...windowNumbers(window, shape.input, shape.output), inChannels, outChannels, groups };
  const x = (inputs[0] as Value).buffer;
  const parts = (channels: number): number => Math.ceil(channels / groups / TILE);

  const pack = (transposed: boolean): Buffer => {
    const packed = context.keep(`${shape.name}.weight.${transposed ? 'transposed' : 'packed'}`, weight.value.bytes);
    context.prepare(() =>
      builder.emit(
        'conv_pack',
        builder.across(groups * parts(transposed ? inChannels : outChannels), 1, 'first_chunk'),
        { w: weight.value, packed },
        { inChannels, outChannels, groups, kernel, weightStride: weight.stride, transposed: transposed ? 1 : 0 },
      ),
    );
    return packed;
  };

  const y = builder.activation(`${shape.name}.output`, outChannels * outHeight * outWidth);
  builder.emit('conv_forward', builder.each(outHeight, 1), { x, packed: pack(false), b: bias?.value, y }, sizes);
  return {
    output: { buffer: y, shape: shape.output },
    backward(dy, [wanted], later) {
      let dx: Buffer | null = null;
      if (wanted) {
        dx = builder.activation(`${shape.name}.input.gradient`, inChannels * inHeight * sizes.inWidth);
        builder.emit('conv_grad_input', builder.each(inHeight, 1), { dy, packed: pack(true), dx }, sizes);
      }
      later(() => {
        const units = groups * parts(outChannels) * (kernel === 1 ? 1 : (inChannels / groups) * window.kernel[0]);
        builder.emit(
          'conv_grad_weight',
          builder.across(units, 1),
          { x, dy, gw: weight.gradient },
          { ...sizes, weightStride: weight.stride },
        );
        if (bias)
          builder.emit(
            'conv_grad_bias',
            builder.across(outChannels, 1),
            { dy, gb: bias.gradient },
            { channels: outChannels, pixels: outHeight * outWidth },
          );
        context.update(weight);
        if (bias) context.update(bias);
      });
      return { inputs: [dx] };
    },
  };
}
