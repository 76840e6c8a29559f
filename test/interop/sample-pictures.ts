// Pictures of random pixels in place of the lab's own, which are drawn elsewhere: exports only carry them along.
import type { ScriptInput } from '../../engine/interop/index.ts';
import { Generator, randint } from '../../engine/random/index.ts';
import { elements, IMAGE_CLASSES, IMAGE_SHAPE, type Shapes32Spec } from '../../engine/spec/index.ts';

export function samplePictures({ train, validation, test }: Shapes32Spec): NonNullable<ScriptInput['pictures']> {
  const generator = Generator.manualSeed(17);
  const split = (rows: number) => ({
    pixels: Uint8Array.from(randint(generator, 0, 256, rows * elements(IMAGE_SHAPE))),
    labels: Int32Array.from(randint(generator, 0, IMAGE_CLASSES, rows)),
  });
  return { train: split(train), validation: split(validation), test: split(test) };
}
