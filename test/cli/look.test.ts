// The commands that train nothing: list, show, check, help, version.
import { readFileSync, truncateSync, writeFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, type Folder } from './overfit.ts';

let folder: Folder;
beforeAll(async () => {
  folder = makeFolder();
  const made = await folder.overfit('run', 'regression', '--steps', '20', '--out', 'a.overfit', '--quiet');
  expect(made.code).toBe(0);
});
afterAll(() => folder.remove());

describe('list', () => {
  it('names the examples', async () => {
    const { code, stdout, stderr } = await folder.overfit('list');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^regression {2}\S/m);
  });
});

describe('help and version', () => {
  it('go to stdout and end with 0', async () => {
    const help = await folder.overfit('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('overfit run <what>');
    const run = await folder.overfit('help', 'run');
    const options = [
      'variant',
      'seed',
      'seeds',
      'steps',
      'epochs',
      'data',
      'weights',
      'threads',
      'device',
      'out',
      'json',
    ];
    for (const option of [...options, 'quiet']) expect(run.stdout).toContain(`--${option} `);
    expect((await folder.overfit('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('a missing command ends with 2 and says nothing on stdout', async () => {
    const { code, stdout, stderr } = await folder.overfit();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('overfit --help');
  });
});

describe('show', () => {
  it('lists experiments and runs for people', async () => {
    const { code, stdout } = await folder.overfit('show', 'a.overfit');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^a\.overfit: 1 experiment, 5 runs$/m);
    expect(stdout).toContain('variants: overfitting, dropout, L1, L2, combined');
    expect(stdout).toMatch(/^ *2 +dropout +1 +done +20\/20 /m);
    expect(stdout).not.toContain('read-only');
  });

  it('lists them for scripts', async () => {
    const { stdout } = await folder.overfit('show', 'a.overfit', '--json');
    const shown = JSON.parse(stdout) as Record<string, unknown> & { runs: Record<string, unknown>[] };
    expect(shown).toMatchObject({ file: 'a.overfit', readOnly: null, damage: [] });
    expect(shown.runs).toHaveLength(5);
    expect(shown.runs[1]).toMatchObject({ number: 2, experiment: 'regression', variant: 'dropout', status: 'done' });
  });
});

describe('export', () => {
  const lines = (name: string) => readFileSync(folder.file(name), 'utf8').trimEnd().split('\r\n');

  it('writes every number of every run into one table, or of one', async () => {
    const all = await folder.overfit('export', 'a.overfit', '--out', 'all.csv');
    expect(all).toEqual({ code: 0, stdout: '', stderr: 'overfit: written: all.csv.\n' });
    expect(lines('all.csv')).toHaveLength(1 + 5 * 21);
    expect((await folder.overfit('export', 'a.overfit', '--run', '2', '--out', 'one.csv')).code).toBe(0);
    expect(lines('one.csv')).toHaveLength(1 + 21);
    expect(lines('one.csv')[0]).toBe(lines('all.csv')[0]);
    expect(lines('one.csv')[1]).toMatch(/^2,regression,dropout,1,0,/);
  });

  it('never replaces a file', async () => {
    writeFileSync(folder.file('mine.csv'), 'precious');
    const { code, stderr } = await folder.overfit('export', 'a.overfit', '--out', 'mine.csv');
    expect(code).toBe(2);
    expect(stderr).toContain('mine.csv exists already');
    expect(readFileSync(folder.file('mine.csv'), 'utf8')).toBe('precious');
  });

  it.each([
    [
      ['a.overfit', '--format', 'onnx', '--out', 'x.onnx'],
      'a.overfit holds several runs; say which with --run:\n  1  overfitting, seed 1, done',
    ],
    [['a.overfit', '--run', '9', '--out', 'x.csv'], 'a.overfit has no run 9. There are: 1, 2, 3, 4, 5.'],
    [['nothing.overfit', '--out', 'x.csv'], 'no file nothing.overfit'],
    [['a.overfit', '--out', 'no/such/place/x.csv'], 'no/such/place'],
  ])('%j is refused by name', async (args, words) => {
    const { code, stdout, stderr } = await folder.overfit('export', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });
});

describe('check', () => {
  it('finds a sound file sound and leaves it untouched', async () => {
    const before = statSync(folder.file('a.overfit')).mtimeMs;
    const { code, stdout } = await folder.overfit('check', 'a.overfit');
    expect([code, stdout]).toEqual([0, 'a.overfit: sound (1 experiment, 5 runs).\n']);
    expect(statSync(folder.file('a.overfit')).mtimeMs).toBe(before);
  });

  it('names what is wrong with a truncated file', async () => {
    writeFileSync(folder.file('cut.overfit'), readFileSync(folder.file('a.overfit')));
    truncateSync(folder.file('cut.overfit'), Math.floor(statSync(folder.file('cut.overfit')).size / 2));
    const { code, stdout, stderr } = await folder.overfit('check', 'cut.overfit');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^overfit: cut\.overfit: \d+ problems?\n {2}\S/);
    expect(stderr).toContain('The file was not changed');
    expect((await folder.overfit('run', 'cut.overfit')).code).toBe(2);
  });

  it('finds flipped bits in the stored weights', async () => {
    const bytes = readFileSync(folder.file('a.overfit'));
    // The middle of the file is checkpoints: by far the largest part of it.
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
    writeFileSync(folder.file('flipped.overfit'), bytes);
    const { code, stderr } = await folder.overfit('check', 'flipped.overfit');
    expect(code).toBe(2);
    expect(stderr).toMatch(/run \d+: /);
  });

  it.each([
    ['nothing.overfit', 'there is no file'],
    ['.', 'is not an Overfit Lab project'],
  ])('refuses %s', async (file, words) => {
    const { code, stderr } = await folder.overfit('check', file);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});
