// What was there before the app ended is there when it starts again, whether it was told to end or was killed in the middle of a run.
import { expect, test } from 'vitest';
import { describeHosts, launchers } from './driver.ts';
import { LabPage } from './lab-page.ts';

describeHosts('closing at once', launchers, (host) => {
  test('what was typed last is stored', async () => {
    const first = await host.start();
    await new LabPage(first.page).set('Noise', 0.2);
    await host.quit(first);
    const second = await host.start({ home: first.home });
    expect(await new LabPage(second.page).field('Noise').inputValue()).toBe('0.2');
    await host.quit(second);
  });
});

describeHosts('starting again', launchers, (host) => {
  test('project, edits, runs and curves are found again', async () => {
    const first = await host.start();
    let lab = new LabPage(first.page);
    await lab.set('Steps', 40);
    await lab.set('Width', 60);
    await lab.set('Noise', 0.2);
    await lab.choose('overfitting', 'L2');
    await lab.train();
    await lab.page.getByRole('row', { name: /^L2 test 40 / }).waitFor();
    const name = await lab.projectName(/./).textContent();
    const losses = await lab.losses();
    expect(losses).toHaveLength(4);
    await host.quit(first);

    const second = await host.start({ home: first.home });
    lab = new LabPage(second.page);
    expect(await lab.projectName(/./).textContent()).toBe(name);
    expect(await lab.field('Width').inputValue()).toBe('60');
    expect(await lab.field('Noise').inputValue()).toBe('0.2');
    await lab.fit(/fitted curves: overfitting, L2\.$/).waitFor();
    await lab.page.getByRole('row', { name: /^L2 test 40 / }).waitFor();
    expect(await lab.losses()).toEqual(losses);
    await host.quit(second);
  });

  test('killed in the middle of a run: the run is marked interrupted and continues to its end', async () => {
    const first = await host.start();
    let lab = new LabPage(first.page);
    await lab.choose('L1');
    await lab.speed('watch');
    await lab.bar('run').click();
    // The first checkpoint lies at step 100.
    await lab.progress('L1').waitFor();
    await first.page.waitForFunction(
      () => (document.querySelector('footer progress') as HTMLProgressElement).value > 250,
    );
    await host.kill(first);

    const second = await host.start({ home: first.home });
    lab = new LabPage(second.page);
    const said = await lab
      .run(1)
      .getByText(/Interrupted\s+\d+ of 500/)
      .textContent();
    expect(Number(/(\d+) of/.exec(said ?? '')?.[1])).toBeGreaterThan(0);
    await lab.fit(/fitted curves: L1\.$/).waitFor();
    await lab.speed('full');
    await lab.run(1).getByRole('button', { name: 'Continue run 1, L1' }).click();
    await lab.run(1).getByText('Interrupted').waitFor({ state: 'hidden' });
    await lab.finished();
    await lab.page.getByRole('row', { name: /^L1 test 500 / }).waitFor();
    await host.quit(second);
  });
});
