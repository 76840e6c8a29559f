// The example of pictures in the window: opened, shortened, trained, and looked at: which are wrong, what is taken for what.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeSource, violations } from './accessibility.ts';
import { describeHosts, pageLaunchers, type App } from './driver.ts';
import { LabPage } from './lab-page.ts';

const TESTED = 60;

describeHosts('the cnn example', pageLaunchers, (host) => {
  let app: App;
  let lab: LabPage;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
    await app.page.evaluate(axeSource);
  });
  afterAll(() => host.quit(app));
  const pictures = () => lab.work.getByRole('region', { name: 'Pictures' }).getByRole('listitem');

  test('opens from the project menu and shows its train pictures with their labels before anything runs', async () => {
    await lab.openExample('cnn');
    await lab.work.getByText('The first 100 of 4,000, with their labels').waitFor();
    expect(await pictures().count()).toBe(100);
    expect(await violations(app.page)).toEqual([]);
  });

  test('trains when it is made shorter, and marks what it takes for something else', async () => {
    await lab.set('Train pictures', 80);
    await lab.set('Validation pictures', 20);
    await lab.set('Test pictures', TESTED);
    await lab.set('Epochs', 2);
    for (const variant of ['L2', 'dropout', 'all']) await lab.variant(variant).setChecked(false);
    await lab.train();
    const told = lab.work.getByText(new RegExp(`\\d+ wrong among the first ${String(TESTED)} of ${String(TESTED)}`));
    await told.waitFor();
    const wrong = Number.parseInt((await told.textContent()) ?? '', 10);
    expect(wrong).toBeGreaterThan(0);
    expect(await pictures().count()).toBe(TESTED);
    await lab.work.getByRole('checkbox', { name: 'Only wrong ones' }).check();
    expect(await pictures().count()).toBe(wrong);
    expect(
      await pictures()
        .getByRole('img', { name: /^Wrong: \w+, taken for \w+$/ })
        .count(),
    ).toBe(wrong);
    expect(await violations(app.page)).toEqual([]);
    await lab.work.getByRole('checkbox', { name: 'Only wrong ones' }).uncheck();
  });

  test('counts what is taken for what, and a count opens its pictures', async () => {
    await lab.view('view.confusion');
    const table = lab.work.getByRole('table', { name: /^Counts/ });
    const cells = table.getByRole('button');
    await cells.first().waitFor();
    const counts = (await cells.allTextContents()).map(Number);
    expect(counts).toHaveLength(100);
    expect(counts.reduce((sum, x) => sum + x, 0)).toBe(TESTED);
    const right = counts.filter((_, i) => i % 11 === 0).reduce((sum, x) => sum + x, 0);
    await lab.work.getByText(`${String(right)} of ${String(TESTED)} test examples right.`).waitFor();
    expect(await violations(app.page)).toEqual([]);

    const largest = counts.reduce((best, x, i) => (i % 11 !== 0 && x > (counts[best] ?? 0) ? i : best), 1);
    // By keyboard: one cell is reached by Tab, arrow keys lead to the others, Enter opens.
    await table.locator('button[tabindex="0"]').focus();
    for (let i = 0; i < Math.floor(largest / 10); i++) await app.page.keyboard.press('ArrowDown');
    for (let i = 0; i < largest % 10; i++) await app.page.keyboard.press('ArrowRight');
    await app.page.keyboard.press('Enter');
    await pictures().first().waitFor();
    expect(await pictures().count()).toBe(counts[largest]);
    await lab.work.getByRole('button', { name: 'Show all' }).click();
    expect(await pictures().count()).toBe(TESTED);
  });

  test('shows what becomes of the weights, scores over the steps, and the parts of the loss', async () => {
    await lab.view('view.weights');
    await lab.work.getByRole('radio', { name: 'conv2.weight' }).check();
    await lab.work.getByRole('combobox', { name: 'What of it' }).selectOption({ label: 'Zeros' });
    await lab.work.getByRole('img', { name: /none, Zeros, conv2\.weight: 0% at step 40/ }).waitFor();
    await lab.curves('Accuracy');
    await lab.work.getByRole('img', { name: /none, test: [\d.]+% at step 40/ }).waitFor();
    await lab.curves('Loss and penalties');
    await lab.work.getByRole('img', { name: /L1, L1 penalty: [\d.]+ at step 40/ }).waitFor();
    expect(await violations(app.page)).toEqual([]);
  });
});
