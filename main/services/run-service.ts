// The runs of the open project: starts and steers them in the engine, shows them live, has them recorded.
import {
  dataShape,
  LIVE_STATUSES,
  parseExperiment,
  resolveVariant,
  totalSteps,
  type Checkpoint,
  type DatasetSpec,
  type ExperimentSpec,
  type RunEvent,
  type RunStatus,
} from '../../engine/spec/index.ts';
import type { ControlAction, EngineEvent, JournalEntry, StartCommand } from '../../engine/process/protocol.ts';
import { LabError } from '../contract/errors.ts';
import type { Input, Publisher } from '../contract/methods.ts';
import type { EvaluationScores, ProjectState, RunRecord, RunSummary, Settings } from '../contract/shapes.ts';
import type { EngineSupervisor } from './engine-supervisor.ts';
import { createLiveStream, type LiveStream } from './live-stream.ts';
import type { Clock, GivenWeights } from './ports.ts';
import { createRunQuestions, notLive, type RunQuestions } from './run-questions.ts';
import { afterEntry, afterRewind, joinEvents, joinRecord, scoresOnly } from './run-record.ts';
import { createRunRecorder } from './run-recorder.ts';
import type { RunStore } from './run-store.ts';
import { createRunWaits } from './run-waits.ts';

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
  /** Where the data lies that documents only name: absolute path of a folder or archive; null: it was not given. */
  readonly files: string | null;
  /** Path of the file of a stored data set. @throws LabError DATA_MISSING, BAD_DATA_FILE, each naming it. */
  readonly datasetFile: (data: DatasetSpec, signal: AbortSignal) => Promise<string>;
  /** Values that new runs start from; null: each draws its own. */
  readonly weights: GivenWeights | null;
}

