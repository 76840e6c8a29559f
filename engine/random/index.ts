// The public face of the generator: the only module that other folders import from here.
export { bernoulli, bernoulliThreshold, dropoutNoise, dropoutScale, type BernoulliThreshold } from './bernoulli.ts';
export { Generator, type GeneratorState } from './generator.ts';
export { initializeLinear, type LinearParameters } from './initialization.ts';
export { defaultBias, defaultWeight, initialize } from './initializers.ts';
export { linspace } from './linspace.ts';
export { normal, normalOf, randn } from './normal.ts';
export { epochOrder, randperm, shuffledEpoch, shuffledEpochFrom } from './permutation.ts';
export { randint, random63, uniform } from './uniform.ts';
