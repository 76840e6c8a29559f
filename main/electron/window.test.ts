import type { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openWindow, windowOptions, type WindowEvents, type WindowLook } from './window.ts';

const faked = vi.hoisted(() => ({ made: [] as unknown[][], loadURL: vi.fn(async () => undefined) }));
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class BrowserWindow extends Emitter {
    readonly webContents = new Emitter();
    readonly show = vi.fn();
    readonly maximize = vi.fn();
    readonly loadURL = faked.loadURL;
    readonly getNormalBounds = () => ({ x: 1, y: 2, width: 1000, height: 700 });
    readonly isMaximized = () => true;
    constructor(...args: unknown[]) {
      super();
      faked.made.push(args);
    }
  }
  return { BrowserWindow };
});
beforeEach(() => {
  faked.made.length = 0;
});

const look: WindowLook = {
  bounds: { x: 10, y: 20, width: 1200, height: 800, maximized: false },
  dark: false,
  title: 'Overfit Lab',
  preload: '/app/out/preload/preload.cjs',
  icon: '/app/assets/icons/icon.png',
  development: false,
};
const events = () =>
  ({
    onClose: vi.fn(),
    onGone: vi.fn(),
    onLoadFailed: vi.fn(),
    onSessionEnd: vi.fn(),
  }) satisfies WindowEvents;

describe('window options', () => {
  it('set every security flag by name', () => {
    expect(windowOptions(look).webPreferences).toEqual({
      preload: '/app/out/preload/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
      backgroundThrottling: false,
    });
  });
  it('allow developer tools while developing, and change nothing else', () => {
    const { devTools, ...rest } = windowOptions({ ...look, development: true }).webPreferences ?? {};
    const { devTools: _, ...usual } = windowOptions(look).webPreferences ?? {};
    expect(devTools).toBe(true);
    expect(rest).toEqual(usual);
  });
  it('place it, hidden, with a minimum size', () => {
    expect(windowOptions(look)).toMatchObject({
      x: 10,
      y: 20,
      width: 1200,
      height: 800,
      minWidth: 960,
      minHeight: 640,
      show: false,
      title: 'Overfit Lab',
      icon: '/app/assets/icons/icon.png',
    });
  });
  it('have the ground colour of the page’s own themes', () => {
    const tokens = readFileSync(new URL('../../renderer/ui/tokens.css', import.meta.url), 'utf8');
    const grounds = [...tokens.matchAll(/^ *--ground: (#\w+);/gm)].map(([, colour]) => colour);
    const light = windowOptions(look).backgroundColor;
    const dark = windowOptions({ ...look, dark: true }).backgroundColor;
    expect([light, dark]).toEqual(grounds);
  });
});

describe('the window', () => {
  it('loads the app’s own page and shows itself when it is painted', () => {
    const window = openWindow(look, events());
    expect(faked.loadURL).toHaveBeenLastCalledWith('app://overfit/index.html');
    expect(window.show).not.toHaveBeenCalled();
    window.emit('ready-to-show');
    expect(window.show).toHaveBeenCalledOnce();
    expect(window.maximize).not.toHaveBeenCalled();
  });
  it('is maximized again', () => {
    const window = openWindow({ ...look, bounds: { ...look.bounds, maximized: true } }, events());
    window.emit('ready-to-show');
    expect(window.maximize).toHaveBeenCalledOnce();
  });
  it('tells its place when it closes', () => {
    const heard = events();
    openWindow(look, heard).emit('close');
    expect(heard.onClose).toHaveBeenCalledExactlyOnceWith({ x: 1, y: 2, width: 1000, height: 700, maximized: true });
  });
  it.each(['crashed', 'oom', 'killed', 'launch-failed'])('tells that its process is gone (%s)', (reason) => {
    const heard = events();
    const window = openWindow(look, heard);
    (window.webContents as unknown as EventEmitter).emit('render-process-gone', {}, { reason, exitCode: 1 });
    expect(heard.onGone).toHaveBeenCalledExactlyOnceWith(window, reason);
  });
  it('says nothing about a clean exit', () => {
    const heard = events();
    const window = openWindow(look, heard);
    (window.webContents as unknown as EventEmitter).emit(
      'render-process-gone',
      {},
      { reason: 'clean-exit', exitCode: 0 },
    );
    expect(heard.onGone).not.toHaveBeenCalled();
  });
  it('tells that its page could not be loaded', async () => {
    const heard = events();
    const error = new Error('ERR_FILE_NOT_FOUND');
    faked.loadURL.mockRejectedValueOnce(error);
    openWindow(look, heard);
    await vi.waitFor(() => expect(heard.onLoadFailed).toHaveBeenCalledExactlyOnceWith(error));
  });
  it('tells that the session ends', () => {
    const heard = events();
    openWindow(look, heard).emit('session-end');
    expect(heard.onSessionEnd).toHaveBeenCalledOnce();
  });
});
