// torch.nn.HuberLoss: ½(y - t)² up to delta, delta·(|y - t| - ½·delta) above.
import { perElement } from './loss-reference.ts';
import type { LossOf } from './loss-of.ts';

export const huberLoss = perElement<LossOf<'HuberLoss'>>(({ delta }) => (y, t) => {
  const d = y - t;
  return Math.abs(d) <= delta
    ? { value: 0.5 * d * d, slope: d }
    : { value: delta * (Math.abs(d) - 0.5 * delta), slope: delta * Math.sign(d) };
});
