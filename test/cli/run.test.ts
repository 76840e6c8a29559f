// `overfit run` from the outside: what comes out on stdout, what is said on stderr, what is left on disk, how it ends.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
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
    const { step, trainLoss, penaltyL1, lr } = run.curve;
    expect(step).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    expect(trainLoss.every((x) => typeof x === 'number' && Number.isFinite(x))).toBe(true);
    expect(new Set(penaltyL1)).toEqual(new Set([0]));
    expect(new Set(lr)).toEqual(new Set([0.01]));
    expect(run.evaluations.map((x) => x.step)).toEqual([0, 10, 20, 25]);
    const { train, validation, test } = run.evaluations.at(-1) ?? {};
    expect(run.final).toEqual({ step: 25, train, validation, test });
    expect(run.final).toMatchObject({ validation: null, train: { accuracy: null } });
    expect(run.evaluations[1]?.parameters.map((x) => x.name)).toContain('fc2.weight');
    expect(run.fit).toMatchObject({ step: 25, axes: [{ low: -1.1, high: 1.1, points: 201 }], classes: null });
    expect(run.fit?.values).toHaveLength(201);
    expect(run).toMatchObject({ totalSteps: 25, best: null, events: [] });
    expect(run.dataDigest).toMatch(/^[0-9a-f]{64}$/);
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

describe('several seeds', () => {
  it('give the mean of each variant with its interval, over the runs that finished', async () => {
    const args = ['run', 'regression', '--steps', '10', '--variant', 'dropout', '--variant', 'L2'];
    const people = await folder.overfit(...args, '--seeds', '3');
    expect(people.code).toBe(0);
    expect(people.stdout).toMatch(/^variant +n +train loss +test loss$/m);
    expect(people.stdout).toMatch(/^dropout +3 +\S+ ± \S+ +\S+ ± \S+$/m);

    const report = reportOf(await folder.overfit(...args, '--seeds', '5,1', '--json'));
    expect(report.runs.map((x) => `${x.variant} ${x.seed}`)).toEqual(['dropout 5', 'L2 5', 'dropout 1', 'L2 1']);
    const [dropout] = report.overSeeds ?? [];
    expect(dropout).toMatchObject({ variant: 'dropout', n: 2, leftOut: 0 });
    const losses = report.runs.flatMap((x) => (x.variant === 'dropout' ? [x.final?.test?.loss ?? NaN] : []));
    const [a = NaN, b = NaN] = losses;
    expect(dropout?.scores['test_loss']?.mean).toBeCloseTo((a + b) / 2, 12);
    expect(dropout?.scores['test_loss']?.half95).toBeCloseTo((12.7062 * Math.abs(a - b)) / 2, 4);
    // One seed is no statistics.
    expect(reportOf(await folder.overfit(...args, '--json')).overSeeds).toBeUndefined();
  });

  it('leave out what diverged, and say so', async () => {
    folder.experiment('wild.json', (x) => {
      x.recipe.optimizer = { type: 'SGD', lr: 1e6 };
      x.variants.length = 1;
    });
    const { code, stdout } = await folder.overfit('run', 'wild.json', '--seeds', '2');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^overfitting +0 +–/m);
    expect(stdout).toContain('2 runs did not finish and are left out.');
  });
});

/** A small net on a few drawn pictures. */
function pictures(change: Record<string, unknown> = {}): void {
  folder.experiment('pictures.json', (x) => {
    Object.assign(x, {
      name: 'pictures',
      data: { type: 'shapes32', train: 20, validation: 8, test: 10 },
      model: {
        layers: [
          { type: 'Conv2d', name: 'conv1', out_channels: 4, kernel_size: 5, stride: 3 },
          { type: 'ReLU', name: 'relu1' },
          { type: 'Flatten', name: 'flatten' },
          { type: 'Linear', name: 'fc1', out_features: 10 },
        ],
      },
      recipe: {
        epochs: 3,
        batch_size: 4,
        shuffle: true,
        loss: { type: 'CrossEntropyLoss' },
        optimizer: { type: 'SGD', lr: 0.01, momentum: 0.9 },
        evaluate_every: 5,
      },
      variants: [{ name: 'plain' }],
      ...change,
    });
  });
}

