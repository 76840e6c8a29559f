// The lab's own pictures: ten classes of shapes, drawn by arithmetic that gives the same bits everywhere.
import { IMAGE_CLASSES, SPLITS, type Shapes32Spec, type Split } from '../../spec/index.ts';
import { Canvas, PLANE } from './paint.ts';
import { drawScene } from './scene.ts';
import { PictureStream } from './stream.ts';

/** What a stream is for; each use has streams of its own, so that label noise changes no picture. */
const USES = { picture: 0, classes: 1, labelNoise: 2 } as const;

const PICTURE = 3 * PLANE;

function streamOf(seed: number, split: Split, use: keyof typeof USES, index: number): PictureStream {
  const high = Math.floor(seed / 2 ** 32);
  return new PictureStream(seed % 2 ** 32, high | (SPLITS.indexOf(split) << 24) | (USES[use] << 28), index);
}

/** Every ten successive pictures show every class once, in an order of their own. */
function classesOf(seed: number, split: Split, block: number): number[] {
  const stream = streamOf(seed, split, 'classes', block);
  const classes = Array.from({ length: IMAGE_CLASSES }, (_, i) => i);
  for (let i = IMAGE_CLASSES - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    [classes[i], classes[j]] = [classes[j] as number, classes[i] as number];
  }
  return classes;
}

/**
 * The first `count` pictures of a split. Picture i depends on the seed, the split and i alone; the label noise changes
 * labels of the train split only, and more noise keeps the wrong labels of less.
 * @returns pixels u8 [count, 3, 32, 32] and labels i32 [count].
 */
export function drawShapes32(
  { seed, label_noise }: Shapes32Spec,
  split: Split,
  count: number,
): { readonly x: Uint8Array; readonly y: Int32Array } {
  const x = new Uint8Array(count * PICTURE);
  const y = new Int32Array(count);
  const canvas = new Canvas();
  let classes: number[] = [];
  for (let i = 0; i < count; i++) {
    if (i % IMAGE_CLASSES === 0) classes = classesOf(seed, split, i / IMAGE_CLASSES);
    const shape = classes[i % IMAGE_CLASSES] as number;
    drawScene(canvas, streamOf(seed, split, 'picture', i), shape, x.subarray(i * PICTURE, (i + 1) * PICTURE));
    y[i] = shape;
    if (split !== 'train') continue;
    const noise = streamOf(seed, split, 'labelNoise', i);
    const other = 1 + noise.below(IMAGE_CLASSES - 1);
    if (noise.unit() < label_noise) y[i] = (shape + other) % IMAGE_CLASSES;
  }
  return { x, y };
}
