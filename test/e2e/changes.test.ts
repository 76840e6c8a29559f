// A run under the person's hands: changed while it trains, paused, taken back, and taken away as a script that says all of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserHost } from './browser-launcher.ts';
import { describeHosts, type App } from './driver.ts';
import { LabPage } from './lab-page.ts';

describeHosts('changes of a run', [browserHost], (host) => {
  let app: App;
  let lab: LabPage;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
  });
  afterAll(() => host.quit(app));

  /** The step that the details of the selected run say. */
  const step = async (): Promise<number> => {
    const text = await lab.inspector.getByText(/^\d+ of 500$/).textContent();
    return Number.parseInt(text ?? '', 10);
  };
  const atStep = (n: number) => lab.inspector.getByText(`${String(n)} of 500`, { exact: true }).waitFor();
  const changeRow = (name: RegExp) =>
    lab.inspector.getByRole('table', { name: 'Settings that were changed' }).getByRole('row', { name });

  test('nothing can be undone before anything runs, and the bar says so', async () => {
    const undo = lab.work.getByRole('button', { name: 'Undo one step' });
    expect(await undo.getAttribute('aria-disabled')).toBe('true');
    expect(
      await undo.evaluate((x) => document.getElementById(x.getAttribute('aria-describedby') ?? '')?.textContent),
    ).toBe('Nothing is training that could go back.');
  });

  test('p is changed while the run trains, and the change is listed with its step', async () => {
    await lab.choose('dropout');
    await lab.speed('slow');
    await lab.bar('run').click();
    await lab.run(1).getByRole('button', { name: 'dropout', exact: true }).click();
    await lab.inspector.getByText(/^[1-9]\d* of 500$/).waitFor();
    expect(await lab.field('Dropout (p)').inputValue()).toBe('0.5');
    await lab.set('Dropout (p)', '0.2');
    await changeRow(/^dropout1\.p \d+ 0\.5 0\.2$/).waitFor();
    await changeRow(/^dropout2\.p \d+ 0\.5 0\.2$/).waitFor();
    expect(await lab.field('Dropout (p)').inputValue()).toBe('0.2');
  });

  test('a wrong value stays at its field and changes nothing', async () => {
    await lab.set('Learning rate', '-1');
    await lab.inspector.getByText('Enter a number above 0; you entered -1.').filter({ visible: true }).waitFor();
    await lab.set('Learning rate', '0.01');
    expect(await changeRow(/^lr /).count()).toBe(0);
  });

  test('it pauses, goes back by a key, and by as many steps as are asked for', async () => {
    await lab.bar('pause').click();
    await lab.run(1).getByText('Paused').waitFor();
    const stood = await step();
    await app.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await app.page.keyboard.press(',');
    await atStep(stood - 1);
    await lab.set('Learning rate', '0.005');
    await changeRow(new RegExp(`^lr ${String(stood - 1)} 0\\.01 0\\.005$`)).waitFor();
    await lab.set('Steps to undo', 2);
    await lab.inspector.getByRole('button', { name: 'Go back' }).click();
    await atStep(stood - 3);
    // A change that was made after the step it went back to is undone as well.
    await changeRow(/^lr /).waitFor({ state: 'detached' });
    await changeRow(/^dropout1\.p /).waitFor();
    expect(await lab.field('Learning rate').inputValue()).toBe('0.01');
  });

  test('a finished run cannot change, and stands paused once it is opened again', async () => {
    await lab.speed('full');
    await lab.bar('resume').click();
    await lab.finished();
    await lab.inspector.getByRole('paragraph').filter({ hasText: 'This run is over. Open it again' }).waitFor();
    expect(await lab.field('Dropout (p)').isDisabled()).toBe(true);
    await lab.inspector.getByRole('button', { name: 'Open again' }).click();
    await lab.run(1).getByText('Paused').waitFor();
    expect(await lab.field('Dropout (p)').isDisabled()).toBe(false);
    await lab.bar('stop').click();
    await lab.finished();
  });

  test('it is exported as a PyTorch script that makes the same change', async () => {
    await lab.inspector.getByRole('button', { name: 'Export…' }).click();
    const dialog = app.page.getByRole('dialog', { name: 'Export run 1, dropout' });
    await dialog.getByRole('radio', { name: 'PyTorch script', exact: true }).check();
    await dialog.getByRole('button', { name: 'Choose where…' }).click();
    const chooser = app.page.getByRole('dialog', { name: 'Export to' });
    expect(await chooser.getByRole('textbox', { name: 'File name' }).inputValue()).toBe('regression-dropout-1.py');
    await chooser.getByRole('button', { name: 'Save', exact: true }).click();
    await lab.navigator.getByText('Exported to regression-dropout-1.py').waitFor();
    const script = readFileSync(join(app.home, 'regression-dropout-1.py'), 'utf8');
    expect(script).toContain('torch.manual_seed(1)');
    expect(script).toMatch(/dropout1\.p = 0\.2/);
  });

  test('the same name again is asked about first', async () => {
    await lab.inspector.getByRole('button', { name: 'Export…' }).click();
    await app.page.getByRole('dialog').getByRole('button', { name: 'Choose where…' }).click();
    await app.page
      .getByRole('dialog', { name: 'Export to' })
      .getByRole('button', { name: 'Save', exact: true })
      .click();
    const question = app.page.getByRole('alertdialog', { name: 'Replace the file?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'hidden' });
  });

  test('the certificate’s window says that there is none yet, and offers to make one', async () => {
    await app.page.getByRole('button', { name: 'Certificate' }).click();
    const dialog = app.page.getByRole('dialog', { name: 'Numbers compared with PyTorch' });
    await dialog.getByText('This project has no certificate yet.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Compare now' }).isEnabled()).toBe(true);
    await app.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });
});
