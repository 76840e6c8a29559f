// How the app looks and reads in both languages and both themes: axe on every state, dialog and menu, and pictures of the states;
// then every view of every place, at the smallest window and at the largest. The window is the same on every host, so one host shows
// it. Pictures go to test/e2e/results; the README's only when OVERFIT_WRITE_SCREENSHOTS=1.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeSource, violations } from './accessibility.ts';
import { browserHost } from './browser-launcher.ts';
import { describeHosts, type App } from './driver.ts';
import { LabPage } from './lab-page.ts';
import { layoutFaults } from './layout-faults.ts';
import { Tour, VIEWS } from './views-of-places.ts';

const SMALL = { width: 1280, height: 720 };
const LARGE = { width: 3840, height: 2160 };

const results = join(import.meta.dirname, 'results');
const readmePicture =
  process.env['OVERFIT_WRITE_SCREENSHOTS'] === '1'
    ? join(import.meta.dirname, '../../assets/screenshots/regression-light-en.png')
    : join(results, 'regression-light-en.png');

describeHosts('looks', [browserHost], (host) => {
  describe.each([
    ['en', 'light'],
    ['en', 'dark'],
    ['zh-CN', 'light'],
    ['zh-CN', 'dark'],
  ] as const)('%s, %s', (locale, theme) => {
    let app: App;
    let lab: LabPage;
    beforeAll(async () => {
      app = await host.start({ locale, theme });
      lab = new LabPage(app.page, locale);
      await app.page.evaluate(axeSource);
      mkdirSync(results, { recursive: true });
    });
    afterAll(() => host.quit(app));
    const t: LabPage['words']['text'] = (key, ...params) => lab.words.text(key, ...params);
    const picture = async (state: string) => {
      await app.page.mouse.move(640, 5);
      await app.page.screenshot({ path: join(results, `${state}-${theme}-${locale}.png`), animations: 'disabled' });
    };
    const press = (name: string) => app.page.getByRole('button', { name, exact: true }).click();

    test('at the start', async () => {
      await lab.fit(t('fit.describeNone', { train: 20, test: 20 })).waitFor();
      expect(await violations(app.page)).toEqual([]);
      await picture('start');
    });

    test('after a run', async () => {
      await lab.train();
      const names = 'overfitting, dropout, L1, L2, combined';
      await lab
        .fit(t('fit.describe', { train: 20, test: 20, curves: names }))
        .waitFor()
        .catch(async (error) => {
          throw new Error(await lab.work.ariaSnapshot(), { cause: error });
        });
      await app.page
        .getByRole('row', { name: /^combined .* 500 / })
        .first()
        .waitFor();
      expect(await violations(app.page)).toEqual([]);
      await picture('finished');
      if (locale === 'en' && theme === 'light') {
        mkdirSync(dirname(readmePicture), { recursive: true });
        await app.page.screenshot({ path: readmePicture, animations: 'disabled' });
      }
    });

    test('while it trains', async () => {
      await lab.speed('slow');
      await lab.bar('run').click();
      await lab.progress('overfitting').waitFor();
      // Pressed, it is grey until all runs have begun; on its way back to its colour it is nobody's choice.
      await expect.poll(() => lab.bar('run').getAttribute('aria-disabled')).toBeNull();
      expect(await violations(app.page)).toEqual([]);
      await lab.bar('stop').click();
      await lab.finished();
    });

    test('a run’s details', async () => {
      await lab.run(1).getByRole('button', { name: 'overfitting', exact: true }).click();
      await lab.inspector.getByText(t('details.computed')).waitFor();
      expect(await violations(app.page)).toEqual([]);
      await picture('details');
      await press(t('details.back'));
    });

    test('a wrong value', async () => {
      const label = t('variants.cell', { knob: t('variants.p'), variant: 'dropout' });
      await lab.set(label, '1.5');
      await lab.set(t('data.points'), '1');
      await lab.work.getByText(t('bar.invalid')).filter({ visible: true }).first().waitFor();
      expect(await violations(app.page)).toEqual([]);
      await picture('error');
      // One for each of the two.
      await press(t('action.undo'));
      await press(t('action.undo'));
      await lab.work.getByText(t('bar.invalid')).filter({ visible: true }).first().waitFor({ state: 'hidden' });
    });

    test.each([
      ['preferences', 'settings.open'],
      ['shortcuts', 'shortcuts.open'],
      ['certificate', 'parity.open'],
      ['dialog', 'variants.formula'],
    ] as const)('the dialog: %s', async (name, key) => {
      await press(t(key));
      await app.page.getByRole('dialog').waitFor();
      expect(await violations(app.page, '[role=dialog]')).toEqual([]);
      if (name === 'dialog') await picture('dialog');
      await app.page.keyboard.press('Escape');
      await app.page.getByRole('dialog').waitFor({ state: 'hidden' });
    });

    test.each([
      ['open', 'Control+o'],
      ['save', 'Control+Shift+s'],
    ])('the chooser: %s', async (_, keys) => {
      await app.page.keyboard.press(keys);
      await app.page.getByRole('dialog').waitFor();
      expect(await violations(app.page, '[role=dialog]')).toEqual([]);
      await app.page.keyboard.press('Escape');
      await app.page.getByRole('dialog').waitFor({ state: 'hidden' });
    });

    test('a question', async () => {
      await lab.run(6).hover();
      await press(t('runs.delete', { number: 6, variant: 'overfitting' }));
      await app.page.getByRole('alertdialog').waitFor();
      expect(await violations(app.page, '[role=alertdialog]')).toEqual([]);
      await press(t('action.cancel'));
      await app.page.getByRole('alertdialog').waitFor({ state: 'hidden' });
      expect(await lab.run(6).count()).toBe(1);
    });

    test.each(['project', 'variant'] as const)('the menu: %s', async (name) => {
      await press(name === 'project' ? t('project.menu') : t('variants.menu', { variant: 'L1' }));
      await app.page.getByRole('menu').waitFor();
      expect(await violations(app.page, '[role=menu]')).toEqual([]);
      await app.page.keyboard.press('Escape');
      await app.page.getByRole('menu').waitFor({ state: 'hidden' });
    });

    // Colours go by the theme and room by the words: two of the four show both of each.
    const isWalked = (locale === 'en') === (theme === 'light');
    test.each(isWalked ? VIEWS : [])('the view: $name', async ({ name, dialog, come }) => {
      await come(new Tour(app, lab));
      expect(await violations(app.page, dialog ? '[role=dialog]' : 'html')).toEqual([]);
      expect(await layoutFaults(app.page)).toEqual([]);
      await picture(name);
      await app.page.setViewportSize(LARGE);
      expect(await layoutFaults(app.page)).toEqual([]);
      await picture(`${name}-4k`);
      await app.page.setViewportSize(SMALL);
    });
  });
});
