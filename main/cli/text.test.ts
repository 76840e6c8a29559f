// The words and numbers that the command line prints: progress, tables, overrides, failures.
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { DocumentError, parseExperiment, resolveVariant } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import { InputError, wordFailure } from './exit.ts';
import { say } from './messages.ts';
import { applyOverrides, hasPictures, withCifar10 } from './overrides.ts';
import { meanInterval, studentQuantile } from './statistics.ts';
import { createProgressBar, formatDuration, progressLine } from './progress.ts';
import { durationText, lossText, tableLines } from './table.ts';

describe('progress', () => {
  it('words a duration', () => {
    expect([0, 900, 59_000, 125_000, 4_320_000].map(formatDuration)).toEqual([
      '0 s',
      '1 s',
      '59 s',
      '2 min 5 s',
      '1 h 12 min',
    ]);
  });

  it('shows part, steps and time left, and fits the terminal', () => {
    const facts = { doneSteps: 250, totalSteps: 1000, startSteps: 0, elapsedMs: 1000 };
    const line = progressLine(facts, 80);
    expect(line).toContain('25 %  250 of 1,000 steps  3 s left');
    expect(line).toMatch(/^\[█+░+\] /);
    for (const columns of [10, 30, 50, 200]) expect(progressLine(facts, columns).length).toBeLessThan(columns);
  });

  it('does not count what a continued run had done before', () => {
    const facts = { doneSteps: 600, totalSteps: 1000, startSteps: 500, elapsedMs: 1000 };
    expect(progressLine(facts, 80)).toContain('4 s left');
  });

  it('does not guess the time left from nothing', () => {
    expect(progressLine({ doneSteps: 0, totalSteps: 10, startSteps: 0, elapsedMs: 5000 }, 80)).toContain('estimating');
  });

  it('counts while nobody knows how many there will be', () => {
    const facts = { doneSteps: 1250, totalSteps: null, startSteps: 0, elapsedMs: 5000 };
    expect(progressLine(facts, 80)).toBe('1,250 steps');
    expect(progressLine(facts, 5)).toHaveLength(4);
  });

  it('redraws at most every 100 ms and clears what it drew', () => {
    let time = 0;
    const written: string[] = [];
    const terminal = { write: (text: string) => void written.push(text), isTTY: true, columns: 80 };
    const bar = createProgressBar(terminal, { startSteps: 0 }, () => time);
    for (; time < 250; time += 10) bar.update(time / 10, 100);
    expect(written).toHaveLength(3);
    bar.clear();
    expect(written.at(-1)).toBe('\r\x1b[2K');
    bar.clear();
    expect(written).toHaveLength(4);
  });

  it('writes nothing where there is no terminal', () => {
    const write = () => {
      throw new Error('written');
    };
    const bar = createProgressBar({ write, isTTY: false, columns: 80 }, { startSteps: 0 }, () => 0);
    bar.update(1, null);
    bar.clear();
  });
});

describe('tables', () => {
  it('aligns columns without trailing spaces', () => {
    const columns = [
      { head: 'name', align: 'left' },
      { head: 'n', align: 'right' },
      { head: 'note', align: 'left' },
    ] as const;
    const rows = [
      ['a', '1', 'x'],
      ['dropout', '250', ''],
    ];
    expect(tableLines(columns, rows)).toEqual(['name       n  note', 'a          1  x', 'dropout  250']);
  });

  it('words losses and durations', () => {
    expect([null, 0, 0.012, 0.12, 123.456, 12345, 1.2345e-7, 1e9].map(lossText)).toEqual([
      '–',
      '0',
      '0.0120',
      '0.120',
      '123',
      '12300',
      '1.23e-7',
      '1.00e+9',
    ]);
    expect([12.4, 1234, 200_000].map(durationText)).toEqual(['12 ms', '1.23 s', '3 min 20 s']);
  });
});