/** CIFAR-10's files with `records` pictures each, in a folder. */
function cifar(records: number): string {
  mkdirSync(folder.file('cifar'));
  for (const name of [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`).concat('test_batch.bin')) {
    const bytes = Uint8Array.from({ length: records * 3073 }, (_, i) =>
      i % 3073 === 0 ? (i / 3073) % 10 : (i * 31) % 256,
    );
    writeFileSync(folder.file(`cifar/${name}`), bytes);
  }
  return 'cifar';
}

describe('an experiment on pictures', () => {
  it('counts epochs, and shows accuracy, validation and where that was best', async () => {
    pictures();
    const people = await folder.overfit('run', 'pictures.json');
    expect(people.stderr).toBe('');
    expect(people.code).toBe(0);
    expect(people.stdout).toMatch(
      /^variant +seed +status +steps +train loss +train acc +validation loss +validation acc +test loss +test acc +best step +time$/m,
    );
    expect(people.stdout).toMatch(/^plain +1 +done +15 +\S+ +\d+\.\d % /m);
    const run = only(reportOf(await folder.overfit('run', 'pictures.json', '--json')).runs);
    expect(run).toMatchObject({ status: 'done', steps: 15, totalSteps: 15 });
    const losses = run.evaluations.map((x) => x.validation?.loss ?? Infinity);
    expect(run.best?.step).toBe(run.evaluations[losses.indexOf(Math.min(...losses))]?.step);
    const confusion = run.evaluations.at(-1)?.confusion ?? [];
    expect(confusion.flat().reduce((sum, x) => sum + x, 0)).toBe(10);
  });

  it('has no column for test data that is not there', async () => {
    pictures({ data: { type: 'shapes32', train: 20, test: 0 } });
    const { stdout } = await folder.overfit('run', 'pictures.json', '--epochs', '1');
    expect(stdout).toMatch(/^variant +seed +status +steps +train loss +train acc +time$/m);
    expect(stdout).toMatch(/^plain +1 +done +5 /m);
  });

  it('is shortened by --steps and by --epochs', async () => {
    pictures();
    const steps = async (...args: string[]) =>
      only(reportOf(await folder.overfit('run', 'pictures.json', '--json', ...args)).runs).steps;
    expect(await steps('--steps', '2')).toBe(2);
    expect(await steps('--epochs', '2')).toBe(10);
  });

  it('takes the person’s pictures from a folder in the place of drawn ones, and says so', async () => {
    pictures();
    const outcome = await folder.overfit('run', 'pictures.json', '--data', cifar(4), '--epochs', '1', '--json');
    expect(outcome.stderr).toBe(
      'overfit: the pictures of cifar take the place of shapes32: all of them for training and testing, 8 held out for validation.\n',
    );
    expect(outcome.code).toBe(0);
    // 5 batches of 4 pictures, 8 of them held out, 4 per update.
    const run = only(reportOf(outcome).runs);
    expect(run).toMatchObject({ status: 'done', steps: 3, totalSteps: 3 });
    const quiet = await folder.overfit('run', 'pictures.json', '--data', 'cifar', '--epochs', '1', '--json', '--quiet');
    expect(quiet.stderr).toBe('');
    expect(only(reportOf(quiet).runs).dataDigest).toBe(run.dataDigest);
  });

  it('that lie in files asks for them, also when it goes on', async () => {
    pictures({ data: { type: 'cifar10' } });
    const without = await folder.overfit('run', 'pictures.json');
    expect([without.code, without.stdout]).toEqual([2, '']);
    expect(without.stderr).toContain('--data DIR');
    const kept = await folder.overfit('run', 'pictures.json', '--data', cifar(4), '--out', 'a.overfit', '--quiet');
    expect(kept.code).toBe(0);
    expect((await folder.overfit('run', 'a.overfit')).code).toBe(2);
    expect((await folder.overfit('run', 'a.overfit', '--data', 'cifar', '--epochs', '1')).code).toBe(0);
  });

  it.each([
    ['no such place', () => 'nowhere', /there is no folder or file nowhere/],
    ['nothing of it', () => (mkdirSync(folder.file('empty')), 'empty'), /empty holds nothing of CIFAR-10/],
    [
      'a batch that is cut off',
      () => {
        const path = cifar(4);
        truncateSync(folder.file('cifar/data_batch_3.bin'), 3073 * 3 + 7);
        return path;
      },
      /data_batch_3\.bin has 9226 bytes/,
    ],
    [
      'a batch that is missing',
      () => {
        const path = cifar(4);
        rmSync(folder.file('cifar/test_batch.bin'));
        return path;
      },
      /test_batch\.bin is missing/,
    ],
    ['an archive that is none', () => (writeFileSync(folder.file('x.tar.gz'), 'no'), 'x.tar.gz'), /x\.tar\.gz/],
  ])('is refused with %s, which is named', async (_, make, words) => {
    pictures();
    const { code, stdout, stderr } = await folder.overfit('run', 'pictures.json', '--data', make(), '--quiet');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^overfit: /);
    expect(stderr).toMatch(words);
  });

  it('is the only kind that takes --data', async () => {
    const { code, stderr } = await folder.overfit('run', 'regression', '--data', '.');
    expect(code).toBe(2);
    expect(stderr).toContain('"regression" is not one');
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
    [['run', 'nope'], /neither a file nor an example called "nope"\. Examples: regression\b/],
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
    expect(stderr).toMatch(words);
  });

  it('a file that only calls itself a project', async () => {
    writeFileSync(folder.file('fake.overfit'), 'not a database, but long enough to be read as one'.repeat(50));
    const { code, stderr } = await folder.overfit('run', 'fake.overfit');
    expect(code).toBe(2);
    expect(stderr).toContain('fake.overfit is not an Overfit Lab project');
  });
});
