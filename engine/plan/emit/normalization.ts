// Normalisation: BatchNorm over a batch (in evaluation by its running statistics), LayerNorm over an example.
import { elements, type LayerOf } from '../../spec/index.ts';
import type { Emitted, LayerContext, Value } from '../emission.ts';
import type { Buffer } from '../instruction.ts';

/** f64 mean, variance and factor of a channel. */
const STATISTICS_BYTES = 24;
/** Rows of what LayerNorm keeps of a block of examples, and of what it finds out on the way back. */
const STATISTICS_ROWS = 3;
const MEANS_ROWS = 2;

type BatchNorm = LayerOf<'BatchNorm1d' | 'BatchNorm2d'>;

function emitEvaluation(context: LayerContext<BatchNorm>, channels: number, pixels: number): Emitted {
  const { builder, shape, inputs, layer } = context;
  const y = builder.activation(`${shape.name}.output`, channels * pixels);
  builder.emit(
    'batch_norm_evaluate',
    builder.each(channels * pixels),
    {
      x: (inputs[0] as Value).buffer,
      y,
      mean: context.state('running_mean').value,
      variance: context.state('running_var').value,
      w: context.parameter('weight')?.value,
      b: context.parameter('bias')?.value,
    },
    { channels, pixels, eps: layer.eps },
  );
  return {
    output: { buffer: y, shape: shape.output },
    backward() {
      throw new Error('evaluation has no way back');
    },
  };
}

export function emitBatchNorm(context: LayerContext<BatchNorm>): Emitted {
  const { builder, shape, inputs, layer } = context;
  const [channels = 1, ...rest] = shape.input;
  const pixels = elements(rest);
  if (builder.mode === 'evaluate') return emitEvaluation(context, channels, pixels);
  const [weight, bias] = [context.parameter('weight'), context.parameter('bias')];
  const x = (inputs[0] as Value).buffer;
  const y = builder.activation(`${shape.name}.output`, channels * pixels);
  const statistics: Buffer = {
    name: `${shape.name}.statistics`,
    bytes: STATISTICS_BYTES * channels,
    persistent: false,
    perExample: false,
  };
  // A channel is one thread's, over the whole batch: its sums have one order, whoever makes them.
  const share = builder.across(channels, 1);
  builder.emit(
    'batch_norm_forward',
    share,
    { x, y, statistics, w: weight?.value, b: bias?.value },
    { channels, pixels, eps: layer.eps },
  );
  context.settle((verdict) =>
    builder.emit(
      'running_statistics',
      builder.one('last_chunk'),
      {
        statistics,
        verdict,
        mean: context.state('running_mean').value,
        variance: context.state('running_var').value,
      },
      { channels, pixels, momentum: layer.momentum },
    ),
  );
  return {
    output: { buffer: y, shape: shape.output },
    backward(dy, [wanted], later) {
      const dx = wanted ? builder.activation(`${shape.name}.input.gradient`, channels * pixels) : undefined;
      builder.emit(
        'batch_norm_backward',
        share,
        { x, dy, statistics, dx, w: weight?.value, gw: weight?.gradient, gb: bias?.gradient },
        { channels, pixels },
      );
      later(() => {
        if (weight) context.update(weight);
        if (bias) context.update(bias);
      });
      return { inputs: [dx ?? null] };
    },
  };
}

export function emitLayerNorm(context: LayerContext<LayerOf<'LayerNorm'>>): Emitted {
  const { builder, shape, inputs, layer } = context;
  const count = elements(shape.input);
  const [weight, bias] = [context.parameter('weight'), context.parameter('bias')];
  const numbers = { elements: count };
  const x = (inputs[0] as Value).buffer;
  const w = weight?.value;
  const y = builder.activation(`${shape.name}.output`, count);
  const statistics = builder.activation(`${shape.name}.statistics`, STATISTICS_ROWS);
  builder.emit('layer_norm_statistics', builder.whole(count), { x, statistics }, { ...numbers, eps: layer.eps });
  builder.emit('layer_norm_forward', builder.each(count), { x, statistics, y, w, b: bias?.value }, numbers);
  return {
    output: { buffer: y, shape: shape.output },
    backward(dy, [wanted], later) {
      let dx: Buffer | null = null;
      if (wanted) {
        const means = builder.activation(`${shape.name}.means`, MEANS_ROWS);
        dx = builder.activation(`${shape.name}.input.gradient`, count);
        builder.emit('layer_norm_means', builder.whole(count), { x, dy, statistics, means, w }, numbers);
        builder.emit('layer_norm_backward', builder.each(count), { x, dy, statistics, means, dx, w }, numbers);
      }
      if (weight)
        later(() => {
          builder.emit(
            'layer_norm_grad_parameters',
            builder.across(count),
            { x, dy, statistics, gw: weight.gradient, gb: bias?.gradient },
            numbers,
          );
          context.update(weight);
          if (bias) context.update(bias);
        });
      return { inputs: [dx] };
    },
  };
}