describe('overrides', () => {
  const regression = parseExperiment(EXAMPLES['regression']);

  it('set seed and steps for every variant and leave the original', () => {
    const own = { ...regression, variants: [...regression.variants, { name: 'long', changes: { 'recipe.steps': 9 } }] };
    const changed = applyOverrides(own, { seed: 7, steps: 20, epochs: null });
    expect(changed.seed).toBe(7);
    for (const { name } of changed.variants) expect(resolveVariant(changed, name).recipe.steps).toBe(20);
    expect(own.recipe.steps).toBe(500);
    expect(own.variants.at(-1)?.changes['recipe.steps']).toBe(9);
  });

  it('put epochs in the place of steps, and steps in the place of epochs', () => {
    const own = { ...regression, variants: [...regression.variants, { name: 'long', changes: { 'recipe.steps': 9 } }] };
    const batched = { ...own, recipe: { ...own.recipe, batch_size: 5 } };
    const epochs = parseExperiment(applyOverrides(batched, { seed: null, steps: null, epochs: 3 }));
    for (const { name } of epochs.variants) {
      const { recipe } = resolveVariant(epochs, name);
      expect([recipe.epochs, recipe.steps]).toEqual([3, undefined]);
    }
    const steps = parseExperiment(applyOverrides(epochs, { seed: null, steps: 4, epochs: null }));
    for (const { name } of steps.variants) {
      const { recipe } = resolveVariant(steps, name);
      expect([recipe.epochs, recipe.steps]).toEqual([undefined, 4]);
    }
  });

  it('put the person’s pictures in the place of drawn ones, all of them', () => {
    const drawn = parseExperiment({
      ...regression,
      data: { type: 'shapes32', train: 50, validation: 7, test: 20, label_noise: 0.1, mean: [0, 0, 0] },
      model: {
        layers: [
          { type: 'Flatten', name: 'flatten' },
          { type: 'Linear', name: 'fc', out_features: 10 },
        ],
      },
      recipe: { ...regression.recipe, loss: { type: 'CrossEntropyLoss' } },
      variants: [{ name: 'plain' }],
    });
    expect(hasPictures(regression)).toBe(false);
    expect(hasPictures(drawn)).toBe(true);
    const own = withCifar10(drawn);
    const sizes = { train: null, validation: 7, test: null };
    expect(own.data).toEqual({ type: 'cifar10', ...sizes, mean: [0, 0, 0], std: [0.5, 0.5, 0.5] });
    expect(withCifar10(own)).toBe(own);
    const noisy = { ...drawn, variants: [{ name: 'noisy', changes: { 'data.label_noise': 0.5 } }] };
    expect(() => withCifar10(noisy)).toThrow(/variants\.noisy\.changes\.data\.label_noise/);
  });

  it('change nothing when nothing is given', () => {
    expect(applyOverrides(regression, { seed: null, steps: null, epochs: null })).toEqual(regression);
  });
});

describe('wordFailure', () => {
  it('gives 2 for input, 1 for a run or a defect', () => {
    const document = new DocumentError('Experiment', [
      { path: 'recipe.steps', code: 'required', message: 'is missing', params: {} },
    ]);
    expect(wordFailure(document)).toEqual({
      lines: ['the experiment cannot be used, because of 1 problem:', '  recipe.steps: is missing'],
      code: 2,
    });
    expect(wordFailure(new InputError('no', ['more']))).toEqual({ lines: ['no', 'more'], code: 2 });
    expect(wordFailure(new LabError('FILE_FOREIGN', 'not ours'))).toEqual({ lines: ['not ours'], code: 2 });
    expect(wordFailure(new LabError('DISK_FULL', 'full'))).toEqual({ lines: ['full'], code: 1 });
    expect(wordFailure(new TypeError('x')).code).toBe(1);
  });
});

describe('what to type next', () => {
  it('is quoted for a shell where it must be', () => {
    expect(say.resumeWith('a/b.overfit')).toContain('`overfit run a/b.overfit`');
    expect(say.resumeWith('my file.overfit')).toContain(`\`overfit run 'my file.overfit'\``);
    expect(say.resumeWith("it's.overfit")).toContain(`'it'\\''s.overfit'`);
  });
});

describe('what several seeds say', () => {
  it('uses Student’s t, in the table and beyond it', () => {
    // From tables of the distribution, four digits.
    const known = [
      [1, 12.706],
      [2, 4.3027],
      [9, 2.2622],
      [30, 2.0423],
      [40, 2.0211],
      [60, 2.0003],
      [120, 1.9799],
      [1000, 1.9623],
    ] as const;
    for (const [freedom, quantile] of known) expect(studentQuantile(freedom)).toBeCloseTo(quantile, 3);
    // No step where the table ends.
    expect(studentQuantile(30) - studentQuantile(31)).toBeLessThan(0.004);
  });

  it('gives the mean and half of its interval, and no interval for one value', () => {
    const { n, mean, half } = meanInterval([1, 2, 3, 4]);
    expect([n, mean]).toEqual([4, 2.5]);
    expect(half).toBeCloseTo((3.18245 * Math.sqrt(5 / 3)) / 2, 4);
    expect(meanInterval([7])).toEqual({ n: 1, mean: 7, half: null });
    expect(meanInterval([2, 2, 2]).half).toBe(0);
  });
});
