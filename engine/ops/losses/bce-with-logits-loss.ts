// torch.nn.BCEWithLogitsLoss: of raw scores y against targets t from 0 to 1, max(y, 0) - y·t + log(1 + exp(-|y|)), in nats.
import { logistic } from '../layers/sigmoid.ts';
import { perElement } from './loss-reference.ts';
import type { LossOf } from './loss-of.ts';

export const bceWithLogitsLoss = perElement<LossOf<'BCEWithLogitsLoss'>>(() => (y, t) => ({
  value: Math.max(y, 0) - y * t + Math.log1p(Math.exp(-Math.abs(y))),
  slope: logistic(y) - t,
}));
