// Starts the app's real main process and real preload in the simulated Electron and drives them: page, menu, dialogs.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { chromiumArgs, findChromium, HOW_TO_GET_CHROMIUM } from '../config/chromium.ts';
import { isolatedWorldScript } from './bundle.ts';
import { SimulatedWindow } from './driver-window.ts';
import type { DialogKind, FromMain, MenuItemState, ToMain } from './wire.ts';

const root = resolve(import.meta.dirname, '../..');

export interface LaunchOptions {
  /** Everything that the app keeps lies under this folder. */
  readonly home: string;
  /** The app's own arguments, e.g. a project file. */
  readonly args?: readonly string[];
  /** The main entry: the bundle, or the source. */
  readonly main?: string;
  /** What `app.getAppPath()` says: the folder of package.json, out/ and assets/. */
  readonly appFolder?: string;
  /** A preload to run instead of the one that the window names, e.g. the source of it. */
  readonly preload?: string;
  /** BCP 47. */
  readonly language?: string;
  readonly dark?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export interface ShownDialog {
  readonly kind: DialogKind;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface SimulatedElectron {
  /** The newest window's page. Another one after `crashPage`. */
  readonly page: Page;
  readonly window: SimulatedWindow;
  /** Open windows. */
  readonly windows: readonly SimulatedWindow[];
  readonly menu: readonly MenuItemState[];
  /** Every dialog shown so far, oldest first. */
  readonly dialogs: readonly ShownDialog[];
  /** Every request of every page: with its app:// address, and whether the app refused it. */
  readonly requests: readonly { readonly url: string; readonly blocked: boolean }[];
  readonly pid: number;
  /** Set once the main process has ended: its exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Waits until `condition` holds; the condition is looked at after every message from the main process. */
  until(condition: () => boolean): Promise<void>;
  /** Clicks an item by its id. */
  clickMenu(id: string): void;
  /** The answer to the next dialog of this kind. A dialog that nobody prepared an answer for is cancelled. */
  answerDialog(kind: DialogKind, answer: Readonly<Record<string, unknown>>): void;
  /** A second start of the app with the same home. @returns its exit code. */
  startAgain(args: readonly string[], folder?: string): Promise<number | null>;
  /** As macOS does when a file is opened from the Finder. */
  openFile(path: string): void;
  /** Ends the page's process, as a crash does. */
  crashPage(): Promise<void>;
  closeWindow(): void;
  /** Quits as the menu does. @returns the exit code. */
  quit(): Promise<number | null>;
  /** Ends the main process at once, with nothing saved. */
  kill(): Promise<void>;
  /** Quits if it still runs, and ends the browser. */
  close(): Promise<void>;
}

const CANCELLED: Readonly<Record<DialogKind, Readonly<Record<string, unknown>>>> = {
  open: { canceled: true, filePaths: [] },
  save: { canceled: true, filePath: '' },
  message: { response: 1, checkboxChecked: false },
  error: {},
};

function findMenuItem(items: readonly MenuItemState[], id: string): readonly number[] | null {
  for (const [index, item] of items.entries()) {
    if (item.id === id) return [index];
    const inside = item.submenu && findMenuItem(item.submenu, id);
    if (inside) return [index, ...inside];
  }
  return null;
}

/** @throws Error when no browser is installed. Resolves when the first window has loaded. */
export async function launchSimulatedElectron(options: LaunchOptions): Promise<SimulatedElectron> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(HOW_TO_GET_CHROMIUM);
  const main = options.main ?? resolve(root, 'out/main/electron.js');
  mkdirSync(options.home, { recursive: true });

  const browser = await chromium.launch({ executablePath, args: chromiumArgs() });
  const context = await browser.newContext({
    viewport: null,
    locale: options.language ?? 'en-US',
  });
  const systemTheme = options.dark === true ? 'dark' : 'light';
  let theme: 'light' | 'dark' = systemTheme;
  // Windows answer for themselves; a page that the app did not make gets nothing at all.
  await context.route('**/*', (route) => route.abort('blockedbyclient'));
  const windows = new Map<number, SimulatedWindow>();
  const dialogs: ShownDialog[] = [];
  const answers: { readonly kind: DialogKind; readonly answer: Readonly<Record<string, unknown>> }[] = [];
  const requests: { readonly url: string; readonly blocked: boolean }[] = [];
  const waiting = new Set<() => void>();
  let menu: readonly MenuItemState[] = [];

  const start = (args: readonly string[], folder: string): ChildProcess =>
    fork(resolve(import.meta.dirname, 'main-process.ts'), [main, options.appFolder ?? root, ...args], {
      cwd: folder,
      serialization: 'advanced',
      execArgv: [
        '--import',
        resolve(import.meta.dirname, 'resolve-electron.ts'),
        '--disable-warning=ExperimentalWarning',
      ],
      env: {
        ...process.env,
        OVERFIT_HOME: options.home,
        SIMULATED_HOME: options.home,
        SIMULATED_LANGUAGE: options.language ?? 'en-US',
        SIMULATED_DARK: options.dark === true ? '1' : '0',
        ...options.env,
      },
    });

  const child = start(options.args ?? [], options.home);
  const exited = once(child, 'exit').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  const send = (message: ToMain) => {
    if (child.connected) child.send(message);
  };
  let failure: unknown = null;
  const look = () => {
    for (const check of waiting) check();
  };
  const attempt = (work: Promise<unknown>) => {
    work.catch((error: unknown) => {
      failure ??= error;
      look();
    });
  };

  const newest = (): SimulatedWindow => {
    const window = [...windows.values()].at(-1);
    if (window === undefined) throw new Error('no window is open');
    return window;
  };

  const receive = async (message: FromMain): Promise<void> => {
    switch (message.type) {
      case 'ready':
      case 'about':
        break;
      case 'window.create': {
        const script = await isolatedWorldScript(options.preload ?? message.facts.preload);
        const requested = (url: string, blocked: boolean) => {
          requests.push({ url, blocked });
          look();
        };
        const links = { send, requested, loaded: look };
        const window = new SimulatedWindow(context, message.window, message.facts, script, theme, links);
        windows.set(message.window, window);
        break;
      }
      case 'window.load':
        await windows.get(message.window)?.load(message.url);
        break;
      case 'window.show':
        windows.get(message.window)?.shown();
        break;
      case 'window.reload':
        await windows.get(message.window)?.reload();
        break;
      case 'window.close': {
        const window = windows.get(message.window);
        windows.delete(message.window);
        await window?.close();
        break;
      }
      case 'ipc':
      case 'port.message':
      case 'port.close':
        windows.get(message.window)?.deliver(message);
        break;
      case 'answer':
      case 'navigation.answer':
        for (const window of windows.values()) window.answer(message);
        break;
      case 'dialog': {
        dialogs.push({ kind: message.kind, options: message.options });
        const index = answers.findIndex(({ kind }) => kind === message.kind);
        const answer = index < 0 ? CANCELLED[message.kind] : (answers.splice(index, 1)[0]?.answer ?? {});
        send({ type: 'dialog.answer', request: message.request, answer });
        break;
      }
      case 'menu':
        menu = message.items;
        break;
      case 'theme':
        theme = message.source === 'system' ? systemTheme : message.source;
        for (const window of windows.values()) await window.setTheme(theme);
        break;
      case 'second-instance':
        break;
      default:
        message satisfies never;
    }
  };
  // One after the other, so that a window exists before it is told to load; answers may overtake, they wait for nothing.
  let line: Promise<void> = Promise.resolve();
  child.on('message', (raw) => {
    const message = raw as FromMain;
    const inTurn = message.type.startsWith('window.') || message.type === 'theme';
    const handled = inTurn ? (line = line.then(() => receive(message))) : receive(message);
    attempt(handled.then(look));
  });

  const until = (condition: () => boolean) =>
    new Promise<void>((done, fail) => {
      const check = () => {
        if (failure !== null) fail(failure instanceof Error ? failure : new Error(String(failure)));
        else if (condition()) done();
        else return;
        waiting.delete(check);
      };
      waiting.add(check);
      exited.then(
        (code) => {
          if (waiting.delete(check)) fail(new Error(`the main process ended with ${code ?? 'a signal'}`));
        },
        (error: unknown) => fail(error instanceof Error ? error : new Error(String(error))),
      );
      check();
    });

  const quit = async () => {
    send({ type: 'quit' });
    return exited;
  };

  const electron: SimulatedElectron = {
    get page() {
      return newest().page;
    },
    get window() {
      return newest();
    },
    get windows() {
      return [...windows.values()];
    },
    get menu() {
      return menu;
    },
    dialogs,
    requests,
    pid: child.pid ?? -1,
    exited,
    until,
    clickMenu(id) {
      const path = findMenuItem(menu, id);
      if (path === null) throw new Error(`the menu has no item ${id}`);
      send({ type: 'menu.click', path });
    },
    answerDialog: (kind, answer) => void answers.push({ kind, answer }),
    async startAgain(args, folder = options.home) {
      const second = start(args, folder);
      second.on('message', (raw) => {
        const message = raw as FromMain;
        if (message.type === 'second-instance') send(message);
      });
      const [code] = (await once(second, 'exit')) as [number | null];
      return code;
    },
    openFile: (path) => send({ type: 'open-file', path }),
    crashPage: () => newest().crash(),
    closeWindow: () => send({ type: 'close-window', window: newest().id }),
    quit,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async close() {
      if (child.exitCode === null && child.signalCode === null) await quit();
      await browser.close();
    },
  };

  try {
    await until(() => windows.size > 0 && newest().visible);
  } catch (error) {
    child.kill('SIGKILL');
    await browser.close();
    throw error;
  }
  return electron;
}
