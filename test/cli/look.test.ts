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
    for (const option of ['--variant', '--seed', '--steps', '--threads', '--device', '--out', '--json', '--quiet'])
      expect(run.stdout).toContain(option);
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
