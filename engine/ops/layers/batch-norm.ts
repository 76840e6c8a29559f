// torch.nn.BatchNorm1d of [N, C] and BatchNorm2d of [N, C, H, W]: every channel normalised over batch and places, in training by the
// batch's own mean and biased variance, in evaluation by the running ones (which take the unbiased variance).
import type { LayerOf } from '../../spec/index.ts';
import {
  onlyInput,
  OperandError,
  parameterOf,
  stateOf,
  type LayerContext,
  type LayerReference,
  type Tape,
} from '../layer-reference.ts';
import { addTo, at, planes, type Tensor } from '../values.ts';
import { normalizedGradient, statistics, type Normalized } from './normalize.ts';

type BatchNorm = LayerOf<'BatchNorm1d' | 'BatchNorm2d'>;

/** Positions of each channel's values. */
function channelPositions(input: Tensor): number[][] {
  const [batch, channels, places] = planes(input);
  return Array.from({ length: channels }, (_, c) =>
    Array.from({ length: batch * places }, (__, i) => (Math.floor(i / places) * channels + c) * places + (i % places)),
  );
}

/** running ← momentum·new + (1 - momentum)·running. */
function blend(layer: BatchNorm, running: Float64Array, fresh: readonly number[]): Float64Array {
  return running.map((old, c) => layer.momentum * at(fresh, c) + (1 - layer.momentum) * old);
}

function forward(layer: BatchNorm, inputs: readonly Tensor[], context: LayerContext): Tape {
  const input = onlyInput(layer, inputs);
  const training = context.mode === 'train';
  const channels = channelPositions(input);
  const count = channels[0]?.length ?? 0;
  if (training && count < 2)
    throw new OperandError(
      layer,
      'input 0',
      'has one value per channel, which has no variance: train with larger batches',
    );
  const weight = layer.affine ? parameterOf(layer, context, 'weight') : null;
  const bias = layer.affine ? parameterOf(layer, context, 'bias') : null;
  const runningMean = stateOf(layer, context, 'running_mean');
  const runningVariance = stateOf(layer, context, 'running_var');
  const used = channels.map((positions, c): Normalized => {
    if (training) return statistics(input.data, positions, layer.eps);
    const variance = at(runningVariance, c);
    return { mean: at(runningMean, c), variance, factor: 1 / Math.sqrt(variance + layer.eps) };
  });
  const normalized = new Float64Array(input.data.length);
  const y = new Float64Array(input.data.length);
  for (const [c, positions] of channels.entries())
    for (const i of positions) {
      const { mean, factor } = used[c] as Normalized;
      normalized[i] = (at(input.data, i) - mean) * factor;
      y[i] = at(normalized, i) * (weight ? at(weight, c) : 1) + (bias ? at(bias, c) : 0);
    }
  return {
    output: { shape: input.shape, data: y },
    state: training
      ? {
          running_mean: blend(
            layer,
            runningMean,
            used.map(({ mean }) => mean),
          ),
          running_var: blend(
            layer,
            runningVariance,
            used.map(({ variance }) => (variance * count) / (count - 1)),
          ),
        }
      : {},
    backward(dy) {
      const dx = new Float64Array(dy.length);
      const g = new Float64Array(dy.length);
      const [dw, db] = [new Float64Array(channels.length), new Float64Array(channels.length)];
      for (const [c, positions] of channels.entries()) {
        const { factor } = used[c] as Normalized;
        for (const i of positions) {
          g[i] = at(dy, i) * (weight ? at(weight, c) : 1);
          addTo(dw, c, at(dy, i) * at(normalized, i));
          addTo(db, c, at(dy, i));
        }
        if (training) normalizedGradient(dx, positions, normalized, g, factor);
        else for (const i of positions) dx[i] = at(g, i) * factor;
      }
      return { inputs: [dx], parameters: layer.affine ? { weight: dw, bias: db } : {} };
    },
  };
}

export const batchNorm1d: LayerReference<LayerOf<'BatchNorm1d'>> = { forward };
export const batchNorm2d: LayerReference<LayerOf<'BatchNorm2d'>> = { forward };
