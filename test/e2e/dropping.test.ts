// A file is dragged over the window and dropped on it: the window says what will happen, and does it. In a browser, only its name is known.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeSource, violations } from './accessibility.ts';
import { browserHost } from './browser-launcher.ts';
import { describeHosts, type App } from './driver.ts';
import { LabPage } from './lab-page.ts';

describeHosts('dropping files', [browserHost], (host) => {
  let app: App;
  let lab: LabPage;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
    await app.page.evaluate(axeSource);
  });
  afterAll(() => host.quit(app));

  /** What the browser tells the page when files are dragged; scripts can tell it the same. @returns whether the page has taken it. */
  const drag = (type: 'dragover' | 'dragleave' | 'drop', ...names: readonly string[]) =>
    app.page.evaluate(
      ([event, files]) => {
        const dataTransfer = new DataTransfer();
        for (const name of files) dataTransfer.items.add(new File(['x'], name));
        const options = { dataTransfer, bubbles: true, cancelable: true };
        return !document.body.dispatchEvent(new DragEvent(event, options));
      },
      [type, names] as const,
    );
  const hint = () => app.page.getByRole('status').filter({ hasText: 'Drop it here' });
  const dialog = () => app.page.getByRole('dialog', { name: 'Import data' });

  test('while it is held over the window, the window says what will happen', async () => {
    expect(await drag('dragover', 'iris.csv')).toBe(true);
    await hint().getByText('A browser does not say where a file lies').waitFor();
    expect(await violations(app.page)).toEqual([]);
    await drag('dragleave', 'iris.csv');
    await hint().waitFor({ state: 'hidden' });
  });

  test('data open the window of the import', async () => {
    await drag('dragover', 'iris.csv');
    expect(await drag('drop', 'iris.csv')).toBe(true);
    await hint().waitFor({ state: 'hidden' });
    await dialog().getByText('A browser does not say where iris.csv lies. Choose it here.').waitFor();
    await app.page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
  });

  test('what is neither data nor a project is told so, and the lab stays', async () => {
    expect(await drag('drop', 'letter.docx')).toBe(true);
    await lab.notices.getByText('letter.docx is neither a project').waitFor();
    await drag('drop', 'fits.overfit');
    await lab.notices.getByText('where fits.overfit lies').waitFor();
    await drag('drop', 'a.csv', 'b.csv');
    await lab.notices.getByText('One file or folder at a time').waitFor();
    expect(await dialog().count()).toBe(0);
  });

  test('a question is answered first', async () => {
    await app.page.getByRole('button', { name: 'Preferences', exact: true }).click();
    await app.page.getByRole('dialog').waitFor();
    expect(await drag('dragover', 'iris.csv')).toBe(true);
    expect(await hint().count()).toBe(0);
    await app.page.keyboard.press('Escape');
    await app.page.getByRole('dialog').waitFor({ state: 'hidden' });
  });
});
