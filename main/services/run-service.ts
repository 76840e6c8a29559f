// The runs of the open project: starts and steers them in the engine, shows them live, has them recorded.
import {
  LIVE_STATUSES,
  resolveVariant,
  stepsAfter,
  emptySteps,
  joinSteps,
  type Checkpoint,
  type RunStatus,
} from '../../engine/spec/index.ts';
import type { ControlAction, EngineEvent, JournalEntry } from '../../engine/process/protocol.ts';
import { LabError } from '../contract/errors.ts';
import type { Input, Publisher } from '../contract/methods.ts';
import type { ProjectState, RunRecord, RunSummary, Settings } from '../contract/shapes.ts';
import type { EngineSupervisor } from './engine-supervisor.ts';
import { createLiveStream, type LiveStream } from './live-stream.ts';
import type { Clock } from './ports.ts';
import { createRunRecorder } from './run-recorder.ts';
import type { RunStore } from './run-store.ts';

/** From asking live runs to stop to ending an engine that does not. */
export const STOP_LIMIT_MS = 5000;

export interface RunServicePorts {
  readonly engine: Pick<EngineSupervisor, 'ready' | 'post' | 'kill'>;
  readonly store: () => RunStore;
  readonly project: () => ProjectState;
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly publisher: Publisher;
  readonly newId: () => string;
}

export interface RunService {
  start(input: Input<'run.start'>, signal: AbortSignal): Promise<RunSummary[]>;
  control(runId: string, action: ControlAction, signal: AbortSignal): Promise<void>;
  continue(runId: string, signal: AbortSignal): Promise<RunSummary>;
  delete(runId: string): void;
  list(): RunSummary[];
  read(runId: string, afterStep: number): RunRecord;
  /** The new pace for every live run; the setting itself is stored by the caller. */
  pace(stepsPerSecond: number | null): void;
  onEngineEvent(event: Exclude<EngineEvent, { type: 'ready' }>): void;
  onEngineLost(error: LabError): void;
  /**
   * Stops every live run with a checkpoint and stores everything.
   * @throws LabError when something cannot be stored; it is kept.
   */
  stopAll(): Promise<void>;
  /** Stores what waits. @returns why it could not (`app.failed` has said so); it is kept and tried again. */
  flush(): LabError | null;
}

const RESUMABLE: ReadonlySet<RunStatus> = new Set(['stopped', 'interrupted']);

interface Tracked {
  summary: RunSummary;
  /** Computing time before this start (a continued run has some). */
  readonly earlierComputeMs: number;
  readonly live: LiveStream;
}

/** Someone who waits for a run to get somewhere. */
interface Watch {
  readonly reached: (entry: JournalEntry | null) => boolean;
  readonly resolve: () => void;
  readonly reject: (error: LabError) => void;
}

const notFound = (what: string, id: string) => new LabError('NOT_FOUND', `There is no ${what} ${id}.`, { what, id });

