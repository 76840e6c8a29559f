// From one project into another: imported data and a variant are taken, the other file is deleted, what was taken is learnt from, is
// there after a restart, and goes by one undo.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeSource, violations } from './accessibility.ts';
import { browserHost } from './browser-launcher.ts';
import { describeHosts, type App } from './driver.ts';
import { chooseFromMenu, LabPage } from './lab-page.ts';

const flowers = (): string =>
  [
    'length,width,species',
    ...Array.from(
      { length: 60 },
      (_, i) => `${String(4 + (i % 20) / 10)},${String(2 + (i % 7) / 10)},${i % 2 === 0 ? 'a' : 'b'}`,
    ),
  ].join('\n');

// The chooser of this host is part of the page, as the spec uses it.
describeHosts('taking from another project', [browserHost], (host) => {
  let app: App;
  let lab: LabPage;
  let other: string;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
    other = join(app.home, 'other.overfit');
    await app.page.evaluate(axeSource);
  });
  afterAll(() => host.quit(app));

  const t: LabPage['words']['text'] = (key, ...params) => lab.words.text(key, ...params);
  const dialog = () => app.page.getByRole('dialog', { name: t('take.titleOf', { name: 'other' }) });
  const tick = (name: string) => dialog().getByRole('checkbox', { name: new RegExp(`^${name}`) });
  /** Chooses a file of the start folder to take from. */
  async function choose(name: string): Promise<void> {
    const chooser = app.page.getByRole('dialog', { name: t('take.choose') });
    await chooser.getByRole('option', { name }).click();
    await chooser.getByRole('button', { name: t('chooser.open'), exact: true }).click();
    await chooser.waitFor({ state: 'hidden' });
  }
  const fingerprint = () => [statSync(other).mtimeMs, createHash('sha256').update(readFileSync(other)).digest('hex')];

  test('a project with imported data and variants is made', async () => {
    writeFileSync(join(app.home, 'flowers.csv'), flowers());
    await lab.inspector.getByRole('button', { name: 'Import file…' }).click();
    await app.chooseToImport('flowers.csv');
    const importing = app.page.getByRole('dialog', { name: t('import.title') });
    await importing.getByRole('button', { name: t('import.import'), exact: true }).click();
    await importing.getByRole('button', { name: t('import.use') }).click();
    await importing.waitFor({ state: 'hidden' });
    await app.saveAs('other');
    await lab.projectName('other').waitFor();
  });

  test('the open project itself, and a file that is none, are refused in one sentence', async () => {
    await chooseFromMenu(app.page, t('project.menu'), new RegExp(`^${t('take.menu')}`));
    await choose('other.overfit');
    const refused = app.page.getByRole('dialog', { name: t('take.title') });
    await refused.getByRole('alert').getByText('is the project that is open here').waitFor();
    writeFileSync(join(app.home, 'notes.overfit'), 'not a project');
    await refused.getByRole('button', { name: t('take.another') }).click();
    await choose('notes.overfit');
    await refused.getByRole('alert').getByText('is no Overfit Lab project').waitFor();
    await refused.getByRole('button', { name: t('action.cancel') }).click();
  });

  test('an empty project takes the data and a variant, and the other file is left as it is', async () => {
    await chooseFromMenu(app.page, t('project.menu'), t('project.newEmpty'));
    await lab.projectName(/^experiment/).waitFor();
    const before = fingerprint();
    await app.page.keyboard.press('Control+Shift+O');
    await choose('other.overfit');
    // A variant that changes a layer that is not here cannot be ticked, and says why.
    await dialog().getByText('no field model.layers.dropout1.p').first().waitFor();
    expect(await tick('dropout').isDisabled()).toBe(true);
    await tick(t('data.title')).check();
    await tick('L1').check();
    await dialog().getByText('flowers, 60 examples').nth(1).waitFor();
    expect(await violations(app.page)).toEqual([]);
    await dialog()
      .getByRole('button', { name: t('take.take'), exact: true })
      .click();
    await dialog().waitFor({ state: 'hidden' });
    expect(fingerprint()).toEqual(before);
    expect(existsSync(`${other}-wal`)).toBe(false);
    expect(existsSync(`${other}-lock`)).toBe(false);
  });

  test('the other file deleted, what was taken is learnt from', async () => {
    copyFileSync(other, join(app.home, 'kept.backup'));
    rmSync(other);
    // What the engine reads is made anew from the project.
    rmSync(join(app.home, '.overfit-lab', 'datasets'), { recursive: true, force: true });
    await app.page.keyboard.press('Alt+2');
    await lab.buildDropoutNet();
    await lab.inspector.getByRole('button', { name: t('building.setWidth', { n: 2 }) }).press('Enter');
    await lab.work.getByText(t('bar.unfinished')).first().waitFor({ state: 'detached' });
    await app.page.keyboard.press('Alt+4');
    await lab.set(t('recipe.steps'), 20);
    await lab.train();
    await lab.runs(2);
  });

  test('a restart keeps it', async () => {
    await host.quit(app);
    app = await host.start({ home: app.home });
    lab = new LabPage(app.page);
    await lab.runs(2);
    await lab.variant('L1').waitFor();
    await lab.inspector.getByText('train 48, validation 0, test 12').waitFor();
    await lab.train();
    await lab.runs(4);
    expect(await app.complaints()).toEqual([]);
  });

  test('taking is one step, which undo takes back', async () => {
    copyFileSync(join(app.home, 'kept.backup'), other);
    await app.page.keyboard.press('Control+Shift+O');
    await choose('other.overfit');
    await dialog()
      .getByRole('radio', { name: t('take.whole') })
      .check();
    await dialog()
      .getByRole('button', { name: t('take.take'), exact: true })
      .click();
    await dialog().waitFor({ state: 'hidden' });
    await lab.variant('combined').waitFor();
    const undo = lab.inspector.getByRole('button', { name: t('action.undo') });
    await undo.click();
    await lab.variant('combined').waitFor({ state: 'detached' });
    expect(await undo.isDisabled()).toBe(true);
    await lab.variant('L1').waitFor();
  });

  test('a variant goes by the clipboard from one project into another', async () => {
    const copy = (variant: string) =>
      app.page.getByRole('button', { name: t('take.copyVariant', { variant }), exact: true });
    const column = (variant: string) =>
      app.page.getByRole('textbox', { name: t('variants.nameOf', { variant }), exact: true });
    await app.page.keyboard.press('Alt+3');
    await copy('L1').click();
    await lab.notices.getByText(t('take.copiedVariant', { name: 'L1' })).waitFor();
    await chooseFromMenu(app.page, t('project.menu'), t('project.newEmpty'));
    // Nothing of the first project is there any more.
    await lab.runs(0);
    await app.page.keyboard.press('Alt+3');
    await column('plain').waitFor();
    await column('L1').waitFor({ state: 'detached' });
    await app.page.keyboard.press('Control+v');
    await column('L1').waitFor();
    // By keys alone, and into the same project.
    await copy('L1').focus();
    await app.page.keyboard.press('Control+c');
    await app.page.keyboard.press('Control+v');
    await column('L1 2').waitFor();
    expect(await app.complaints()).toEqual([]);
  });
});
