// What the recorders wrote of a whole run, and the examples it was trained on.
import { Generator, linspace, randint } from '../random/index.ts';
import { elements, IMAGE_CLASSES, IMAGE_SHAPE, SPLITS, type DataSpec, type Split } from '../spec/index.ts';
import type { NamedBytes } from '../train/session.ts';
import type { RecordedValues } from './fixture.ts';

type Values = Readonly<Record<string, readonly number[]>>;

/** Scores of one split in evaluation mode; of classes there is an accuracy, of numbers a mean absolute error. */
export interface RecordedScores {
  readonly loss: number;
  readonly accuracy?: number;
  readonly mae?: number;
}

export interface RecordedEvaluation {
  readonly step: number;
  readonly train_eval_loss: number;
  readonly test_loss?: number;
  /** Of every split that there is; only in detailed records. */
  readonly scores?: Readonly<Partial<Record<Split, RecordedScores>>>;
  readonly fit?: readonly number[];
}

export interface RecordedRun {
  readonly variant: string;
  readonly seed: number;
  /** Only of `linear_noise`; the test points have the same x. */
  readonly x?: readonly number[];
  readonly train_y?: readonly number[];
  readonly test_y?: readonly number[];
  readonly validation_y?: readonly number[];
  readonly initial: Readonly<Record<string, RecordedValues & { readonly shape: readonly number[] }>>;
  readonly train_loss: readonly number[];
  /** λ·Σ|w| before each step; empty when the run has no such penalty. */
  readonly penalty_l1: readonly number[];
  readonly penalty_l2: readonly number[];
  readonly evaluations: readonly RecordedEvaluation[];
  /** Step → parameter (or running statistic) → values. */
  readonly parameters: Readonly<Record<string, Values>>;
}

/** A run of a document that travels with it, with more of its numbers. */
export interface RecordedTraining extends RecordedRun {
  readonly experiment: unknown;
  /** Of runs on pictures: what `drawImages` needs. */
  readonly images?: ImagesSpec;
  /** Of each update, f64. */
  readonly lr: readonly number[];
  readonly momentum: readonly (number | null)[];
  /** Of each update: Euclidean norm of each parameter's gradient, penalties in the loss included, before clipping. */
  readonly gradient_norms: readonly Readonly<Record<string, number>>[];
  /** Where the generator stands when training begins: 32-bit draws since the seed, and the second of a pair of normals. */
  readonly stream: { readonly draws: number; readonly waiting_normal: number | null };
}

/** A run of the bundled regression example. */
export interface RecordedExample extends RecordedRun {
  readonly x: readonly number[];
  readonly test_y: readonly number[];
  readonly initialization: 'sequential' | 'same';
}

/** Part of a parameter: its Euclidean norm, and every so-many-th value. */
export interface RecordedSample {
  readonly norm: number;
  readonly every: number;
  readonly values: readonly number[];
}

/** The beginning of a run of a bundled example that is too long to be replayed, on pictures that the lab draws. */
export interface RecordedBeginning extends RecordedRun {
  readonly initialization: 'sequential' | 'same';
  /** Of each split: SHA-256 of its pixels, u8, and then its labels, u8. */
  readonly pictures: Readonly<Record<Split, string>>;
  /** Step → parameter → sample. */
  readonly samples: Readonly<Record<string, Readonly<Record<string, RecordedSample>>>>;
}

/** Random pictures: a seed of their own, and how many of each split. */
export type ImagesSpec = { readonly seed: number } & Readonly<Record<Split, number>>;

