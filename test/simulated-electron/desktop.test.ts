// The desktop app's real main process and real preload, run in the simulated Electron: from source, and as it was built.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findChromium, HOW_TO_GET_CHROMIUM } from '../config/chromium.ts';
import { named } from '../config/skip.ts';
import { EXAMPLES } from '../../assets/examples/index.ts';
import type { LabClient } from '../../main/contract/methods.ts';
import { createProjectFile } from '../../main/node/lab-files.ts';
import { bundle } from './bundle.ts';
import { launchSimulatedElectron, type LaunchOptions, type SimulatedElectron } from './launch.ts';

declare const labReady: Promise<LabClient>;

const root = resolve(import.meta.dirname, '../..');
const missing = findChromium() === null ? HOW_TO_GET_CHROMIUM : null;

let base: string;
let appFolder: string;
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'overfit-simulated-'));
  appFolder = join(base, 'app');
  const renderer = join(appFolder, 'out', 'renderer');
  mkdirSync(renderer, { recursive: true });
  cpSync(join(root, 'package.json'), join(appFolder, 'package.json'));
  writeFileSync(join(renderer, 'page.js'), await bundle(resolve(import.meta.dirname, 'contract-page.ts'), 'es'));
  writeFileSync(
    join(renderer, 'index.html'),
    '<!doctype html><title>page</title><script type="module" src="./page.js"></script>',
  );
});
afterAll(() => rmSync(base, { recursive: true }));

const launch = (home: string, options: Partial<LaunchOptions> = {}): Promise<SimulatedElectron> =>
  launchSimulatedElectron({
    home,
    main: join(root, 'main/electron/main.ts'),
    preload: join(root, 'main/electron/preload.ts'),
    appFolder,
    ...options,
  });
const info = (page: Page) => page.evaluate(async () => (await labReady).call('app.info', null));
const current = (page: Page) => page.evaluate(async () => (await labReady).call('project.current', null));

/** Resolves with the next event of a stream; subscribed when the returned function is made. */
async function nextChange(page: Page) {
  await page.evaluate(async () => {
    const lab = await labReady;
    const changed = new Promise((done) => lab.subscribe('project.changed', done));
    Object.assign(globalThis, { changed });
    // Calls are answered in order, so the subscription stands when this returns.
    await lab.call('app.info', null);
  });
  return () => page.evaluate(() => (globalThis as unknown as { changed: Promise<{ name: string }> }).changed);
}

