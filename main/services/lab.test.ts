import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import cnn from '../../assets/examples/cnn.json' with { type: 'json' };
import { drawPoints } from '../../engine/data/draw-points.ts';
import { parseExperiment, type ExperimentSpec } from '../../engine/spec/index.ts';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { inProcessEngine } from '../../test/fixtures/in-process-engine.ts';
import { dataset, temporaryFolder } from '../../test/project/sample.ts';
import { methods, type Input, type MethodName, type Output, type StreamName } from '../contract/methods.ts';
import { pointsExporter } from '../node/points-exporter.ts';
import { LabError } from '../contract/errors.ts';
import type { Certificate, ExperimentEntry, ExportFormat, FileKind } from '../contract/shapes.ts';
import { createNodeDatasets } from '../node/dataset-reader.ts';
import { createNodeProjects } from '../node/lab-files.ts';
import { runExporter } from '../node/run-exporter.ts';
import { createLab, LAST_WORDS_MS } from './lab.ts';
import type { FileDialogs, ParityRunner, RunExporter } from './ports.ts';

const inPage: FileDialogs = { kind: 'in-page', chooseOpen: async () => null, chooseSave: async () => null };

/** The lab over real project files in a temporary home; only the engine's numbers and time are made up. */
async function bench(
  options: {
    readonly dialogs?: FileDialogs;
    readonly home?: string;
    readonly path?: string;
    readonly exporter?: Partial<RunExporter>;
    readonly parity?: ParityRunner;
    readonly examples?: Readonly<Record<string, unknown>>;
  } = {},
) {
  const home = options.home ?? temporaryFolder();
  const clock = manualClock();
  const engine = inProcessEngine(clock);
  const { projects, settings, appFolder } = createNodeProjects({
    appVersion: '1.2.3',
    home,
    env: { OVERFIT_HOME: join(home, 'app') },
    ...(options.examples && { examples: options.examples }),
  });
  const opened = projects.openAtStart(options.path ?? null);
  const published: { stream: StreamName; event: unknown }[] = [];
  const lab = createLab({
    info: { version: '1.2.3', host: 'browser', hostReason: null, fileDialogs: 'in-page', platform: 'linux' },
    engine,
    clock,
    dialogs: options.dialogs ?? inPage,
    publisher: { publish: (stream, event) => void published.push({ stream, event }) },
    projects,
    settings,
    drawPoints,
    datasets: createNodeDatasets(appFolder),
    exportPoints: pointsExporter,
    exporter: { files: async () => [], check: async () => undefined, model: runExporter.model, ...options.exporter },
    parity: options.parity ?? null,
  });
  await clock.settle();
  const call = <M extends MethodName>(method: M, input: Input<M>): Promise<Output<M>> =>
    lab.handlers[method](input, new AbortController().signal);
  const experiment = opened.experiments[0] as ExperimentEntry;
  return {
    home,
    clock,
    engine,
    lab,
    call,
    published,
    experiment,
    heard: (stream: StreamName) => published.filter((x) => x.stream === stream).map((x) => x.event),
    start: (variants: string[] = ['overfitting']) =>
      call('run.start', { experimentId: experiment.id, variants, seed: null, paused: false }),
    fileNamed: async (name: string, kind: FileKind = 'project') => {
      const { handle } = await call('folder.list', { handle: null, kind: 'project' });
      return call('folder.file', { folder: handle, name, kind });
    },
    async pass(milliseconds: number) {
      for (let i = 0; i < milliseconds; i += 50) await clock.advance(50);
    },
    /** Closing takes a moment of the engine's time. */
    async close() {
      const closed = lab.close();
      for (let i = 0; i < 100 + LAST_WORDS_MS; i += 1) await clock.advance(1);
      await closed;
    },
  };
}

test('closing first hears what windows still held back', async () => {
  const x = await bench();
  const closed = x.lab.close();
  expect(x.heard('app.closing')).toEqual([null]);
  const document = { ...x.experiment.document, seed: 7 };
  expect((await x.call('experiment.update', { experimentId: x.experiment.id, document })).document.seed).toBe(7);
  await x.pass(1000);
  await closed;
});

