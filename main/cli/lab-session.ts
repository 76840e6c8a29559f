// The services of one run command: an engine process, the run service over the workspace's project, and who is done.
import { randomUUID } from 'node:crypto';
import { LIVE_STATUSES, type ExperimentSpec } from '../../engine/spec/index.ts';
import { LabError, type ErrorCode } from '../contract/errors.ts';
import type { Publisher, StreamEvent, StreamName } from '../contract/methods.ts';
import type { RunSummary, Settings } from '../contract/shapes.ts';
import { processEngine } from '../node/engine-process.ts';
import { systemClock } from '../node/clock.ts';
import { nodeDatasetCache } from '../node/dataset-cache.ts';
import type { ProjectFile } from '../project/project-file.ts';
import { datasetFile } from '../services/dataset-service.ts';
import { createEngineSupervisor } from '../services/engine-supervisor.ts';
import type { Clock, GivenWeights } from '../services/ports.ts';
import { createRunService, type RunService } from '../services/run-service.ts';
import { stateOf } from './workspace.ts';

export interface LabSession {
  /** Each variant with each seed; null: the experiment's own. */
  startRuns(
    experimentId: string,
    variants: readonly string[],
    seeds: readonly (number | null)[],
  ): Promise<RunSummary[]>;
  continueRuns(runs: readonly RunSummary[]): Promise<RunSummary[]>;
  /**
   * Resolves when no started run goes on any more.
   * @param onProgress steps taken so far, and to be taken, over all started runs; the latter null while one is not known.
   * @throws LabError when results cannot be stored any more (a full disk).
   */
  finished(onProgress: (doneSteps: number, totalSteps: number | null) => void): Promise<void>;
  /** Stops every run with a checkpoint; `finished` resolves soon after. */
  stop(): void;
  /** Which runs the engine refused and why: in words, and the engine's own reason. */
  readonly problems: readonly EngineProblem[];
  /** Stops what still goes on, stores everything, ends the engine. */
  close(): Promise<void>;
}

export interface EngineProblem {
  readonly message: string;
  /** `DATA_MISSING`, `OUT_OF_MEMORY` … */
  readonly code: string;
  readonly reason: string;
}

export interface LabSessionOptions {
  readonly project: ProjectFile;
  readonly threads: number;
  /** How an experiment is run, when not as it is stored. */
  readonly shown: (document: ExperimentSpec) => ExperimentSpec;
  /** Absolute path of the data that documents only name. */
  readonly files: string | null;
  readonly weights: GivenWeights | null;
}

export function createLabSession({ project, threads, shown, files, weights }: LabSessionOptions): LabSession {
  const settings: Settings = { locale: 'en', theme: 'system', pace: null, threads };
  const runs = new Map<string, RunSummary>();
  const steps = new Map<string, number>();
  const problems: EngineProblem[] = [];
  const stopping = new AbortController();
  const ended = Promise.withResolvers<void>();
  // Whoever waits hears of a failure; before anyone waits it must not end the process.
  ended.promise.catch(() => undefined);
  let onProgress: (doneSteps: number, totalSteps: number | null) => void = () => undefined;
  let allStarted = false;

  const settle = (): void => {
    if (allStarted && [...runs.values()].every((x) => !LIVE_STATUSES.has(x.status))) ended.resolve();
  };
  const advance = (runId: string, step: number): void => {
    steps.set(runId, Math.max(step, steps.get(runId) ?? 0));
    const totals = [...runs.values()].map(lengthOf);
    const total = totals.reduce<number | null>((sum, x) => (sum === null || x === null ? null : sum + x), 0);
    onProgress(
      [...steps.values()].reduce((sum, x) => sum + x, 0),
      total,
    );
  };
  const listeners: { readonly [S in StreamName]?: (event: StreamEvent<S>) => void } = {
    'run.changed': (run) => {
      runs.set(run.id, run);
      advance(run.id, run.step);
      settle();
    },
    'run.progressed': ({ runId, step }) => advance(runId, step),
    'app.failed': ({ code, message, details }) => {
      if (code === 'ENGINE_REJECTED')
        problems.push({ message, code: String(details['code']), reason: String(details['message']) });
      else ended.reject(new LabError(code as ErrorCode, message, details));
    },
  };
  const publisher: Publisher = {
    publish: (stream, event) => listeners[stream]?.(event),
  };

  const clock = endingClock();
  const engine = createEngineSupervisor({
    launcher: processEngine(),
    clock,
    onState: () => undefined,
    onEvent: (event) => {
      if (event.type !== 'ready') service.onEngineEvent(event);
    },
    onLost: (error) => service.onEngineLost(error),
  });
  const service: RunService = createRunService({
    engine,
    store: () => project.runs,
    project: () => stateOf(project, shown),
    settings: () => settings,
    clock,
    publisher,
    newId: randomUUID,
    files,
    datasetFile: (data, signal) => datasetFile(project.datasets, nodeDatasetCache(), data, signal),
    weights,
  });

  const stopAll = (): void => {
    service.stopAll().catch((error: unknown) => ended.reject(error));
  };
  /** Remembers what was started; a stop that was asked for meanwhile takes effect now. */
  const begun = (started: RunSummary[]): RunSummary[] => {
    allStarted = true;
    if (stopping.signal.aborted) stopAll();
    settle();
    return started;
  };

  return {
    problems,
    async startRuns(experimentId, variants, seeds) {
      const started: RunSummary[] = [];
      for (const seed of seeds) {
        if (stopping.signal.aborted) break;
        const input = { experimentId, variants: [...variants], seed, paused: false };
        started.push(...(await service.start(input, stopping.signal)));
      }
      return begun(started);
    },
    async continueRuns(unfinished) {
      const started: RunSummary[] = [];
      for (const { id } of unfinished) started.push(await service.continue(id, stopping.signal));
      return begun(started);
    },
    finished(listener) {
      onProgress = listener;
      return ended.promise;
    },
    stop() {
      stopping.abort();
      stopAll();
    },
    async close() {
      try {
        await service.stopAll();
      } finally {
        await engine.close();
        clock.end();
      }
    },
  };
}

/** Steps that a run takes: what it has, once it is over. */
const lengthOf = ({ status, step, totalSteps }: RunSummary): number | null =>
  LIVE_STATUSES.has(status) ? totalSteps : step;

/** A clock whose timers end with the session: what could not be stored would be tried again for ever. */
function endingClock(): Clock & { end(): void } {
  const timers = new Set<{ cancel(): void }>();
  let ended = false;
  return {
    now: () => systemClock.now(),
    setTimeout(callback, milliseconds) {
      if (ended) return { cancel: () => undefined };
      const timer = systemClock.setTimeout(() => {
        timers.delete(timer);
        callback();
      }, milliseconds);
      timers.add(timer);
      return {
        cancel() {
          timers.delete(timer);
          timer.cancel();
        },
      };
    },
    end() {
      ended = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
