// A lab without services, for component tests and the gallery only: every method of the contract over plausible made-up data,
// in the states that the window must be able to show. Never part of the product.
import {
  parseDraft,
  DocumentError,
  parseExperiment,
  resolveVariant,
  type ExperimentSpec,
  type RunStatus,
  type DatasetSpec,
} from '../../engine/spec/index.ts';
import { LabError } from '../../main/contract/errors.ts';
import type {
  Handlers,
  Input,
  LabClient,
  MethodName,
  Output,
  StreamEvent,
  StreamName,
} from '../../main/contract/methods.ts';
import type {
  AppInfo,
  Certificate,
  DatasetEntry,
  EngineState,
  EvaluationScores,
  ProjectState,
  RunEventRow,
  RunRecord,
  RunSummary,
  Settings,
} from '../../main/contract/shapes.ts';
import { fakeArithmetic } from './fake-arithmetic.ts';
import { fakeColumn, fakePair, fakeReportOf } from './fake-columns.ts';
import { fakeCertificate } from './fake-certificate.ts';
import { fakePreview, fakeRecord, fakeTotal, pictures } from './fake-curves.ts';
import {
  fakeDataset,
  fakeHugePreview,
  fakeImportPreview,
  fakePicturesPreview,
  fakeReport,
  fakeWrongPreview,
} from './fake-datasets.ts';
import { fakeOther } from './fake-other.ts';

export const FAKE_SCENARIOS = [
  'empty',
  'loading',
  'running',
  'finished',
  'overlaid',
  'error',
  'interrupted',
  'diverged',
  'engine-lost',
  'read-only',
  'huge',
] as const;
export type FakeScenario = (typeof FAKE_SCENARIOS)[number];

export interface FakeLab extends LabClient {
  /** Sends an event as the services would. */
  publish<S extends StreamName>(stream: S, event: StreamEvent<S>): void;
  /** Ends the connection. */
  close(): void;
  /** Lets live runs take steps. */
  advance(steps: number): void;
  /** Ends the comparison that goes on. */
  endComparison(outcome: Certificate | LabError): void;
  /** Ends the import that goes on. */
  endImport(outcome: DatasetEntry | LabError): void;
  /** Every call so far, oldest first. */
  readonly calls: readonly { readonly method: MethodName; readonly input: unknown }[];
  /** Makes the next call of a method fail. */
  failNext(method: MethodName, error: LabError): void;
  /** The next call of a method is never answered. */
  holdNext(method: MethodName): void;
}

/** What is wrong with a document, as it comes over a transport. */
function refused<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new LabError('INVALID_DOCUMENT', error.message, { problems: error.problems });
  }
}

function latestScores({ evaluations }: RunRecord): EvaluationScores | null {
  const latest = evaluations.at(-1);
  if (!latest) return null;
  const { step, train, validation, test } = latest;
  return { step, train, validation, test };
}

/** A fixed day, so that pictures do not change. */
const EPOCH = Date.UTC(2026, 10, 23, 9, 30);
const LIVE: ReadonlySet<RunStatus> = new Set(['queued', 'running', 'paused']);

