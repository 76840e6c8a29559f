// Project files as a person meets them: saving, opening, recent ones, files that are none, and a file that another app has open.
import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeHosts, launchers, type App } from './driver.ts';
import { chooseFromMenu, LabPage } from './lab-page.ts';

describeHosts('project files', launchers, (host) => {
  let app: App;
  let lab: LabPage;
  let mine: string;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
    mine = join(app.home, 'mine.overfit');
  });
  afterAll(() => host.quit(app));

  test('Save as keeps everything and goes on in the new file', async () => {
    await lab.set('Steps', 20);
    await lab.choose('overfitting', 'dropout');
    await lab.train();
    await app.saveAs('mine');
    await lab.projectName('mine').waitFor();
    await lab.navigator.getByText('Saved as mine').waitFor();
    expect(existsSync(mine)).toBe(true);
    await lab.runs(2);
    await lab.set('Width', 77);
  });

  test('New starts from the example; Open and Recent bring the file back', async () => {
    await chooseFromMenu(app.page, 'Project', /^Points on a line/);
    await lab.projectName(/^regression/).waitFor();
    await lab.runs(0);
    expect(await lab.field('Width').inputValue()).toBe('300');
    await app.open('mine.overfit');
    await lab.projectName('mine').waitFor();
    expect(await lab.field('Width').inputValue()).toBe('77');
    await lab.fit(/fitted curves: overfitting, dropout\.$/).waitFor();
    await chooseFromMenu(app.page, 'Project', /^Points on a line/);
    await lab.projectName(/^regression/).waitFor();
    await chooseFromMenu(app.page, 'Project', /^mine/);
    await lab.projectName('mine').waitFor();
    await lab.runs(2);
  });

  test('a foreign file is refused in one sentence, and the open project stays', async () => {
    writeFileSync(join(app.home, 'picture.overfit'), 'not a project');
    await app.open('picture.overfit');
    const alert = app.page.getByRole('alert').filter({ hasText: 'picture.overfit is no Overfit Lab project' });
    await alert.waitFor();
    await alert.getByRole('button', { name: 'Dismiss' }).click();
    await alert.waitFor({ state: 'hidden' });
    await lab.projectName('mine').waitFor();
  });

  test('a truncated file shows what can be read, says what is wrong and is left as it is', async () => {
    const cut = join(app.home, 'cut.overfit');
    copyFileSync(mine, cut);
    truncateSync(cut, Math.floor(readFileSync(cut).length / 2));
    const before = readFileSync(cut);
    await app.open('cut.overfit');
    await lab.projectName('cut').waitFor();
    await lab.banners.getByText('This file is damaged. What could be read is shown').waitFor();
    expect(readFileSync(cut).equals(before)).toBe(true);
  });

  test('a file with nothing readable in it is named', async () => {
    const stump = join(app.home, 'stump.overfit');
    writeFileSync(stump, readFileSync(mine).subarray(0, 700));
    await app.open('stump.overfit');
    const alert = app.page.getByRole('alert').filter({ hasText: 'stump.overfit is damaged' });
    await alert.waitFor();
    await alert.getByRole('button', { name: 'Dismiss' }).click();
  });

  test('a file of a newer version can be looked at, not changed', async () => {
    const newer = join(app.home, 'newer.overfit');
    copyFileSync(mine, newer);
    const database = new DatabaseSync(newer);
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA user_version = 99');
    database.close();
    await app.open('newer.overfit');
    await lab.banners.getByText('made by a newer version of Overfit Lab').waitFor();
    expect(await lab.field('Width').isDisabled()).toBe(true);
    expect(await lab.bar('run').getAttribute('aria-disabled')).toBe('true');
    await lab.runs(2);
  });

  test('a second app on the same file reads only, says why, and offers a copy', async () => {
    await app.open('mine.overfit');
    await lab.projectName('mine').waitFor();
    const second = await host.start({ file: mine });
    const other = new LabPage(second.page);
    await other.banners.getByText('Another window has this project open.').waitFor();
    await other.banners.getByRole('button', { name: 'Save as…' }).waitFor();
    expect(await other.field('Width').isDisabled()).toBe(true);
    expect(await other.bar('run').getAttribute('aria-disabled')).toBe('true');
    await other.runs(2);
    await host.quit(second);
    await lab.set('Width', 78);
    expect(await lab.bar('run').getAttribute('aria-disabled')).toBeNull();
  });
});
