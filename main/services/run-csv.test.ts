import { expect, test } from 'vitest';
import {
  createRun,
  createSample,
  batch,
  classified,
  evaluation,
  steps,
  temporaryFolder,
} from '../../test/project/sample.ts';
import { join } from 'node:path';
import { runsCsv, type CsvRun } from './run-csv.ts';

function sample(): CsvRun {
  const project = createSample(join(temporaryFolder(), 'a.overfit'));
  createRun(project, 'a');
  project.runs.append([
    batch('a', {
      steps: { ...steps(1, 2), penalty_l1: Float64Array.of(NaN, Infinity) },
      evaluations: [evaluation(0), classified(2)],
      events: [{ step: 1, path: 'recipe.optimizer.lr', value: 0.5 }],
    }),
  ]);
  const [summary, record] = [project.runs.summary('a'), project.runs.read('a', -1)];
  project.close();
  if (!summary || !record) throw new Error('no run');
  return { summary, record };
}

/** Rows as records, without a library: no cell of these has a comma in it. */
function parsed(text: string): Record<string, string>[] {
  const [head = '', ...rows] = text.split('\r\n').filter((x) => x !== '');
  const names = head.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((x, i) => [names[i] ?? '', x])));
}

test('a row per step, evaluations beside the step that they follow, every digit kept', () => {
  const rows = parsed(runsCsv([sample()]));
  expect(rows.map((x) => x.step)).toEqual(['0', '1', '2']);
  expect(rows[0]).toMatchObject({
    run: '1',
    variant: 'dropout',
    seed: '1',
    step_loss: '',
    train_loss: '0.5',
    test_mae: '0.375',
  });
  expect(rows[1]).toMatchObject({
    step_loss: '1',
    penalty_l1: '',
    lr: '0.01',
    train_loss: '',
    changes: 'recipe.optimizer.lr = 0.5',
  });
  expect(rows[2]).toMatchObject({
    step_loss: '0.5',
    penalty_l1: 'Infinity',
    validation_loss: String(2 / 3),
    test_accuracy: '0.5',
    test_mae: '',
  });
});

test.each([
  ['=cmd|" /C calc"!A0', `"'=cmd|"" /C calc""!A0"`],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@sum', "'@sum"],
  ['plain', 'plain'],
  ['a "b", c', '"a ""b"", c"'],
])('a variant called %s is no formula', (variant, cell) => {
  const { summary, record } = sample();
  const [, row = ''] = runsCsv([{ summary: { ...summary, variant }, record }]).split('\r\n');
  expect(row.startsWith(`1,regression,${cell},1,0,`)).toBe(true);
});

test('several runs stand in one table', () => {
  const rows = parsed(runsCsv([sample(), sample()]));
  expect(rows).toHaveLength(6);
});
