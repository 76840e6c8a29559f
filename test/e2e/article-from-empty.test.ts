// The article's two other experiments from an empty project: dropout from scratch on a table of four rows that are typed, and the small CNN on
// drawn pictures with weight decay as a variant. Made short; what is held is that everything can be reached and trains.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeSource, violations } from './accessibility.ts';
import { describeHosts, pageLaunchers, type App } from './driver.ts';
import { chooseFromMenu, LabPage } from './lab-page.ts';

describeHosts('the article from an empty project', pageLaunchers, (host) => {
  let app: App;
  let lab: LabPage;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
    await app.page.evaluate(axeSource);
  });
  afterAll(() => host.quit(app));

  const t: LabPage['words']['text'] = (key, ...params) => lab.words.text(key, ...params);
  const place = (name: 'data' | 'model' | 'experiment' | 'runs') =>
    app.page.getByRole('navigation', { name: t('place.choose') }).getByRole('button', { name: t(`place.${name}`) });
  const begin = async () => {
    await chooseFromMenu(app.page, t('project.menu'), t('project.newEmpty'));
    await place('data').and(app.page.locator('[aria-current=page]')).waitFor();
    await lab.runs(0);
  };
  const template = (name: 'building.template.numpyDropout' | 'building.template.lenet') =>
    chooseFromMenu(app.page, t('building.templates'), t(name));
  const select = (label: string, value: string | { readonly label: string }) =>
    lab.inspector.getByRole('combobox', { name: label, exact: true }).selectOption(value);
  const rename = async (from: string, to: string) => {
    const name = app.page.getByRole('textbox', { name: t('variants.nameOf', { variant: from }) });
    await name.fill(to);
    await name.press('Enter');
  };
  const add = () => app.page.getByRole('button', { name: t('table.add'), exact: true }).click();
  const cell = (field: string, variant: string) => t('table.cell', { field, variant });

  test('dropout from scratch: four rows, the published gradient beside the right one', async () => {
    await begin();
    await lab.inspector.getByRole('button', { name: t('ownTable.new') }).press('Enter');
    const dialog = app.page.getByRole('dialog', { name: t('ownTable.newTitle') });
    await dialog.getByLabel(t('ownTable.rowsOf', { split: t('dataPlace.train') })).fill('4');
    await dialog.getByLabel(t('ownTable.rowsOf', { split: t('dataPlace.test') })).fill('0');
    await dialog.getByLabel(t('ownTable.nameOf', { column: 'x₃' })).fill('bias');
    expect(await violations(app.page)).toEqual([]);
    await dialog.getByRole('button', { name: t('ownTable.create') }).click();
    await dialog.waitFor({ state: 'hidden' });
    const dataCell = (column: string, row: number) =>
      app.page.getByRole('textbox', { name: t('data.cell', { column, row }), exact: true });
    await dataCell('x₁', 1).focus();
    for (const number of '001001111011111'.split('')) {
      await app.page.keyboard.type(number);
      await app.page.keyboard.press('Tab');
    }
    expect(await dataCell('y', 4).evaluate((x) => x === document.activeElement)).toBe(true);
    expect(await dataCell('bias', 2).inputValue()).toBe('1');
    expect(await violations(app.page)).toEqual([]);

    await place('model').click();
    await template('building.template.numpyDropout');
    await place('experiment').click();
    await select('Optimizer', 'SGD');
    await lab.set('Learning rate', 0.25);
    await lab.set('Steps', 300);
    await rename('plain', 'corrected');
    await add();
    await rename('variant', 'as printed');
    await app.page
      .getByRole('radiogroup', { name: t('table.show') })
      .getByRole('radio', { name: t('table.all') })
      .check();
    await app.page
      .getByRole('combobox', { name: cell(`dropout1 ${t('model.gradient')}`, 'as printed'), exact: true })
      .selectOption('as_printed');
    expect(await lab.bar('run').getAttribute('aria-disabled')).toBeNull();
    await lab.train();
    await lab.runs(2);
  });

  test('the small CNN: drawn pictures, LeNet, weight decay as a variant', async () => {
    await begin();
    await select('Kind', { label: t('generators.shapes32') });
    await lab.set('Train pictures', 60);
    await lab.set('Validation pictures', 0);
    await lab.set('Test pictures', 20);
    await place('model').click();
    await template('building.template.lenet');
    await app.page.locator('button[data-node="conv1"]').waitFor();
    await place('experiment').click();
    await select('Optimizer', 'SGD');
    await lab.set('Learning rate', 0.001);
    await lab.set('Momentum', 0.9);
    await lab.set('Batch size', 4);
    await lab.set('Steps', 30);
    await add();
    await rename('variant', 'L2');
    await app.page.getByRole('textbox', { name: cell(t('recipe.l2'), 'L2'), exact: true }).fill('0.001');
    await lab.train();
    await lab.runs(2);
    await lab.view('view.pictures');
    await lab.work.getByText(/\d+ wrong/).waitFor();
    expect(await app.complaints()).toEqual([]);
  });
});
