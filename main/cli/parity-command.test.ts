// The command around the comparison: what is printed, how it ends, and that it can be stopped.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/project/sample.ts';
import { LabError } from '../contract/errors.ts';
import type { Certificate } from '../contract/shapes.ts';
import { nodeProjectDisk } from '../node/project-disk.ts';
import { createProject, openProject } from '../project/open.ts';
import type { ParityRunner } from '../services/ports.ts';
import { InputError } from './exit.ts';
import { parity, type ParityHost } from './parity-command.ts';
import type { StopSignal } from './run-command.ts';

const comparison = {
  group: 'draws',
  name: 'normal',
  values: 100_000,
  largest: 1,
  tolerance: 2,
  unit: 'ulp' as const,
  passed: true,
  origin: 'PyTorch 2.13.0, recorded 2026-11-20',
  where: '',
  note: '',
};
const found = {
  reference: 'PyTorch 2.13.0',
  device: { kind: 'cpu' as const, simd: 'relaxed' as const, threads: 1 },
  remarks: [],
};

function bench(run: ParityRunner['run'], isTTY = false) {
  const [printed, remarks, shown]: [string[], string[], string[]] = [[], [], []];
  let stop: ((signal: StopSignal) => void) | null = null;
  const host: ParityHost = {
    print: (lines) => void printed.push(...lines),
    remark: (line) => void remarks.push(line),
    terminal: { write: (text) => void shown.push(text), isTTY, columns: 30 },
    onStopSignal(listener) {
      stop = listener;
      return () => {
        stop = null;
      };
    },
    runner: { run },
    appVersion: '1.2.3',
  };
  return { host, printed, remarks, shown, stop: (signal: StopSignal) => stop?.(signal), listens: () => stop !== null };
}

describe('overfit parity', () => {
  it('prints what was compared and ends with 0 when everything holds', async () => {
    const x = bench(async ({ live }) => ({ ...found, live, comparisons: [comparison] }));
    expect(await parity({ live: false, json: false, file: null }, x.host)).toBe(0);
    expect(x.printed).toEqual([
      'PyTorch 2.13.0, recorded',
      '',
      'group  what     values   largest  bound  holds',
      'draws  normal  100,000  1.00 ulp   2.00  yes',
      '',
      'all 1 comparison hold.',
    ]);
    expect(x.listens()).toBe(false);
  });

  it('ends with 1 and says so when something does not hold, or nothing was compared', async () => {
    const wrong = { ...comparison, largest: 3, passed: false, where: 'randn(17)[3]' };
    const x = bench(async ({ live }) => ({ ...found, live, comparisons: [comparison, wrong] }));
    expect(await parity({ live: true, json: false, file: null }, x.host)).toBe(1);
    expect(x.printed[0]).toBe('PyTorch 2.13.0, recorded and of this machine');
    expect(x.printed.at(-1)).toBe('1 of 2 comparisons does not hold.');
    expect(x.printed).toContain('draws, normal: the largest is randn(17)[3].');
    const y = bench(async ({ live }) => ({ ...found, live, comparisons: [] }));
    expect(await parity({ live: false, json: true, file: null }, y.host)).toBe(1);
    expect((JSON.parse(y.printed.join()) as Certificate).passed).toBe(false);
  });

  it('gives the certificate as JSON', async () => {
    const x = bench(async ({ live }) => ({ ...found, live, comparisons: [comparison] }));
    expect(await parity({ live: true, json: true, file: null }, x.host)).toBe(0);
    expect(JSON.parse(x.printed.join())).toEqual({
      ...found,
      live: true,
      comparisons: [comparison],
      passed: true,
      appVersion: '1.2.3',
      createdAt: expect.any(Number),
    });
  });

  it('stops when it is asked to, with the signal’s code', async () => {
    const x = bench(
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reject(new LabError('CANCELLED', 'cancelled'));
          });
        }),
    );
    const running = parity({ live: false, json: false, file: null }, x.host);
    x.stop('SIGINT');
    expect(await running).toBe(130);
    expect(x.printed).toEqual([]);
  });

  it('is refused by a build that has nothing to compare with', async () => {
    const { host } = bench(async () => ({ ...found, live: false, comparisons: [] }));
    await expect(parity({ live: false, json: false, file: null }, { ...host, runner: null })).rejects.toThrow(
      InputError,
    );
  });

  it('says each note once with all that it is about, then remarks', async () => {
    const noted = { ...comparison, note: 'all bits are equal' };
    const comparisons = [noted, { ...noted, name: 'uniform' }];
    const x = bench(async ({ live }) => ({ ...found, live, comparisons, remarks: ['Not run: ONNX.'] }));
    await parity({ live: true, json: false, file: null }, x.host);
    expect(x.printed.slice(-5)).toEqual([
      '',
      'normal; uniform: all bits are equal.',
      'Not run: ONNX.',
      '',
      'all 2 comparisons hold.',
    ]);
  });

  it('shows how far it is where someone looks, and nothing else on that line afterwards', async () => {
    const run: ParityRunner['run'] = async ({ live, onProgress }) => {
      onProgress({ done: 3, total: 20, current: 'a name that is longer than the terminal' });
      return { ...found, live, comparisons: [comparison] };
    };
    const x = bench(run, true);
    await parity({ live: false, json: false, file: null }, x.host);
    expect(x.shown).toEqual(['\r\u001b[K3/20 a name that is longer th', '\r\u001b[K']);
    const y = bench(run);
    await parity({ live: false, json: false, file: null }, y.host);
    expect(y.shown).toEqual([]);
  });

  it('says "not run" and ends with 0 where there is no PyTorch', async () => {
    const missing = async () => {
      throw new LabError('NOT_AVAILABLE', 'There is no Python.', { what: 'python' });
    };
    const x = bench(missing);
    expect(await parity({ live: true, json: false, file: null }, x.host)).toBe(0);
    expect(x.printed).toEqual(['parity: not run. There is no Python.']);
    const y = bench(missing);
    expect(await parity({ live: true, json: true, file: null }, y.host)).toBe(0);
    expect(JSON.parse(y.printed.join())).toEqual({ notRun: 'There is no Python.' });
  });

  it('fails where the scripts are missing', async () => {
    const x = bench(async () => {
      throw new LabError('NOT_AVAILABLE', 'There is no clone.', { what: 'clone' });
    });
    await expect(parity({ live: true, json: false, file: null }, x.host)).rejects.toThrow('no clone');
  });

  it('keeps the certificate in a project', async () => {
    const file = join(temporaryFolder(), 'a.overfit');
    createProject(nodeProjectDisk, file, { experiments: [], meta: {}, now: 1 }).close();
    const x = bench(async ({ live }) => ({ ...found, live, comparisons: [comparison] }));
    expect(await parity({ live: false, json: false, file }, x.host)).toBe(0);
    expect(x.remarks).toEqual([`the certificate is kept in ${file}.`]);
    const project = openProject(nodeProjectDisk, file, { access: 'write' });
    expect(project.certificate()).toMatchObject({ passed: true, comparisons: [comparison] });
    // Open elsewhere: nothing is computed for it.
    let computed = false;
    const y = bench(async ({ live }) => {
      computed = true;
      return { ...found, live, comparisons: [comparison] };
    });
    await expect(parity({ live: false, json: false, file }, y.host)).rejects.toThrow('open elsewhere');
    expect(computed).toBe(false);
    project.close();
  });
});
