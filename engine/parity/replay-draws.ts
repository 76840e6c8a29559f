// Makes the recorded draws again with the lab's generator.
import { augment, drawAugmentation, pixelTable } from '../data/index.ts';
import {
  bernoulli,
  dropoutNoise,
  epochOrder,
  Generator,
  initializeLinear,
  linspace,
  normal,
  normalOf,
  randint,
  randn,
  randperm,
  shuffledEpoch,
  shuffledEpochFrom,
  uniform,
} from '../random/index.ts';
import type { AugmentationSpec } from '../spec/index.ts';
import { DifferenceTally, ulpDistance, type Tally } from './difference.ts';
import { recordedAt, type Fixture, type RecordedValues } from './fixture.ts';
import { sha256, type NumberArray } from './sha256.ts';

export interface RecordedDraw extends RecordedValues {
  readonly draw: string;
  readonly arguments: readonly (number | boolean)[];
}
export interface DrawCase {
  readonly seed: number;
  readonly draws: readonly RecordedDraw[];
  /** The next 64 bits of the stream, decimal. */
  readonly next: string;
}

function linear(generator: Generator, inFeatures: number, outFeatures: number, hasBias: boolean): Float32Array {
  const { weight, bias } = initializeLinear(generator, inFeatures, outFeatures, hasBias);
  return Float32Array.of(...weight, ...(bias ?? []));
}

/** The recorder's batch: evenly spaced numbers, f32 [n, 3, height, width], after the augmentations. */
function augmented(generator: Generator, shape: readonly number[], specs: readonly AugmentationSpec[]): Float32Array {
  const [n, height, width] = shape as [number, number, number];
  const example = [3, height, width];
  const draws = drawAugmentation(generator, specs, n, example);
  return augment(linspace(-1, 1, n * 3 * height * width), draws, example);
}

const flipOf = (p: number): AugmentationSpec => ({ type: 'RandomHorizontalFlip', p });
const cropOf = (padding: number): AugmentationSpec => ({ type: 'RandomCrop', padding });
const noiseOf = (std: number): AugmentationSpec => ({ type: 'GaussianNoise', std });

/** The draw itself of a flip or a crop of n pictures. */
function drawn(generator: Generator, spec: AugmentationSpec, n: number): NumberArray {
  const [draw] = drawAugmentation(generator, [spec], n, [3, 1, 1]);
  if (draw?.type === 'RandomHorizontalFlip') return draw.flipped;
  if (draw?.type === 'RandomCrop') return draw.starts;
  throw new RangeError(`no replay for the draws of ${spec.type}`);
}

/** @throws RangeError for a draw that is not in the table. */
export function redraw(generator: Generator, name: string, values: readonly (number | boolean)[]): NumberArray {
  const numbers = values.map(Number) as [number, number, number, number, number, number];
  const [size, a, b, c, d, e] = numbers;
  switch (name) {
    case 'rand':
      return uniform(generator, new Float32Array(size));
    case 'uniform':
      return uniform(generator, new Float32Array(size), a, b);
    case 'randn':
      return randn(generator, size);
    case 'normal':
      return normal(generator, new Float32Array(size), a, b);
    case 'normal_of':
      return normalOf(generator, linspace(-1, 1, size), linspace(0.1, 2, size));
    case 'linspace':
      return linspace(a, b, size);
    case 'randperm':
      return randperm(generator, size);
    case 'randint':
      return randint(generator, ...([a, b, size] as const));
    case 'bernoulli':
      return bernoulli(generator, size, a);
    case 'dropout':
      return dropoutNoise(generator, size, a);
    case 'shuffled_epoch':
      return shuffledEpoch(generator, size);
    case 'shuffled_epoch_from':
      return shuffledEpochFrom(generator, size);
    case 'epoch':
      return epochOrder(generator, size, b === 1);
    case 'flip':
      return drawn(generator, flipOf(a), size);
    case 'crop':
      return drawn(generator, cropOf(a), size);
    case 'flipped':
      return augmented(generator, numbers, [flipOf(c)]);
    case 'cropped':
      return augmented(generator, numbers, [cropOf(c)]);
    case 'noisy':
      return augmented(generator, numbers, [noiseOf(c)]);
    case 'augmented':
      return augmented(generator, numbers, [flipOf(c), cropOf(d), noiseOf(e)]);
    case 'pixel_table':
      return pixelTable(numbers.slice(0, 3), numbers.slice(3));
    case 'linear':
      return linear(generator, size, a, b === 1);
    default:
      throw new RangeError(`no replay for the draw ${name}`);
  }
}

const NORMAL_DRAWS: ReadonlySet<string> = new Set(['randn', 'normal', 'normal_of']);

export interface DrawDifferences {
  /** Draws that must be equal bit for bit: number compared, and how many values (or hashes) were not. */
  readonly exact: { readonly comparisons: number; readonly unequal: readonly string[] };
  /** Normal draws, in units in the last place. */
  readonly normal: Tally;
  /** Streams that did not stand at the recorded position afterwards. */
  readonly misplaced: readonly string[];
}

/** Replays every case; a hash is compared for exact draws only, since it has no "nearly". */
export function compareDraws(fixture: Fixture<DrawCase>): DrawDifferences {
  const unequal: string[] = [];
  const misplaced: string[] = [];
  const normals = new DifferenceTally();
  let comparisons = 0;
  for (const { seed, draws, next } of fixture.cases) {
    const generator = Generator.manualSeed(seed);
    for (const recorded of draws) {
      const title = `seed ${seed}: ${recorded.draw}(${recorded.arguments.join(', ')})`;
      const drawn = redraw(generator, recorded.draw, recorded.arguments);
      if (drawn.length !== recorded.length)
        throw new Error(`${title}: ${drawn.length} values, recorded ${recorded.length}`);
      if (NORMAL_DRAWS.has(recorded.draw)) {
        for (const { index, value } of recordedAt(recorded))
          normals.add(ulpDistance(drawn[index] as number, Math.fround(value)), `${title}[${index}]`);
        continue;
      }
      comparisons += drawn.length;
      if (sha256(drawn) !== recorded.sha256) {
        const wrong = recordedAt(recorded).find(({ index, value }) => drawn[index] !== Math.fround(value));
        unequal.push(`${title}${wrong ? `[${wrong.index}]: ${drawn[wrong.index]}, recorded ${wrong.value}` : ''}`);
      }
    }
    if (String(generator.random64()) !== next) misplaced.push(`seed ${seed}: ${draws.map((x) => x.draw).join(', ')}`);
  }
  return { exact: { comparisons, unequal }, normal: normals.result, misplaced };
}
