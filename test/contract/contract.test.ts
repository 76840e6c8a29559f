// One suite over every line that the contract runs on: what a window may rely on does not depend on its host.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseExperiment, STEP_METRICS } from '../../engine/spec/index.ts';
import { connect } from '../../main/contract/client.ts';
import { LabError } from '../../main/contract/errors.ts';
import { Hub } from '../../main/contract/hub.ts';
import type { Handlers, LabClient, MethodName } from '../../main/contract/methods.ts';
import type { Defect } from '../../main/contract/rpc-errors.ts';
import type { ServerMessage } from '../../main/contract/rpc-messages.ts';
import { MAX_OPEN_CALLS, MAX_UNHEARD, serve } from '../../main/contract/server.ts';
import type { RunProgress, Settings } from '../../main/contract/shapes.ts';
import type { Transport } from '../../main/contract/transport.ts';
import { LINES, type OpenLine } from './lines.ts';
import { dataset } from '../project/datasets.ts';
import { appInfo, other, preview, progress, record, sampleHandlers, settings } from './sample-lab.ts';

const PROTOTYPE_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'no.such', ''];

async function failure(call: Promise<unknown>): Promise<LabError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error('the call should have failed');
}

/** A deep comparison of so many elements would take longer than everything else here. */
function expectSameBits(received: Float32Array | Float64Array | Int32Array, sent: typeof received): void {
  expect(received.constructor).toBe(sent.constructor);
  const bytes = (array: typeof received) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  expect(bytes(received).equals(bytes(sent))).toBe(true);
}

/** Resolves once an abort arrives. */
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });

/** Messages of a transport as a queue that can be awaited. */
function inbox(transport: Transport): { next(): Promise<ServerMessage> } {
  const messages: ServerMessage[] = [];
  const waiting: ((message: ServerMessage) => void)[] = [];
  transport.onMessage((message) => {
    const taker = waiting.shift();
    if (taker) taker(message as ServerMessage);
    else messages.push(message as ServerMessage);
  });
  return {
    next: () =>
      new Promise((resolve) => {
        const message = messages.shift();
        if (message) resolve(message);
        else waiting.push(resolve);
      }),
  };
}

