// The lab's main path on every host: it opens on the example, trains it, and its numbers are the command line's.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatValue } from '../../renderer/model/chart-axis.ts';
import { makeFolder, reportOf, type Folder } from '../cli/overfit.ts';
import { describeHosts, launchers, type App } from './driver.ts';
import { enginePid } from './engine-child.ts';
import { LabPage, VARIANTS } from './lab-page.ts';

let folder: Folder;
/** Final test losses of the command line, as the window writes numbers. */
let expected: ReadonlyMap<string, string>;
beforeAll(async () => {
  folder = makeFolder();
  const { runs } = reportOf(await folder.overfit('run', 'regression', '--json', '--quiet'));
  expected = new Map(runs.map(({ variant, final }) => [variant, formatValue(final?.test?.loss ?? Number.NaN)]));
});
afterAll(() => folder.remove());

describeHosts('training', launchers, (host) => {
  let app: App;
  let lab: LabPage;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
  });
  afterAll(() => host.quit(app));

  test('it opens on the example, laid out, with the points drawn', async () => {
    await lab.fit('20 train points and 20 test points; nothing fitted yet.').waitFor();
    for (const variant of VARIANTS) expect(await lab.variant(variant).isChecked()).toBe(true);
    expect(await lab.field('p of dropout').inputValue()).toBe('0.5');
    expect(await lab.field('Steps').inputValue()).toBe('500');
    expect(await lab.bar('run').isEnabled()).toBe(true);
    expect(await lab.bar('stop').isEnabled()).toBe(false);
    await lab.status.getByText('Engine ready').waitFor();
    await lab.runs(0);
  });

  test('Run trains every variant; its numbers are those of `overfit run regression`', async () => {
    await lab.speed('full');
    await lab.bar('run').click();
    await lab.work.getByRole('img', { name: /overfitting, test: .* at step/ }).waitFor();
    await lab.finished();
    await lab.fit(`20 train points and 20 test points; fitted curves: ${VARIANTS.join(', ')}.`).waitFor();
    const shown = await Promise.all(VARIANTS.map(async (x) => [x, await lab.testLoss(x)] as const));
    expect(new Map(shown)).toEqual(expected);
    for (const [i, variant] of VARIANTS.entries())
      await lab
        .run(i + 1)
        .getByText(expected.get(variant) ?? '')
        .waitFor();
    // The chart's table follows once a second.
    for (const variant of VARIANTS)
      await lab.page.getByRole('row', { name: new RegExp(`^${variant} test 500 `) }).waitFor();
    const finals = (await lab.losses()).filter(([, split, step]) => split === 'test' && step === '500');
    expect(new Map(finals.map(([variant = '', , , value = '']) => [variant, value]))).toEqual(expected);
  });

  test('Pause holds, Step takes exactly one step, Resume goes on, Stop keeps what is there', async () => {
    await lab.choose('overfitting');
    await lab.speed('slow');
    await lab.bar('run').click();
    await lab.progress('overfitting').waitFor();
    await lab.bar('pause').click();
    await lab.run(6).getByText('Paused').waitFor();
    const paused = await settledStep(lab);
    for (const more of [1, 2]) {
      await lab.bar('step').click();
      expect(await stepAfter(lab, paused + more - 1)).toBe(paused + more);
    }
    await lab.bar('resume').click();
    expect(await stepAfter(lab, paused + 2)).toBeGreaterThan(paused + 2);
    await lab.bar('stop').click();
    await lab
      .run(6)
      .getByText(/Stopped\s+\d+ of 500/)
      .waitFor();
    expect(await lab.bar('stop').isEnabled()).toBe(false);
  });

  test('a stopped run continues to the same end as one that was never stopped', async () => {
    await lab.speed('full');
    await lab.run(6).getByRole('button', { name: 'Continue run 6, overfitting' }).click();
    await lab.progress('overfitting').waitFor();
    await lab.finished();
    await lab
      .run(6)
      .getByText(expected.get('overfitting') ?? '')
      .waitFor();
    expect(await lab.run(6).getByText('Stopped').count()).toBe(0);
  });

  test('Step starts the variants paused when nothing is running', async () => {
    await lab.bar('step').click();
    await lab.run(7).getByText('Paused').waitFor();
    expect(await settledStep(lab)).toBe(0);
    await lab.bar('step').click();
    expect(await stepAfter(lab, 0)).toBe(1);
    await lab.bar('stop').click();
    await lab
      .run(7)
      .getByText(/Stopped\s+1 of 500/)
      .waitFor();
  });

  test('an engine that is killed in the middle of a run is said, replaced, and the run goes on to the same end', async () => {
    await lab.speed('slow');
    await lab.bar('run').click();
    expect(await stepAfter(lab, 3)).toBeGreaterThan(3);
    const engine = enginePid(app.pid);
    process.kill(engine, 'SIGKILL');
    const said = lab.notices.getByText('The training engine stopped unexpectedly');
    await said.waitFor();
    await lab
      .run(8)
      .getByText(/Interrupted\s+\d+ of 500/)
      .waitFor();
    await lab.status.getByText('Engine ready').waitFor();
    // It stands until it is read, though the engine is back at once.
    await said.waitFor();
    await lab.notices.getByRole('button', { name: 'Dismiss' }).click();
    await said.waitFor({ state: 'detached' });
    await lab.speed('full');
    await lab.run(8).getByRole('button', { name: 'Continue run 8, overfitting' }).click();
    await lab.progress('overfitting').waitFor();
    await lab.finished();
    await lab
      .run(8)
      .getByText(expected.get('overfitting') ?? '')
      .waitFor();
    expect(await lab.run(8).getByText('Interrupted').count()).toBe(0);
    // What was there before the engine died is untouched.
    await lab.runs(8);
  });
});

/** The step of the paused run, once the foot of the window has caught up with it: it looks four times a second. */
async function settledStep(lab: LabPage): Promise<number> {
  await lab.status.getByText('Paused').waitFor();
  await lab.page.waitForTimeout(600);
  return lab.step('overfitting');
}

/** The first step that the window shows beyond `step`. */
async function stepAfter(lab: LabPage, step: number): Promise<number> {
  const bar = lab.progress('overfitting');
  await bar.waitFor();
  const handle = await bar.elementHandle();
  await lab.page.waitForFunction(([x, from]) => (x as HTMLProgressElement).value > (from as number), [
    handle,
    step,
  ] as const);
  return lab.step('overfitting');
}
