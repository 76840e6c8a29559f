// How far the beginning of a run on pictures is from its record: the pictures themselves, penalties, and parameters by samples.
import { loadData } from '../data/index.ts';
import { Generator } from '../random/index.ts';
import { SPLITS, type ExperimentSpec } from '../spec/index.ts';
import { DifferenceTally, share, type Tally } from './difference.ts';
import type { RecordedBeginning } from './recorded-run.ts';
import type { ReplayedRun } from './run-differences.ts';
import { sha256 } from './sha256.ts';

/** Splits whose pictures or labels are not the recorded ones, bit by bit. */
export async function pictureDifferences(recorded: RecordedBeginning, experiment: ExperimentSpec): Promise<string[]> {
  const { splits } = await loadData(experiment.data, Generator.manualSeed(recorded.seed));
  return SPLITS.filter((split) => {
    const examples = splits[split];
    return (
      !(examples?.x instanceof Uint8Array) ||
      sha256(examples.x, Uint8Array.from(examples.y)) !== recorded.pictures[split]
    );
  }).map((split) => `${split} pictures`);
}

/** |a-b|/|b| of both penalties before each of the first `steps` updates; none where a run has no penalty. */
export function penaltyDifferences(recorded: RecordedBeginning, run: ReplayedRun, steps: number): Tally {
  const tally = new DifferenceTally();
  for (const name of ['penalty_l1', 'penalty_l2'] as const)
    for (const [i, decimal] of recorded[name].slice(0, steps).entries()) {
      const b = Math.fround(decimal);
      tally.add(share((run[name][i] ?? NaN) - b, b), `${recorded.variant}: ${name} of step ${i + 1}`);
    }
  return tally.result;
}

/** Euclidean norm, added up in double precision. */
const normOf = (values: Float32Array): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

export interface SampleDifferences {
  /** |a-b|/(|b| + |start|) of the recorded values. */
  readonly values: Tally;
  /** |a-b|/|b| of the norms. */
  readonly norms: Tally;
}

/** Parameters after the update `step`. @throws Error when the replay did not stop there. */
export function sampleDifferences(recorded: RecordedBeginning, run: ReplayedRun, step: number): SampleDifferences {
  const [values, norms] = [new DifferenceTally(), new DifferenceTally()];
  const parameters = run.parameters.get(step);
  if (!parameters) throw new Error(`the replay has no parameters of step ${step}`);
  for (const [name, sample] of Object.entries(recorded.samples[step] ?? {})) {
    const [ours, start] = [parameters.get(name), run.initial.get(name)];
    if (!ours || !start) throw new Error(`the lab has no parameter ${name}`);
    const where = `${recorded.variant}, step ${step}: ${name}`;
    norms.add(share(normOf(ours) - sample.norm, sample.norm), `norm of ${where}`);
    for (const [k, b] of sample.values.entries()) {
      const i = k * sample.every;
      values.add(share((ours[i] ?? NaN) - b, Math.abs(b) + Math.abs(start[i] ?? NaN)), `${where}[${i}]`);
    }
  }
  return { values: values.result, norms: norms.result };
}
