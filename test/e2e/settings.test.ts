// What a person changes before the next run: every knob is used, earlier runs keep their own, and wrong values are told at their field.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeHosts, pageLaunchers, type App } from './driver.ts';
import { LabPage } from './lab-page.ts';

/** Label of the field, the value typed, and how the run's details name it, before and after. */
const CHANGES = [
  ['p of dropout', '0.2', 'dropout1.p', '0.5'],
  ['λ₁ of dropout', '0.002', 'l1', '0'],
  ['λ₂ of dropout', '0.03', 'weight_decay', '0'],
  ['Learning rate', '0.02', 'lr', '0.01'],
  ['Width', '50', 'fc1.out_features', '300'],
  ['Noise', '0.1', 'noise', '0.3'],
  ['Points', '12', 'points', '20'],
  ['Steps', '30', 'steps', '40'],
  ['Seed', '7', 'seed', '1'],
] as const;

const WRONG = [
  ['p of dropout', '1.5', 'Enter a number from 0 to below 1; you entered 1.5.'],
  ['λ₁ of L1', '-1', 'Enter a number of at least 0; you entered -1.'],
  ['λ₂ of L2', '-0.1', 'Enter a number of at least 0; you entered -0.1.'],
  ['Points', '1', /^Enter a whole number from 2 to [\d,]+; you entered 1\.$/],
  ['Width', '2.5', 'Enter a whole number; you entered 2.5.'],
  ['Learning rate', 'fast', 'Enter a number; “fast” is not one.'],
  ['Seed', '', 'Enter a value.'],
] as const;

describeHosts('settings of the experiment', pageLaunchers, (host) => {
  let app: App;
  let lab: LabPage;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
  });
  afterAll(() => host.quit(app));

  test('every changed setting is used by the next run, and the earlier run keeps its own', async () => {
    await lab.choose('dropout');
    await lab.set('Steps', 40);
    await lab.train();
    for (const [label, value] of CHANGES) await lab.set(label, value);
    await lab.fit('12 train points and 12 test points; fitted curves: dropout.').waitFor();
    await lab.train();
    await lab.run(1).getByRole('button', { name: 'dropout', exact: true }).click();
    await lab.inspector.getByText('40 of 40').waitFor();
    for (const [, now, name, then] of CHANGES)
      await lab.inspector.getByRole('row', { name: `${name} ${then} ${now}`, exact: true }).waitFor();
    await lab.run(2).getByRole('button', { name: 'dropout', exact: true }).click();
    await lab.inspector.getByText('30 of 30').waitFor();
    await lab.inspector.getByText('Same settings as the experiment has now.').waitFor();
    await lab.inspector.getByRole('button', { name: 'Back to the experiment' }).click();
    expect(await lab.field('Width').inputValue()).toBe('50');
  });

  test('earlier runs can be laid over the newest and hidden again', async () => {
    expect([await lab.shown(1).isChecked(), await lab.shown(2).isChecked()]).toEqual([false, true]);
    await lab.shown(1).check();
    const both = lab.fit(/fitted curves: (dropout \(Run 1\), dropout|dropout, dropout \(Run 1\))\.$/);
    await both.waitFor();
    await lab.page.getByRole('row', { name: /^dropout \(Run 1\) test 40 / }).waitFor();
    await lab.shown(1).uncheck();
    await lab.fit(/fitted curves: dropout\.$/).waitFor();
    await lab.page
      .getByRole('row', { name: /^dropout \(Run 1\) / })
      .first()
      .waitFor({ state: 'hidden' });
  });

  test.each(WRONG)('%s = “%s” is told at the field and not stored; nothing is lost', async (label, value, sentence) => {
    const good = await lab.field(label).inputValue();
    await lab.set(label, value);
    const field = lab.field(label).and(lab.page.locator('[aria-invalid=true]'));
    await field.waitFor();
    const described = await field.evaluate((x) =>
      (x.getAttribute('aria-describedby') ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent)
        .join('\n'),
    );
    expect(described.split('\n')).toContainEqual(expect.stringMatching(sentence));
    await lab.inspector.getByText(sentence).filter({ visible: true }).first().waitFor();
    await lab.work.getByText('Correct the marked setting first').filter({ visible: true }).first().waitFor();
    expect(await lab.bar('run').getAttribute('aria-disabled')).toBe('true');
    await lab.page.keyboard.press('Control+Enter');
    await lab.runs(2);

    await lab.page.reload();
    await lab.field(label).waitFor();
    expect(await lab.field(label).inputValue()).toBe(good);
    await lab.runs(2);
    expect(await lab.inspector.locator('[aria-invalid=true]').count()).toBe(0);
    expect(await lab.bar('run').getAttribute('aria-disabled')).toBeNull();
  });

  test('a change can be undone and done again', async () => {
    await lab.set('Width', 64);
    await lab.inspector.getByRole('button', { name: 'Undo' }).click();
    expect(await lab.field('Width').inputValue()).toBe('50');
    await lab.inspector.getByRole('button', { name: 'Redo' }).click();
    expect(await lab.field('Width').inputValue()).toBe('64');
  });
});