/** @param source the experiment that the project opens with. */
export function createFakeLab(scenario: FakeScenario, source: unknown): FakeLab {
  let { document } = parseDraft(source);
  let revision = 1;
  let settings: Settings = { locale: 'system', theme: 'system', pace: null, threads: 2 };
  let engine: EngineState =
    scenario === 'engine-lost'
      ? { status: 'lost', reason: 'signal SIGKILL', retryInMs: 2000 }
      : { status: 'ready', simd: 'relaxed', cores: 8 };
  const runs = new Map<string, RunSummary>();
  const events = new Map<string, readonly RunEventRow[]>();
  const calls: { method: MethodName; input: unknown }[] = [];
  const failures = new Map<MethodName, LabError>();
  const held = new Set<MethodName>();
  const listeners = new Map<StreamName, Set<(event: never) => void>>();
  const closing = new Set<() => void>();
  let certificate = scenario === 'overlaid' ? fakeCertificate() : scenario === 'diverged' ? fakeCertificate(3) : null;
  let comparing: { resolve: (found: Certificate) => void; reject: (error: LabError) => void } | null = null;
  const datasets = new Map(
    Array.from({ length: scenario === 'huge' ? 60 : scenario === 'finished' ? 1 : 0 }, (_, i) =>
      fakeDataset(i + 1),
    ).map((x) => [x.digest, x]),
  );
  let endImport: ((outcome: DatasetEntry | LabError) => void) | null = null;
  let nextNumber = 1;
  let now = EPOCH;

  const imported = (): DatasetSpec => {
    if (document.data.type === 'dataset') return document.data;
    throw new LabError('NOT_FOUND', 'no imported data', { what: 'dataset', id: document.data.type });
  };
  const project = (): ProjectState => ({
    handle: 'project-1',
    name: 'regression',
    location: '/home/ada/labs/regression.overfit',
    untitled: scenario === 'empty',
    readOnly: scenario === 'read-only' ? 'in_use' : null,
    damage: [],
    experiments: [{ id: 'experiment-1', revision, document }],
  });
  const info: AppInfo = {
    version: '0.1.0',
    host: 'browser',
    hostReason: null,
    fileDialogs: 'in-page',
    platform: 'linux',
  };

  function publish<S extends StreamName>(stream: S, event: StreamEvent<S>): void {
    for (const listener of listeners.get(stream) ?? []) (listener as (event: StreamEvent<S>) => void)(event);
  }

  function put(run: RunSummary): RunSummary {
    runs.set(run.id, run);
    publish('run.changed', run);
    return run;
  }

  function create(variant: string, status: RunStatus, step: number, experiment: ExperimentSpec = document): RunSummary {
    const number = nextNumber++;
    return {
      id: `run-${String(number)}`,
      experimentId: 'experiment-1',
      pressId: `press-${String(now)}`,
      number,
      variant,
      seed: experiment.seed,
      status,
      step,
      totalSteps: fakeTotal(experiment, variant),
      rewinds: 0,
      createdAt: now,
      computeMs: step * 0.34,
      device: { kind: 'cpu', simd: 'relaxed', threads: 2 },
      failure:
        status === 'failed'
          ? { code: 'DIVERGED', step, quantity: 'train_loss', parameter: 'fc2.weight', layer: 'fc2' }
          : null,
      final: latestScores(fakeRecord('', experiment, variant, -1, step)),
      best: null,
      eventCount: 0,
      dataDigest: 'f'.repeat(64),
      weights: null,
      resumable: status === 'stopped' || status === 'interrupted',
      experiment,
    };
  }

  const group = (status: RunStatus, step: number, experiment: ExperimentSpec = document) => {
    now += 65_000;
    for (const { name } of experiment.variants) {
      const run = create(name, status, step, experiment);
      runs.set(run.id, run);
    }
  };

  const total = fakeTotal(document, document.variants[0]?.name ?? '');
  const noisier = parseExperiment({
    ...document,
    seed: 7,
    data: document.data.type === 'linear_noise' ? { ...document.data, noise: 0.6 } : document.data,
  });
  switch (scenario) {
    case 'empty':
    case 'loading':
      break;
    case 'running':
      group('done', total, noisier);
      group('running', 240);
      break;
    case 'finished':
    case 'error':
    case 'read-only':
      group('done', total);
      break;
    case 'overlaid':
      group('done', total, noisier);
      group('done', total);
      break;
    case 'interrupted':
      group('interrupted', 320);
      break;
    case 'engine-lost':
      group('done', total, noisier);
      group('interrupted', 320);
      break;
    case 'diverged':
      group('done', total);
      now += 65_000;
      runs.set(`run-${String(nextNumber)}`, create('overfitting', 'failed', 37));
      break;
    case 'huge':
      for (let i = 0; i < 40; i++) group(i % 7 === 3 ? 'stopped' : 'done', i % 7 === 3 ? 210 : total);
      break;
    default:
      scenario satisfies never;
  }

  const get = (runId: string): RunSummary => {
    const run = runs.get(runId);
    if (!run) throw new LabError('NOT_FOUND', `no run ${runId}`, { what: 'run', id: runId });
    return run;
  };
  const control = (status: RunStatus) => (input: { runId: string }) => {
    const run = get(input.runId);
    if (!LIVE.has(run.status)) throw new LabError('RUN_NOT_LIVE', 'not live', { runId: run.id });
    put({ ...run, status, resumable: status === 'stopped' });
    return Promise.resolve(null);
  };

  function take(run: RunSummary, steps: number): void {
    const step = Math.min(run.totalSteps ?? 0, run.step + steps);
    const record = fakeRecord(run.id, run.experiment, run.variant, run.step === 0 ? -1 : run.step, step);
    const next: RunSummary = {
      ...run,
      step,
      status: step === run.totalSteps ? 'done' : run.status,
      computeMs: step * 0.34,
      final: latestScores(record) ?? run.final,
    };
    runs.set(run.id, next);
    const { steps: rows, evaluations } = record;
    publish('run.progressed', { runId: run.id, rewinds: run.rewinds, step, steps: rows, evaluations, events: [] });
    publish('run.changed', next);
  }

  const handlers: Handlers = {
    'app.info': () => Promise.resolve(info),
    'settings.get': () => Promise.resolve(settings),
    'settings.set': (change) => {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      settings = { ...settings, ...given };
      publish('settings.changed', settings);
      return Promise.resolve(settings);
    },
    'project.current': () =>
      scenario === 'loading' ? new Promise<ProjectState>(() => undefined) : Promise.resolve(project()),
    'project.new': () => Promise.resolve(project()),
    'project.open': () => Promise.resolve(project()),
    'project.saveAs': () => Promise.resolve(project()),
    'project.recent': () =>
      Promise.resolve([
        { handle: 'recent-1', name: 'regression', location: '/home/ada/labs/regression.overfit', openedAt: EPOCH },
        { handle: 'recent-2', name: 'noise study', location: '/home/ada/labs/noise study.overfit', openedAt: EPOCH },
      ]),
    'project.look': ({ source }) => {
      const other = fakeOther(scenario !== 'error');
      const chosen = other.sources.find((x) => x.id === (source ?? other.source));
      if (!chosen) throw new LabError('NOT_FOUND', 'no such experiment', { what: 'experiment', id: source ?? '' });
      const { id } = chosen;
      // What its runs were made from had another seed.
      return Promise.resolve({
        ...other,
        source: id,
        document: id === other.source ? other.document : { ...other.document, seed: 7 },
      });
    },
    'dialog.open': () => Promise.reject(new LabError('FORBIDDEN', 'no native dialogs here')),
    'dialog.save': () => Promise.reject(new LabError('FORBIDDEN', 'no native dialogs here')),
    'folder.list': ({ handle }) =>
      Promise.resolve({
        handle: handle ?? 'home',
        location: handle === 'folder-labs' ? '/home/ada/labs' : '/home/ada',
        parent: handle === 'folder-labs' ? 'home' : null,
        entries: [
          { handle: 'folder-labs', name: 'labs', kind: 'folder' as const, sizeBytes: 0, modifiedAt: EPOCH },
          { handle: 'folder-papers', name: 'papers', kind: 'folder' as const, sizeBytes: 0, modifiedAt: EPOCH },
          {
            handle: 'file-1',
            name: 'regression.overfit',
            kind: 'file' as const,
            sizeBytes: 4_812_800,
            modifiedAt: EPOCH,
          },
          {
            handle: 'file-2',
            name: 'noise study.overfit',
            kind: 'file' as const,
            sizeBytes: 912_000,
            modifiedAt: EPOCH,
          },
        ],
      }),
    'file.kind': ({ name, folder }) =>
      Promise.resolve(
        name.endsWith('.overfit') && !folder ? 'project' : folder || name.endsWith('.csv') ? 'data' : 'other',
      ),
    'folder.file': ({ folder, name }) => Promise.resolve(`${folder}/${name}`),
    'example.list': () => Promise.resolve([{ name: 'regression', description: document.description }]),
    'data.preview': () => Promise.resolve(document.data.type === 'cifar10' ? null : fakePreview(document)),
    'data.export': ({ format }) =>
      Promise.resolve([{ name: `points.${format}`, sizeBytes: 1, bytes: Uint8Array.of(0) }]),
    'dataset.inspect': ({ handle }) => {
      if (handle === 'folder-pictures') return Promise.resolve(fakePicturesPreview(pictures));
      return Promise.resolve(
        scenario === 'huge' ? fakeHugePreview : scenario === 'error' ? fakeWrongPreview : fakeImportPreview,
      );
    },
    'dataset.import': ({ handle }, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(new LabError('CANCELLED', 'cancelled'));
        });
        endImport = (outcome) => {
          if (outcome instanceof LabError) {
            reject(outcome);
            return;
          }
          datasets.set(outcome.digest, outcome);
          resolve(outcome);
        };
        publish('dataset.progressed', { handle, phase: 'reading', done: 73_400_000, total: 181_000_000 });
      }),
    'dataset.take': ({ digest }) => {
      const found = fakeOther().datasets.find((x) => x.digest === digest);
      if (!found) throw new LabError('DATA_MISSING', 'no data set', { dataset: digest, project: 'flowers' });
      datasets.set(digest, found);
      return Promise.resolve(found);
    },
    'dataset.list': () => Promise.resolve([...datasets.values()]),
    'dataset.delete': ({ digest }) => {
      datasets.delete(digest);
      return Promise.resolve(null);
    },
    'dataset.rows': ({ from, count }) => {
      const row = (n: number) => [n % 7 === 3 ? null : 5.1 + (n % 10) / 10, 3.5, 1.4, 0.2, 'north', 'setosa'];
      const cells = Array.from({ length: count }, (_, i) => row(from + i));
      return Promise.resolve({ kind: 'columns' as const, from, total: 150, cells });
    },
    'dataset.report': () =>
      scenario === 'error'
        ? Promise.reject(new LabError('DATA_MISSING', 'no data set', { dataset: 'iris' }))
        : Promise.resolve(
            document.data.type === 'dataset' && document.data.rows !== fakeReport.rows
              ? fakeReportOf(document.data)
              : fakeReport,
          ),
    'dataset.column': ({ column }) => Promise.resolve(fakeColumn(imported(), column)),
    'dataset.pair': ({ across, up }) => Promise.resolve(fakePair(imported(), across, up)),
    'experiment.update': (input) => {
      ({ document } = parseDraft(input.document));
      revision += 1;
      publish('project.changed', project());
      return Promise.resolve({ id: 'experiment-1', revision, document });
    },
    'run.start': ({ variants, seed, paused }) => {
      now += 65_000;
      const seen = { ...document, seed: seed ?? document.seed };
      return Promise.resolve(variants.map((variant) => put(create(variant, paused ? 'paused' : 'running', 0, seen))));
    },
    'run.pause': control('paused'),
    'run.resume': control('running'),
    'run.stop': control('stopped'),
    'run.step': ({ runId }) => {
      take(get(runId), 1);
      return Promise.resolve(null);
    },
    'run.continue': ({ runId }) => Promise.resolve(put({ ...get(runId), status: 'running', resumable: false })),
    'run.reopen': ({ runId }) => Promise.resolve(put({ ...get(runId), status: 'paused', resumable: false })),
    'run.delete': ({ runId }) => {
      get(runId);
      runs.delete(runId);
      publish('run.deleted', { runId });
      return Promise.resolve(null);
    },
    'run.list': () => Promise.resolve([...runs.values()]),
    'run.read': ({ runId, afterStep }) => {
      const run = get(runId);
      const record = fakeRecord(runId, run.experiment, run.variant, afterStep, run.step);
      return Promise.resolve({ ...record, rewinds: run.rewinds, events: events.get(runId) ?? [] });
    },
    'run.change': ({ runId, path, value }) => {
      const run = get(runId);
      const event = { step: run.step, path, value };
      events.set(runId, [...(events.get(runId) ?? []), event]);
      put({ ...run, eventCount: run.eventCount + 1 });
      const none = { runId, rewinds: run.rewinds, step: run.step, steps: null, evaluations: [] };
      publish('run.progressed', { ...none, events: [event] });
      return Promise.resolve(event);
    },
    'run.stepBack': ({ runId, steps }) => {
      const run = get(runId);
      const step = Math.max(0, run.step - steps);
      const final = latestScores(fakeRecord(runId, run.experiment, run.variant, -1, step));
      put({ ...run, status: 'paused', step, final, rewinds: run.rewinds + 1 });
      return Promise.resolve({ step });
    },
    'run.inspect': ({ runId }) => {
      const { experiment, variant, step } = get(runId);
      if (experiment.data.type === 'table')
        return Promise.resolve(fakeArithmetic(resolveVariant(experiment, variant), step));
      return Promise.reject(new LabError('MODEL_TOO_LARGE', 'too many numbers', { runId }));
    },
    'run.events': ({ runId }) => Promise.resolve([...(events.get(runId) ?? [])]),
    'run.export': ({ format }) => Promise.resolve([{ name: `run.${format}`, sizeBytes: 1, bytes: Uint8Array.of(0) }]),
    'run.exportable': ({ runId, format }) => {
      const { experiment } = get(runId);
      const conv = experiment.model.layers.find((x) => x.type === 'Conv2d');
      return Promise.resolve(
        format === 'numpy' && conv
          ? {
              what: conv.name,
              reason: 'the NumPy script is written for dense nets; take the PyTorch script for this one',
              refusal: 'numpy_layer' as const,
              value: '',
            }
          : null,
      );
    },
    'parity.certificate': () => Promise.resolve(certificate),
    'parity.run': (_, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(new LabError('CANCELLED', 'cancelled'));
        });
        comparing = { resolve, reject };
        publish('parity.progressed', { done: 12, total: 40, current: 'Conv2d, gradient' });
      }),
    'run.pace': ({ stepsPerSecond }) => {
      settings = { ...settings, pace: stepsPerSecond };
      publish('settings.changed', settings);
      return Promise.resolve(null);
    },
    'model.code': async (asked) => {
      const { model } = refused(() => resolveVariant(parseExperiment(asked.document), asked.variant));
      const lines = model.layers.map((layer) => `    ("${layer.name}", nn.${layer.type}()),`);
      return {
        text: ['from torch import nn', '', 'net = nn.Sequential(OrderedDict([', ...lines, ']))', ''].join('\n'),
      };
    },
    'engine.state': () => Promise.resolve(engine),
  };

  return {
    calls,
    publish(stream, event) {
      if (stream === 'engine.changed') engine = event as EngineState;
      publish(stream, event);
    },
    close: () => {
      for (const listener of closing) listener();
    },
    advance: (steps) => {
      for (const run of [...runs.values()]) if (run.status === 'running') take(run, steps);
    },
    endImport: (outcome) => endImport?.(outcome),
    endComparison(outcome) {
      if (outcome instanceof LabError) comparing?.reject(outcome);
      else comparing?.resolve((certificate = outcome));
    },
    failNext: (method, error) => failures.set(method, error),
    holdNext: (method) => held.add(method),
    async call<M extends MethodName>(method: M, input: Input<M>, signal?: AbortSignal): Promise<Output<M>> {
      calls.push({ method, input });
      const failure = failures.get(method);
      failures.delete(method);
      if (failure) throw failure;
      if (held.delete(method)) return new Promise<never>(() => undefined);
      const handler = handlers[method] as (input: Input<M>, signal: AbortSignal) => Promise<Output<M>>;
      return handler(input, signal ?? new AbortController().signal);
    },
    subscribe(stream, listener) {
      const heard = listeners.get(stream) ?? new Set();
      listeners.set(stream, heard);
      heard.add(listener);
      return () => heard.delete(listener);
    },
    onClose: (listener) => closing.add(listener),
  };
}