describe.each(LINES)('$name', (line) => {
  let open: OpenLine;
  let hub: Hub;
  let defects: Defect[];
  const report = (defect: Defect) => void defects.push(defect);

  beforeEach(async () => {
    open = await line.open();
    hub = new Hub();
    defects = [];
  });
  afterEach(() => open.dispose());

  const lab = (handlers: Partial<Handlers>): LabClient => {
    serve(sampleHandlers({ 'app.info': () => Promise.resolve(appInfo), ...handlers }), open.host, hub, report);
    return connect(open.window, report);
  };
  /** The window's end without a client, to send what a client never would. */
  const rawLab = (handlers: Partial<Handlers> = {}) => {
    serve(sampleHandlers({ 'app.info': () => Promise.resolve(appInfo), ...handlers }), open.host, hub, report);
    return inbox(open.window);
  };

  describe('calls', () => {
    test('the answer arrives', async () => {
      const client = lab({ 'settings.set': (change) => Promise.resolve({ ...settings, ...change } as Settings) });
      expect(await client.call('app.info', null)).toEqual(appInfo);
      expect(await client.call('settings.set', { threads: 2 })).toEqual({ ...settings, threads: 2 });
      expect(defects).toEqual([]);
    });

    test('many calls at once get their own answers, in order when handled in order', async () => {
      const client = lab({
        'folder.file': ({ folder, name }) => Promise.resolve(`${folder}/${name}`),
      });
      const order: number[] = [];
      const answers = await Promise.all(
        Array.from({ length: 200 }, async (_, i) => {
          const answer = await client.call('folder.file', { folder: 'f', name: String(i), kind: 'project' });
          order.push(i);
          return answer;
        }),
      );
      expect(answers).toEqual(Array.from({ length: 200 }, (_, i) => `f/${i}`));
      expect(order).toEqual(Array.from({ length: 200 }, (_, i) => i));
    });

    test('what an import sees and what a data set holds come through whole', async () => {
      const rows = {
        kind: 'pictures' as const,
        from: 3,
        total: 10,
        pixels: Uint8Array.of(0, 255),
        labels: Int32Array.of(7, -1),
      };
      const client = lab({
        'dataset.inspect': () => Promise.resolve(preview),
        'dataset.rows': () => Promise.resolve(rows),
        'dataset.import': () => Promise.resolve(dataset.entry),
      });
      const options = {
        delimiter: '\t' as const,
        header: true,
        decimal: null,
        resize: null,
        kinds: { width: 'ignore' as const },
      };
      expect(await client.call('dataset.inspect', { handle: 'h', options })).toStrictEqual(preview);
      expect(await client.call('dataset.rows', { digest: dataset.entry.digest, from: 3, count: 2 })).toStrictEqual(
        rows,
      );
      expect(await client.call('dataset.import', { handle: 'h', options })).toStrictEqual(dataset.entry);
      const wrong = { ...options, delimiter: 'x' as never };
      expect((await failure(client.call('dataset.inspect', { handle: 'h', options: wrong }))).code).toBe('BAD_INPUT');
      expect((await failure(client.call('dataset.rows', { digest: '../x', from: 0, count: 1 }))).code).toBe(
        'BAD_INPUT',
      );
    });

    test('what another project holds comes through whole', async () => {
      const client = lab({
        'project.look': ({ source }) => Promise.resolve({ ...other, source: source ?? other.source }),
        'dataset.take': () => Promise.resolve(dataset.entry),
      });
      expect(await client.call('project.look', { handle: 'h', source: null })).toStrictEqual(other);
      expect((await client.call('project.look', { handle: 'h', source: 'run-3' })).source).toBe('run-3');
      const { digest } = dataset.entry;
      expect(await client.call('dataset.take', { handle: 'h', digest })).toStrictEqual(dataset.entry);
      expect((await failure(client.call('dataset.take', { handle: 'h', digest: '../x' }))).code).toBe('BAD_INPUT');
      expect((await failure(client.call('project.look', { handle: 'h' } as never))).code).toBe('BAD_INPUT');
    });

    test('a late answer does not hold up an early one', async () => {
      const gate = Promise.withResolvers<null>();
      const client = lab({ 'run.pause': () => gate.promise });
      const slow = client.call('run.pause', { runId: 'r1' });
      await client.call('app.info', null);
      gate.resolve(null);
      expect(await slow).toBeNull();
    });

    test('a megabyte of numbers comes through bit by bit, both ways', async () => {
      const sent = record(40_000);
      const client = lab({
        'run.read': () => Promise.resolve(sent),
        'experiment.update': ({ experimentId, document }) =>
          Promise.resolve({ id: experimentId, revision: 1, document }),
      });
      const { steps, ...rest } = await client.call('run.read', { runId: 'r1', afterStep: -1 });
      for (const name of ['step', ...STEP_METRICS] as const) expectSameBits(steps[name], sent.steps[name]);
      expect({ ...rest, steps: sent.steps }).toStrictEqual(sent);

      const weights = Float32Array.from({ length: 300_000 }, (_, i) => Math.sin(i));
      const document = { weights } as never;
      const entry = await client.call('experiment.update', { experimentId: 'e', document });
      expectSameBits((entry.document as unknown as { weights: Float32Array }).weights, weights);
    });
  });

  describe('steering a run', () => {
    test('a change carries any value of a document, and comes back as it was recorded', async () => {
      const given: unknown[] = [];
      const client = lab({
        'run.change': ({ path, value }) => {
          given.push(value);
          return Promise.resolve({ step: 7, path, value });
        },
      });
      const values = [
        0.1,
        -0,
        null,
        true,
        'text',
        [{ type: 'GaussianNoise', std: 1e-8 }],
        { deep: { $f32: 'no tag' } },
      ];
      for (const value of values) {
        const path = 'recipe.augmentation';
        expect(await client.call('run.change', { runId: 'r', path, value })).toEqual({ step: 7, path, value });
      }
      expect(given).toEqual(values);
    });

    test('the arithmetic of a step comes through bit by bit', async () => {
      const values = Float32Array.of(-0, 1e-45, Number.NaN, Number.POSITIVE_INFINITY, 1 / 3);
      const arithmetic = {
        step: 3,
        tensors: [
          { name: 'fc1.output', shape: [1, 5], values },
          { name: 'loss', shape: [], values: Float32Array.of(2) },
        ],
      };
      const client = lab({ 'run.inspect': () => Promise.resolve(arithmetic) });
      const received = await client.call('run.inspect', { runId: 'r' });
      expect(received.tensors.map((x) => [x.name, x.shape])).toEqual([
        ['fc1.output', [1, 5]],
        ['loss', []],
      ]);
      expectSameBits(received.tensors[0]?.values ?? new Float32Array(), values);
    });

    test('an exported file arrives whole, or only by its size', async () => {
      const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i * 7);
      const client = lab({
        'run.export': ({ destination }) =>
          Promise.resolve([{ name: 'a.onnx', sizeBytes: bytes.length, bytes: destination === null ? bytes : null }]),
      });
      const asked = { runId: 'r', format: 'onnx', weights: 'best', replace: false } as const;
      const [whole] = await client.call('run.export', { ...asked, destination: null });
      expect(Buffer.from(whole?.bytes ?? []).equals(Buffer.from(bytes))).toBe(true);
      expect(await client.call('run.export', { ...asked, destination: 'h' })).toEqual([
        { name: 'a.onnx', sizeBytes: 100_000, bytes: null },
      ]);
    });

    const wrong: [string, MethodName, object, string][] = [
      ['half a step back', 'run.stepBack', { runId: 'r', steps: 1.5 }, 'steps'],
      ['no step back', 'run.stepBack', { runId: 'r', steps: 0 }, 'steps'],
      ['a change of nothing', 'run.change', { runId: 'r', value: 1 }, 'path'],
      ['a change to nothing', 'run.change', { runId: 'r', path: 'a' }, 'value'],
      [
        'an unknown format',
        'run.export',
        { runId: 'r', format: 'pdf', weights: 'last', destination: null, replace: false },
        'format',
      ],
      [
        'a path in the place of a handle',
        'run.export',
        { runId: 'r', format: 'csv', weights: 'last', destination: '/'.repeat(500), replace: false },
        'destination',
      ],
      ['a save of an unknown kind', 'dialog.save', { suggestedName: 'x', kind: 'exe' }, 'kind'],
      ['a parity check of no kind', 'parity.run', {}, 'live'],
    ];
    test.each(wrong)('%s is refused by name and reaches no handler', async (_, method, input, field) => {
      const client = lab({});
      const error = await failure(client.call(method, input as never));
      expect(error.code).toBe('BAD_INPUT');
      expect((error.details.problems as { path: string }[]).map((p) => p.path)).toEqual([field]);
    });

    test('a long call tells how far it is, and can be cancelled', async () => {
      const cancelled = Promise.withResolvers<void>();
      const client = lab({
        'parity.run': async (_, signal) => {
          for (let done = 0; done < 3; done += 1)
            hub.publish('parity.progressed', { done, total: 3, current: 'draws' });
          await aborted(signal);
          cancelled.resolve();
          throw new LabError('CANCELLED', 'cancelled');
        },
      });
      const seen: number[] = [];
      client.subscribe('parity.progressed', ({ done }) => void seen.push(done));
      const controller = new AbortController();
      const call = failure(client.call('parity.run', { live: false }, controller.signal));
      await client.call('app.info', null);
      expect(seen).toEqual([0, 1, 2]);
      controller.abort();
      expect((await call).code).toBe('CANCELLED');
      await cancelled.promise;
      expect(defects).toEqual([]);
    });
  });

  describe('errors', () => {
    test('a typed error keeps its code, message and details', async () => {
      const client = lab({
        'run.pause': () => Promise.reject(new LabError('RUN_NOT_LIVE', 'run 3 is done', { runId: 'r3' })),
      });
      const error = await failure(client.call('run.pause', { runId: 'r3' }));
      expect(error).toMatchObject({ code: 'RUN_NOT_LIVE', message: 'run 3 is done', details: { runId: 'r3' } });
    });

    test('no stack and no cause crosses', async () => {
      const next = rawLab({
        'run.pause': () => {
          const error = new LabError('FILE_ACCESS', 'no', { file: 'a.overfit' });
          error.cause = new Error('secret cause');
          return Promise.reject(error);
        },
      });
      open.window.send({ type: 'call', id: 1, method: 'run.pause', input: { runId: 'r' } });
      expect(await next.next()).toStrictEqual({
        type: 'error',
        id: 1,
        error: { code: 'FILE_ACCESS', message: 'no', details: { file: 'a.overfit' } },
      });
    });

    test.each([
      ['rejected', () => Promise.reject(new Error('secret /home/someone'))],
      [
        'thrown',
        () => {
          throw new Error('secret /home/someone');
        },
      ],
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the odd case is the test
      ['rejected without an error', () => Promise.reject('secret /home/someone')],
    ])('an unforeseen exception (%s) crosses as INTERNAL with the id of its log line', async (_, handler) => {
      const client = lab({ 'run.pause': handler });
      const error = await failure(client.call('run.pause', { runId: 'r' }));
      expect(error.code).toBe('INTERNAL');
      expect(defects).toHaveLength(1);
      expect(error.message).toContain(defects[0]?.id);
      expect(JSON.stringify([error.message, error.details])).not.toContain('secret');
    });

    test('a refused document names its fields', async () => {
      const client = lab({
        'experiment.update': ({ document }) => {
          parseExperiment(document);
          throw new Error('should have been refused');
        },
      });
      const document = { format: 'overfit-experiment' } as never;
      const error = await failure(client.call('experiment.update', { experimentId: 'e', document }));
      expect(error.code).toBe('INVALID_DOCUMENT');
      expect((error.details.problems as { path: string }[]).map((p) => p.path)).toContain('seed');
    });

    test('an input that does not fit never reaches the handler, and the fields are named', async () => {
      let reached = false;
      const client = lab({
        'run.start': () => {
          reached = true;
          return Promise.resolve([]);
        },
      });
      const input = { experimentId: '', variants: [1], seed: '1', paused: false, extra: 1 } as never;
      const error = await failure(client.call('run.start', input));
      expect(error.code).toBe('BAD_INPUT');
      expect((error.details.problems as { path: string }[]).map((p) => p.path).sort()).toEqual([
        'experimentId',
        'extra',
        'seed',
        'variants.0',
      ]);
      expect(reached).toBe(false);
    });

    test('an answer that does not fit is refused by the window', async () => {
      const client = lab({ 'app.info': () => Promise.resolve({ ...appInfo, host: 'toaster' } as never) });
      const error = await failure(client.call('app.info', null));
      expect(error.code).toBe('BAD_OUTPUT');
      expect(error.details.problems).toMatchObject([{ path: 'host' }]);
    });

    test('an answer that cannot be carried is an error, not silence', async () => {
      const client = lab({ 'app.info': () => Promise.resolve((() => 1) as never) });
      expect((await failure(client.call('app.info', null))).code).toBe('INTERNAL');
      expect(defects).toHaveLength(1);
    });

    test('an input that cannot be carried is an error', async () => {
      const client = lab({});
      const error = await failure(client.call('run.pause', { runId: (() => 1) as never }));
      expect(error.code).toBe('BAD_INPUT');
    });

    test.each(PROTOTYPE_NAMES)('the name %j is no method', async (name) => {
      const client = lab({});
      expect((await failure(client.call(name as never, null as never))).code).toBe('UNKNOWN_METHOD');
    });

    test.each(PROTOTYPE_NAMES)('the name %j is no stream', async (stream) => {
      const next = rawLab();
      open.window.send({ type: 'subscribe', stream });
      expect(await next.next()).toMatchObject({ type: 'refused', stream, error: { code: 'UNKNOWN_METHOD' } });
    });

    test('more calls than any window needs are refused', async () => {
      const gate = Promise.withResolvers<null>();
      const client = lab({ 'run.pause': () => gate.promise });
      const calls = Array.from({ length: MAX_OPEN_CALLS }, () => client.call('run.pause', { runId: 'r' }));
      expect((await failure(client.call('run.pause', { runId: 'r' }))).code).toBe('FORBIDDEN');
      gate.resolve(null);
      expect(await Promise.all(calls)).toHaveLength(MAX_OPEN_CALLS);
    });
  });

  describe('cancellation', () => {
    test('an abort reaches the handler and rejects the call', async () => {
      const seen = Promise.withResolvers<undefined>();
      const started = Promise.withResolvers<undefined>();
      const client = lab({
        'run.pause': async (_, signal) => {
          started.resolve(undefined);
          await aborted(signal);
          seen.resolve(undefined);
          throw signal.reason;
        },
      });
      const controller = new AbortController();
      const call = failure(client.call('run.pause', { runId: 'r' }, controller.signal));
      await started.promise;
      controller.abort();
      expect((await call).code).toBe('CANCELLED');
      await seen.promise;
      // The connection goes on, and the handler's own failure after the abort is nobody's defect.
      await client.call('app.info', null);
      expect(defects).toEqual([]);
    });

    test('an answer that crosses with the cancel is ignored', async () => {
      const client = lab({});
      const controller = new AbortController();
      const call = failure(client.call('app.info', null, controller.signal));
      controller.abort();
      expect((await call).code).toBe('CANCELLED');
      await client.call('app.info', null);
      expect(defects).toEqual([]);
    });

    test('a call with a signal that is already aborted is not sent', async () => {
      let calls = 0;
      const client = lab({
        'run.pause': () => {
          calls++;
          return Promise.resolve(null);
        },
      });
      expect((await failure(client.call('run.pause', { runId: 'r' }, AbortSignal.abort()))).code).toBe('CANCELLED');
      await client.call('app.info', null);
      expect(calls).toBe(0);
    });

    test('a cancelled call is not answered, even when its handler goes on to succeed', async () => {
      const gate = Promise.withResolvers<null>();
      const next = rawLab({ 'run.pause': () => gate.promise });
      open.window.send({ type: 'call', id: 1, method: 'run.pause', input: { runId: 'r' } });
      open.window.send({ type: 'cancel', id: 1 });
      open.window.send({ type: 'call', id: 2, method: 'app.info', input: null });
      expect(await next.next()).toMatchObject({ type: 'result', id: 2 });
      gate.resolve(null);
      open.window.send({ type: 'call', id: 3, method: 'app.info', input: null });
      expect(await next.next()).toMatchObject({ type: 'result', id: 3 });
    });

    test('cancelling what does not exist does nothing', async () => {
      const next = rawLab();
      open.window.send({ type: 'cancel', id: 99 });
      open.window.send({ type: 'call', id: 1, method: 'app.info', input: null });
      expect(await next.next()).toMatchObject({ type: 'result', id: 1 });
    });
  });

  describe('streams', () => {
    test('every event after the confirmation arrives, in order', async () => {
      const client = lab({});
      const seen: number[] = [];
      client.subscribe('settings.changed', ({ threads }) => void seen.push(threads));
      await client.call('app.info', null);
      for (let threads = 1; threads <= 64; threads++) hub.publish('settings.changed', { ...settings, threads });
      await client.call('app.info', null);
      expect(seen).toEqual(Array.from({ length: 64 }, (_, i) => i + 1));
    });

    test('events and answers keep their order', async () => {
      const client = lab({
        'run.pause': () => {
          hub.publish('run.deleted', { runId: 'before' });
          return Promise.resolve(null);
        },
      });
      const order: string[] = [];
      client.subscribe('run.deleted', ({ runId }) => void order.push(runId));
      await client.call('app.info', null);
      await client.call('run.pause', { runId: 'r' });
      order.push('answer');
      expect(order).toEqual(['before', 'answer']);
    });

    test('only what was subscribed to arrives, and only until the end of the subscription', async () => {
      const client = lab({});
      const seen: string[] = [];
      const end = client.subscribe('run.deleted', ({ runId }) => void seen.push(runId));
      const endOther = client.subscribe('run.deleted', ({ runId }) => void seen.push(`other ${runId}`));
      await client.call('app.info', null);
      hub.publish('settings.changed', settings);
      hub.publish('run.deleted', { runId: '1' });
      await client.call('app.info', null);
      end();
      end();
      hub.publish('run.deleted', { runId: '2' });
      await client.call('app.info', null);
      endOther();
      await client.call('app.info', null);
      hub.publish('run.deleted', { runId: '3' });
      await client.call('app.info', null);
      expect(seen).toEqual(['1', 'other 1', 'other 2']);
    });

    test('an event that does not fit is reported and not delivered', async () => {
      const client = lab({});
      let heard = 0;
      client.subscribe('run.deleted', () => void heard++);
      await client.call('app.info', null);
      hub.publish('run.deleted', { runId: 5 as never });
      await client.call('app.info', null);
      expect(heard).toBe(0);
      expect(defects.map((d) => d.where)).toEqual(['run.deleted']);
    });

    test('an event that cannot be carried does not break the publisher', async () => {
      const client = lab({});
      client.subscribe('run.deleted', () => undefined);
      await client.call('app.info', null);
      hub.publish('run.deleted', { runId: (() => 1) as never });
      await client.call('app.info', null);
      expect(defects.map((d) => d.where)).toEqual(['run.deleted']);
    });

    test("one listener's exception does not keep the event from the next", async () => {
      const client = lab({});
      const seen: string[] = [];
      client.subscribe('run.deleted', () => {
        throw new Error('broken view');
      });
      client.subscribe('run.deleted', ({ runId }) => void seen.push(runId));
      await client.call('app.info', null);
      hub.publish('run.deleted', { runId: '1' });
      await client.call('app.info', null);
      expect(seen).toEqual(['1']);
      expect(defects).toHaveLength(1);
    });

    test('typed arrays in events', async () => {
      const client = lab({});
      const seen: RunProgress[] = [];
      client.subscribe('run.progressed', (event) => void seen.push(event));
      await client.call('app.info', null);
      hub.publish('run.progressed', progress('r', 3));
      await client.call('app.info', null);
      expect(seen).toStrictEqual([progress('r', 3)]);
    });

    test('a window that does not keep up gets a bounded number of live batches per run, and everything else', async () => {
      const next = rawLab();
      open.window.send({ type: 'subscribe', stream: 'run.progressed' });
      open.window.send({ type: 'subscribe', stream: 'run.deleted' });
      expect(await next.next()).toEqual({ type: 'subscribed', stream: 'run.progressed' });
      expect(await next.next()).toEqual({ type: 'subscribed', stream: 'run.deleted' });
      for (let step = 1; step <= 100; step++) hub.publish('run.progressed', progress('a', step));
      hub.publish('run.progressed', progress('b', 1));
      hub.publish('run.deleted', { runId: 'z' });
      for (let step = 1; step <= MAX_UNHEARD; step++)
        expect(await next.next()).toMatchObject({ type: 'event', topic: 'a', event: { step } });
      expect(await next.next()).toMatchObject({ type: 'event', topic: 'b', event: { step: 1 } });
      expect(await next.next()).toMatchObject({ type: 'event', stream: 'run.deleted', topic: null });

      open.window.send({ type: 'heard', stream: 'run.progressed', topic: 'a' });
      open.window.send({ type: 'call', id: 1, method: 'app.info', input: null });
      expect(await next.next()).toMatchObject({ type: 'result', id: 1 });
      hub.publish('run.progressed', progress('a', 101));
      hub.publish('run.progressed', progress('a', 102));
      expect(await next.next()).toMatchObject({ type: 'event', topic: 'a', event: { step: 101 } });
      open.window.send({ type: 'call', id: 2, method: 'app.info', input: null });
      expect(await next.next()).toMatchObject({ type: 'result', id: 2 });
    });

    test('a window that keeps up gets every live batch', async () => {
      const client = lab({});
      const seen: number[] = [];
      client.subscribe('run.progressed', ({ step }) => void seen.push(step));
      await client.call('app.info', null);
      for (let step = 1; step <= 50; step++) {
        hub.publish('run.progressed', progress('a', step));
        await client.call('app.info', null);
      }
      expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    });
  });

  describe('closing', () => {
    test.each(['window', 'host'] as const)('the %s end closes in the middle of a call', async (side) => {
      const handlerAborted = Promise.withResolvers<undefined>();
      const started = Promise.withResolvers<undefined>();
      const client = lab({
        'run.pause': async (_, signal) => {
          started.resolve(undefined);
          await aborted(signal);
          handlerAborted.resolve(undefined);
          return null;
        },
      });
      const closed = new Promise<void>((resolve) => {
        client.onClose(resolve);
      });
      const call = failure(client.call('run.pause', { runId: 'r' }));
      await started.promise;
      expect(hub.size).toBe(1);
      open[side].close();
      open[side].close();
      expect((await call).code).toBe('CONNECTION_LOST');
      await closed;
      await handlerAborted.promise;
      expect(hub.size).toBe(0);
      hub.publish('settings.changed', settings);
      expect((await failure(client.call('app.info', null))).code).toBe('CONNECTION_LOST');
      const late = new Promise<void>((resolve) => {
        client.onClose(resolve);
      });
      await late;
      expect(defects).toEqual([]);
    });

    test('what was sent before the close arrives', async () => {
      const client = lab({});
      const seen: string[] = [];
      client.subscribe('run.deleted', ({ runId }) => void seen.push(runId));
      await client.call('app.info', null);
      const closed = new Promise<void>((resolve) => {
        client.onClose(resolve);
      });
      hub.publish('run.deleted', { runId: 'last words' });
      open.host.close();
      await closed;
      expect(seen).toEqual(['last words']);
    });
  });

  describe('garbage', () => {
    const garbage = [
      null,
      42,
      'text',
      [],
      {},
      { type: 'nonsense' },
      { type: 'call' },
      { type: 'call', id: '1', method: 'app.info', input: null },
      { type: 'call', id: -1, method: 'app.info', input: null },
      { type: 'call', id: 1, method: { toString: 'app.info' }, input: null },
      { type: 'call', id: 1, method: 'x'.repeat(10_000), input: null },
      { type: 'result', id: 1, output: null },
      { type: 'subscribe', stream: null },
      { type: 'heard', stream: 'run.progressed', topic: 'x', extra: 1 },
      Float32Array.of(1, 2, 3),
    ];

    test('from the window: each piece is reported, none is answered, and the next call works', async () => {
      const next = rawLab();
      for (const piece of garbage) open.window.send(piece);
      open.window.send({ type: 'heard', stream: 'run.progressed', topic: 'never sent' });
      open.window.send({ type: 'call', id: 1, method: 'app.info', input: null });
      expect(await next.next()).toEqual({ type: 'result', id: 1, output: appInfo });
      expect(defects).toHaveLength(garbage.length);
    });

    test('from the host: each piece is reported, and the next call works', async () => {
      const client = lab({});
      const pieces = [...garbage.filter((piece) => (piece as { type?: string } | null)?.type !== 'result')];
      for (const piece of pieces) open.host.send(piece);
      open.host.send({ type: 'result', id: 1000, output: null });
      open.host.send({ type: 'event', stream: '__proto__', topic: null, event: {} });
      expect(await client.call('app.info', null)).toEqual(appInfo);
      expect(defects).toHaveLength(pieces.length + 1);
    });

    test('a call id in use is not taken twice', async () => {
      const gate = Promise.withResolvers<null>();
      const next = rawLab({ 'run.pause': () => gate.promise });
      open.window.send({ type: 'call', id: 1, method: 'run.pause', input: { runId: 'r' } });
      open.window.send({ type: 'call', id: 1, method: 'app.info', input: null });
      open.window.send({ type: 'call', id: 2, method: 'app.info', input: null });
      expect(await next.next()).toMatchObject({ type: 'result', id: 2 });
      gate.resolve(null);
      expect(await next.next()).toEqual({ type: 'result', id: 1, output: null });
      expect(defects).toHaveLength(1);
    });

    test('an error with a code from the future is INTERNAL here', async () => {
      const client = connect(open.window, report);
      open.host.onMessage(() => {
        open.host.send({ type: 'error', id: 1, error: { code: 'NEWER', message: 'later', details: {} } });
      });
      expect(await failure(client.call('app.info', null))).toMatchObject({ code: 'INTERNAL', message: 'later' });
    });
  });
});
