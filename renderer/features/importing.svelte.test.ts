// The window of the import and the steps of imported data, mounted over the fake lab.
import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { LabError } from '../../main/contract/errors.ts';
import { setFields } from '../model/edits.ts';
import { fakeDataset } from '../host/fake-datasets.ts';
import type { FakeScenario } from '../host/fake.ts';
import TestImport from './importing/TestImport.svelte';
import { showing } from './test-show.ts';

const show = showing(EXAMPLES['regression']);
const settled = async () => {
  await new Promise((resolve) => setTimeout(resolve, 0));
  flushSync();
};
/** The window with a file that was looked at. */
async function looking(scenario: FakeScenario = 'empty', language = 'en') {
  const shown = await show(TestImport, scenario, language);
  shown.lab.importing.begin();
  await shown.lab.importing.take('file-1');
  flushSync();
  const inputs = (method: string) => shown.client.calls.filter((x) => x.method === method).map((x) => x.input);
  return { ...shown, inputs };
}

describe('an import', () => {
  it('begins with a file or folder, or with what the project has already', async () => {
    const { lab, button, text, client } = await show(TestImport, 'finished');
    button('Import file…').click();
    await settled();
    expect(text()).toContain('Data sets in this project iris');
    button('Choose a file').click();
    flushSync();
    expect(lab.files.chooser).toMatchObject({ mode: 'open', kind: 'data' });
    lab.files.closeChooser({ handle: 'file-9', name: 'iris.csv' });
    await settled();
    expect(client.calls.at(-1)).toEqual({ method: 'dataset.inspect', input: { handle: 'file-9', options: null } });
    expect(text()).toContain('iris.csv');
  });

  it('cannot begin in a project that can only be read', async () => {
    const { button, lab } = await show(TestImport, 'read-only');
    button('Import file…').click();
    flushSync();
    expect(lab.importing.open).toBe(false);
  });

  it('shows what was guessed, and asks again when the person knows better', async () => {
    const { choose, labelled, inputs, lab } = await looking();
    expect(labelled('The first row names the columns').checked).toBe(true);
    choose('Columns are separated by', ';');
    await settled();
    choose('What sepal width holds', 'category');
    await settled();
    expect(inputs('dataset.inspect')).toEqual([
      { handle: 'file-1', options: null },
      { handle: 'file-1', options: { delimiter: ';', header: null, decimal: null, resize: null, kinds: {} } },
      {
        handle: 'file-1',
        options: { delimiter: ';', header: null, decimal: null, resize: null, kinds: { 'sepal width': 'category' } },
      },
    ]);
    choose('What is to be learnt (the target)', 'petal width');
    choose('What garden is used as', 'ignore');
    choose('Where sepal length is missing', 'mean');
    expect(lab.importing.choices).toMatchObject({
      'petal width': { role: 'target' },
      species: { role: 'feature' },
      garden: { role: 'ignore' },
      'sepal length': { role: 'feature', missing: 'mean' },
    });
    // Only one column is the target.
    choose('What species is used as', 'target');
    expect(Object.values(lab.importing.choices).filter((x) => x.role === 'target')).toHaveLength(1);
  });

  it.each([
    ['en', 'iris.csv, row 17, column petal length: “1,4cm” is no number, but the column holds numbers.'],
    ['zh-CN', 'iris.csv，第 17 行，列 petal length：“1,4cm”不是数值，而该列是数值列。'],
  ])('says what is wrong with its place, in %s, and imports nothing', async (language, sentence) => {
    const { text, lab } = await looking('error', language);
    expect(text()).toContain(sentence);
    const [last] = [...document.querySelectorAll<HTMLButtonElement>('.foot button')].slice(-1);
    expect(last?.disabled).toBe(true);
    expect(lab.importing.importing).toBe(false);
  });

  it('shows some of the pictures of a folder, and brings them to one size when that is wanted', async () => {
    const { lab, labelled, text, inputs } = await looking();
    await lab.importing.take('folder-pictures');
    flushSync();
    expect(text()).toContain('1,280 pictures');
    expect(text()).toContain('class 3/photo 12.png: the picture has the size 64 × 48, the first one 32 × 32.');
    expect(document.querySelectorAll('canvas').length).toBeGreaterThan(10);
    labelled('Bring all pictures to 32 × 32 pixels').click();
    await settled();
    expect(inputs('dataset.inspect').at(-1)).toMatchObject({ options: { resize: [32, 32] } });
  });

  it('says why nothing can be shown, in place', async () => {
    const { client, lab, text } = await show(TestImport, 'empty');
    lab.importing.begin();
    client.failNext(
      'dataset.inspect',
      new LabError('BAD_DATA_FILE', 'empty.csv is empty', { file: 'empty.csv', code: 'EMPTY_FILE' }),
    );
    await lab.importing.take('file-1');
    flushSync();
    expect(text()).toContain('empty.csv: the file is empty.');
    expect(lab.notices.list).toEqual([]);
  });

  it('tells how far it is, and can be cancelled', async () => {
    const { button, text, lab } = await looking();
    button('Import').click();
    await settled();
    expect(text()).toMatch(/Reading: 73.4 MB of 181 MB/);
    expect(document.querySelector('progress')?.value).toBeCloseTo(73.4 / 181, 2);
    button('Cancel the import').click();
    await settled();
    expect(lab.importing.importing).toBe(false);
    expect(lab.importing.entry).toBeNull();
    expect(document.querySelector('[role=alert]')).toBeNull();
    expect(button('Import').disabled).toBe(false);
  });

  it('ends in the data of the experiment, which asks for what they have', async () => {
    const { button, client, lab, choose, text } = await looking();
    choose('What garden is used as', 'ignore');
    button('Import').click();
    await settled();
    client.endImport(fakeDataset(1));
    await settled();
    expect(text()).toContain('iris is in the project. 150 rows, columns: 6');
    button('Use it').click();
    await settled();
    const { data, recipe, model } = lab.editor?.good ?? {};
    expect(data).toMatchObject({ type: 'dataset', class_names: ['setosa', 'versicolor', 'virginica'] });
    expect(data?.type === 'dataset' && data.columns.find((x) => x.name === 'garden')?.role).toBe('ignore');
    expect(recipe?.loss.type).toBe('CrossEntropyLoss');
    expect(model?.layers.at(-1)).toMatchObject({ type: 'Linear', out_features: 3 });
    expect(lab.editor?.problems).toEqual([]);
    expect(lab.importing.open).toBe(false);
    lab.editor?.undo();
    expect(lab.editor?.good.data.type).toBe('linear_noise');
  });

  it('that fails says why, and can be tried again', async () => {
    const { button, client, text } = await looking();
    button('Import').click();
    await settled();
    client.endImport(new LabError('DISK_FULL', 'full', { file: 'regression.overfit' }));
    await settled();
    expect(text()).toContain('regression.overfit');
    expect(document.querySelector('[role=alert]')).not.toBeNull();
    expect(button('Import').disabled).toBe(false);
  });

  it('of very many columns shows some, and lets any be the target', async () => {
    const { choose, text } = await looking('huge');
    expect(text()).toContain('200 more columns are used as guessed.');
    expect(choose('What is to be learnt (the target)', 'expression of gene 3').value).toBe('expression of gene 3');
  });
});