export interface RunService extends RunQuestions {
  start(input: Input<'run.start'>, signal: AbortSignal): Promise<RunSummary[]>;
  control(runId: string, action: ControlAction, signal: AbortSignal): Promise<void>;
  continue(runId: string, signal: AbortSignal): Promise<RunSummary>;
  /** Opens a run that is over again, paused at its last checkpoint. */
  reopen(runId: string, signal: AbortSignal): Promise<RunSummary>;
  delete(runId: string): void;
  /** @throws LabError NOT_FOUND. */
  summary(runId: string): RunSummary;
  list(): RunSummary[];
  read(runId: string, afterStep: number): RunRecord;
  events(runId: string): RunEvent[];
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
/** What can be looked into again. */
const REOPENABLE: ReadonlySet<RunStatus> = new Set([...RESUMABLE, 'done', 'failed']);

interface Tracked {
  summary: RunSummary;
  /** Computing time before this start (a continued run has some). */
  readonly earlierComputeMs: number;
  readonly live: LiveStream;
}

const notFound = (what: string, id: string) => new LabError('NOT_FOUND', `There is no ${what} ${id}.`, { what, id });

export function createRunService(ports: RunServicePorts): RunService {
  const { clock, engine, publisher } = ports;
  /** Live runs, and ended ones until everything of them is stored. */
  const tracked = new Map<string, Tracked>();
  const waits = createRunWaits((ask) => engine.post(ask));

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

  function known(runId: string): RunSummary {
    const summary = tracked.get(runId)?.summary ?? ports.store().summary(runId);
    if (summary === null) throw notFound('run', runId);
    return summary;
  }

  function live(runId: string): void {
    known(runId);
    if (!isLive(runId)) throw notLive(runId);
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

  function requireStatus(runId: string, allowed: ReadonlySet<RunStatus>): RunSummary {
    const summary = settled(runId);
    if (allowed.has(summary.status)) return summary;
    throw new LabError('NOT_FOUND', `Run ${runId} is over.`, { what: 'checkpoint', id: runId });
  }

  /** Goes on from the last checkpoint; what was recorded after it is computed again. */
  async function again(
    runId: string,
    allowed: ReadonlySet<RunStatus>,
    paused: boolean,
    signal: AbortSignal,
  ): Promise<RunSummary> {
    const { experiment, variant } = requireStatus(runId, allowed);
    const files = await filesOf(experiment, variant, signal);
    await engine.ready(signal);
    // Someone else may have continued or deleted it meanwhile.
    const summary = requireStatus(runId, allowed);
    const checkpoint = ports.store().checkpoint(runId);
    if (checkpoint === null) weightsFor(summary);
    ports.store().truncate(runId, checkpoint?.step ?? -1);
    ports.store().setStatus(runId, 'queued');
    return launch(known(runId), paused, checkpoint, files);
  }

  /** Where the engine finds what the document only names; null: it names nothing. @throws LabError DATA_MISSING, BAD_DATA_FILE. */
  async function filesOf(experiment: ExperimentSpec, variant: string, signal: AbortSignal): Promise<string | null> {
    const { data } = resolveVariant(experiment, variant);
    if (data.type === 'dataset') return ports.datasetFile(data, signal);
    if (data.type !== 'cifar10') return null;
    if (ports.files !== null) return ports.files;
    throw new LabError('DATA_MISSING', 'It has not been said where the files of CIFAR-10 are.', { dataset: data.type });
  }

  /** @throws LabError NOT_FOUND when a run began with values that are not at hand now. */
  function weightsFor({ weights, experiment, variant }: RunSummary): StartCommand['weights'] {
    if (weights === null) return null;
    if (ports.weights?.source.digest !== weights.digest) throw notFound('weights', weights.name);
    return ports.weights.arrays(experiment, variant);
  }

  function launch(summary: RunSummary, paused: boolean, resume: Checkpoint | null, files: string | null): RunSummary {
    const { pace, threads } = ports.settings();
    const { id: runId, experiment, variant, seed, rewinds } = summary;
    const run: Tracked = {
      summary,
      earlierComputeMs: summary.computeMs,
      live: createLiveStream({
        runId,
        rewinds,
        clock,
        publish: (progress) => publisher.publish('run.progressed', progress),
      }),
    };
    const command: StartCommand = {
      type: 'start',
      runId,
      experiment,
      variant,
      seed,
      threads,
      pace,
      paused,
      resume,
      events: ports.store().events(runId),
      files,
      weights: resume === null ? weightsFor(summary) : null,
    };
    tracked.set(runId, run);
    publish(run);
    engine.post(command);
    return summary;
  }

  function read(runId: string, afterStep: number): RunRecord {
    const stored = ports.store().read(runId, afterStep);
    if (stored === null) throw notFound('run', runId);
    const rewinds = tracked.get(runId)?.summary.rewinds ?? stored.rewinds;
    return joinRecord(stored, recorder.unstored(runId), afterStep, rewinds);
  }

  function scoresAt(runId: string, step: number): EvaluationScores | null {
    const [found] = read(runId, step - 1).evaluations;
    return found?.step === step ? scoresOnly(found) : null;
  }

  function onJournal(run: Tracked, entry: JournalEntry): void {
    const { voidAfter, change: changed } = entry;
    const computeMs = run.earlierComputeMs + entry.computeMs;
    const rewinds = run.summary.rewinds + (voidAfter === null ? 0 : 1);
    recorder.entry(entry, { computeMs, rewinds });
    if (voidAfter !== null) run.live.rewind(voidAfter, rewinds);
    const { id } = run.summary;
    const news =
      voidAfter === null
        ? afterEntry(run.summary, entry, (step) => scoresAt(id, step))
        : afterRewind(read(id, -1), entry, voidAfter);
    change(run, {
      computeMs,
      rewinds,
      ...news,
      ...(changed && { status: changed.status, failure: changed.failure }),
    });
    // Windows cut their own record at the summary's step: it must be there before anything later is.
    if (voidAfter !== null) publish(run);
    run.live.add(entry);
    if (voidAfter === null && (changed !== null || entry.events.length > 0)) {
      run.live.flush();
      publish(run);
    }
    waits.heard(entry.runId, entry);
  }

  /** A status that only this side knows of. */
  function end(runId: string, run: Tracked, status: 'interrupted' | 'failed'): void {
    recorder.status(runId, status);
    run.live.flush();
    change(run, { status });
    publish(run);
  }

  function onRejected(run: Tracked, { runId, code, message, problems }: Extract<EngineEvent, { type: 'rejected' }>) {
    end(runId, run, run.summary.device === null ? 'failed' : 'interrupted');
    publisher.publish('app.failed', {
      code: 'ENGINE_REJECTED',
      message: `Run ${run.summary.number} cannot go on: ${message}`,
      details: { runId, code, message, problems },
    });
    waits.gone(runId, notLive(runId));
    waits.heard(runId, null);
  }

  const questions = createRunQuestions(waits, live);

  return {
    async start({ experimentId, variants, seed, paused }, signal) {
      const { document } = ports.project().experiments.find((x) => x.id === experimentId) ?? {};
      if (document === undefined) throw notFound('experiment', experimentId);
      for (const variant of variants)
        if (!document.variants.some((x) => x.name === variant)) throw notFound('variant', variant);
      // A stored document may be unfinished.
      parseExperiment(document);
      const chosen = seed ?? document.seed;
      if (!Number.isSafeInteger(chosen) || chosen < 0)
        throw new LabError('BAD_INPUT', `seed: must be a whole number ≥ 0, but is ${chosen}`, { field: 'seed' });
      const files: (string | null)[] = [];
      for (const variant of variants) {
        files.push(await filesOf(document, variant, signal));
        // Values that do not fit are named before anything is made.
        ports.weights?.arrays(document, variant);
      }
      await engine.ready(signal);
      const ids = variants.map(() => ports.newId());
      return variants.map((variant, i) => {
        const { data, recipe } = resolveVariant(document, variant);
        return launch(
          ports.store().create({
            id: ids[i] ?? '',
            experimentId,
            pressId: ids[0] ?? '',
            variant,
            seed: chosen,
            totalSteps: totalSteps(recipe, dataShape(data).trainRows),
            createdAt: clock.now(),
            experiment: document,
            weights: ports.weights?.source ?? null,
          }),
          paused,
          null,
          files[i] ?? null,
        );
      });
    },

    async control(runId, action, signal) {
      live(runId);
      // Going on without room for the results would only end in the next pause.
      if (action === 'resume' || action === 'step') storeAll();
      const status = () => tracked.get(runId)?.summary.status ?? 'stopped';
      const until = (reached: (entry: JournalEntry | null) => boolean) =>
        waits.until(runId, (entry) => !isLive(runId) || reached(entry), signal);
      engine.post({ type: 'control', runId, action });
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

    ...questions,

    continue: (runId, signal) => again(runId, RESUMABLE, false, signal),
    reopen: (runId, signal) => again(runId, REOPENABLE, true, signal),

    delete(runId) {
      settled(runId);
      ports.store().delete(runId);
      publisher.publish('run.deleted', { runId });
    },

    summary: known,

    list: () =>
      ports
        .store()
        .list()
        .map((stored) => tracked.get(stored.id)?.summary ?? stored),

    read,

    events(runId) {
      known(runId);
      return joinEvents(ports.store().events(runId), recorder.unstored(runId));
    },

    pace(stepsPerSecond) {
      for (const runId of liveIds()) engine.post({ type: 'pace', runId, stepsPerSecond });
    },

    onEngineEvent(event) {
      if (event.type === 'answer') {
        waits.answered(event.id, event.answer);
        return;
      }
      const run = tracked.get(event.runId);
      if (run === undefined || !isLive(event.runId)) return;
      switch (event.type) {
        case 'started': {
          const { device, data, dataDigest, totalSteps: total } = event;
          recorder.started(event.runId, { device, data, dataDigest, totalSteps: total });
          change(run, { device, dataDigest, totalSteps: total });
          publish(run);
          break;
        }
        case 'journal':
          onJournal(run, event);
          break;
        case 'rejected':
          onRejected(run, event);
          break;
        default:
          event satisfies never;
      }
    },

    onEngineLost(error) {
      for (const runId of liveIds()) {
        const run = tracked.get(runId);
        if (run !== undefined) end(runId, run, 'interrupted');
      }
      waits.lost(error);
    },

    async stopAll() {
      const going = liveIds();
      if (going.length > 0) {
        const limit = clock.setTimeout(() => engine.kill(), STOP_LIMIT_MS);
        for (const runId of going) engine.post({ type: 'control', runId, action: 'stop' });
        // An engine that dies meanwhile leaves them interrupted, which is as resumable.
        await Promise.allSettled(going.map((runId) => waits.until(runId, () => !isLive(runId), null)));
        limit.cancel();
      }
      storeAll();
    },

    flush: () => recorder.flush(),
  };
}
