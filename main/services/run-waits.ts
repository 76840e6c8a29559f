// Whoever waits for a run: until it has got somewhere, or for the engine's answer to a question about it.
import type { Answer, Ask, JournalEntry } from '../../engine/process/protocol.ts';
import { LabError } from '../contract/errors.ts';

interface Wait {
  /** Whether an entry (null: something else has changed) is what is waited for. */
  readonly reached: (entry: JournalEntry | null) => boolean;
  readonly resolve: () => void;
  readonly reject: (error: LabError) => void;
}

interface Question {
  readonly runId: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: LabError) => void;
}

/** An ask without what this file adds. */
export type Asked = Ask extends infer A ? (A extends Ask ? Omit<A, 'id'> : never) : never;

export interface RunWaits {
  /** Resolves when `reached`; rejects with CANCELLED, or when `lost` says so. */
  until(runId: string, reached: Wait['reached'], signal: AbortSignal | null): Promise<void>;
  /** Asks the engine and resolves with its answer, whatever that is. */
  ask(asked: Asked, signal: AbortSignal): Promise<Answer>;
  /** Something was heard of the run. */
  heard(runId: string, entry: JournalEntry | null): void;
  answered(id: number, answer: Answer): void;
  /** The run's thread is gone: nothing that was asked of it will be answered. */
  gone(runId: string, error: LabError): void;
  /** The engine is gone. */
  lost(error: LabError): void;
}

const cancelled = () => new LabError('CANCELLED', 'The call was cancelled.');

export function createRunWaits(post: (ask: Ask) => void): RunWaits {
  const waits = new Map<string, Set<Wait>>();
  const questions = new Map<number, Question>();
  let lastId = 0;

  return {
    until(runId, reached, signal) {
      return new Promise((resolve, reject) => {
        const mine = waits.get(runId) ?? new Set();
        waits.set(runId, mine);
        const leave = () => {
          mine.delete(one);
          if (mine.size === 0 && waits.get(runId) === mine) waits.delete(runId);
          signal?.removeEventListener('abort', cancel);
        };
        const cancel = () => one.reject(cancelled());
        const one: Wait = {
          reached,
          resolve() {
            leave();
            resolve();
          },
          reject(error) {
            leave();
            reject(error);
          },
        };
        mine.add(one);
        signal?.addEventListener('abort', cancel, { once: true });
        if (signal?.aborted === true) cancel();
        else if (reached(null)) one.resolve();
      });
    },

    ask(asked, signal) {
      return new Promise((resolve, reject) => {
        const id = (lastId += 1);
        const leave = () => {
          questions.delete(id);
          signal.removeEventListener('abort', cancel);
        };
        const cancel = () => {
          leave();
          reject(cancelled());
        };
        questions.set(id, {
          runId: asked.runId,
          resolve(answer) {
            leave();
            resolve(answer);
          },
          reject(error) {
            leave();
            reject(error);
          },
        });
        signal.addEventListener('abort', cancel, { once: true });
        if (signal.aborted) {
          cancel();
          return;
        }
        try {
          post({ ...asked, id });
        } catch (error) {
          leave();
          throw error;
        }
      });
    },

    heard(runId, entry) {
      for (const wait of [...(waits.get(runId) ?? [])]) if (wait.reached(entry)) wait.resolve();
    },

    answered(id, answer) {
      // Whoever asked may have given up.
      questions.get(id)?.resolve(answer);
    },

    gone(runId, error) {
      for (const question of [...questions.values()]) if (question.runId === runId) question.reject(error);
    },

    lost(error) {
      for (const some of [...waits.values()]) for (const wait of [...some]) wait.reject(error);
      for (const question of [...questions.values()]) question.reject(error);
    },
  };
}
