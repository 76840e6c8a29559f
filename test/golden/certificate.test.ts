// The certificate as the app makes it: green for what is shipped, with something in every group; a wrong number is found and named; it can
// be stopped; and what a live one needs is asked for in words.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Fixture } from '../../engine/parity/fixture.ts';
import { WHOLE_RUNS } from '../../engine/parity/example-tasks.ts';
import type { ParityProgress } from '../../main/contract/shapes.ts';
import { readFixture } from '../../main/node/parity-fixtures.ts';
import { createParityRunner, type ParityOptions } from '../../main/node/parity-runner.ts';

const NAMES = ['draws', 'initialization', 'operations', 'training', 'cnn', ...WHOLE_RUNS.map((x) => x.fixture)];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

type Change = (cases: Record<string, unknown>[]) => void;

/** A folder with a few cases of each fixture. */
function fewCases(changes: Readonly<Record<string, Change>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'overfit-fixtures-'));
  folders.push(folder);
  for (const name of NAMES) {
    const { header, cases } = readFixture<Record<string, unknown>>(name);
    // The first schedule stands behind hundreds of other operations.
    const schedule = cases.find((x) => x['operation'] === 'schedule');
    const few = structuredClone([...cases.slice(0, 2), ...(schedule ? [schedule] : [])]);
    changes[name]?.(few);
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ header, cases: few } satisfies Fixture<unknown>));
  }
  return folder + sep;
}

async function run(options: ParityOptions, live = false) {
  const progress: ParityProgress[] = [];
  const found = await createParityRunner(options).run({
    live,
    signal: new AbortController().signal,
    onProgress: (x) => void progress.push(x),
  });
  return { ...found, progress };
}

describe('of the shipped numbers', () => {
  it('holds everywhere', async () => {
    const { comparisons, reference, device, progress, remarks } = await run({});
    expect(comparisons.filter((x) => !x.passed)).toEqual([]);
    expect(new Set(comparisons.map((x) => x.group))).toEqual(
      new Set(['draws', 'initialization', 'operations', 'schedules', 'ten updates', 'examples']),
    );
    for (const x of comparisons) {
      expect(x.values, x.name).toBeGreaterThan(0);
      expect(x.origin).toMatch(/^PyTorch 2\.13\..* recorded \(AVX/);
    }
    for (const example of ['regression, L1', 'regression-same, dropout', 'numpy-dropout, as printed', 'cnn, all'])
      expect(comparisons.filter((x) => x.name.startsWith(`${example}: `))).not.toHaveLength(0);
    expect(reference).toMatch(/^PyTorch 2\.13\./);
    expect(device).toMatchObject({ kind: 'cpu', threads: 2 });
    expect(remarks).toEqual([]);
    expect(progress.map((x) => x.done)).toEqual(progress.map((_, i) => i));
    expect(progress.every((x) => x.total === progress.length)).toBe(true);
  }, 300_000);
});

it.each(NAMES)('%s says where it comes from', (name) => {
  const { header } = readFixture<unknown>(name);
  expect(header.torch).toMatch(/^2\.13\./);
  expect(header.command).toBe(`python test/golden/record/${header.made_by}`);
  expect(header.threads).toBe(1);
  expect(header.seed).toBeDefined();
});

describe('of numbers that are wrong', () => {
  const nudge = (list: unknown, i: number): void => {
    (list as number[])[i] = ((list as number[])[i] ?? 0) * 1.01 + 0.01;
  };

  it('names each by its place', async () => {
    const { comparisons } = await run({
      fixtures: fewCases({
        draws: ([first]) => {
          Object.assign(first ?? {}, { next: '1' });
        },
        operations: (cases) => nudge(cases.at(-1)?.['lr'], 2),
        training: ([first]) => nudge(first?.['train_loss'], 4),
        regression: ([, second]) => nudge(second?.['train_loss'], 7),
      }),
    });
    // The few cases have no normals: nothing compared is nothing proven.
    expect(comparisons.filter((x) => x.values === 0).map((x) => [x.name, x.passed])).toEqual([
      ['normals', false],
      ['normals', false],
    ]);
    const wrong = comparisons.filter((x) => !x.passed && x.values > 0);
    expect(wrong.map(({ group, name, where }) => [group, name, where])).toEqual([
      ['draws', 'where the generator stands afterwards', expect.stringMatching(/^seed \d+: /)],
      ['schedules', 'learning rates and momenta', 'constant of SGD, update 3 of 5: lr'],
      ['ten updates', 'references in double precision', 'sgd: train_loss[4]'],
      ['ten updates', 'engine, 1 thread', 'sgd: train_loss[4]'],
      ['ten updates', 'engine, 2 threads', 'sgd: train_loss[4]'],
      ['examples', 'regression, dropout: 100 updates', 'dropout, step 8'],
    ]);
  }, 60_000);

  it('and numbers that are no fixture end it with their reason', async () => {
    const fixtures = fewCases();
    rmSync(join(fixtures, 'operations.json'));
    await expect(run({ fixtures })).rejects.toThrow('operations.json');
  }, 60_000);
});

describe('stopped', () => {
  it('ends at once, while it computes and before', async () => {
    const stopping = new AbortController();
    const making = createParityRunner({ fixtures: fewCases() }).run({
      live: false,
      signal: stopping.signal,
      onProgress: () => stopping.abort(),
    });
    await expect(making).rejects.toMatchObject({ code: 'CANCELLED' });
    const again = createParityRunner().run({ live: true, signal: stopping.signal, onProgress: () => undefined });
    await expect(again).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('a live one', () => {
  it('is not to be had without the recorders, which are not shipped', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'overfit-no-clone-'));
    folders.push(folder);
    await expect(run({ clone: folder }, true)).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
      message: expect.stringContaining('clone'),
      details: { what: 'clone' },
    });
  });

  it('says of every Python why it cannot be used, and how to get one', async () => {
    await expect(run({ pythons: ['no-such-python', process.execPath] }, true)).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
      message: expect.stringMatching(/no-such-python: not found; .*pip install torch==2\.13/),
      details: {
        what: 'python',
        reasons: ['no-such-python: not found', expect.stringContaining(`${process.execPath}: `)],
      },
    });
  });
});
