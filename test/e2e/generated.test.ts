// Data that the lab draws, in the window: a kind is chosen, its picture follows every change, it trains, and undo brings the old data back.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeHosts, pageLaunchers, type App } from './driver.ts';
import { LabPage } from './lab-page.ts';

describeHosts('generated data', pageLaunchers, (host) => {
  let app: App;
  let lab: LabPage;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
  });
  afterAll(() => host.quit(app));

  const kind = async (label: string) => {
    await lab.inspector.getByRole('combobox', { name: 'Kind', exact: true }).selectOption({ label });
  };
  const cells = async () => lab.work.getByRole('table').first().getByRole('cell').allTextContents();
  /** The rows once they are other ones. */
  const changed = async (before: readonly string[]): Promise<readonly string[]> => {
    await expect.poll(cells, { timeout: 10_000 }).not.toEqual(before);
    return cells();
  };

  test('a curve is drawn at once, with as many points as the form says', async () => {
    await kind('Polynomial');
    await lab.fit(/^40 train points and 100 test points/).waitFor();
    await lab.set('Train points', 30);
    await lab.fit(/^30 train points and 100 test points/).waitFor();
  });

  test('rows of points follow noise and seed', async () => {
    await kind('Moons');
    await lab.view('view.rows');
    await lab.work.getByRole('columnheader', { name: 'Target' }).waitFor();
    const first = await cells();
    await lab.set('Noise', 0);
    const clean = await changed(first);
    await lab.inspector.getByRole('button', { name: 'New seed' }).click();
    await changed(clean);
  });

  test('a run on them counts what is taken for what', async () => {
    await lab.choose('dropout');
    await lab.set('Steps', 60);
    await lab.train();
    await lab.view('view.confusion');
    await lab.work.getByText(/of 200 test examples right/).waitFor();
    await lab.work.getByRole('rowheader', { name: 'outer' }).first().waitFor();
  });

  test('undo brings the data back that were there before', async () => {
    const data = lab.inspector.getByRole('combobox', { name: 'Kind', exact: true });
    const undo = lab.inspector.getByRole('button', { name: /^Undo/ });
    for (let i = 0; i < 10 && (await data.inputValue()) !== 'linear_noise'; i++) await undo.click();
    expect(await data.inputValue()).toBe('linear_noise');
    await lab.fit(/^20 train points and 20 test points/).waitFor();
  });
});
