// What a run must come to, computed in one go by a session that nothing disturbs.
import { createHash } from 'node:crypto';
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import {
  emptySteps,
  joinSteps,
  parseExperiment,
  type Evaluation,
  type RunEvent,
  type StepColumns,
} from '../../engine/spec/index.ts';
import { createSession } from '../../engine/train/index.ts';

export interface WholeRun {
  readonly steps: StepColumns;
  readonly evaluations: readonly Evaluation[];
  readonly checkpoint: Uint8Array;
}

/** @param events changes that it makes on its way. */
export async function wholeRun(variant: string, events: readonly RunEvent[] = []): Promise<WholeRun> {
  const experiment = parseExperiment(regression);
  const session = await createSession({ experiment, variant, seed: experiment.seed, threads: 1, events });
  const { steps, evaluations } = session.advance(session.totalSteps);
  const { bytes } = session.checkpoint();
  await session.dispose();
  return { steps: joinSteps([steps]) ?? emptySteps(), evaluations, checkpoint: bytes };
}

/** For comparing a million bytes; element by element takes the test runner seconds. */
export const digest = (bytes: Uint8Array = new Uint8Array()): string =>
  createHash('sha256').update(bytes).digest('hex');
