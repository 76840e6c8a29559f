// What is asked of a live run besides going on or not, and what the engine's refusals are called in the contract.
import type { RunEvent, StepArithmetic } from '../../engine/spec/index.ts';
import type { Answer } from '../../engine/process/protocol.ts';
import { LabError } from '../contract/errors.ts';
import type { Input } from '../contract/methods.ts';
import type { Asked, RunWaits } from './run-waits.ts';

export interface RunQuestions {
  change(input: Input<'run.change'>, signal: AbortSignal): Promise<RunEvent>;
  /** @returns the step where the run is now. */
  stepBack(runId: string, steps: number, signal: AbortSignal): Promise<number>;
  inspect(runId: string, signal: AbortSignal): Promise<StepArithmetic>;
}

type Refusal = Extract<Answer, { type: 'refused' }>;

export const notLive = (runId: string): LabError =>
  new LabError('RUN_NOT_LIVE', `Run ${runId} is not going on.`, { runId });

/** @param badOption what it means that the session cannot do it. */
function refused({ code, message, problems }: Refusal, runId: string, badOption: () => LabError): LabError {
  switch (code) {
    case 'RUN_OVER':
    case 'SESSION_OVER':
      return notLive(runId);
    case 'INVALID_DOCUMENT':
      return new LabError('INVALID_DOCUMENT', message, { problems });
    case 'BAD_OPTION':
      return badOption();
    default:
      return new LabError('ENGINE_REJECTED', message, { code, message });
  }
}

/** @param requireLive throws for a run that is not known, or not live. */
export function createRunQuestions(waits: RunWaits, requireLive: (runId: string) => void): RunQuestions {
  async function answerTo<T extends Answer['type']>(
    asked: Asked,
    type: T,
    signal: AbortSignal,
    badOption: (message: string) => LabError,
  ): Promise<Extract<Answer, { type: T }>> {
    requireLive(asked.runId);
    const answer = await waits.ask(asked, signal);
    if (answer.type === 'refused') throw refused(answer, asked.runId, () => badOption(answer.message));
    if (answer.type !== type) throw new LabError('INTERNAL', 'the engine answered another question');
    return answer as Extract<Answer, { type: T }>;
  }

  return {
    async change({ runId, path, value }, signal) {
      const asked = { type: 'change', runId, path, value } as const;
      const fixed = (message: string) => new LabError('FIELD_FIXED', message, { path, reason: message });
      return (await answerTo(asked, 'changed', signal, fixed)).event;
    },
    async stepBack(runId, steps, signal) {
      const asked = { type: 'stepBack', runId, steps } as const;
      const wrong = (message: string) => new LabError('BAD_INPUT', message, { field: 'steps' });
      return (await answerTo(asked, 'steppedBack', signal, wrong)).step;
    },
    async inspect(runId, signal) {
      const tooLarge = (message: string) => new LabError('MODEL_TOO_LARGE', message, { runId });
      return (await answerTo({ type: 'inspect', runId }, 'inspected', signal, tooLarge)).arithmetic;
    },
  };
}
