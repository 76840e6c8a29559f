// Random points in place of those that the lab draws elsewhere: exports only carry them along.
import type { ScriptInput } from '../../engine/interop/index.ts';
import { Generator, randint, randn } from '../../engine/random/index.ts';
import { dataShape, elements, type GeneratedSpec } from '../../engine/spec/index.ts';

export function samplePoints(data: GeneratedSpec): NonNullable<ScriptInput['points']> {
  const generator = Generator.manualSeed(17);
  const { input, target } = dataShape(data);
  const split = (rows: number) =>
    rows === 0
      ? null
      : {
          x: randn(generator, rows * elements(input)),
          y:
            target.kind === 'classes'
              ? Int32Array.from(randint(generator, 0, target.classes, rows))
              : randn(generator, rows),
        };
  return { train: split(data.train), validation: split(data.validation), test: split(data.test) };
}
