// Trains the recorded runs again in double precision, from the references of engine/ops alone: no planner, no kernels, no data files.
// Batches and their augmentation follow the recorder, draw for draw.
import { afterEvaluation, afterUpdate, startSchedule, type Tensor } from '../ops/index.ts';
import { Generator, randint, randn, random63, shuffledEpoch, uniform } from '../random/index.ts';
import {
  dataShape,
  elements,
  fitGrid,
  resolveVariant,
  SPLITS,
  stepsPerEpoch,
  totalSteps,
  type AugmentationSpec,
  type ExperimentSpec,
  type RecipeSpec,
  type Shape,
  type Split,
} from '../spec/index.ts';
import { ReferenceTraining } from '../train/reference-training.ts';
import { recordedExamples, type Examples, type RecordedScores, type RecordedTraining } from './recorded-run.ts';
import type { ReplayedRun } from './run-differences.ts';

function generatorAt({ seed, stream }: RecordedTraining): Generator {
  const generator = Generator.manualSeed(seed);
  for (let i = 0; i < stream.draws; i++) generator.random();
  if (stream.waiting_normal !== null) generator.keepCachedNormal(stream.waiting_normal);
  return generator;
}

/** Rows of each batch, endlessly; every pass begins with the draws of torch's DataLoader, which draws without shuffling, too. */
function* batchesOf(rows: number, recipe: RecipeSpec, generator: Generator): Iterator<readonly number[], never> {
  const { batch_size: size, shuffle } = recipe;
  const inOrder = Array.from({ length: rows }, (_, i) => i);
  if (size === null) for (;;) yield inOrder;
  for (;;) {
    let order = inOrder;
    if (shuffle) order = [...shuffledEpoch(generator, rows)];
    else random63(generator);
    for (let i = 0; i < stepsPerEpoch(recipe, rows); i++) yield order.slice(i * size, (i + 1) * size);
  }
}

function take({ x, y }: Examples, rows: readonly number[], total: number): Examples {
  const pick = (values: Float32Array): Float32Array => {
    const width = values.length / total;
    return Float32Array.from(rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]));
  };
  return { x: pick(x), y: pick(y) };
}

/** Pictures [rows, channels, height, width], each value taken from where `from` says, or 0. */
function moved(
  x: Float32Array,
  shape: Shape,
  from: (row: number, y: number, x: number) => readonly [number, number],
): Float32Array {
  const [, height = 1, width = 1] = shape;
  return x.map((_, i) => {
    const [column, line] = [i % width, Math.floor(i / width) % height];
    const [y0, x0] = from(Math.floor(i / elements(shape)), line, column);
    if (y0 < 0 || y0 >= height || x0 < 0 || x0 >= width) return 0;
    return x[i - line * width - column + y0 * width + x0] as number;
  });
}

function augment(
  x: Float32Array,
  shape: Shape,
  specs: readonly AugmentationSpec[],
  generator: Generator,
): Float32Array {
  const rows = x.length / elements(shape);
  return specs.reduce((values, spec) => {
    switch (spec.type) {
      case 'RandomHorizontalFlip': {
        const flipped = uniform(generator, new Float32Array(rows)).map((u) => Number(u < Math.fround(spec.p)));
        return moved(values, shape, (row, y, x0) => [y, flipped[row] ? (shape[2] ?? 0) - 1 - x0 : x0]);
      }
      case 'RandomCrop': {
        const corners = randint(generator, 0, 2 * spec.padding + 1, rows * 2);
        const offset = (row: number, axis: 0 | 1): number => (corners[2 * row + axis] as number) - spec.padding;
        return moved(values, shape, (row, y, x0) => [y + offset(row, 0), x0 + offset(row, 1)]);
      }
      case 'GaussianNoise': {
        const noise = randn(generator, values.length);
        return values.map((v, i) => v + Math.fround(Math.fround(spec.std) * (noise[i] as number)));
      }
      default:
        return spec satisfies never;
    }
  }, x);
}

