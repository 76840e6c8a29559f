// What is done to a train batch between gathering and the model, one kind after the other as the recipe lists them.
import { elements, image, type AugmentationSpec } from '../../spec/index.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { LayerContext, Value } from '../emission.ts';
import type { Buffer } from '../instruction.ts';

interface AugmentationContext extends Pick<LayerContext, 'draws' | 'batch'> {
  readonly builder: ProgramBuilder;
  /** For telling the draws of several augmentations apart. */
  readonly title: string;
  readonly x: Value;
  readonly y: Buffer;
}

function emitFlip({ builder, title, batch, x, y, ...context }: AugmentationContext, p: number): void {
  const [channels, height, width] = image(x.shape);
  const flips = context.draws(`${title}.flips`, 4 * batch, (buffer) =>
    builder.emit('draw_flips', builder.one('first_chunk'), { flips: buffer }, { p }),
  );
  builder.emit('flip_images', builder.each(channels * height, 1), { x: x.buffer, flips, y }, { width });
}

function emitCrop({ builder, title, batch, x, y, ...context }: AugmentationContext, padding: number): void {
  const [channels, height, width] = image(x.shape);
  const offsets = context.draws(`${title}.offsets`, 8 * batch, (buffer) =>
    builder.emit('draw_offsets', builder.one('first_chunk'), { offsets: buffer }, { range: 2 * padding + 1 }),
  );
  builder.emit(
    'crop_images',
    builder.each(channels * height, 1),
    { x: x.buffer, offsets, y },
    { height, width, padding },
  );
}

function emitNoise({ builder, title, batch, x, y, ...context }: AugmentationContext, std: number): void {
  const features = elements(x.shape);
  const normals = context.draws(`${title}.normals`, 4 * features * batch, (buffer) =>
    builder.emit('draw_normals', builder.one('first_chunk'), { normals: buffer }, { features }),
  );
  builder.emit('add_noise', builder.each(features), { x: x.buffer, normals, y }, { features, std });
}

/** @returns the batch as the model sees it. */
export function emitAugmentation(
  specs: readonly AugmentationSpec[],
  input: Value,
  context: Omit<AugmentationContext, 'title' | 'x' | 'y'>,
): Value {
  return specs.reduce((x, spec, i) => {
    const title = `augmentation${i + 1}`;
    const y = context.builder.activation(title, elements(x.shape));
    const one = { ...context, title, x, y };
    switch (spec.type) {
      case 'RandomHorizontalFlip':
        emitFlip(one, spec.p);
        break;
      case 'RandomCrop':
        emitCrop(one, spec.padding);
        break;
      case 'GaussianNoise':
        emitNoise(one, spec.std);
        break;
      default:
        spec satisfies never;
    }
    return { buffer: y, shape: x.shape };
  }, input);
}
