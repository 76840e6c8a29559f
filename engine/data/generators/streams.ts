// Where generated data get their random numbers: every split draws from a stream of its own, so that more test points change no
// train point.
import { Generator, random63 } from '../../random/index.ts';
import type { Split } from '../../spec/index.ts';

/** A generator for each split, and one for what all splits have in common (centers, true coefficients). */
export type Streams = Readonly<Record<Split | 'common', Generator>>;

/** `torch.Generator().manual_seed(seed)` gives the seeds of the streams, as `DataLoader` seeds its sampler. */
export function streamsOf(seed: number): Streams {
  const root = Generator.manualSeed(seed);
  const next = (): Generator => Generator.manualSeed(random63(root));
  return { common: next(), train: next(), test: next(), validation: next() };
}
