// Single updates in the midst of a run: the lab's run is brought to the recorded step, is given PyTorch's parameters and optimizer
// state there, and takes one update. So nothing that has piled up in a chaotic run enters; masks and batches are the lab's own.
import { resolveVariant, type ExperimentSpec, type RecipeSpec } from '../spec/index.ts';
import { decodeCheckpoint, encodeCheckpoint, runDigest } from '../train/checkpoint.ts';
import { createSession, type SessionOptions } from '../train/index.ts';
import { DifferenceTally, relativeDifference, share, type Tally } from './difference.ts';

interface Place {
  readonly offset: number;
  readonly length: number;
}

export interface RecordedStep {
  readonly example: string;
  readonly variant: string;
  readonly seed: number;
  /** Updates taken before it. */
  readonly after: number;
  readonly train_loss: number;
  /** Learning rate of the update. */
  readonly lr: number;
  /** Parameters and optimizer state (`fc1.weight.state1`) before and after it: where they lie among the numbers. */
  readonly before: Readonly<Record<string, Place>>;
  readonly arrays: Readonly<Record<string, Place>>;
}

export interface StepDifferences {
  /** |a-b|/|b| of the training loss. */
  readonly loss: Tally;
  /** |a-b| of what the optimizer keeps (and so of the gradient, a sum), in the largest such value of the net. */
  readonly state: Tally;
  /**
   * |a-b| / (|b| + |before| + what the update adds up) of every parameter: it is what it was plus its update, and may pass zero.
   * Adam's update is lr·m/√v, where m is known as well as the gradient is: in the largest of its array.
   */
  readonly parameters: Tally;
}

type Options = Pick<SessionOptions, 'threads' | 'launcher'>;

/** Our state at the recorded step with PyTorch's numbers in it. @throws Error when the two keep different arrays. */
function withRecorded(bytes: Uint8Array, run: string, arrays: ReadonlyMap<string, Float32Array>): Uint8Array {
  const state = decodeCheckpoint(bytes, run);
  const [ours, theirs] = [[...state.arrays.keys()].sort().join(), [...arrays.keys()].sort().join()];
  if (ours !== theirs) throw new Error(`the lab keeps ${ours}, PyTorch ${theirs}`);
  return encodeCheckpoint({
    ...state,
    arrays: new Map([...state.arrays.keys()].map((x) => [x, arrays.get(x) as Float32Array])),
  });
}

const largestOf = (values: Float32Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** `state1` of `fc1.weight.state1`; null of parameters. */
const stateOf = (name: string): string | null => /\.(state\d)$/.exec(name)?.[1] ?? null;

/** Of each kind of state: a bias's may vanish where training arrives, and is measured in the others. */
function largestStates({ arrays }: RecordedStep, numbers: (place: Place) => Float32Array): ReadonlyMap<string, number> {
  const largest = new Map<string, number>();
  for (const [name, place] of Object.entries(arrays)) {
    const kind = stateOf(name);
    if (kind !== null) largest.set(kind, Math.max(largest.get(kind) ?? 0, largestOf(numbers(place))));
  }
  return largest;
}

/** Size of the terms of an update that are no part of |before| and |b|; 0 for optimizers that do not divide. */
function updateTerms(
  { optimizer }: RecipeSpec,
  { lr, after }: RecordedStep,
  state: (index: 1 | 2) => Float32Array,
): (i: number) => number {
  if (optimizer.type !== 'Adam') return () => 0;
  const [beta1, beta2] = optimizer.betas;
  const [mean, variance] = [1 - beta1 ** (after + 1), 1 - beta2 ** (after + 1)];
  const largest = largestOf(state(1)) / mean;
  const squares = state(2);
  return (i) => (lr * largest) / (Math.sqrt((squares[i] as number) / variance) + optimizer.eps);
}

interface TakenStep {
  readonly loss: number;
  /** Parameters and optimizer state. */
  readonly arrays: ReadonlyMap<string, Float32Array>;
}

class StepTallies {
  readonly loss = new DifferenceTally();
  readonly state = new DifferenceTally();
  readonly parameters = new DifferenceTally();

  add(recipe: RecipeSpec, recorded: RecordedStep, ours: TakenStep, numbers: (place: Place) => Float32Array): void {
    const where = `${recorded.example}, ${recorded.variant}, update ${recorded.after + 1}`;
    this.loss.add(relativeDifference(ours.loss, Math.fround(recorded.train_loss), 0), `${where}: loss`);
    const largest = largestStates(recorded, numbers);
    for (const [name, values] of ours.arrays) {
      const [before, after] = [recorded.before[name], recorded.arrays[name]];
      if (!before || !after) throw new Error(`${where}: ${name} is not recorded`);
      const [start, theirs] = [numbers(before), numbers(after)];
      const kind = stateOf(name);
      const state = (index: 1 | 2): Float32Array => numbers(recorded.arrays[`${name}.state${index}`] as Place);
      const terms = kind === null ? updateTerms(recipe, recorded, state) : () => 0;
      for (const [i, b] of theirs.entries()) {
        const difference = (values[i] ?? Number.NaN) - b;
        const place = `${where}: ${name}[${i}]`;
        if (kind !== null) this.state.add(share(difference, largest.get(kind) ?? 0), place);
        else this.parameters.add(share(difference, Math.abs(b) + Math.abs(start[i] as number) + terms(i)), place);
      }
    }
  }

  get result(): StepDifferences {
    return { loss: this.loss.result, state: this.state.result, parameters: this.parameters.result };
  }
}

/**
 * The recorded updates of one variant, in order.
 * @param numbers f32, all arrays of all records one after another.
 */
export async function compareSteps(
  experiment: ExperimentSpec,
  steps: readonly RecordedStep[],
  numbers: Float32Array,
  options: Options,
): Promise<StepDifferences> {
  const tallies = new StepTallies();
  const [first] = steps;
  if (!first) return tallies.result;
  const { variant, seed } = first;
  const at = ({ offset, length }: Place): Float32Array => numbers.subarray(offset, offset + length);
  const resolved = resolveVariant(experiment, variant);
  const run = runDigest(resolved, experiment.initialization, seed);
  const session = await createSession({ ...options, experiment, variant, seed });
  try {
    for (const recorded of steps) {
      session.advance(recorded.after - session.step);
      const arrays = new Map(Object.entries(recorded.before).map(([name, place]) => [name, at(place)] as const));
      const bytes = withRecorded(session.checkpoint().bytes, run, arrays);
      const resume = { step: recorded.after, bytes };
      const one = await createSession({ ...options, experiment, variant, seed, resume });
      try {
        const loss = one.advance(1).steps?.train_loss[0] ?? Number.NaN;
        const { arrays: taken } = decodeCheckpoint(one.checkpoint().bytes, run);
        tallies.add(resolved.recipe, recorded, { loss, arrays: taken }, at);
      } finally {
        await one.dispose();
      }
    }
  } finally {
    await session.dispose();
  }
  return tallies.result;
}
