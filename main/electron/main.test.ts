// The whole composition root against a faked `electron` module: what is said before ready, what after, and in which order.
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Only what the root touches; every call is written down in `order`. */
function fakeElectron({ first = true } = {}) {
  const order: string[] = [];
  const say =
    (name: string) =>
    (...args: unknown[]) =>
      void order.push([name, ...args.map((x) => (typeof x === 'string' ? x : typeof x))].join(' '));
  const ready = Promise.withResolvers<void>();
  const menus: unknown[] = [];
  const showMessageBox = vi.fn(async () => ({ response: 0 }));
  const windows: BrowserWindow[] = [];
  class BrowserWindow extends EventEmitter {
    readonly webContents = Object.assign(new EventEmitter(), { reload: vi.fn(), setWindowOpenHandler: vi.fn() });
    readonly show = vi.fn();
    readonly focus = vi.fn();
    readonly restore = vi.fn();
    readonly isMinimized = () => true;
    readonly isMaximized = () => false;
    readonly getNormalBounds = () => ({ x: 5, y: 6, width: 1000, height: 700 });
    readonly loadURL = async (url: string) => say('loadURL')(url);
    constructor() {
      super();
      windows.push(this);
      say('window')();
    }
  }
  const app = Object.assign(new EventEmitter(), {
    isPackaged: false,
    commandLine: { appendSwitch: vi.fn() },
    enableSandbox: say('enableSandbox'),
    setPath: say('setPath'),
    getPath: () => folder,
    getAppPath: () => root,
    getName: () => 'Overfit Lab',
    getVersion: () => '1.2.3',
    getPreferredSystemLanguages: () => ['zh-CN'],
    requestSingleInstanceLock: () => {
      say('lock')();
      return first;
    },
    setAboutPanelOptions: vi.fn(),
    showAboutPanel: vi.fn(),
    whenReady: () => ready.promise,
    quit: vi.fn(),
    exit: vi.fn(),
  });
  const electron = {
    app,
    BrowserWindow,
    dialog: { showMessageBox, showErrorBox: vi.fn() },
    ipcMain: new EventEmitter(),
    Menu: {
      buildFromTemplate: (template: unknown) => template,
      setApplicationMenu: (menu: unknown) => menus.push(menu),
    },
    MessageChannelMain: class {},
    nativeTheme: { themeSource: 'system', shouldUseDarkColors: false },
    protocol: { registerSchemesAsPrivileged: say('privileged'), handle: say('handle') },
    screen: {
      getPrimaryDisplay: () => ({ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1080 } }),
      getAllDisplays: () => [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
    },
    session: {
      defaultSession: {
        setPermissionRequestHandler: say('permissions'),
        setPermissionCheckHandler: vi.fn(),
        setDevicePermissionHandler: vi.fn(),
        setSpellCheckerEnabled: vi.fn(),
        webRequest: { onBeforeRequest: vi.fn() },
      },
    },
    utilityProcess: {
      // An engine that does nothing and goes when told to.
      fork: () => {
        const child = new EventEmitter();
        const end = () => child.emit('exit', 0);
        return Object.assign(child, { postMessage: end, kill: end, stderr: null });
      },
    },
  };
  return { electron, app, order, menus, windows, showMessageBox, becomeReady: () => ready.resolve() };
}

let folder: string;
const argv = process.argv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overfit-desktop-'));
  vi.stubEnv('OVERFIT_HOME', folder);
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllEnvs();
  process.argv = argv;
  rmSync(folder, { recursive: true, force: true });
});

async function run(options: Parameters<typeof fakeElectron>[0] & { args?: string[] } = {}) {
  const fake = fakeElectron(options);
  vi.doMock('electron', () => fake.electron);
  process.argv = ['/opt/electron', '.', ...(options.args ?? [])];
  await import('./main.ts');
  return fake;
}
async function runUntilWindow(options: Parameters<typeof run>[0] = {}) {
  const fake = await run(options);
  fake.becomeReady();
  await vi.waitFor(() => expect(fake.windows).toHaveLength(1));
  return fake;
}
/** Ends what the lab holds open: the project's database, the engine's timers. */
async function quit({ app }: Awaited<ReturnType<typeof run>>): Promise<void> {
  const before = app.quit.mock.calls.length;
  const preventDefault = vi.fn();
  app.emit('before-quit', { preventDefault });
  expect(preventDefault).toHaveBeenCalledOnce();
  await vi.waitFor(() => expect(app.quit.mock.calls.length).toBe(before + 1));
}