function scores(training: ReferenceTraining, examples: Examples, classes: boolean): RecordedScores {
  const { shape, data }: Tensor = training.evaluate(examples.x);
  const loss = training.evaluationLoss(examples);
  if (!classes) {
    const errors = data.reduce((sum, y, i) => sum + Math.abs(y - (examples.y[i] as number)), 0);
    return { loss, mae: errors / data.length };
  }
  const [rows = 0, width = 0] = shape;
  const right = Array.from({ length: rows }, (_, n) => {
    const row = data.subarray(n * width, (n + 1) * width);
    return row.indexOf(Math.max(...row)) === examples.y[n];
  });
  return { loss, accuracy: right.filter(Boolean).length / rows };
}

/** Trains as many updates as the record has (early stopping is the session's). */
export function replayReference(recorded: RecordedTraining, experiment: ExperimentSpec): ReplayedRun {
  const resolved = resolveVariant(experiment, recorded.variant);
  const { data, recipe } = resolved;
  const examples = recordedExamples(data, recorded);
  const train = examples.train as Examples;
  const { input, target } = dataShape(data);
  const rows = train.x.length / elements(input);
  const generator = generatorAt(recorded);
  const initial = new Map(
    Object.entries(recorded.parameters['0'] ?? {}).map(([name, values]) => [name, Float32Array.from(values)] as const),
  );
  const training = new ReferenceTraining(
    resolved,
    new Map([...initial].map(([name, values]) => [name, { values }])),
    generator,
  );
  const total = totalSteps(recipe, rows) as number;
  const batches = batchesOf(rows, recipe, generator);
  let schedule = startSchedule(recipe, total);
  const run = {
    train_loss: [] as number[],
    penalty_l1: [] as number[],
    penalty_l2: [] as number[],
    lr: [] as number[],
    evaluations: [] as ReplayedRun['evaluations'][number][],
    parameters: new Map<number, ReadonlyMap<string, Float32Array>>(),
  };
  let norms: ReadonlyMap<string, number> | null = null;

  const evaluate = (step: number): void => {
    const found = SPLITS.flatMap((split): (readonly [Split, RecordedScores])[] =>
      examples[split] ? [[split, scores(training, examples[split], target.kind === 'classes')]] : [],
    );
    const fit = data.type === 'linear_noise' ? training.evaluate(fitGrid(data.x_min, data.x_max)).data : null;
    const byScore = Object.fromEntries(found) as Partial<Record<Split, RecordedScores>>;
    run.evaluations.push({ step, scores: byScore, fit, gradientNorms: norms });
    const metric =
      recipe.schedule.type === 'ReduceLROnPlateau' && recipe.schedule.metric === 'train_loss' ? 'train' : 'validation';
    schedule = afterEvaluation(recipe, schedule, byScore[metric]?.loss ?? NaN);
  };

  evaluate(0);
  for (let step = 1; step <= recorded.train_loss.length; step++) {
    const batch = take(train, batches.next().value, rows);
    const { lr, momentum } = schedule;
    const taken = training.step(
      { ...batch, x: augment(batch.x, input, recipe.augmentation, generator) },
      { lr, momentum },
    );
    run.train_loss.push(taken.loss);
    run.penalty_l1.push(taken.penaltyL1);
    run.penalty_l2.push(taken.penaltyL2);
    run.lr.push(lr);
    norms = new Map(
      [...taken.gradients.objective].map(([name, g]) => [name, Math.sqrt(g.reduce((sum, x) => sum + x * x, 0))]),
    );
    schedule = afterUpdate(recipe, total, schedule, step % stepsPerEpoch(recipe, rows) === 0);
    const values = [...training.parameters, ...training.state].map(
      ([name, x]) => [name, Float32Array.from(x)] as const,
    );
    run.parameters.set(step, new Map(values));
    if (step % recipe.evaluate_every === 0 || step === total) evaluate(step);
  }
  return { ...run, initial };
}
