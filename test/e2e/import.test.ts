// A table of the person's own: a wrong cell is named, corrected, imported, used, and learnt from; it lies in the project afterwards.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeHosts, launchers, type App } from './driver.ts';
import { LabPage } from './lab-page.ts';

const ROWS = 100;
/** Two kinds of flowers; every tenth misses its width. */
function flowers(wrongRow: number | null): string {
  const row = (i: number) => {
    const width = i === wrongRow ? 'wide' : i % 10 === 3 ? '' : (2 + (i % 7) / 10).toFixed(1);
    return `${(4 + (i % 20) / 10).toFixed(1)},${width},${i % 2 === 0 ? 'setosa' : 'virginica'}`;
  };
  return ['length,width,species', ...Array.from({ length: ROWS }, (_, i) => row(i))].join('\n');
}

/** Twice as many rows as a preview holds of any split; every ninth misses its place. */
const MANY = 9000;
const many = (): string =>
  [
    'place,twice,parity',
    ...Array.from({ length: MANY }, (_, i) => `${i % 9 === 8 ? '' : i},${2 * i},${i % 2 === 0 ? 'even' : 'odd'}`),
  ].join('\n');

describeHosts('importing', launchers, (host) => {
  let app: App;
  let lab: LabPage;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
  });
  afterAll(() => host.quit(app));
  const dialog = () => app.page.getByRole('dialog', { name: 'Import data' });

  test('a wrong cell is named by file, row and column, and nothing is imported', async () => {
    writeFileSync(join(app.home, 'flowers.csv'), flowers(41));
    await lab.inspector.getByRole('button', { name: 'Import file…' }).click();
    await app.chooseToImport('flowers.csv');
    await dialog()
      .getByRole('alert')
      .getByText('flowers.csv, row 43, column width: “wide” is no number, but the column holds numbers.')
      .waitFor();
    expect(await dialog().getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
  });

  test('corrected, it is imported and becomes the data of the experiment', async () => {
    writeFileSync(join(app.home, 'flowers.csv'), flowers(null));
    await dialog().getByRole('button', { name: 'Look again' }).click();
    await dialog().getByRole('alert').waitFor({ state: 'hidden' });
    expect(
      await dialog()
        .getByRole('combobox', { name: /the target/ })
        .inputValue(),
    ).toBe('species');
    await dialog().getByRole('button', { name: 'Import', exact: true }).click();
    await dialog().getByText('flowers is in the project.').waitFor();
    await dialog().getByRole('button', { name: 'Use it' }).click();
    await dialog().waitFor({ state: 'hidden' });
  });

  test('every step says what it did, and can be changed', async () => {
    await lab.inspector.getByText('width: 10 values filled with').waitFor();
    await lab.inspector.getByText('train 80, validation 0, test 20').waitFor();
    await lab.set('Test share', 0.4);
    await lab.inspector.getByText('train 60, validation 0, test 40').waitFor();
    await lab.inspector.getByRole('combobox', { name: 'Where width is missing' }).selectOption('drop');
    await lab.inspector.getByText('10 rows left out: width is missing').waitFor();
    await lab.inspector.getByText('train 54, validation 0, test 36').waitFor();
  });

  test('its rows are looked at as the file had them', async () => {
    await app.page.getByRole('button', { name: 'Data', exact: true }).click();
    await app.page.getByRole('radio', { name: 'File', exact: true }).check();
    const table = app.page.getByRole('table', { name: 'Rows of flowers as they were imported' });
    await table.getByRole('row').nth(4).getByText('missing').waitFor();
    await table.getByRole('row').nth(1).getByRole('cell', { name: 'setosa' }).waitFor();
    await app.page.getByRole('button', { name: 'Runs', exact: true }).click();
  });

  test('it is learnt from, also in the file that it was saved as, and cannot be deleted meanwhile', async () => {
    await lab.set('Steps', 2);
    await lab.choose('overfitting');
    await lab.train();
    await app.saveAs('mine');
    await lab.projectName('mine').waitFor();
    await lab.train();
    await lab.runs(2);
    // What is in use cannot be deleted, and the reason names who uses it.
    await lab.inspector.getByRole('button', { name: 'Import file…' }).click();
    await dialog().getByRole('button', { name: 'Delete flowers' }).click();
    await app.page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await dialog().getByRole('alert').getByText('runs: 1, 2').waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  });

  test('a second start finds it in the project, and goes on learning from it', async () => {
    const file = join(app.home, 'mine.overfit');
    await host.quit(app);
    // What the engine reads is made anew from the project.
    rmSync(join(app.home, '.overfit-lab', 'datasets'), { recursive: true, force: true });
    app = await host.start({ home: app.home, file });
    lab = new LabPage(app.page);
    await lab.inspector.getByText('train 54, validation 0, test 36').waitFor();
    await lab.choose('overfitting');
    await lab.train();
    await lab.runs(3);
  });

  test('of more rows than are previewed, columns and classes count every one', async () => {
    writeFileSync(join(app.home, 'many.csv'), many());
    await lab.inspector.getByRole('button', { name: 'Import file…' }).click();
    await app.chooseToImport('many.csv');
    await dialog().getByRole('button', { name: 'Import', exact: true }).click();
    await dialog().getByRole('button', { name: 'Use it' }).click();
    await dialog().waitFor({ state: 'hidden' });
    await app.page.getByRole('button', { name: 'Data', exact: true }).click();
    await app.page.getByRole('radio', { name: 'Columns', exact: true }).check();
    const figures = app.page.getByRole('figure').filter({ hasText: 'place' }).locator('dl');
    // 0, 1 … 8999 without every ninth: their mean is 4499.
    await figures.filter({ hasText: /count\s*8,000\s*mean\s*4,499\s*sd/ }).waitFor();
    await figures.filter({ hasText: /missing\s*1,000/ }).waitFor();
    await app.page.getByText('All 8,000 rows are drawn. 1,000 rows miss one of the two.').waitFor();
    await app.page.getByRole('radio', { name: 'Classes', exact: true }).check();
    const classes = app.page.getByRole('table', { name: 'Examples of each class' });
    await classes.getByRole('columnheader', { name: 'Train: 7,200' }).waitFor();
    await classes.getByRole('row', { name: /even 3,600 50\.0% 900 50\.0%/ }).waitFor();
  });
});
