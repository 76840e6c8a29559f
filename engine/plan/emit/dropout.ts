// Dropout in its forms: decisions or normals drawn for the whole batch in torch's order, spread out as a mask for each chunk.
import { bernoulliThreshold, dropoutScale } from '../../random/index.ts';
import { elements, image, type LayerOf } from '../../spec/index.ts';
import type { Emitted, LayerContext, Value } from '../emission.ts';
import type { Buffer } from '../instruction.ts';
import type { Parameter } from '../parameters.ts';
import { emitProduct } from './linear.ts';

const inputOf = (context: LayerContext): Buffer => (context.inputs[0] as Value).buffer;

/** In evaluation, or with p = 0, torch draws nothing and passes the input on; so does the program. */
export const passOn = (context: LayerContext): Emitted => ({
  output: { buffer: inputOf(context), shape: context.shape.output },
  backward: (dy, [wanted]) => ({ inputs: [wanted ? dy : null] }),
});

const isIdle = ({ builder }: LayerContext, p: number): boolean => builder.mode === 'evaluate' || p === 0;

/** Decisions of keeping, one byte each, `features` per example (or in all). */
function drawKept(context: LayerContext, p: number, features: number, once = false): Buffer {
  const { builder, shape, batch } = context;
  const { high, low } = bernoulliThreshold(1 - p);
  return context.draws(`${shape.name}.kept`, features * (once ? 1 : batch), (kept) =>
    builder.emit(
      'draw_kept',
      builder.one('first_chunk'),
      { kept },
      { features, keepHigh: high, keepLow: low, once: once ? 1 : 0 },
    ),
  );
}

interface Masked {
  readonly mask: Buffer;
  readonly y: Buffer;
}

const maskedBuffers = ({ builder, shape }: LayerContext, features: number): Masked => ({
  mask: builder.activation(`${shape.name}.mask`, features),
  y: builder.activation(`${shape.name}.output`, features),
});

/** y = x·mask (+ something that does not depend on x), unit by unit. */
function emitMasked({ builder, shape }: LayerContext, { mask, y }: Masked): Emitted {
  const features = elements(shape.output);
  return {
    output: { buffer: y, shape: shape.output },
    mask: { buffer: mask, shape: shape.output },
    backward(dy, [wanted]) {
      if (!wanted) return { inputs: [null] };
      const dx = builder.activation(`${shape.name}.input.gradient`, features);
      builder.emit('dropout_backward', builder.each(features), { dy, mask, dx }, {});
      return { inputs: [dx] };
    },
  };
}

export function emitDropout(context: LayerContext<LayerOf<'Dropout'>>): Emitted {
  const { builder, shape, layer, previous } = context;
  if (isIdle(context, layer.p)) return passOn(context);
  const features = elements(shape.output);
  const kept = drawKept(context, layer.p, features);
  const masked = maskedBuffers(context, features);
  builder.emit(
    'dropout_forward',
    builder.each(features),
    { x: inputOf(context), kept, ...masked },
    { features, scale: dropoutScale(layer.p) },
  );
  if (layer.gradient === 'chain_rule') return emitMasked(context, masked);
  previous?.derivativeAt?.(masked.y);
  return { ...emitMasked(context, masked), backward: passOn(context).backward };
}

/** The value of a dropped unit of torch's alpha_dropout is -alpha', before the affine map that keeps mean and variance. */
const ALPHA = 1.7580993408473766;

export function emitAlphaDropout(context: LayerContext<LayerOf<'AlphaDropout'>>): Emitted {
  const { builder, shape, layer } = context;
  if (isIdle(context, layer.p)) return passOn(context);
  const features = elements(shape.output);
  const kept = drawKept(context, layer.p, features);
  const masked = maskedBuffers(context, features);
  const a = 1 / Math.sqrt((ALPHA * ALPHA * layer.p + 1) * (1 - layer.p));
  const shift = Math.fround(ALPHA * a * layer.p);
  builder.emit(
    'alpha_dropout_forward',
    builder.each(features),
    { x: inputOf(context), kept, ...masked },
    { features, scale: a, shift, dropped: Math.fround(-ALPHA * a) + shift },
  );
  return emitMasked(context, masked);
}

export function emitGaussianDropout(context: LayerContext<LayerOf<'GaussianDropout'>>): Emitted {
  const { builder, shape, layer, batch } = context;
  if (isIdle(context, layer.p)) return passOn(context);
  const features = elements(shape.output);
  const normals = context.draws(`${shape.name}.normals`, 4 * features * batch, (buffer) =>
    builder.emit('draw_normals', builder.one('first_chunk'), { normals: buffer }, { features }),
  );
  const masked = maskedBuffers(context, features);
  builder.emit(
    'gaussian_dropout_forward',
    builder.each(features),
    { x: inputOf(context), normals, ...masked },
    { features, std: Math.sqrt(layer.p / (1 - layer.p)) },
  );
  return emitMasked(context, masked);
}

export function emitDropout2d(context: LayerContext<LayerOf<'Dropout2d'>>): Emitted {
  const { builder, shape, layer } = context;
  if (isIdle(context, layer.p)) return passOn(context);
  const [channels, height, width] = image(shape.output);
  const pixels = height * width;
  const kept = drawKept(context, layer.p, channels);
  const mask = builder.activation(`${shape.name}.mask`, channels);
  const y = builder.activation(`${shape.name}.output`, channels * pixels);
  builder.emit(
    'channel_dropout_forward',
    builder.each(channels, 1),
    { x: inputOf(context), kept, y, mask },
    { pixels, scale: dropoutScale(layer.p) },
  );
  return {
    output: { buffer: y, shape: shape.output },
    mask: { buffer: mask, shape: [channels] },
    backward(dy, [wanted]) {
      if (!wanted) return { inputs: [null] };
      const dx = builder.activation(`${shape.name}.input.gradient`, channels * pixels);
      builder.emit('channel_dropout_backward', builder.each(channels, 1), { dy, mask, dx }, { pixels });
      return { inputs: [dx] };
    },
  };
}

export function emitDropConnect(context: LayerContext<LayerOf<'DropConnect'>>): Emitted {
  const { builder, shape, layer } = context;
  const weight = context.parameter('weight') as Parameter;
  if (isIdle(context, layer.p)) return emitProduct(context, weight, weight.value);
  const { rows, columns, stride } = weight;
  const kept = drawKept(context, layer.p, rows * columns, true);
  const numbers = { columns, stride, scale: dropoutScale(layer.p) };
  const masked = context.keep(`${shape.name}.weight.masked`, weight.value.bytes);
  context.prepare(() =>
    builder.emit('mask_weight', builder.across(rows, 12, 'first_chunk'), { w: weight.value, kept, y: masked }, numbers),
  );
  return emitProduct(context, weight, masked, () => {
    const { gradient } = weight;
    builder.emit('mask_weight', builder.across(rows, 12, 'last_chunk'), { w: gradient, kept, y: gradient }, numbers);
    context.update(weight);
  });
}
