// Weights as after some training, for models of any kind: small numbers, and running variances above zero.
import { matchWeights, type NamedArrays } from '../interop/index.ts';
import { Generator, uniform } from '../random/index.ts';
import { elements, layerShapes, type ResolvedVariant } from '../spec/index.ts';

export function sampleWeights({ model, data }: Pick<ResolvedVariant, 'model' | 'data'>): NamedArrays {
  const generator = Generator.manualSeed(11);
  const arrays = layerShapes(model, data).flatMap(({ name, parameterShapes, state }) =>
    [...parameterShapes, ...state].map((x) => {
      const [low, high] = x.name === 'running_var' ? [0.5, 2] : [-0.5, 0.5];
      return [
        `${name}.${x.name}`,
        { shape: x.shape, values: uniform(generator, new Float32Array(elements(x.shape)), low, high) },
      ] as const;
    }),
  );
  return matchWeights(model, data, new Map(arrays));
}
