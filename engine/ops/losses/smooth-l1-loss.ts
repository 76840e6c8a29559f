// torch.nn.SmoothL1Loss: ½(y - t)²/beta below beta, |y - t| - ½·beta from there on.
import { perElement } from './loss-reference.ts';
import type { LossOf } from './loss-of.ts';

export const smoothL1Loss = perElement<LossOf<'SmoothL1Loss'>>(({ beta }) => (y, t) => {
  const d = y - t;
  return Math.abs(d) < beta
    ? { value: (0.5 * d * d) / beta, slope: d / beta }
    : { value: Math.abs(d) - 0.5 * beta, slope: Math.sign(d) };
});