describe('every method', () => {
  test('is there, and nothing else', async () => {
    const x = await bench();
    expect(Object.keys(x.lab.handlers).sort()).toEqual(Object.keys(methods).sort());
    await x.close();
  });

  test('a run, from the first project to its end', async () => {
    const x = await bench();
    expect(await x.call('engine.state', null)).toEqual({ status: 'ready', simd: 'plain', cores: 1 });
    expect(await x.call('app.info', null)).toMatchObject({ version: '1.2.3' });
    expect(await x.call('example.list', null)).toContainEqual({ name: 'regression', description: expect.any(String) });
    await x.call('run.pace', { stepsPerSecond: null });
    const [run] = await x.start();
    await x.pass(1000);
    expect(await x.call('run.list', null)).toMatchObject([{ id: run?.id, status: 'done', step: 500 }]);
    const record = await x.call('run.read', { runId: run?.id ?? '', afterStep: 490 });
    expect([...record.steps.step]).toEqual([491, 492, 493, 494, 495, 496, 497, 498, 499, 500]);
    expect(await x.call('run.delete', { runId: run?.id ?? '' })).toBeNull();
    expect(await x.call('run.list', null)).toEqual([]);
    await x.close();
  });

  test("the data of a document is the engine's own draw", async () => {
    const x = await bench();
    const preview = await x.call('data.preview', { experimentId: x.experiment.id });
    expect(preview).toEqual(await drawPoints(x.experiment.document));
    await expect(x.call('data.preview', { experimentId: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await x.close();
  });

  test('an edit is stored and told', async () => {
    const x = await bench();
    const { document } = x.experiment;
    const edited = { ...document, recipe: { ...document.recipe, steps: 7 } };
    expect(await x.call('experiment.update', { experimentId: x.experiment.id, document: edited })).toMatchObject({
      revision: 2,
    });
    expect(x.heard('project.changed')).toMatchObject([{ experiments: [{ revision: 2, document: edited }] }]);
    await x.close();
  });

  test('settings are told, and the pace reaches live runs from either method', async () => {
    const x = await bench();
    await x.call('run.pace', { stepsPerSecond: 1 });
    await x.start();
    expect(await x.call('settings.set', { theme: 'dark' })).toMatchObject({ theme: 'dark', pace: 1 });
    const paces = () => x.engine.commands.flatMap((c) => (c.type === 'pace' ? [c.stepsPerSecond] : []));
    expect(paces()).toEqual([]);
    await x.call('settings.set', { pace: 5, theme: undefined });
    await x.call('run.pace', { stepsPerSecond: null });
    expect(paces()).toEqual([5, null]);
    expect(await x.call('settings.get', null)).toMatchObject({ theme: 'dark', pace: null });
    expect(x.heard('settings.changed')).toHaveLength(4);
    await x.close();
  });

  test('dialogs answer where there are some, and are refused where there are none', async () => {
    const x = await bench();
    await expect(x.call('dialog.open', { kind: 'project' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(x.call('dialog.save', { suggestedName: 'a', kind: 'project' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await x.close();
    const native = await bench({
      dialogs: {
        kind: 'native',
        chooseOpen: async () => 'handle',
        chooseSave: async (name, kind) => `for ${name} as ${kind}`,
      },
    });
    expect(await native.call('dialog.open', { kind: 'project' })).toBe('handle');
    expect(await native.call('dialog.save', { suggestedName: 'a', kind: 'csv' })).toBe('for a as csv');
    await native.close();
  });
});

describe('imported data', { timeout: 60_000 }, () => {
  const options = { delimiter: null, header: null, decimal: null, resize: null, kinds: {} };
  const rows = Array.from({ length: 50 }, (_, i) => `${i === 3 ? '' : i},${2 * i}`);

  test('come from a file into the project, and from there into whatever asks for them', async () => {
    const x = await bench();
    writeFileSync(join(x.home, 'line.csv'), ['x,y', ...rows].join('\n'));
    const listing = await x.call('folder.list', { handle: null, kind: 'data' });
    const handle = listing.entries.find((entry) => entry.name === 'line.csv')?.handle ?? '';
    expect(await x.call('dataset.inspect', { handle, options: null })).toMatchObject({ rows: 50, problems: [] });
    const entry = await x.call('dataset.import', { handle, options });
    expect(await x.call('dataset.list', null)).toEqual([entry]);
    expect(x.heard('dataset.progressed').at(-1)).toEqual({
      handle,
      phase: 'storing',
      done: entry.sizeBytes,
      total: entry.sizeBytes,
    });
    expect(await x.call('dataset.rows', { digest: entry.digest, from: 3, count: 1 })).toMatchObject({
      cells: [[null, 6]],
    });

    const experimentId = x.experiment.id;
    await expect(x.call('dataset.report', { experimentId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const document = { ...x.experiment.document, data: entry.described };
    await x.call('experiment.update', { experimentId, document });
    expect(await x.call('dataset.report', { experimentId })).toMatchObject({ imputed: [{ column: 'x', values: 1 }] });
    expect(await x.call('dataset.column', { experimentId, column: 0 })).toMatchObject({
      name: 'x',
      parts: { all: { facts: { count: 49, missing: 1 } }, test: { facts: { count: 10 } } },
    });
    const pair = { experimentId, across: 0, up: 1 };
    expect(await x.call('dataset.pair', { ...pair, split: null })).toMatchObject({ total: 49, missing: 1 });
    for (const call of [
      () => x.call('dataset.column', { experimentId, column: 2 }),
      () => x.call('dataset.pair', { ...pair, up: 2, split: 'test' }),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'NOT_FOUND', details: { what: 'column' } });
    expect(await x.call('data.preview', { experimentId })).toMatchObject({ kind: 'points' });
    const [points] = await x.call('data.export', { experimentId, format: 'csv', destination: null, replace: false });
    expect(
      new TextDecoder()
        .decode(points?.bytes ?? new Uint8Array())
        .trimEnd()
        .split('\r\n'),
    ).toHaveLength(51);
    await x.call('run.start', { experimentId, variants: ['overfitting'], seed: null, paused: false });
    const [start] = x.engine.commands.flatMap((c) => (c.type === 'start' ? [c] : []));
    expect(start?.files).toBe(join(x.home, 'app', 'datasets', `${entry.digest}.overfit-data`));
    await expect(x.call('dataset.delete', { digest: entry.digest })).rejects.toMatchObject({
      code: 'DATA_IN_USE',
      details: { experiments: ['regression'], runs: [1] },
    });
    await x.close();
  });

  test('that the project lacks are missed before a run is made', async () => {
    const x = await bench();
    const experimentId = x.experiment.id;
    const document = { ...x.experiment.document, data: dataset.entry.described };
    const fitting = {
      ...document,
      recipe: {
        ...document.recipe,
        loss: { type: 'CrossEntropyLoss', label_smoothing: 0, reduction: 'mean' } as const,
      },
      model: {
        layers: document.model.layers.map((layer, i, all) =>
          i === all.length - 1 && layer.type === 'Linear' ? { ...layer, out_features: 2 } : layer,
        ),
      },
    };
    await x.call('experiment.update', { experimentId, document: fitting });
    expect(await x.call('data.preview', { experimentId })).toBeNull();
    await expect(x.start()).rejects.toMatchObject({ code: 'DATA_MISSING', details: { dataset: 'iris' } });
    await expect(x.call('dataset.report', { experimentId })).rejects.toMatchObject({ code: 'DATA_MISSING' });
    await expect(x.call('dataset.column', { experimentId, column: 0 })).rejects.toMatchObject({
      code: 'DATA_MISSING',
      details: { dataset: 'iris' },
    });
    expect(await x.call('run.list', null)).toEqual([]);
    await x.close();
  });
});

describe('exporting a run', () => {
  const asked = { format: 'csv' as const, weights: 'last' as const, destination: null, replace: false };
  const finished = async (options: Parameters<typeof bench>[0] = {}) => {
    const x = await bench(options);
    await x.call('run.pace', { stepsPerSecond: null });
    const [run] = await x.start(['dropout']);
    await x.pass(1000);
    return { ...x, runId: run?.id ?? '' };
  };

  test('a table of all numbers comes back as bytes, or goes where it was asked for', async () => {
    const x = await finished();
    const [file] = await x.call('run.export', { ...asked, runId: x.runId });
    expect(file).toMatchObject({ name: 'regression-dropout-1.csv', sizeBytes: file?.bytes?.byteLength });
    const text = new TextDecoder().decode(file?.bytes ?? new Uint8Array());
    expect(text.split('\r\n')).toHaveLength(1 + 501 + 1);

    const destination = await x.fileNamed('numbers', 'csv');
    const written = await x.call('run.export', { ...asked, runId: x.runId, destination });
    expect(written).toEqual([{ name: file?.name, sizeBytes: file?.sizeBytes, bytes: null }]);
    expect(readFileSync(join(x.home, 'numbers.csv'), 'utf8')).toBe(text);
    await expect(x.call('run.export', { ...asked, runId: x.runId, destination })).rejects.toMatchObject({
      code: 'FILE_EXISTS',
    });
    await x.call('run.export', { ...asked, runId: x.runId, destination, replace: true });
    await expect(x.call('run.export', { ...asked, runId: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await x.close();
  });

  test('other formats are the exporter’s, with the chosen weights; what lies beside the script comes along', async () => {
    const sources: unknown[] = [];
    const bytes = Uint8Array.of(1);
    const exporter: Partial<RunExporter> = {
      check: async () => undefined,
      files: async ({ checkpoint, events, summary }, format) => {
        sources.push([format, checkpoint?.step ?? null, events, summary.variant]);
        return [
          { name: 'script.py', bytes },
          { name: 'pictures.npz', bytes },
        ];
      },
    };
    const x = await finished({ exporter });
    const files = await x.call('run.export', { ...asked, runId: x.runId, format: 'pytorch' });
    expect(files.map((f) => f.name)).toEqual(['regression-dropout-1.py', 'pictures.npz']);
    await x.call('run.export', { ...asked, runId: x.runId, format: 'onnx', weights: 'best' });
    expect(sources).toEqual([
      ['pytorch', 500, [], 'dropout'],
      ['onnx', null, [], 'dropout'],
    ]);
    await x.close();
  });

  test('whether a format can say a run is answered without writing: the part that has no word, and why', async () => {
    const reason = 'the NumPy script is written for dense nets';
    const exporter: Partial<RunExporter> = {
      files: () => Promise.reject(new Error('nothing may be written')),
      check: (_, format) => {
        const refusal = new LabError('EXPORT_UNSUPPORTED', 'refused', {
          what: '"conv1"',
          reason,
          refusal: 'numpy_layer',
          value: '',
        });
        return format === 'numpy' ? Promise.reject(refusal) : Promise.resolve();
      },
    };
    const x = await finished({ exporter });
    const ask = (format: ExportFormat) => x.call('run.exportable', { runId: x.runId, format });
    expect(await ask('numpy')).toEqual({ what: '"conv1"', reason, refusal: 'numpy_layer', value: '' });
    for (const format of ['pytorch', 'onnx', 'safetensors', 'csv'] as const) expect(await ask(format)).toBeNull();
    await expect(x.call('run.exportable', { runId: 'none', format: 'csv' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await x.close();
  });
});

test('every example of the data as a file: given, or written where the person chose', async () => {
  const x = await bench();
  const asked = { experimentId: x.experiment.id, format: 'csv', replace: false } as const;
  const [given] = await x.call('data.export', { ...asked, destination: null });
  const text = new TextDecoder().decode(given?.bytes ?? new Uint8Array());
  expect(given?.name).toBe('regression-points.csv');
  expect(text.trimEnd().split('\r\n')).toHaveLength(41);
  const destination = await x.fileNamed('mine', 'csv');
  const written = { name: given?.name, sizeBytes: given?.sizeBytes, bytes: null };
  expect(await x.call('data.export', { ...asked, destination })).toEqual([written]);
  expect(readFileSync(join(x.home, 'mine.csv'), 'utf8')).toBe(text);
  await expect(x.call('data.export', { ...asked, destination })).rejects.toMatchObject({ code: 'FILE_EXISTS' });
  const arrays = await x.fileNamed('mine', 'npz');
  await x.call('data.export', { ...asked, format: 'npy', destination: arrays });
  expect(readFileSync(join(x.home, 'mine.npz')).subarray(0, 2).toString()).toBe('PK');
  await expect(x.call('data.export', { ...asked, experimentId: 'none', destination: null })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await x.close();
});

describe('the parity certificate', () => {
  const comparison = {
    group: 'draws',
    name: 'uniform',
    values: 300,
    largest: 0,
    tolerance: 0,
    unit: 'absolute' as const,
    passed: true,
    origin: 'PyTorch 2.13.0',
    where: '',
    note: '',
  };
  const found = {
    reference: 'PyTorch 2.13.0',
    live: false,
    device: { kind: 'cpu' as const, simd: 'plain' as const, threads: 1 },
    comparisons: [comparison],
    remarks: [],
  };

  test('is made once at a time, told while it is made, and kept in the project', async () => {
    const gate = Promise.withResolvers<void>();
    const parity: ParityRunner = {
      async run({ live, onProgress }) {
        onProgress({ done: 0, total: 1, current: 'uniform' });
        await gate.promise;
        return { ...found, live };
      },
    };
    const x = await bench({ parity });
    expect(await x.call('parity.certificate', null)).toBeNull();
    const making = x.call('parity.run', { live: true });
    await expect(x.call('parity.run', { live: false })).rejects.toMatchObject({ code: 'BUSY' });
    expect(x.heard('parity.progressed')).toEqual([{ done: 0, total: 1, current: 'uniform' }]);
    gate.resolve();
    const expected: Certificate = { ...found, live: true, createdAt: x.clock.now(), appVersion: '1.2.3', passed: true };
    expect(await making).toEqual(expected);
    expect(await x.call('parity.certificate', null)).toEqual(expected);
    await x.close();
  });

  test('says that it failed when anything did, or nothing was compared', async () => {
    const outcomes = [[comparison, { ...comparison, passed: false }], []];
    const parity: ParityRunner = { run: async () => ({ ...found, comparisons: outcomes.shift() ?? [] }) };
    const x = await bench({ parity });
    expect(await x.call('parity.run', { live: false })).toMatchObject({ passed: false });
    expect(await x.call('parity.run', { live: false })).toMatchObject({ passed: false });
    await x.close();
  });

  test('is not kept when it was cancelled, and can be asked for again', async () => {
    const controller = new AbortController();
    const parity: ParityRunner = {
      async run({ signal }) {
        if (!signal.aborted) controller.abort();
        return found;
      },
    };
    const x = await bench({ parity });
    const run = () => x.lab.handlers['parity.run']({ live: false }, controller.signal);
    await expect(run()).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(run()).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await x.call('parity.certificate', null)).toBeNull();
    await x.close();
  });

  test('cannot be had from a build that has nothing to compare with', async () => {
    const x = await bench();
    await expect(x.call('parity.run', { live: false })).rejects.toMatchObject({ code: 'NOT_AVAILABLE' });
    await x.close();
  });
});

describe('a live run', () => {
  test('can be changed, undone and looked into through the contract', async () => {
    const x = await bench();
    const [run] = await x.call('run.start', {
      experimentId: x.experiment.id,
      variants: ['overfitting'],
      seed: null,
      paused: true,
    });
    const runId = run?.id ?? '';
    for (let i = 0; i < 3; i += 1) await x.call('run.step', { runId });
    const path = 'recipe.regularization.l1';
    const event = await x.call('run.change', { runId, path, value: 0.5 });
    expect(event).toEqual({ step: 3, path, value: 0.5 });
    expect(await x.call('run.inspect', { runId })).toMatchObject({ step: 4 });
    expect(await x.call('run.events', { runId })).toEqual([event]);
    expect(await x.call('run.stepBack', { runId, steps: 2 })).toEqual({ step: 1 });
    expect(await x.call('run.events', { runId })).toEqual([]);
    await x.close();
  });
});

describe('changing the project', () => {
  test('live runs of the old one are stopped with a checkpoint first; they are found there again', async () => {
    const x = await bench();
    await x.call('run.pace', { stepsPerSecond: 100 });
    await x.start(['overfitting', 'dropout']);
    await x.pass(500);
    const { handle } = await x.call('project.current', null);
    const fresh = await x.call('project.new', { example: 'regression' });
    expect(fresh.handle).not.toBe(handle);
    expect(await x.call('run.list', null)).toEqual([]);
    expect(x.heard('project.changed')).toEqual([fresh]);
    await x.call('project.open', { handle });
    const runs = await x.call('run.list', null);
    expect(runs.map((r) => [r.status, r.resumable])).toEqual([
      ['stopped', true],
      ['stopped', true],
    ]);
    expect(runs[0]?.step).toBeGreaterThan(30);
    await x.call('run.continue', { runId: runs[0]?.id ?? '' });
    await x.call('run.pace', { stepsPerSecond: null });
    await x.pass(1000);
    expect((await x.call('run.list', null)).map((r) => r.status)).toEqual(['done', 'stopped']);
    await x.close();
  });

  test('saving under a name leaves live runs going, into the new file', async () => {
    const x = await bench();
    await x.call('run.pace', { stepsPerSecond: 100 });
    const [run] = await x.start();
    await x.pass(500);
    const saved = await x.call('project.saveAs', { handle: await x.fileNamed('kept'), replace: false });
    expect(saved).toMatchObject({ name: 'kept', untitled: false });
    expect(await x.call('run.list', null)).toMatchObject([{ id: run?.id, status: 'running' }]);
    await x.call('run.pace', { stepsPerSecond: null });
    await x.pass(1000);
    const record = await x.call('run.read', { runId: run?.id ?? '', afterStep: -1 });
    expect(record.steps.step.length).toBe(500);
    await x.close();
    const again = await bench({ home: x.home, path: join(x.home, 'kept.overfit') });
    expect(await again.call('run.list', null)).toMatchObject([{ id: run?.id, status: 'done', step: 500 }]);
    expect(await again.call('run.read', { runId: run?.id ?? '', afterStep: -1 })).toEqual(record);
    await again.close();
  });

  test('a file that cannot be opened leaves the current project', async () => {
    const x = await bench();
    const before = await x.call('project.current', null);
    const missing = await x.fileNamed('missing');
    await expect(x.call('project.open', { handle: missing })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(x.call('project.new', { example: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await x.call('project.current', null)).toEqual(before);
    await x.close();
  });
});

test('closing stops live runs, stores them, and ends the engine', async () => {
  const x = await bench();
  await x.call('run.pace', { stepsPerSecond: 100 });
  await x.start();
  await x.pass(500);
  const file = await x.call('project.current', null);
  await x.close();
  expect(x.engine.commands.at(-1)).toEqual({ type: 'shutdown' });
  const again = await bench({ home: x.home, path: file.location });
  expect(await again.call('run.list', null)).toMatchObject([{ status: 'stopped', resumable: true }]);
  await again.close();
});

describe('a model as code', () => {
  const named = (document: ExperimentSpec, variant: string, language: 'pytorch' | 'numpy' = 'pytorch') => ({
    document,
    variant,
    language,
  });

  test('is what PyTorch and NumPy call it, of a document that need not be stored', async () => {
    const x = await bench();
    const document = structuredClone(x.experiment.document);
    document.model.layers.splice(2, 1);
    const { text } = await x.call('model.code', named(document, 'dropout'));
    expect(text).toContain('fc1=nn.Linear(1, 300)');
    expect(text).toContain('dropout1=nn.Dropout(p=0.5)');
    expect(text).not.toContain('relu1');
    const numpy = await x.call('model.code', named(document, 'overfitting', 'numpy'));
    expect(numpy.text).toContain('return x @ fc3_weight.T + fc3_bias');
    await x.close();
  });

  test('a model that does not fit is refused with what is wrong, an unknown variant too', async () => {
    const x = await bench();
    const document = structuredClone(x.experiment.document);
    document.model.layers.pop();
    await expect(x.call('model.code', named(document, 'dropout'))).rejects.toMatchObject({
      code: 'INVALID_DOCUMENT',
      problems: [{ path: 'model.layers.relu2', code: 'shape_mismatch' }],
    });
    await expect(x.call('model.code', named(x.experiment.document, 'none such'))).rejects.toMatchObject({
      problems: [{ code: 'unknown_variant' }],
    });
    await x.close();
  });

  test('a layer that NumPy has no words for is named', async () => {
    const x = await bench();
    const document = parseExperiment(cnn);
    await expect(x.call('model.code', named(document, 'none', 'numpy'))).rejects.toMatchObject({
      code: 'EXPORT_UNSUPPORTED',
      details: { what: '"conv1" (Conv2d)', refusal: 'numpy_layer' },
    });
    await x.close();
  });
});
