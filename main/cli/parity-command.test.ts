// The command around the comparison: what is printed, how it ends, and that it can be stopped.
import { describe, expect, it } from 'vitest';
import { LabError } from '../contract/errors.ts';
import type { Certificate } from '../contract/shapes.ts';
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
};
const found = {
  reference: 'PyTorch 2.13.0',
  device: { kind: 'cpu' as const, simd: 'relaxed' as const, threads: 1 },
};

function bench(run: ParityRunner['run']) {
  const printed: string[] = [];
  let stop: ((signal: StopSignal) => void) | null = null;
  const host: ParityHost = {
    print: (lines) => void printed.push(...lines),
    remark: () => undefined,
    onStopSignal(listener) {
      stop = listener;
      return () => {
        stop = null;
      };
    },
    runner: { run },
    appVersion: '1.2.3',
  };
  return { host, printed, stop: (signal: StopSignal) => stop?.(signal), listens: () => stop !== null };
}

describe('overfit parity', () => {
  it('prints what was compared and ends with 0 when everything holds', async () => {
    const x = bench(async ({ live }) => ({ ...found, live, comparisons: [comparison] }));
    expect(await parity({ live: false, json: false }, x.host)).toBe(0);
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
    const wrong = { ...comparison, largest: 3, passed: false };
    const x = bench(async ({ live }) => ({ ...found, live, comparisons: [comparison, wrong] }));
    expect(await parity({ live: true, json: false }, x.host)).toBe(1);
    expect(x.printed[0]).toBe('PyTorch 2.13.0, recorded and of this machine');
    expect(x.printed.at(-1)).toBe('1 of 2 comparisons does not hold.');
    const y = bench(async ({ live }) => ({ ...found, live, comparisons: [] }));
    expect(await parity({ live: false, json: true }, y.host)).toBe(1);
    expect((JSON.parse(y.printed.join()) as Certificate).passed).toBe(false);
  });

  it('gives the certificate as JSON', async () => {
    const x = bench(async ({ live }) => ({ ...found, live, comparisons: [comparison] }));
    expect(await parity({ live: true, json: true }, x.host)).toBe(0);
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
    const running = parity({ live: false, json: false }, x.host);
    x.stop('SIGINT');
    expect(await running).toBe(130);
    expect(x.printed).toEqual([]);
  });

  it('is refused by a build that has nothing to compare with', async () => {
    const { host } = bench(async () => ({ ...found, live: false, comparisons: [] }));
    await expect(parity({ live: false, json: false }, { ...host, runner: null })).rejects.toThrow(InputError);
  });
});
