// A network is built from nothing by keyboard alone, in the app itself: layers, a rename, a width, and the code of it.
// Then what a pointer does: dragging a kind of layer onto a connection, framing layers; and what is done with several at once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeSource, violations } from './accessibility.ts';
import { describeHosts, pageLaunchers, type App } from './driver.ts';
import { LabPage } from './lab-page.ts';

describeHosts('building a model', pageLaunchers, (host) => {
  let app: App;
  let lab: LabPage;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
    await app.page.evaluate(axeSource);
    await app.page.getByRole('button', { name: t('building.title'), exact: true }).press('Enter');
    await layer('fc1').waitFor();
  });
  afterAll(() => host.quit(app));

  const t: LabPage['words']['text'] = (key, ...params) => lab.words.text(key, ...params);
  const press = (keys: string) => app.page.keyboard.press(keys);
  const layer = (name: string) => lab.layer(name);
  const names = () =>
    app.page
      .locator('.canvas button[data-node]')
      .evaluateAll((all) => all.map((x) => (x as HTMLElement).dataset['node']).filter((x) => x !== 'input'));
  const focused = () => app.page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['node']);

  test('everything can be removed', async () => {
    await layer('input').press('ArrowDown');
    expect(await focused()).toBe('fc1');
    await press('Control+a');
    await press('Delete');
    await app.page.getByRole('heading', { name: t('building.emptyTitle') }).waitFor();
    expect(await violations(app.page)).toEqual([]);
  });

  test('Linear, Dropout, ReLU and Linear are put behind each other', async () => {
    await lab.buildDropoutNet();
    expect(await focused()).toBe('fc2');
    expect(await names()).toEqual(['fc1', 'dropout1', 'relu1', 'fc2']);
  });

  test('what does not fit is said at the layer, and put right', async () => {
    await layer('fc2').getByText('The last layer gives [64] per example').waitFor();
    await lab.inspector.getByRole('button', { name: t('building.setWidth', { n: 1 }) }).press('Enter');
    await layer('fc2').getByText('The last layer gives').waitFor({ state: 'hidden' });
    expect(await violations(app.page)).toEqual([]);
  });

  test('a layer is renamed and moved, which can be undone', async () => {
    await layer('dropout1').press('F2');
    await app.page.keyboard.type('drop');
    await press('Enter');
    await layer('drop').press('Alt+ArrowDown');
    expect(await names()).toEqual(['fc1', 'relu1', 'drop', 'fc2']);
    await layer('drop').press('Control+z');
    await expect.poll(names).toEqual(['fc1', 'drop', 'relu1', 'fc2']);
  });

  test('the code says it in PyTorch’s words', async () => {
    await app.page
      .getByRole('radio', { name: t('building.code'), exact: true })
      .first()
      .check();
    const code = app.page.getByRole('region', { name: t('building.codeText') });
    await code.getByText('fc1=nn.Linear(1, 64)').waitFor();
    await code.getByText('drop=nn.Dropout(p=0.5)').waitFor();
    expect(await violations(app.page)).toEqual([]);
    await app.page.getByRole('radio', { name: t('building.diagram'), exact: true }).check();
    await layer('fc1').waitFor();
  });

  test('a kind of layer is dragged onto a connection', async () => {
    const palette = app.page.getByRole('region', { name: t('building.palette') });
    const between = app.page.getByText('64 · 128 params');
    await between.waitFor({ state: 'attached' });
    const box = await between.boundingBox();
    if (!box) throw new Error('the connection is not on the screen');
    await palette.getByRole('button', { name: 'Tanh', exact: true }).hover();
    await app.page.mouse.down();
    await app.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 });
    await app.page.mouse.up();
    await layer('tanh1').waitFor();
    expect(await names()).toEqual(['fc1', 'tanh1', 'drop', 'relu1', 'fc2']);
  });

  const chosen = () =>
    app.page
      .locator('.canvas button[data-node][aria-pressed="true"]')
      .evaluateAll((all) => all.map((x) => (x as HTMLElement).dataset['node']));
  const boxOf = async (name: string) => {
    const box = await layer(name).boundingBox();
    if (!box) throw new Error(`${name} is not on the screen`);
    return box;
  };

  test('a frame chooses layers, which are moved in one step that is undone in one', async () => {
    const [first, last] = [await boxOf('tanh1'), await boxOf('drop')];
    await app.page.keyboard.down('Shift');
    await app.page.mouse.move(first.x - 40, first.y + 8);
    await app.page.mouse.down();
    await app.page.mouse.move(last.x + 60, last.y + 8, { steps: 6 });
    expect(await chosen()).toEqual(['tanh1', 'drop']);
    await app.page.mouse.up();
    await app.page.keyboard.up('Shift');
    expect(await chosen()).toEqual(['tanh1', 'drop']);
    expect(await focused()).toBe('drop');
    // The canvas was not dragged along.
    expect(await boxOf('tanh1')).toEqual(first);
    await press('Alt+ArrowDown');
    expect(await names()).toEqual(['fc1', 'relu1', 'tanh1', 'drop', 'fc2']);
    await press('Control+z');
    await expect.poll(names).toEqual(['fc1', 'tanh1', 'drop', 'relu1', 'fc2']);
  });

  test('layers are added with a click or the keyboard, copied and pasted; the button pastes or says how', async () => {
    await layer('tanh1').click();
    await layer('drop').click({ modifiers: ['Shift'] });
    await press('Shift+ArrowDown');
    expect(await chosen()).toEqual(['tanh1', 'drop', 'relu1']);
    await press('Control+c');
    await app.page.getByRole('button', { name: t('building.pasteLayers'), exact: true }).click();
    const refused = app.page.getByText(t('building.pasteRefused'));
    await refused.or(layer('tanh2')).first().waitFor();
    // Where the clipboard may not be read, the keys do it, from where the focus is.
    if (await refused.isVisible()) await press('Control+v');
    await layer('tanh2').waitFor();
    expect(await names()).toEqual(['fc1', 'tanh1', 'drop', 'relu1', 'tanh2', 'drop1', 'relu2', 'fc2']);
    expect(await chosen()).toEqual(['tanh2', 'drop1', 'relu2']);
    await press('Control+x');
    expect(await names()).toEqual(['fc1', 'tanh1', 'drop', 'relu1', 'fc2']);
    expect(await violations(app.page)).toEqual([]);
  });
});
