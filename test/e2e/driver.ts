// One driver for every end-to-end spec: what a spec may do with the running app, whichever host runs it, and the hosts there are.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe } from 'vitest';
import { named } from '../config/skip.ts';
import { browserHost } from './browser-launcher.ts';
import { electron, simulatedElectron } from './electron-launchers.ts';

export interface App {
  readonly page: Page;
  /** The person's home folder; a second launch with the same one finds everything again. */
  readonly home: string;
  /** Process id of the host. */
  readonly pid: number;
  /** Saves the project as `name` in the home folder, through the host's own way of choosing files. */
  saveAs(name: string): Promise<void>;
  /** Opens the file `name` of the home folder in the same way. */
  open(name: string): Promise<void>;
  /** Chooses the file `name` of the home folder in the window of the import. */
  chooseToImport(name: string): Promise<void>;
  /** The app's own messages outside the page, as text. */
  nativeMessages(): string;
  /** Console errors and warnings and page errors so far. */
  complaints(): Promise<readonly string[]>;
  /** Ends it as a person would (Ctrl-C or quit); resolves with the exit code. */
  quit(): Promise<number | null>;
  /** Ends the app's processes at once, as a crash would. */
  kill(): Promise<void>;
}

export interface LaunchOptions {
  readonly home?: string;
  readonly locale?: 'en' | 'zh-CN';
  readonly theme?: 'light' | 'dark';
  /** The screen is touched; where the page is what decides. */
  readonly touch?: boolean;
  /** A project file to open, absolute. */
  readonly file?: string;
}

export interface Launcher {
  readonly name: string;
  /** Why it cannot be used here, or null. */
  readonly missing: string | null;
  launch(options: LaunchOptions & { readonly home: string }): Promise<App>;
}

/** How long a spec waits for what must come; well below a test's own limit, so that the message names what is missing. */
const PATIENCE_MS = 20_000;

export const launchers: readonly Launcher[] = [browserHost, simulatedElectron, electron];
/** For what only the page decides, which the simulation would show a second time: it runs what passes through the host. */
export const pageLaunchers: readonly Launcher[] = [browserHost, electron];

/** The specs' hold of one host: what they started in it is ended, and its homes are removed, when they are through. */
export class Host {
  readonly launcher: Launcher;
  readonly #homes: string[] = [];
  readonly #running = new Set<App>();

  constructor(launcher: Launcher) {
    this.launcher = launcher;
  }

  /** A fresh home folder. */
  home(): string {
    // Chromium and SQLite resolve links; a home without any can be compared.
    const home = mkdtempSync(join(tmpdir(), 'overfit-e2e-'));
    this.#homes.push(home);
    return home;
  }

  /** @returns the app with its lab on the screen. */
  async start(options: LaunchOptions = {}): Promise<App> {
    const app = await this.launcher.launch({ ...options, home: options.home ?? this.home() });
    this.#running.add(app);
    app.page.setDefaultTimeout(PATIENCE_MS);
    await app.page.getByRole('main').getByRole('group').first().waitFor();
    return app;
  }

  /** Ends an app as a person would. @throws when it complained or did not end well. */
  async quit(app: App): Promise<void> {
    this.#running.delete(app);
    const complaints = await app.complaints();
    const code = await app.quit();
    if (complaints.length > 0) throw new Error(`the app complained:\n${complaints.join('\n')}`);
    if (code !== 0) throw new Error(`the app ended with ${String(code)}`);
  }

  async kill(app: App): Promise<void> {
    this.#running.delete(app);
    await app.kill();
  }

  async end(): Promise<void> {
    for (const app of this.#running) await app.kill();
    for (const home of this.#homes) rmSync(home, { recursive: true, force: true });
  }
}

/** The same specs over the given hosts; one that cannot be used here is counted as skipped, with the reason. */
export function describeHosts(name: string, on: readonly Launcher[], specs: (host: Host) => void): void {
  for (const launcher of on) {
    describe.skipIf(launcher.missing !== null)(named(`${name}, ${launcher.name}`, launcher.missing), () => {
      const host = new Host(launcher);
      afterAll(() => host.end());
      specs(host);
    });
  }
}