export interface Pictures {
  /** u8 [n, 3, 32, 32]. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** As `draw_images` of record/training.py: per split pixels, then labels. */
export function drawImages(spec: ImagesSpec): Readonly<Record<Split, Pictures>> {
  const generator = Generator.manualSeed(spec.seed);
  const draw = (split: Split): Pictures => {
    const rows = spec[split];
    return {
      pixels: Uint8Array.from(randint(generator, 0, 256, rows * elements(IMAGE_SHAPE))),
      labels: Uint8Array.from(randint(generator, 0, IMAGE_CLASSES, rows)),
    };
  };
  return { train: draw('train'), validation: draw('validation'), test: draw('test') };
}

const FILES = 5;

/** The same pictures as CIFAR-10's files, each with few rows: validation is the end of the train batches. */
export function cifarFiles(spec: ImagesSpec): readonly NamedBytes[] {
  const size = elements(IMAGE_SHAPE);
  const images = drawImages(spec);
  const rowsOf = ({ pixels, labels }: Pictures): Uint8Array[] =>
    Array.from(labels, (label, i) => Uint8Array.of(label, ...pixels.subarray(i * size, (i + 1) * size)));
  const file = (name: string, rows: readonly Uint8Array[]): NamedBytes => ({
    name,
    bytes: Uint8Array.from(rows.flatMap((row) => [...row])),
  });
  const train = [...rowsOf(images.train), ...rowsOf(images.validation)];
  const perFile = Math.ceil(train.length / FILES);
  return [
    ...Array.from({ length: FILES }, (_, i) =>
      file(`data_batch_${i + 1}.bin`, train.slice(i * perFile, (i + 1) * perFile)),
    ),
    file('test_batch.bin', rowsOf(images.test)),
  ];
}

/** x [rows, …input] and y [rows, …target] or classes [rows], f32. */
export interface Examples {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** (pixel/255 - mean)/std, each operation in f32. */
function normalized({ pixels, labels }: Pictures, mean: readonly number[], std: readonly number[]): Examples {
  const plane = elements(IMAGE_SHAPE.slice(1));
  const x = Float32Array.from(pixels, (pixel, i) => {
    const channel = Math.floor(i / plane) % mean.length;
    const share = Math.fround(pixel / 255);
    return Math.fround(share - Math.fround(mean[channel] as number)) / Math.fround(std[channel] as number);
  });
  return { x, y: Float32Array.from(labels) };
}

/** The examples of a recorded run, split by split; splits without examples are left out. */
export function recordedExamples(
  data: DataSpec,
  recorded: RecordedTraining,
): Readonly<Partial<Record<Split, Examples>>> {
  switch (data.type) {
    case 'linear_noise': {
      const { x = [], train_y: train = [], test_y: test = [], validation_y: validation } = recorded;
      const points = (y: readonly number[], at = x): Examples => ({
        x: Float32Array.from(at),
        y: Float32Array.from(y),
      });
      const places = [...linspace(data.x_min, data.x_max, data.validation_points)];
      return {
        train: points(train),
        test: points(test),
        ...(validation && { validation: points(validation, places) }),
      };
    }
    case 'table': {
      const rows = (x: readonly (readonly number[])[], y: readonly (readonly number[])[]): Examples => ({
        x: Float32Array.from(x.flat()),
        y: Float32Array.from(y.flat()),
      });
      return {
        train: rows(data.x, data.y),
        ...(data.validation_x.length > 0 && { validation: rows(data.validation_x, data.validation_y) }),
        ...(data.test_x.length > 0 && { test: rows(data.test_x, data.test_y) }),
      };
    }
    case 'cifar10':
    case 'shapes32': {
      if (!recorded.images) throw new Error('a run on pictures is recorded without them');
      const images = drawImages(recorded.images);
      return Object.fromEntries(SPLITS.map((split) => [split, normalized(images[split], data.mean, data.std)]));
    }
    case 'polynomial':
    case 'sine':
    case 'linear':
    case 'moons':
    case 'circles':
    case 'spirals':
    case 'xor':
    case 'blobs':
      throw new Error(`no run on ${data.type} is recorded`);
    case 'dataset':
      throw new Error('no run on a stored data set is recorded');
    default:
      return data satisfies never;
  }
}