describe.skipIf(missing !== null)(named('a running desktop app from source', missing), () => {
  let shared: SimulatedElectron;
  beforeAll(async () => {
    shared = await launch(mkdtempSync(join(base, 'home-')));
  });
  afterAll(() => shared.close());

  it('opens its window and answers the contract over the port', async () => {
    const { page, window } = shared;
    expect(await info(page)).toEqual({
      version: (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
      host: 'electron',
      hostReason: null,
      fileDialogs: 'native',
      platform: process.platform,
    });
    expect(await current(page)).toMatchObject({ untitled: true, readOnly: null });
    expect(window.facts.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
    });
  });

  it('exposes nothing to the page but that port', async () => {
    const { page } = shared;
    await info(page);
    const seen = await page.evaluate(() => ({
      isolated: crossOriginIsolated,
      names: ['require', 'process', 'electron', 'ipcRenderer', 'module', 'simulatedSend', 'simulatedRequire'].filter(
        (name) => name in globalThis,
      ),
    }));
    expect(seen).toEqual({ isolated: true, names: [] });
  });

  it('refuses to load, fetch or go anywhere else', async () => {
    const app = shared;
    const { page } = app;
    const before = page.url();
    await page.evaluate(() => {
      window.location.href = 'https://example.com/elsewhere';
    });
    await app.until(() => app.requests.some(({ url }) => url.includes('elsewhere')));
    const outcome = await page.evaluate(async () => {
      const image = new Image();
      const failed = new Promise<string>((done) => {
        image.onerror = () => done('refused');
        image.onload = () => done('loaded');
      });
      image.src = 'https://example.com/pixel.png';
      return [await failed, await fetch('https://example.com/data').then(String, () => 'refused')];
    });
    expect(outcome).toEqual(['refused', 'refused']);
    expect(page.url()).toBe(before);
    expect(await info(page)).toMatchObject({ host: 'electron' });
    const reached = app.requests.filter(({ url, blocked }) => !blocked && !url.startsWith('app://overfit/'));
    expect(reached).toEqual([]);
  });

  it('opens no second window for the page', async () => {
    const app = shared;
    const popup = app.page.waitForEvent('popup');
    await app.page.evaluate(() => void window.open('/index.html'));
    const opened = await popup;
    if (!opened.isClosed()) await opened.waitForEvent('close');
    expect(app.windows).toHaveLength(1);
    expect(await info(app.page)).toMatchObject({ host: 'electron' });
  });

  it('serves 404 for what is not part of the window', async () => {
    const { page } = shared;
    const statuses = await page.evaluate(() =>
      Promise.all(['/..%2f..%2fpackage.json', '/missing.js', '/page.js'].map(async (x) => (await fetch(x)).status)),
    );
    expect(statuses).toEqual([404, 404, 200]);
  });

  it('serves the page anew after it reloads itself', async () => {
    const { page } = shared;
    await info(page);
    await page.reload();
    expect(await info(page)).toMatchObject({ host: 'electron' });
  });

  it('trains in the utility process and streams what it measures', async () => {
    const { page } = shared;
    const summary = await page.evaluate(async () => {
      const lab = await labReady;
      const finished = new Promise<{ status: string; step: number }>((done) => {
        lab.subscribe('run.changed', (run) => {
          if (run.status === 'done' || run.status === 'failed') done({ status: run.status, step: run.step });
        });
      });
      const { experiments } = await lab.call('project.current', null);
      const [entry] = experiments;
      if (entry === undefined) throw new Error('the example holds no experiment');
      await lab.call('run.pace', { stepsPerSecond: null });
      await lab.call('run.start', {
        experimentId: entry.id,
        variants: ['overfitting'],
        seed: null,
        paused: false,
      });
      return finished;
    });
    expect(summary).toEqual({ status: 'done', step: 500 });
  });
});

