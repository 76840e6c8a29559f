// torch.nn.MSELoss: (y - t)².
import { perElement } from './loss-reference.ts';
import type { LossOf } from './loss-of.ts';

export const mseLoss = perElement<LossOf<'MSELoss'>>(() => (y, t) => ({ value: (y - t) ** 2, slope: 2 * (y - t) }));
