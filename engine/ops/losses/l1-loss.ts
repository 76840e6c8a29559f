// torch.nn.L1Loss: |y - t|; the derivative at 0 is 0.
import { perElement } from './loss-reference.ts';
import type { LossOf } from './loss-of.ts';

export const l1Loss = perElement<LossOf<'L1Loss'>>(() => (y, t) => ({
  value: Math.abs(y - t),
  slope: Math.sign(y - t),
}));
