// Dropout: decisions drawn for the whole batch in torch's order, spread out as a mask for each chunk.
import { bernoulliThreshold, dropoutScale } from '../../random/index.ts';
import { elements, type LayerOf } from '../../spec/index.ts';
import type { Emitted, LayerContext, Value } from '../emission.ts';

/** In evaluation, or with p = 0, torch draws nothing and passes the input on; so does the program. */
export const passOn = (context: LayerContext): Emitted => ({
  output: { buffer: (context.inputs[0] as Value).buffer, shape: context.shape.output },
  backward: (dy, [wanted]) => ({ inputs: [wanted ? dy : null] }),
});

export function emitDropout(context: LayerContext<LayerOf<'Dropout'>>): Emitted {
  const { builder, shape, inputs, layer, previous } = context;
  if (builder.mode === 'evaluate' || layer.p === 0) return passOn(context as LayerContext);
  const features = elements(shape.output);
  const { high, low } = bernoulliThreshold(1 - layer.p);
  const kept = context.draws(`${shape.name}.kept`, features, (buffer) =>
    builder.emit('draw_kept', builder.one('first_chunk'), { kept: buffer }, { features, keepHigh: high, keepLow: low }),
  );
  const mask = builder.activation(`${shape.name}.mask`, features);
  const y = builder.activation(`${shape.name}.output`, features);
  builder.emit(
    'dropout_forward',
    builder.each(features),
    { x: (inputs[0] as Value).buffer, kept, y, mask },
    { features, scale: dropoutScale(layer.p) },
  );
  if (layer.gradient === 'as_printed') previous?.derivativeAt?.(y);
  return {
    output: { buffer: y, shape: shape.output },
    backward(dy, [wanted]) {
      if (!wanted || layer.gradient === 'as_printed') return { inputs: [wanted ? dy : null] };
      const dx = builder.activation(`${shape.name}.input.gradient`, features);
      builder.emit('dropout_backward', builder.each(features), { dy, mask, dx }, {});
      return { inputs: [dx] };
    },
  };
}
