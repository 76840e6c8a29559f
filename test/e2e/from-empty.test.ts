// A person who begins with nothing: data chosen, a dropout net built by keys, a variant with L1 added; run, paused, p changed while
// it goes on, resumed; and after a restart everything is there.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeSource, violations } from './accessibility.ts';
import { describeHosts, pageLaunchers, type App } from './driver.ts';
import { chooseFromMenu, LabPage } from './lab-page.ts';

describeHosts('from an empty project', pageLaunchers, (host) => {
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
  const plane = () => app.page.getByRole('application');
  const press = (keys: string) => app.page.keyboard.press(keys);

  test('nothing is there yet, and nothing can run', async () => {
    await chooseFromMenu(app.page, t('project.menu'), t('project.newEmpty'));
    await place('data').and(app.page.locator('[aria-current=page]')).waitFor();
    await lab.work.getByText(t('bar.unfinished')).filter({ visible: true }).first().waitFor();
    expect(await lab.bar('run').getAttribute('aria-disabled')).toBe('true');
    expect(await violations(app.page)).toEqual([]);
  });

  test('points are painted by keys', async () => {
    await plane().focus();
    await press('p');
    for (const [across, up] of [
      ['ArrowLeft', 'ArrowDown'],
      ['ArrowRight', 'ArrowUp'],
      ['ArrowRight', 'ArrowUp'],
      ['ArrowRight', 'ArrowDown'],
    ] as const) {
      await press(`Shift+${across}`);
      await press(`Shift+${up}`);
      await press('Enter');
    }
    await app.page.getByRole('application', { name: /^4 points:/ }).waitFor();
  });

  test('a dropout net is built by keys', async () => {
    await press('Alt+2');
    await lab.buildDropoutNet();
    await lab.inspector.getByRole('button', { name: t('building.setWidth', { n: 1 }) }).press('Enter');
    await lab.layer('fc2').getByText('The last layer gives').waitFor({ state: 'hidden' });
    await lab.work.getByText(t('bar.unfinished')).first().waitFor({ state: 'detached' });
  });

  test('a variant with L1 is added', async () => {
    await press('Alt+3');
    await app.page.getByRole('button', { name: t('table.add'), exact: true }).press('Enter');
    const name = app.page.getByRole('textbox', { name: t('variants.nameOf', { variant: 'variant' }) });
    await name.fill('L1');
    await name.press('Enter');
    const cell = app.page.getByRole('textbox', { name: t('table.cell', { field: t('recipe.l1'), variant: 'L1' }) });
    await cell.fill('0.002');
    await cell.press('Enter');
    expect(await violations(app.page)).toEqual([]);
  });

  test('both run; paused, p is changed live, and they go on to their end', async () => {
    await lab.speed('slow');
    await press('Control+Enter');
    await place('runs').and(app.page.locator('[aria-current=page]')).waitFor();
    await lab.progress('L1').waitFor();
    await lab.bar('pause').click();
    await lab.bar('resume').waitFor();
    await lab.work.getByRole('checkbox', { name: t('bar.live') }).check();
    const name = t('table.cell', { field: 'dropout1 p', variant: t('table.base') });
    const p = app.page.getByRole('textbox', { name, exact: true });
    await place('experiment').click();
    await p.fill('0.2');
    await p.press('Enter');
    await place('runs').click();
    await lab.run(1).getByRole('button', { name: 'plain', exact: true }).click();
    await lab.inspector
      .getByText(/dropout1\.p/)
      .first()
      .waitFor();
    await lab.inspector.getByRole('button', { name: t('details.back') }).click();
    await lab.speed('full');
    await lab.bar('resume').click();
    await lab.finished();
  });

  test('after a restart everything is there', async () => {
    await host.quit(app);
    app = await host.start({ home: app.home });
    lab = new LabPage(app.page);
    expect(await lab.rows.count()).toBe(2);
    await place('data').click();
    await app.page.getByRole('application', { name: /^4 points:/ }).waitFor();
    await place('model').click();
    await lab.layer('dropout1').waitFor();
    await place('experiment').click();
    const cell = app.page.getByRole('textbox', { name: t('table.cell', { field: t('recipe.l1'), variant: 'L1' }) });
    expect(await cell.inputValue()).toBe('0.002');
    expect(await app.complaints()).toEqual([]);
  });
});