describe.skipIf(missing !== null)(named('the life of the desktop app, from source', missing), () => {
  let home: string;
  let electron: SimulatedElectron | null = null;
  beforeEach(() => {
    home = mkdtempSync(join(base, 'home-'));
  });
  afterEach(async () => {
    await electron?.close();
    electron = null;
  });
  const start = async (options: Partial<LaunchOptions> = {}) => {
    electron = await launch(home, options);
    return electron;
  };

  it('saves under a name from the menu, and the page hears of it', async () => {
    const app = await start();
    const changed = await nextChange(app.page);
    app.answerDialog('save', { canceled: false, filePath: join(home, 'mine') });
    app.clickMenu('save-as');
    expect(await changed()).toMatchObject({ name: 'mine', untitled: false });
    expect(existsSync(join(home, 'mine.overfit'))).toBe(true);
    expect(app.dialogs.map(({ kind }) => kind)).toEqual(['save']);
    await app.until(() => JSON.stringify(app.menu).includes('mine — '));
  });

  it('offers another project that is chosen in the menu to the page, and opens nothing', async () => {
    const app = await start();
    await app.page.evaluate(async () => {
      const lab = await labReady;
      const offered = new Promise((done) => lab.subscribe('project.offered', done));
      Object.assign(globalThis, { offered });
      await lab.call('app.info', null);
    });
    const before = await current(app.page);
    createProjectFile(join(home, 'other.overfit'), [EXAMPLES.cnn], '1.0.0').close();
    app.answerDialog('open', { canceled: false, filePaths: [join(home, 'other.overfit')] });
    app.clickMenu('take');
    const seen = await app.page.evaluate(async () => {
      const { handle } = await (globalThis as unknown as { offered: Promise<{ handle: string }> }).offered;
      return (await labReady).call('project.look', { handle, source: null });
    });
    expect(seen).toMatchObject({ name: 'other', document: { name: 'cnn' } });
    expect(await current(app.page)).toEqual(before);
  });

  it('makes a new project from the menu', async () => {
    const app = await start();
    const first = await current(app.page);
    const changed = await nextChange(app.page);
    app.clickMenu('new');
    await changed();
    expect((await current(app.page)).handle).not.toBe(first.handle);
  });

  it('follows theme and language from the menu', async () => {
    const app = await start();
    expect(app.menu[0]?.label).toBe('File');
    app.clickMenu('language-zh-CN');
    await app.until(() => app.menu[0]?.label === '文件');
    app.clickMenu('theme-dark');
    await app.page.waitForFunction(() => matchMedia('(prefers-color-scheme: dark)').matches);
    expect(await app.page.evaluate(async () => (await labReady).call('settings.get', null))).toMatchObject({
      theme: 'dark',
      locale: 'zh-CN',
    });
  });

  it('says what is wrong with a file and stays where it is', async () => {
    const app = await start({ language: 'zh-CN' });
    const before = await current(app.page);
    writeFileSync(join(home, 'foreign.overfit'), 'not a project');
    app.openFile(join(home, 'foreign.overfit'));
    await app.until(() => app.dialogs.length > 0);
    expect(JSON.stringify(app.dialogs)).toContain('此文件不是 Overfit Lab 项目');
    expect(await current(app.page)).toEqual(before);
  });

  it('gives a second start’s file to the first', async () => {
    const app = await start();
    app.answerDialog('save', { canceled: false, filePath: join(home, 'kept.overfit') });
    const saved = await nextChange(app.page);
    app.clickMenu('save-as');
    await saved();
    const renewed = await nextChange(app.page);
    app.clickMenu('new');
    await renewed();
    const opened = await nextChange(app.page);
    expect(await app.startAgain(['kept.overfit'])).toBe(0);
    expect(await opened()).toMatchObject({ name: 'kept' });
    expect(app.windows).toHaveLength(1);
  });

  it('opens the file that it was started with, after everything was closed', async () => {
    const first = await start();
    first.answerDialog('save', { canceled: false, filePath: join(home, 'later.overfit') });
    const saved = await nextChange(first.page);
    first.clickMenu('save-as');
    await saved();
    expect(await first.quit()).toBe(0);
    await first.close();
    const second = await start({ args: [join(home, 'later.overfit')] });
    expect(await current(second.page)).toMatchObject({ name: 'later', untitled: false });
  });

  it('brings the window back after its process died, with everything kept', async () => {
    const app = await start();
    const before = await current(app.page);
    app.answerDialog('message', { response: 0 });
    await app.crashPage();
    await app.until(() => app.window.loads === 2);
    expect(JSON.stringify(app.dialogs)).toContain('crashed');
    expect(await current(app.page)).toEqual(before);
  });

  it('stops and stores what runs before it quits', async () => {
    const app = await start();
    await app.page.evaluate(async () => {
      const lab = await labReady;
      const { experiments } = await lab.call('project.current', null);
      const started = new Promise<void>((done) => {
        lab.subscribe('run.progressed', ({ step }) => {
          if (step > 0) done();
        });
      });
      await lab.call('run.pace', { stepsPerSecond: 20 });
      await lab.call('run.start', {
        experimentId: experiments[0]?.id ?? '',
        variants: ['dropout'],
        seed: null,
        paused: false,
      });
      await started;
    });
    expect(await app.quit()).toBe(0);
    await app.close();
    const again = await start();
    const runs = await again.page.evaluate(async () => (await labReady).call('run.list', null));
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ variant: 'dropout', status: 'stopped', resumable: true });
    expect(runs[0]?.step).toBeGreaterThan(0);
  });

  it('ends with its last window and keeps the window’s place', async () => {
    const app = await start();
    app.closeWindow();
    expect(await app.exited).toBe(0);
    expect(JSON.parse(readFileSync(join(home, 'chromium', 'window.json'), 'utf8'))).toMatchObject({
      width: 1360,
      height: 860,
      maximized: false,
    });
  });
});

describe.skipIf(missing !== null)(named('the desktop app as it was built', missing), () => {
  it('shows the lab, loads only its own files, and breaks none of its own rules', async () => {
    const app = await launchSimulatedElectron({ home: mkdtempSync(join(base, 'home-')) });
    onTestFinished(() => app.close());
    const complaints: string[] = [];
    app.page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await app.page.reload();
    await app.page.getByRole('button', { name: 'Run', exact: false }).first().waitFor();
    expect(await app.page.title()).toContain('Overfit Lab');
    expect(complaints).toEqual([]);
    expect(app.requests.filter(({ url }) => !url.startsWith('app://overfit/'))).toEqual([]);
    expect(await app.quit()).toBe(0);
    expect(app.dialogs).toEqual([]);
  });
});
