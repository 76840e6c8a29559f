// Launcher of the loopback host: its process, and its page in headless Chromium.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumArgs, findChromium, HOW_TO_GET_CHROMIUM } from '../config/chromium.ts';
import type { App, Launcher } from './driver.ts';
import { HostProcess } from './host-process.ts';
import { chooseToImport, chooseToOpen, chooseToSave } from './in-page-chooser.ts';
import { pageComplaints } from './page-complaints.ts';

export const browserHost: Launcher = {
  name: 'browser host in Chromium',
  missing: findChromium() === null ? HOW_TO_GET_CHROMIUM : null,
  async launch({ home, locale = 'en', theme = 'light', touch = false, file }): Promise<App> {
    const executablePath = findChromium();
    if (executablePath === null) throw new Error(HOW_TO_GET_CHROMIUM);
    mkdirSync(home, { recursive: true });
    const host = new HostProcess(join(home, '.overfit-lab'), file === undefined ? [] : [file], {
      HOME: home,
      USERPROFILE: home,
    });
    const link = await host.link();
    const browser = await chromium.launch({ executablePath, args: chromiumArgs() });
    const context = await browser.newContext({
      locale,
      colorScheme: theme,
      viewport: { width: 1280, height: 720 },
      hasTouch: touch,
    });
    const page = await context.newPage();
    await page.goto(link.href);
    return {
      page,
      home,
      pid: host.pid,
      saveAs: (name) => chooseToSave(page, name),
      open: (name) => chooseToOpen(page, name),
      chooseToImport: (name) => chooseToImport(page, name),
      nativeMessages: () => '',
      complaints: async () => [...(await pageComplaints(page)), ...host.stderr.split('\n').filter((x) => x !== '')],
      async quit() {
        // As a person closes a window: it may still store what was typed last.
        const closed = page.waitForEvent('close');
        await page.close({ runBeforeUnload: true });
        await closed;
        await browser.close();
        return host.interrupt();
      },
      async kill() {
        await host.kill();
        await browser.close();
      },
    };
  },
};
