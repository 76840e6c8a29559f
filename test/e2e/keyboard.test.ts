// The whole path without a mouse: everything can be reached with Tab and shows its focus, and every deed has its keys.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeHosts, pageLaunchers, type App } from './driver.ts';
import { LabPage, VARIANTS } from './lab-page.ts';

/** What has the focus: its role-like name, and whether the eye can tell. */
interface Focus {
  readonly name: string;
  readonly visible: boolean;
}

describeHosts('keyboard', pageLaunchers, (host) => {
  let app: App;
  let lab: LabPage;
  beforeAll(async () => {
    app = await host.start();
    lab = new LabPage(app.page);
    await lab.status.getByText('Engine ready').waitFor();
  });
  afterAll(() => host.quit(app));

  const press = (keys: string) => app.page.keyboard.press(keys);
  const focus = () =>
    app.page.evaluate((): Focus => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return { name: '', visible: true };
      const label =
        element instanceof HTMLInputElement || element instanceof HTMLSelectElement
          ? element.labels?.[0]?.textContent
          : null;
      const name = element.getAttribute('aria-label') ?? label ?? element.textContent;
      // A mark on the element, on what frames it, or on the part that stands for it must go when the focus goes.
      const marks = () =>
        [element, element.parentElement, element.nextElementSibling]
          .filter((x) => x !== null)
          .map((x) => getComputedStyle(x))
          .map((x) => [x.outlineStyle, x.outlineWidth, x.outlineColor, x.boxShadow, x.borderColor].join(' '))
          .join('|');
      const before = marks();
      element.blur();
      const after = marks();
      element.focus({ preventScroll: true });
      return { name: name.trim(), visible: before !== after };
    });
  /** Presses Tab until `name` has the focus. */
  const tabTo = async (name: string | RegExp, key = 'Tab') => {
    const seen: string[] = [];
    for (;;) {
      await press(key);
      const now = (await focus()).name;
      if (typeof name === 'string' ? now === name : name.test(now)) return;
      seen.push(now);
      if (seen.length > 150) throw new Error(`Tab never reaches ${String(name)}: ${seen.join(', ')}`);
    }
  };

  test('Tab reaches every control, and each one shows that it has the focus', async () => {
    const seen: Focus[] = [];
    do {
      await press('Tab');
      seen.push(await focus());
    } while (seen.length < 150 && (seen.length < 2 || seen.at(-1)?.name !== seen[0]?.name));
    const names = seen.map(({ name }) => name);
    expect(names[0]).toBe('Skip to the charts');
    for (const name of ['Project', 'Keyboard shortcuts', 'Preferences', 'Run', 'Step', 'Formula in use', 'Zoom in'])
      expect(names).toContain(name);
    for (const variant of VARIANTS) {
      expect(names).toContain(`Name of variant ${variant}`);
      for (const knob of ['p', 'λ₁', 'λ₂', 'rate']) expect(names).toContain(`${knob} of ${variant}`);
      expect(names).toContain(`More for ${variant}`);
    }
    for (const field of ['Points', 'Noise', 'Seed', 'Width', 'Steps', 'Optimizer', 'Learning rate'])
      expect(names).toContain(field);
    expect(seen.filter(({ visible }) => !visible)).toEqual([]);
  });

  test('run, change a value, run again', async () => {
    await tabTo('Steps');
    await app.page.keyboard.type('30');
    await press('Enter');
    await tabTo(/^Watch/, 'Shift+Tab');
    await press('ArrowRight');
    await tabTo('Run', 'Shift+Tab');
    await press('Enter');
    await lab.run(5).waitFor();
    await lab.finished();
    await tabTo('Width');
    await app.page.keyboard.type('20');
    await press('ArrowUp');
    expect(await lab.field('Width').inputValue()).toBe('30');
    await press('Control+Enter');
    await lab.run(10).waitFor();
    await lab.finished();
    await lab
      .fit('20 train points and 20 test points; fitted curves: overfitting, dropout, L1, L2, combined.')
      .waitFor();
  });

  test('the project menu opens, is walked through, and gives the focus back', async () => {
    await tabTo('Project');
    await press('Enter');
    await app.page.getByRole('menuitem', { name: /^Points on a line/ }).waitFor();
    await press('ArrowDown');
    await app.page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitem');
    await press('Escape');
    await app.page.getByRole('menu').waitFor({ state: 'hidden' });
    expect((await focus()).name).toBe('Project');
  });

  test('the list of shortcuts opens with ? and names every one', async () => {
    await press('?');
    const list = app.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    for (const deed of ['Run the chosen variants', 'Pause or resume', 'Take one step', 'Stop', 'Open a project'])
      await list.getByText(deed, { exact: true }).waitFor();
    await press('Escape');
    await list.waitFor({ state: 'hidden' });
  });

  test('step, stop, undo and redo have keys', async () => {
    await app.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await press('.');
    await lab.run(11).getByText('Paused').waitFor();
    await press('Control+.');
    await lab.run(11).getByText('Stopped').waitFor();
    await press('Control+z');
    expect(await lab.field('Width').inputValue()).toBe('300');
    await press('Control+Shift+z');
    expect(await lab.field('Width').inputValue()).toBe('30');
  });

  test('the language changes from the preferences', async () => {
    await tabTo('Preferences');
    await press('Enter');
    await app.page.getByRole('dialog', { name: 'Preferences' }).waitFor();
    await tabTo(/As the system|English/);
    await press('ArrowRight');
    await press('ArrowRight');
    await app.page.getByRole('dialog', { name: '偏好设置' }).waitFor();
    await press('Escape');
    await app.page.getByRole('button', { name: '运行', exact: true }).waitFor();
  });
});
