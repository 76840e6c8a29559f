// Language and appearance change while the app runs, are stored, and are found again by the next start.
import { expect, test } from 'vitest';
import { describeHosts, launchers } from './driver.ts';
import { LabPage } from './lab-page.ts';

describeHosts('preferences', launchers, (host) => {
  test('language and theme switch live and are kept over a restart', async () => {
    const first = await host.start({ locale: 'en', theme: 'light' });
    const { page } = first;
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Preferences' }).click();
    await page.getByRole('radio', { name: '简体中文' }).check();
    await page.getByRole('dialog', { name: '偏好设置' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await page.getByRole('radio', { name: '深色' }).check();
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    expect(await background()).not.toBe(light);
    const dark = await background();
    await page.keyboard.press('Escape');
    await new LabPage(page, 'zh-CN').bar('run').waitFor();
    await host.quit(first);

    const second = await host.start({ home: first.home, locale: 'en', theme: 'light' });
    await new LabPage(second.page, 'zh-CN').bar('run').waitFor();
    expect(await second.page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    expect(await second.page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(dark);
    await host.quit(second);
  });

  test('without a choice it follows the system', async () => {
    const app = await host.start({ locale: 'zh-CN', theme: 'dark' });
    await new LabPage(app.page, 'zh-CN').bar('run').waitFor();
    expect(await app.page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await host.quit(app);
  });
});
