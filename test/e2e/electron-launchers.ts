// Launchers of the desktop app as it was built: in the simulated Electron, and in the real one when its binary is there.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { findChromium, HOW_TO_GET_CHROMIUM } from '../config/chromium.ts';
import { launchSimulatedElectron } from '../simulated-electron/launch.ts';
import type { App, Launcher } from './driver.ts';
import { chooseAFile, chooseFromMenu } from './lab-page.ts';
import { pageComplaints } from './page-complaints.ts';

const root = join(import.meta.dirname, '../..');

export const simulatedElectron: Launcher = {
  name: 'simulated Electron',
  missing: findChromium() === null ? HOW_TO_GET_CHROMIUM : null,
  async launch({ home, locale = 'en', theme = 'light', file }): Promise<App> {
    const app = await launchSimulatedElectron({
      home,
      language: locale === 'en' ? 'en-US' : locale,
      dark: theme === 'dark',
      ...(file === undefined ? {} : { args: [file] }),
    });
    const { page } = app;
    await page.setViewportSize({ width: 1280, height: 720 });
    return {
      page,
      home,
      pid: app.pid,
      async saveAs(name) {
        app.answerDialog('save', { canceled: false, filePath: join(home, name) });
        await chooseFromMenu(page, 'Project', /^Save as…/);
      },
      async open(name) {
        app.answerDialog('open', { canceled: false, filePaths: [join(home, name)] });
        await chooseFromMenu(page, 'Project', /^Open…/);
      },
      async chooseToImport(name) {
        app.answerDialog('open', { canceled: false, filePaths: [join(home, name)] });
        await chooseAFile(page);
      },
      nativeMessages: () => JSON.stringify(app.dialogs.filter(({ kind }) => kind === 'message' || kind === 'error')),
      complaints: () => pageComplaints(page),
      async quit() {
        const code = await app.quit();
        await app.close();
        return code;
      },
      async kill() {
        await app.kill();
        await app.close();
      },
    };
  },
};

/** @returns path of the binary, or null when it was never downloaded. Asking the package itself would download it. */
function electronBinary(): string | null {
  const folder = join(root, 'node_modules/electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

function whyNoElectron(): string | null {
  if (electronBinary() === null) return "Electron's binary is not installed";
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY ? 'no display for Electron was found' : null;
}

export const electron: Launcher = {
  name: 'Electron',
  missing: whyNoElectron(),
  async launch({ home, locale = 'en', theme = 'light', file }): Promise<App> {
    mkdirSync(home, { recursive: true });
    const executablePath = electronBinary();
    if (executablePath === null) throw new Error('the binary of Electron is gone');
    const app = await _electron.launch({
      executablePath,
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--lang=${locale}`,
        root,
        ...(file === undefined ? [] : [file]),
      ],
      colorScheme: theme,
      env: { ...process.env, OVERFIT_HOME: join(home, '.overfit-lab'), HOME: home, LANG: `${locale}.UTF-8` },
    });
    const page = await app.firstWindow();
    const process_ = app.process();
    // Native dialogs cannot be driven: the answers of the next one are put in its place.
    const answer = (dialog: 'showSaveDialog' | 'showOpenDialog', path: string) =>
      app.evaluate(
        (modules, { dialog: name, path: file_ }) => {
          Object.assign(modules.dialog, {
            [name]: () => Promise.resolve({ canceled: false, filePath: file_, filePaths: [file_] }),
          });
        },
        { dialog, path },
      );
    return {
      page,
      home,
      pid: process_.pid ?? 0,
      async saveAs(name) {
        await answer('showSaveDialog', join(home, name));
        await chooseFromMenu(page, 'Project', /^Save as…/);
      },
      async open(name) {
        await answer('showOpenDialog', join(home, name));
        await chooseFromMenu(page, 'Project', /^Open…/);
      },
      async chooseToImport(name) {
        await answer('showOpenDialog', join(home, name));
        await chooseAFile(page);
      },
      nativeMessages: () => '',
      complaints: () => pageComplaints(page),
      async quit() {
        await app.close();
        return process_.exitCode;
      },
      async kill() {
        const ended = app.waitForEvent('close');
        process_.kill('SIGKILL');
        await ended;
      },
    };
  },
};
