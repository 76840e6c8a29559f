// The one window: its security flags, its place on the screen, and what happens when its process dies.
import { BrowserWindow } from 'electron';
import type { BrowserWindowConstructorOptions, RenderProcessGoneDetails } from 'electron';
import { APP_URL } from './app-scheme.ts';
import { MINIMUM_HEIGHT, MINIMUM_WIDTH, type WindowBounds } from './window-bounds.ts';

/** `--ground` of renderer/ui/tokens.css, so that nothing flashes before the first paint. */
const BACKGROUND = { light: '#f3f4f6', dark: '#131518' } as const;

export interface WindowLook {
  readonly bounds: WindowBounds;
  readonly dark: boolean;
  readonly title: string;
  /** Absolute path of the preload script. */
  readonly preload: string;
  /** Absolute path of the icon; Windows and macOS take theirs from the package. */
  readonly icon: string;
  readonly development: boolean;
}

export function windowOptions(look: WindowLook): BrowserWindowConstructorOptions {
  const { x, y, width, height } = look.bounds;
  return {
    x,
    y,
    width,
    height,
    minWidth: MINIMUM_WIDTH,
    minHeight: MINIMUM_HEIGHT,
    show: false,
    title: look.title,
    icon: look.icon,
    backgroundColor: look.dark ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: look.preload,
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
      devTools: look.development,
      // Live curves must not freeze while the window is behind another one.
      backgroundThrottling: false,
    },
  };
}

export interface WindowEvents {
  /** Just before it closes. */
  readonly onClose: (bounds: WindowBounds) => void;
  /** Its process died; the services behind it did not. */
  readonly onGone: (window: BrowserWindow, reason: RenderProcessGoneDetails['reason']) => void;
  /** The built window is missing or cannot be read. */
  readonly onLoadFailed: (error: unknown) => void;
  /** Windows only: the person logs off or shuts down, and `before-quit` will not come. */
  readonly onSessionEnd: () => void;
}

/** Opens it on the app's page; it shows itself when the first frame is ready. */
export function openWindow(look: WindowLook, events: WindowEvents): BrowserWindow {
  const window = new BrowserWindow(windowOptions(look));
  window.once('ready-to-show', () => {
    if (look.bounds.maximized) window.maximize();
    window.show();
  });
  window.on('close', () => events.onClose({ ...window.getNormalBounds(), maximized: window.isMaximized() }));
  window.on('session-end', () => events.onSessionEnd());
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') events.onGone(window, reason);
  });
  window.loadURL(APP_URL).catch((error: unknown) => events.onLoadFailed(error));
  return window;
}
