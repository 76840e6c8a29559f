// One driver for every end-to-end spec, with a launcher per host. A spec gets a page and ways to act on the host, not the host itself.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumArgs, findChromium, HOW_TO_GET_CHROMIUM } from '../config/chromium.ts';

export const root = join(import.meta.dirname, '../..');

export interface App {
  readonly page: Page;
  /** The app's data folder; a second launch with the same one finds everything again. */
  readonly home: string;
  /** Ends it as a person would (Ctrl-C or quit); resolves with the exit code. */
  quit(): Promise<number | null>;
  /** Ends the app's whole process tree at once, as a crash would. */
  kill(): Promise<void>;
  /** Process id of the host. */
  readonly pid: number;
}

export interface LaunchOptions {
  readonly home?: string;
  readonly locale?: 'en' | 'zh-CN';
  readonly theme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly file?: string;
}

export interface Launcher {
  readonly name: string;
  /** Why it cannot be used here, or null. */
  readonly missing: string | null;
  launch(options?: LaunchOptions): Promise<App>;
}

export const temporaryHome = () => mkdtempSync(join(tmpdir(), 'overfit-e2e-'));

/** The line that the loopback host prints when it is ready. */
const READY = /^Overfit Lab is ready at (http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+)/m;

/** Waits for the ready line. @throws with everything the host said when it ends before. */
function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const url = READY.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.on('exit', (code) => reject(new Error(`the host ended (${code}) before it was ready:\n${said}`)));
  });
}

const exited = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.on('exit', (code) => resolve(code)));

export async function openPage(options: LaunchOptions): Promise<{ browser: Browser; page: Page }> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(HOW_TO_GET_CHROMIUM);
  const browser = await chromium.launch({ executablePath, args: chromiumArgs() });
  const context = await browser.newContext({
    locale: options.locale ?? 'en',
    colorScheme: options.theme ?? 'light',
    viewport: options.viewport ?? { width: 1280, height: 720 },
  });
  return { browser, page: await context.newPage() };
}

/** The loopback host from the build, driven in headless Chromium. */
export const browserHost: Launcher = {
  name: 'browser host in Chromium',
  missing: findChromium() === null ? HOW_TO_GET_CHROMIUM : null,
  async launch(options = {}) {
    const home = options.home ?? temporaryHome();
    mkdirSync(home, { recursive: true });
    const entry = join(root, 'out/main/browser.js');
    if (!existsSync(entry)) throw new Error('out/main/browser.js is missing: run `npm run build`');
    const child = spawn(process.execPath, [entry, '--no-open', ...(options.file === undefined ? [] : [options.file])], {
      env: { ...process.env, OVERFIT_HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    const url = await readyUrl(child);
    const { browser, page } = await openPage(options);
    await page.goto(url);
    return {
      page,
      home,
      pid: child.pid as number,
      async quit() {
        await browser.close();
        child.kill('SIGINT');
        return exited(child);
      },
      async kill() {
        process.kill(process.platform === 'win32' ? (child.pid as number) : -(child.pid as number), 'SIGKILL');
        await exited(child);
        await browser.close();
      },
    };
  },
};

export function removeHome(home: string): void {
  rmSync(home, { recursive: true, force: true });
}
