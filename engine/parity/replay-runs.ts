// Trains the recorded runs again with the lab's engine.
import {
  parseExperiment,
  SPLITS,
  type Evaluation,
  type ExperimentSpec,
  type PointSet,
  type Split,
} from '../spec/index.ts';
import { createSession, type ThreadLauncher, type TrainingSession } from '../train/index.ts';
import { sha256 } from './sha256.ts';
import {
  cifarFiles,
  type ImagesSpec,
  type RecordedBeginning,
  type RecordedRun,
  type RecordedScores,
} from './recorded-run.ts';
import type { ReplayedEvaluation, ReplayedRun } from './run-differences.ts';

export interface ReplayOptions {
  readonly experiment: ExperimentSpec;
  readonly threads: number;
  readonly launcher?: ThreadLauncher;
  /** Updates to take; as many as the document says when absent. */
  readonly until?: number;
}

/** What a session saw and did. */
export interface SessionRun extends ReplayedRun {
  readonly data: TrainingSession['data'];
}

const valuesOf = (session: TrainingSession): ReadonlyMap<string, Float32Array> =>
  new Map([...session.parameters()].map(([name, { values }]) => [name, values]));

function scoresOf(evaluation: Evaluation): ReplayedEvaluation['scores'] {
  const found = SPLITS.flatMap((split): (readonly [Split, RecordedScores])[] => {
    const scores = evaluation[split];
    if (!scores) return [];
    const { loss, accuracy, mae } = scores;
    return [[split, { loss, ...(accuracy !== null && { accuracy }), ...(mae !== null && { mae }) }]];
  });
  return Object.fromEntries(found);
}

function replayedEvaluation(evaluation: Evaluation): ReplayedEvaluation {
  const { step, fit, parameters } = evaluation;
  const norms = parameters.map(({ name, gradientNorm }) => [name, gradientNorm ?? NaN] as const);
  return {
    step,
    fit: fit?.values ?? null,
    scores: scoresOf(evaluation),
    gradientNorms: step === 0 ? null : new Map(norms),
  };
}

/**
 * Trains to the end, or `until`; the caller need not dispose the session.
 * @throws Error when the run fails.
 */
export async function replay(
  recorded: RecordedRun & { readonly images?: ImagesSpec; readonly samples?: RecordedBeginning['samples'] },
  options: ReplayOptions,
): Promise<SessionRun> {
  const { experiment, threads, launcher, until } = options;
  const { variant, seed, images } = recorded;
  const session = await createSession({
    experiment,
    variant,
    seed,
    threads,
    ...(launcher && { launcher }),
    ...(images && { files: { open: async () => cifarFiles(images), stored: async () => null } }),
  });
  try {
    const initial = valuesOf(session);
    const rows = {
      train_loss: [] as number[],
      penalty_l1: [] as number[],
      penalty_l2: [] as number[],
      lr: [] as number[],
    };
    const evaluations: ReplayedEvaluation[] = [];
    const parameters = new Map<number, ReadonlyMap<string, Float32Array>>();
    const kept = Object.keys({ ...recorded.parameters, ...recorded.samples }).map(Number);
    const stops = new Set([...kept, until ?? session.totalSteps]);
    let over = false;
    for (const stop of [...stops].sort((a, b) => a - b)) {
      if (over) break;
      const { steps, evaluations: due, failure, done } = session.advance(stop - session.step);
      if (failure) throw new Error(`${variant}: ${failure.quantity} is not finite at step ${failure.step}`);
      for (const name of ['train_loss', 'penalty_l1', 'penalty_l2', 'lr'] as const)
        rows[name].push(...(steps?.[name] ?? []));
      evaluations.push(...due.map(replayedEvaluation));
      parameters.set(session.step, valuesOf(session));
      over = done;
    }
    return { data: session.data, ...rows, evaluations, initial, parameters };
  } finally {
    await session.dispose();
  }
}

/** Values that must be equal bit for bit before training starts; returns what is not. */
export function startDifferences(recorded: RecordedRun, run: SessionRun): string[] {
  const { x, train_y: train, test_y: test, validation_y: validation } = recorded;
  const wrong: string[] = [];
  const compare = (name: string, ours: Float32Array | undefined, theirs: readonly number[] | undefined): void => {
    if (theirs && (!ours || sha256(ours) !== sha256(Float32Array.from(theirs)))) wrong.push(name);
  };
  const points = (split: Split): PointSet | null => (run.data.kind === 'points' ? run.data[split] : null);
  compare('x', points('train')?.x, x);
  compare('test x', points('test')?.x, x);
  compare('train y', points('train')?.y, train);
  compare('test y', points('test')?.y, test);
  compare('validation y', points('validation')?.y, validation);
  for (const [name, expected] of Object.entries(recorded.initial)) {
    const ours = run.initial.get(name);
    if (!ours || sha256(ours) !== expected.sha256) wrong.push(`initial ${name}`);
  }
  if (run.initial.size !== Object.keys(recorded.initial).length) wrong.push('number of parameters');
  return wrong;
}

/** Parses the bundled example with another rule of initialisation. */
export const withInitialization = (document: object, initialization: string): ExperimentSpec =>
  parseExperiment({ ...document, initialization });
