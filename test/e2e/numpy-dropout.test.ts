// Dropout from scratch in the window: run, paused, and one update taken apart, as printed and corrected.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeSource, violations } from './accessibility.ts';
import { describeHosts, pageLaunchers, type App } from './driver.ts';
import { LabPage } from './lab-page.ts';

describeHosts('the numpy-dropout example', pageLaunchers, (host) => {
  let app: App;
  let lab: LabPage;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
    await app.page.evaluate(axeSource);
  });
  afterAll(() => host.quit(app));

  const update = async (): Promise<number> => {
    const text = await lab.work.getByText(/^Update [\d,]+, not made yet$/).textContent();
    return Number((text ?? '').replaceAll(/\D/g, ''));
  };
  /** The numbers of an array, row by row. */
  const numbers = async (name: string | RegExp): Promise<readonly string[]> =>
    lab.work.getByRole('table', { name }).locator('tbody td .figure').allTextContents();

  test('lists its rows with their targets, and says how to see answers', async () => {
    await lab.openExample('numpy-dropout');
    const rows = lab.work.getByRole('table', { name: 'Rows of the data and the answers of the runs' });
    await rows.getByRole('row', { name: '4 1 1 1 0' }).waitFor();
    await lab.work.getByRole('button', { name: 'Start paused' }).waitFor();
    expect(await violations(app.page)).toEqual([]);
  });

  test('shows the answers of all runs beside each other once they are paused', async () => {
    await lab.speed('watch');
    await lab.bar('run').click();
    await lab.progress('corrected').waitFor();
    await lab.page.waitForTimeout(500);
    await lab.bar('pause').click();
    await lab.work.getByText('Answers with the weights of now and dropout off', { exact: false }).waitFor();
    const rows = lab.work.getByRole('table', { name: /^Rows of the data/ });
    await rows.getByRole('row', { name: /^1 0 0 1 0 0\.\d+ 0\.\d+ 0\.\d+$/ }).waitFor();
    expect(await violations(app.page)).toEqual([]);
  });

  test('takes one update apart, as printed and corrected beside each other', async () => {
    await lab.view('view.arithmetic');
    await lab.lookAt('as printed');
    const first = await update();
    expect(first).toBeGreaterThan(1);
    // The one that the run uses is the array of its own update.
    expect(await numbers(/^As printed/)).toEqual(await numbers(/^Delta, fc1\.output\.gradient/));
    await lab.lookAt('corrected');
    await lab.work
      .getByRole('figure')
      .filter({ hasText: /^Corrected\s*used by this run/ })
      .waitFor();
    expect(await numbers(/^Corrected/)).toEqual(await numbers(/^Delta, fc1\.output\.gradient/));
    const masks = await numbers(/^Dropout mask/);
    expect(masks).toHaveLength(16);
    expect(masks.every((x) => x === '0' || x === '1.25')).toBe(true);
    expect(await violations(app.page)).toEqual([]);
  });

  test('makes the update and shows the next: it begins with the weights that the last one ended with', async () => {
    const before = await update();
    const ended = await numbers(/^New weights, fc1\.weight/);
    await lab.work.getByRole('button', { name: 'Make it, show the next' }).click();
    await lab.work.getByText(`Update ${before + 1}, not made yet`).waitFor();
    expect(await numbers(/^Weights, fc1\.weight/)).toEqual(ended);
  });

  test('opens a run that is over again to look into it', async () => {
    await lab.bar('stop').click();
    await lab.finished();
    await lab.work.getByRole('button', { name: 'Open again' }).click();
    await lab.work.getByText(/^Update [\d,]+, not made yet$/).waitFor();
    await lab.bar('stop').click();
    await lab.finished();
  });
});
