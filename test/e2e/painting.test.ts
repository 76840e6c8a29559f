// Painting in the real app: by keyboard and by mouse, undone stroke by stroke, trained on, and taken away as a file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserHost } from './browser-launcher.ts';
import { describeHosts, type App } from './driver.ts';
import { LabPage } from './lab-page.ts';

describeHosts('painting points', [browserHost], (host) => {
  let app: App;
  let lab: LabPage;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
    await app.page.getByRole('button', { name: 'Data', exact: true }).click();
  });
  afterAll(() => host.quit(app));

  const plane = () => app.page.getByRole('application');
  /** Waits until the plane says that it holds so many points. */
  const holds = (points: number) =>
    app.page.getByRole('application', { name: new RegExp(`^${points} points:`) }).waitFor();
  const view = (name: string) =>
    app.page.getByRole('radiogroup', { name: 'What is shown of the data' }).getByRole('radio', { name }).check();

  test('the example’s points are looked at, and taken over exactly', async () => {
    await holds(40);
    await app.page.getByRole('button', { name: 'Edit these points' }).click();
    await app.page.getByRole('radiogroup', { name: 'Tool' }).waitFor();
    await holds(40);
  });

  test('a stroke of the mouse is undone as one', async () => {
    const box = await plane().boundingBox();
    if (!box) throw new Error('nothing to paint on');
    const { mouse, keyboard } = app.page;
    await mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.3);
    await mouse.down();
    await mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.3, { steps: 12 });
    await mouse.up();
    await app.page.getByRole('application', { name: /^(4[1-9]|[5-9]\d|1\d\d) points:/ }).waitFor();
    await plane().focus();
    await keyboard.press('Control+z');
    await holds(40);
  });

  test('points are put, selected and removed by keys alone', async () => {
    const { keyboard } = app.page;
    await plane().focus();
    await keyboard.press('p');
    await keyboard.press('ArrowRight');
    await keyboard.press('Shift+ArrowUp');
    await keyboard.press('Enter');
    await holds(41);
    await keyboard.press('s');
    await keyboard.press('Enter');
    await app.page.getByText('1 selected', { exact: true }).first().waitFor();
    await keyboard.press('Delete');
    await holds(40);
  });

  test('a cell of the table is changed, and what is wrong stands at its place', async () => {
    await view('Table');
    const cell = app.page
      .getByRole('table', { name: 'Rows of the data set' })
      .getByLabel('y of row 1', { exact: true });
    await cell.fill('high');
    expect(await cell.getAttribute('aria-invalid')).toBe('true');
    await cell.fill('0.75');
    await cell.blur();
    expect(await cell.getAttribute('aria-invalid')).toBeNull();
    await view('Columns');
    await app.page.getByRole('img', { name: 'How often the values of y come' }).waitFor();
  });

  test('the points are exported exactly', async () => {
    await app.page.getByRole('button', { name: 'Export data…' }).click();
    await app.page.getByRole('radio', { name: 'Table (CSV)' }).check();
    await app.page.getByRole('button', { name: 'Choose where…' }).click();
    await app.page.getByLabel('File name').fill('mine.csv');
    await app.page.getByRole('button', { name: 'Save', exact: true }).click();
    await lab.notices.getByText('Exported to mine.csv').waitFor();
    const [head, first, ...rest] = readFileSync(join(app.home, 'mine.csv'), 'utf8').trimEnd().split('\r\n');
    expect([head, first, rest.length]).toEqual(['x1,y,split', '-1,0.75,train', 39]);
  });

  test('what was painted is trained on', async () => {
    await app.page.getByRole('button', { name: 'Runs', exact: true }).click();
    await lab.train();
    await lab.runs(5);
  });
});