describe('before the app is ready', () => {
  it('takes its folder, the sandbox, the scheme and the lock, and does nothing else', async () => {
    const { order, windows } = await run();
    expect(order).toEqual([
      `setPath userData ${join(folder, 'chromium')}`,
      'enableSandbox',
      'privileged object',
      'lock',
    ]);
    expect(windows).toEqual([]);
    expect(existsSync(join(folder, 'chromium'))).toBe(true);
  });

  it('quits at once when another one runs', async () => {
    const { app, becomeReady, windows } = await run({ first: false });
    expect(app.quit).toHaveBeenCalledOnce();
    becomeReady();
    await new Promise((done) => setImmediate(done));
    expect(windows).toEqual([]);
    expect(app.listenerCount('second-instance')).toBe(0);
  });
});

describe('the running app', () => {
  it('locks the session and serves its pages before there is a window', async () => {
    const fake = await runUntilWindow();
    const steps = fake.order.slice(4);
    expect(steps).toEqual([
      'permissions function',
      'handle app function',
      'window',
      'loadURL app://overfit/index.html',
    ]);
    await quit(fake);
  });

  it('locks every page that ever comes to be', async () => {
    const fake = await run();
    const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: vi.fn() });
    fake.app.emit('web-contents-created', {}, contents);
    expect(contents.setWindowOpenHandler).toHaveBeenCalledOnce();
    expect(contents.listenerCount('will-frame-navigate')).toBe(1);
  });

  it('has its menu in the system’s language', async () => {
    const fake = await runUntilWindow();
    expect((fake.menus.at(-1) as { label: string }[]).map(({ label }) => label)).toContain('文件');
    await quit(fake);
  });

  it('keeps the window’s place', async () => {
    const fake = await runUntilWindow();
    fake.windows[0]?.emit('close');
    await vi.waitFor(() => expect(existsSync(join(folder, 'window.json'))).toBe(true));
    await quit(fake);
  });

  it('comes to the front when it is started again', async () => {
    const fake = await runUntilWindow();
    fake.app.emit('second-instance', {}, ['/opt/electron', '.'], '/');
    expect(fake.windows[0]?.restore).toHaveBeenCalledOnce();
    expect(fake.windows[0]?.focus).toHaveBeenCalledOnce();
    await quit(fake);
  });

  it('says what is wrong with a file that it was started with, and opens all the same', async () => {
    const file = join(folder, 'foreign.overfit');
    writeFileSync(file, 'this is no database');
    const fake = await runUntilWindow({ args: [file] });
    expect(fake.showMessageBox).toHaveBeenCalledOnce();
    expect(JSON.stringify(fake.showMessageBox.mock.calls[0])).toContain('此文件不是 Overfit Lab 项目');
    await quit(fake);
  });

  it('says what is wrong with a file that it is given while it runs', async () => {
    const fake = await runUntilWindow();
    const preventDefault = vi.fn();
    fake.app.emit('open-file', { preventDefault }, join(folder, 'missing.overfit'));
    await vi.waitFor(() => expect(fake.showMessageBox).toHaveBeenCalledOnce());
    expect(preventDefault).toHaveBeenCalledOnce();
    await quit(fake);
  });

  it('does not forget a file that it is given while it says what is wrong with the first', async () => {
    writeFileSync(join(folder, 'foreign.overfit'), 'this is no database');
    const fake = await run({ args: [join(folder, 'foreign.overfit')] });
    const read = Promise.withResolvers<{ response: number }>();
    fake.showMessageBox.mockReturnValueOnce(read.promise);
    fake.becomeReady();
    await vi.waitFor(() => expect(fake.showMessageBox).toHaveBeenCalledOnce());
    fake.app.emit('open-file', { preventDefault: vi.fn() }, join(folder, 'second.overfit'));
    read.resolve({ response: 0 });
    await vi.waitFor(() => expect(fake.showMessageBox).toHaveBeenCalledTimes(2));
    expect(JSON.stringify(fake.showMessageBox.mock.calls[1])).toContain('second.overfit');
    await quit(fake);
  });

  it.each([
    ['linux', 1],
    ['win32', 1],
    ['darwin', 0],
  ] as const)('on %s closing the last window quits %i times', async (platform, times) => {
    const real = process.platform;
    Object.defineProperty(process, 'platform', { value: platform });
    const fake = await run();
    fake.app.emit('window-all-closed');
    expect(fake.app.quit).toHaveBeenCalledTimes(times);
    Object.defineProperty(process, 'platform', { value: real });
  });

  it('says why it cannot start, and ends with 1', async () => {
    const fake = await run();
    fake.electron.protocol.handle = () => {
      throw new Error('no such scheme');
    };
    fake.becomeReady();
    await vi.waitFor(() => expect(fake.app.exit).toHaveBeenCalledExactlyOnceWith(1));
    expect(fake.electron.dialog.showErrorBox).toHaveBeenCalledExactlyOnceWith('Overfit Lab', 'no such scheme');
  });
});
