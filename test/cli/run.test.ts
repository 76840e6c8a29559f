// `overfit run` from the outside: what comes out on stdout, what is said on stderr, what is left on disk, how it ends.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, reportOf, type Folder, type RunJson } from './overfit.ts';

let folder: Folder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

const variantsOf = (runs: readonly RunJson[]): string[] => runs.map((x) => x.variant);
const only = (runs: readonly RunJson[]): RunJson => {
  expect(runs).toHaveLength(1);
  return runs[0] as RunJson;
};

describe('an example', () => {
  it('trains every variant and prints a table', async () => {
    const { code, stdout, stderr } = await folder.overfit('run', 'regression', '--steps', '10');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^regression: cpu, 1 thread per run, (relaxed|plain) SIMD$/);
    expect(lines[2]).toMatch(/^variant +seed +status +steps +train loss +test loss +time$/);
    expect(lines.slice(3).map((x) => x.split(/ +/).slice(0, 4).join(' '))).toEqual(
      ['overfitting', 'dropout', 'L1', 'L2', 'combined'].map((name) => `${name} 1 done 10`),
    );
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('gives one JSON document with one curve entry per step', async () => {
    const outcome = await folder.overfit('run', 'regression', '--json', '--steps', '25', '--variant', 'dropout');
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toBe('');
    const report = reportOf(outcome);
    expect(Object.keys(report)).toEqual(['experiment', 'device', 'threads', 'runs']);
    expect(report).toMatchObject({ experiment: 'regression', device: 'cpu', threads: 1 });
    const run = only(report.runs);
    expect(run).toMatchObject({ variant: 'dropout', seed: 1, status: 'done', steps: 25, failure: null });
    expect(run.durationMs).toBeGreaterThan(0);
    const { step, trainLoss, trainEvalLoss, testLoss } = run.curve;
    expect(step).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    expect(trainLoss.every((x) => typeof x === 'number' && Number.isFinite(x))).toBe(true);
    for (const column of [trainEvalLoss, testLoss])
      expect(step.filter((_, i) => column[i] !== null)).toEqual([10, 20, 25]);
    expect(run.final).toEqual({ trainLoss: trainEvalLoss.at(-1), testLoss: testLoss.at(-1) });
  });

  it('is the same bits with another number of threads, and other ones with another seed', async () => {
    const run = async (...args: string[]) => {
      const outcome = await folder.overfit(
        'run',
        'regression',
        '--json',
        '--steps',
        '20',
        '--variant',
        'dropout',
        ...args,
      );
      return only(reportOf(outcome).runs);
    };
    const [one, two, seeded] = [await run(), await run('--threads', '2'), await run('--seed', '2')];
    expect(two.curve).toEqual(one.curve);
    expect(two.final).toEqual(one.final);
    expect(seeded.seed).toBe(2);
    expect(seeded.curve.trainLoss[0]).not.toBe(one.curve.trainLoss[0]);
  });

  it('draws a variant as the whole experiment would, when it is run alone', async () => {
    const all = reportOf(await folder.overfit('run', 'regression', '--json', '--steps', '5'));
    expect(variantsOf(all.runs)).toEqual(['overfitting', 'dropout', 'L1', 'L2', 'combined']);
    const two = reportOf(
      await folder.overfit('run', 'regression', '--json', '--steps', '5', '--variant', 'L2', '--variant', 'dropout'),
    );
    expect(variantsOf(two.runs)).toEqual(['L2', 'dropout']);
    for (const run of two.runs) expect(run.curve).toEqual(all.runs.find((x) => x.variant === run.variant)?.curve);
  });
});

describe('an experiment document', () => {
  it('is run like an example', async () => {
    folder.experiment('mine.json', (x) => {
      x['name'] = 'mine';
      x.recipe.steps = 4;
      x.variants.length = 1;
    });
    const report = reportOf(await folder.overfit('run', 'mine.json', '--json'));
    expect(report.experiment).toBe('mine');
    expect(only(report.runs)).toMatchObject({ variant: 'overfitting', steps: 4, status: 'done' });
  });

  it('is refused with the path of every field that is wrong', async () => {
    folder.experiment('bad.json', (x) => {
      x['colour'] = 'red';
      (x.model.layers[1] as Record<string, unknown>)['p'] = 1;
      x.recipe.regularization['l1'] = -0.5;
    });
    const { code, stdout, stderr } = await folder.overfit('run', 'bad.json', '--json');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('overfit: bad.json cannot be used, because of 3 problems:');
    expect(stderr).toContain('  colour: is not a known key');
    expect(stderr).toContain('  model.layers.dropout1.p: must be 0 ≤ p < 1, but is 1');
    expect(stderr).toContain('  recipe.regularization.l1: must be λ ≥ 0, but is -0.5');
  });

  it('is refused for an impossible shape and for broken JSON', async () => {
    folder.experiment('shape.json', (x) => {
      (x.model.layers.at(-1) as Record<string, unknown>)['out_features'] = 3;
    });
    const shape = await folder.overfit('run', 'shape.json');
    expect(shape.code).toBe(2);
    expect(shape.stderr).toContain('model.layers.fc3: gives [3] per example');
    writeFileSync(folder.file('broken.json'), '{"format":');
    const broken = await folder.overfit('run', 'broken.json');
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('is not valid JSON');
  });

  it('that diverges ends with 1, names step and quantity, and keeps what came before', async () => {
    folder.experiment('wild.json', (x) => {
      x.recipe.optimizer = { type: 'SGD', lr: 1e6 };
      x.variants.length = 1;
    });
    const outcome = await folder.overfit('run', 'wild.json', '--json');
    expect(outcome.code).toBe(1);
    const run = only(reportOf(outcome).runs);
    expect(run.status).toBe('failed');
    expect(run.failure?.step).toBeGreaterThan(0);
    expect(outcome.stderr).toMatch(
      new RegExp(
        `^overfit: overfitting \\(seed 1\\) diverged at step ${run.failure?.step}: .*${run.failure?.quantity}`,
      ),
    );
    expect(run.curve.trainLoss.every((x) => x === null || Number.isFinite(x))).toBe(true);
    expect(run.curve.step.length).toBe(run.steps);
  });
});

describe('--out', () => {
  it('keeps everything in a file that runs again', async () => {
    const first = await folder.overfit(
      'run',
      'regression',
      '--steps',
      '5',
      '--variant',
      'L2',
      '--out',
      'a.overfit',
      '--json',
    );
    expect(first.code).toBe(0);
    expect(first.stderr).toBe('overfit: saved in a.overfit.\n');
    expect(readdirSync(folder.path)).toEqual(['a.overfit']);
    const again = await folder.overfit('run', 'a.overfit', '--variant', 'L2', '--json', '--quiet');
    expect(again.stderr).toBe('');
    expect(only(reportOf(again).runs).curve).toEqual(only(reportOf(first).runs).curve);
    const shown = JSON.parse((await folder.overfit('show', 'a.overfit', '--json')).stdout) as { runs: RunJson[] };
    expect(shown.runs.map((x) => `${x.variant} ${x.status} ${x.steps}`)).toEqual(['L2 done 5', 'L2 done 5']);
  });

  it('never replaces a file', async () => {
    writeFileSync(folder.file('a.overfit'), 'precious');
    const { code, stdout, stderr } = await folder.overfit('run', 'regression', '--out', 'a.overfit');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('a.overfit exists already');
    expect(readFileSync(folder.file('a.overfit'), 'utf8')).toBe('precious');
  });

  it('copies a project and leaves it as it was', async () => {
    await folder.overfit('run', 'regression', '--steps', '3', '--variant', 'L2', '--out', 'a.overfit');
    const before = readFileSync(folder.file('a.overfit'));
    const { code } = await folder.overfit('run', 'a.overfit', '--steps', '7', '--variant', 'L2', '--out', 'b.overfit');
    expect(code).toBe(0);
    expect(readFileSync(folder.file('a.overfit')).equals(before)).toBe(true);
    const shown = JSON.parse((await folder.overfit('show', 'b.overfit', '--json')).stdout) as { runs: RunJson[] };
    expect(shown.runs.map((x) => x.steps)).toEqual([3, 7]);
  });

  it('makes no file when the input is refused', async () => {
    const { code } = await folder.overfit('run', 'regression', '--variant', 'nope', '--out', 'a.overfit');
    expect(code).toBe(2);
    expect(existsSync(folder.file('a.overfit'))).toBe(false);
  });

  it('says that a folder is not there', async () => {
    const { code, stderr } = await folder.overfit('run', 'regression', '--out', 'no/such/a.overfit');
    expect(code).toBe(2);
    expect(stderr).toContain('no/such/a.overfit');
  });
});

describe('what cannot be run', () => {
  it.each([
    [['run', 'nope'], 'neither a file nor an example called "nope". Examples: regression.'],
    [['run', 'nope.json'], 'there is no file nope.json'],
    [['run', 'nope.overfit'], 'there is no file nope.overfit'],
    [['run', '.'], '. is a folder'],
    [['run', 'regression', '--variant', 'L3'], 'no variant "L3". There are: overfitting, dropout, L1, L2, combined.'],
    [['run', 'regression', '--steps', 'many'], '--steps must be a whole number'],
    [['run', 'regression', '--device', 'webgpu'], '--device must be auto or cpu'],
    [['run'], 'say what to run'],
    [['dance'], 'no command "dance"'],
  ])('%j', async (args, words) => {
    const { code, stdout, stderr } = await folder.overfit(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^overfit: /);
    expect(stderr).toContain(words);
  });

  it('a file that only calls itself a project', async () => {
    writeFileSync(folder.file('fake.overfit'), 'not a database, but long enough to be read as one'.repeat(50));
    const { code, stderr } = await folder.overfit('run', 'fake.overfit');
    expect(code).toBe(2);
    expect(stderr).toContain('fake.overfit is not an Overfit Lab project');
  });
});