export function createRunService(ports: RunServicePorts): RunService {
  const { clock, engine, publisher } = ports;
  /** Live runs, and ended ones until everything of them is stored. */
  const tracked = new Map<string, Tracked>();
  const watches = new Map<string, Set<Watch>>();

  const isLive = (runId: string): boolean => {
    const run = tracked.get(runId);
    return run !== undefined && LIVE_STATUSES.has(run.summary.status);
  };
  const liveIds = () => [...tracked.keys()].filter(isLive);

  const recorder = createRunRecorder({
    store: ports.store,
    clock,
    acknowledge(runId, seq) {
      if (isLive(runId)) engine.post({ type: 'acknowledge', runId, seq });
    },
    stored(runIds) {
      for (const runId of runIds) if (!isLive(runId)) tracked.delete(runId);
    },
    failed(error) {
      for (const runId of liveIds()) engine.post({ type: 'control', runId, action: 'pause' });
      publisher.publish('app.failed', { code: error.code, message: error.message, details: { ...error.details } });
    },
  });

  function change(run: Tracked, fields: Partial<RunSummary>): void {
    const next = { ...run.summary, ...fields };
    run.summary = { ...next, resumable: RESUMABLE.has(next.status) };
  }
  const publish = (run: Tracked) => publisher.publish('run.changed', run.summary);

  function settleWatches(runId: string, entry: JournalEntry | null): void {
    for (const watch of watches.get(runId) ?? []) if (watch.reached(entry)) watch.resolve();
  }

  function watch(runId: string, reached: Watch['reached'], signal: AbortSignal | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const mine = watches.get(runId) ?? new Set();
      watches.set(runId, mine);
      const leave = () => {
        mine.delete(one);
        if (mine.size === 0 && watches.get(runId) === mine) watches.delete(runId);
        signal?.removeEventListener('abort', cancel);
      };
      const cancel = () => one.reject(new LabError('CANCELLED', 'The call was cancelled.'));
      const one: Watch = {
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
  }

  function known(runId: string): RunSummary {
    const summary = tracked.get(runId)?.summary ?? ports.store().summary(runId);
    if (summary === null) throw notFound('run', runId);
    return summary;
  }

  /** @throws LabError when it cannot be stored; it is kept. */
  function storeAll(): void {
    const failure = recorder.flush();
    if (failure !== null) throw failure;
  }

  /** For what needs a run that is over and wholly stored. */
  function settled(runId: string): RunSummary {
    known(runId);
    if (isLive(runId)) throw new LabError('RUN_LIVE', `Run ${runId} is still going on.`, { runId });
    if (!recorder.isStored(runId)) storeAll();
    return known(runId);
  }

  function unfinished(runId: string): void {
    if (RESUMABLE.has(settled(runId).status)) return;
    throw new LabError('NOT_FOUND', `Run ${runId} is over.`, { what: 'checkpoint', id: runId });
  }

  function launch(summary: RunSummary, paused: boolean, resume: Checkpoint | null): RunSummary {
    const { pace, threads } = ports.settings();
    const { id: runId, experiment, variant, seed } = summary;
    const run: Tracked = {
      summary,
      earlierComputeMs: summary.computeMs,
      live: createLiveStream({ runId, clock, publish: (progress) => publisher.publish('run.progressed', progress) }),
    };
    tracked.set(runId, run);
    publish(run);
    engine.post({ type: 'start', runId, experiment, variant, seed, threads, pace, paused, resume });
    return summary;
  }

  function onJournal(run: Tracked, entry: JournalEntry): void {
    const computeMs = run.earlierComputeMs + entry.computeMs;
    recorder.entry(entry, computeMs);
    run.live.add(entry.steps, entry.evaluations);
    const latest = entry.evaluations.at(-1);
    change(run, {
      computeMs,
      step: Math.max(run.summary.step, entry.steps?.step.at(-1) ?? 0, entry.change?.step ?? 0),
      ...(latest === undefined
        ? {}
        : { final: { step: latest.step, trainLoss: latest.train_eval_loss, testLoss: latest.test_loss } }),
      ...(entry.change === null ? {} : { status: entry.change.status, failure: entry.change.failure }),
    });
    if (entry.change !== null) {
      run.live.flush();
      publish(run);
    }
    settleWatches(entry.runId, entry);
  }

  /** A status that only this side knows of. */
  function end(runId: string, run: Tracked, status: 'interrupted' | 'failed'): void {
    recorder.status(runId, status);
    run.live.flush();
    change(run, { status });
    publish(run);
  }

  return {
    async start({ experimentId, variants, seed, paused }, signal) {
      const { document } = ports.project().experiments.find((x) => x.id === experimentId) ?? {};
      if (document === undefined) throw notFound('experiment', experimentId);
      for (const variant of variants)
        if (!document.variants.some((x) => x.name === variant)) throw notFound('variant', variant);
      const chosen = seed ?? document.seed;
      if (!Number.isSafeInteger(chosen) || chosen < 0)
        throw new LabError('BAD_INPUT', `seed: must be a whole number ≥ 0, but is ${chosen}`, { field: 'seed' });
      await engine.ready(signal);
      return variants.map((variant) =>
        launch(
          ports.store().create({
            id: ports.newId(),
            experimentId,
            variant,
            seed: chosen,
            totalSteps: resolveVariant(document, variant).recipe.steps,
            createdAt: clock.now(),
            experiment: document,
          }),
          paused,
          null,
        ),
      );
    },

    async control(runId, action, signal) {
      known(runId);
      if (!isLive(runId)) throw new LabError('RUN_NOT_LIVE', `Run ${runId} is not going on.`, { runId });
      // Going on without room for the results would only end in the next pause.
      if (action === 'resume' || action === 'step') storeAll();
      const status = () => tracked.get(runId)?.summary.status ?? 'stopped';
      const posted = () => engine.post({ type: 'control', runId, action });
      const until = (reached: Watch['reached']) => watch(runId, (entry) => !isLive(runId) || reached(entry), signal);
      posted();
      switch (action) {
        case 'pause':
          return until(() => status() === 'paused');
        case 'resume':
          return until(() => status() !== 'paused');
        case 'step':
          return until((entry) => entry !== null && entry.steps !== null);
        case 'stop':
          return until(() => false);
        default:
          return action satisfies never;
      }
    },

    async continue(runId, signal) {
      unfinished(runId);
      await engine.ready(signal);
      // Someone else may have continued or deleted it meanwhile.
      unfinished(runId);
      const checkpoint = ports.store().checkpoint(runId);
      ports.store().truncate(runId, checkpoint?.step ?? -1);
      ports.store().setStatus(runId, 'queued');
      return launch(known(runId), false, checkpoint);
    },

    delete(runId) {
      settled(runId);
      ports.store().delete(runId);
      publisher.publish('run.deleted', { runId });
    },

    list: () =>
      ports
        .store()
        .list()
        .map((stored) => tracked.get(stored.id)?.summary ?? stored),

    read(runId, afterStep) {
      const stored = ports.store().read(runId, afterStep);
      if (stored === null) throw notFound('run', runId);
      const { steps, evaluations, points } = recorder.unstored(runId);
      return {
        runId,
        steps: joinSteps([stored.steps, steps && stepsAfter(steps, afterStep)]) ?? emptySteps(),
        evaluations: [...stored.evaluations, ...evaluations.filter((x) => x.step > afterStep)],
        points: stored.points ?? points,
      };
    },

    pace(stepsPerSecond) {
      for (const runId of liveIds()) engine.post({ type: 'pace', runId, stepsPerSecond });
    },

    onEngineEvent(event) {
      const run = tracked.get(event.runId);
      if (run === undefined || !isLive(event.runId)) return;
      switch (event.type) {
        case 'started': {
          const { device, points, totalSteps } = event;
          recorder.started(event.runId, { device, points, totalSteps });
          change(run, { device, totalSteps });
          publish(run);
          break;
        }
        case 'journal':
          onJournal(run, event);
          break;
        case 'rejected': {
          const { runId, code, message, problems } = event;
          end(runId, run, run.summary.device === null ? 'failed' : 'interrupted');
          publisher.publish('app.failed', {
            code: 'ENGINE_REJECTED',
            message: `Run ${run.summary.number} cannot go on: ${message}`,
            details: { runId, code, message, problems },
          });
          settleWatches(runId, null);
          break;
        }
        default:
          event satisfies never;
      }
    },

    onEngineLost(error) {
      for (const runId of liveIds()) {
        const run = tracked.get(runId);
        if (run !== undefined) end(runId, run, 'interrupted');
      }
      for (const some of [...watches.values()]) for (const one of [...some]) one.reject(error);
    },

    async stopAll() {
      const live = liveIds();
      if (live.length > 0) {
        const limit = clock.setTimeout(() => engine.kill(), STOP_LIMIT_MS);
        for (const runId of live) engine.post({ type: 'control', runId, action: 'stop' });
        // An engine that dies meanwhile leaves them interrupted, which is as resumable.
        await Promise.allSettled(live.map((runId) => watch(runId, () => !isLive(runId), null)));
        limit.cancel();
      }
      storeAll();
    },

    flush: () => recorder.flush(),
  };
}