describe('data sets of the project', () => {
  it('are deleted when the person means it, and the reason stands in place when they are in use', async () => {
    const { button, client, lab, text } = await show(TestImport, 'finished');
    lab.importing.begin();
    await settled();
    client.failNext(
      'dataset.delete',
      new LabError('DATA_IN_USE', 'used', { name: 'iris', experiments: [], runs: [3, 4] }),
    );
    button('Delete iris').click();
    await settled();
    lab.questions.answer(true);
    await settled();
    expect(text()).toContain('iris is still used (experiments: –; runs: 3, 4)');
    button('Delete iris').click();
    await settled();
    lab.questions.answer(true);
    await settled();
    expect(text()).toContain('None yet.');
  });
});

describe('the steps of imported data', () => {
  async function steps(scenario: FakeScenario = 'finished') {
    const shown = await show(TestImport, scenario);
    shown.lab.importing.use(fakeDataset(1));
    await shown.lab.editor?.flush();
    await settled();
    return shown;
  }

  it('say what each of them did', async () => {
    const { text } = await steps();
    expect(text()).toContain('garden: 2 numbers of 0 or 1');
    expect(text()).toContain('2 rows left out: garden is missing');
    expect(text()).toContain('sepal width: 3 values filled with 3');
    expect(text()).toContain('train 104, validation 15, test 29');
    expect(text()).toContain('petal width: mean 1.20, deviation 0.760');
    expect(text()).toContain('Train rows by class: setosa: 35 · versicolor: 35 · virginica: 34');
  });

  it('ask for shares only where rows are drawn; marked rows are used or not', async () => {
    const { lab, labelled, text } = await steps();
    const { editor } = lab;
    if (!editor) throw new Error('no experiment is open');
    const divide = (method: 'column' | 'file') => {
      editor.apply(setFields(['data.split.method'], method));
      flushSync();
    };
    const split = () => (editor.draft.data.type === 'dataset' ? editor.draft.data.split : null);
    expect(text()).toContain('Test share');
    divide('file');
    expect(text()).toContain('Validation share');
    expect(text()).not.toContain('Test share');
    labelled('Use the test rows').click();
    expect(split()).toMatchObject({ test: 0 });
    labelled('Use the test rows').click();
    expect(split()?.test).toBeGreaterThan(0);
    divide('column');
    expect(text()).not.toMatch(/Validation share|Test share|Split seed/);
    labelled('Use the validation rows').click();
    expect(split()).toMatchObject({ validation: 0 });
  });

  it('can be changed, and what hangs on a change follows', async () => {
    const { choose, type, labelled, lab } = await steps();
    type('Test share', '0.3');
    labelled('Features to mean 0, deviation 1').click();
    choose('Where sepal width is missing', 'drop');
    choose('How garden becomes numbers', 'index');
    flushSync();
    expect(lab.editor?.good.data).toMatchObject({ split: { test: 0.3 }, standardize: false });
    // A number as the target: nothing to keep the shares of.
    choose('What petal width is used as', 'target');
    const { data } = lab.editor?.draft ?? {};
    expect(data).toMatchObject({ class_names: [], split: { method: 'random' } });
    expect(data?.type === 'dataset' && data.columns.map((x) => [x.name, x.role, x.missing, x.encoding])).toEqual([
      ['sepal length', 'feature', 'drop', 'one_hot'],
      ['sepal width', 'feature', 'drop', 'one_hot'],
      ['petal length', 'feature', 'drop', 'one_hot'],
      ['petal width', 'target', 'drop', 'one_hot'],
      ['garden', 'feature', 'drop', 'index'],
      ['species', 'feature', 'drop', 'one_hot'],
    ]);
  });

  it('say when the data are not there', async () => {
    const { client, lab, text } = await steps();
    client.failNext('dataset.report', new LabError('DATA_MISSING', 'gone', { dataset: 'iris' }));
    lab.editor?.apply((x) => ({ ...x, data: { ...fakeDataset(2).described, name: 'iris' } }));
    await lab.editor?.flush();
    await settled();
    expect(document.querySelector('[role=alert]')).not.toBeNull();
    expect(text()).not.toContain('train 104');
  });
});
