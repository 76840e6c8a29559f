// The running desktop app: one window on the lab, the menu that follows its state, and what the system asks of it.
import { app, ipcMain, Menu, nativeTheme, screen } from 'electron';
import type { BrowserWindow } from 'electron';
import { join } from 'node:path';
import type { Hub } from '../contract/hub.ts';
import type { Handlers, Input, MethodName, Output } from '../contract/methods.ts';
import { serve } from '../contract/server.ts';
import type { Settings } from '../contract/shapes.ts';
import { menuTemplate, type MenuActions } from './menu.ts';
import { hostLocale, hostMessages, type HostLocale } from './menu-messages.ts';
import type { Notices } from './notices.ts';
import { receiveDrops } from './dropped-files.ts';
import { offerPorts } from './window-port.ts';
import { openWindow } from './window.ts';
import { fitBounds, readBounds, writeBounds } from './window-bounds.ts';

/** Shared by everything native: the window that dialogs belong to and the language that they speak. */
export class Surface {
  window: BrowserWindow | null = null;
  locale: HostLocale = 'en';
  readonly parent = (): BrowserWindow | null => this.window;
}

export interface DesktopParts {
  readonly surface: Surface;
  readonly handlers: Handlers;
  readonly hub: Hub;
  readonly notices: Notices;
  readonly handleFor: (path: string) => string;
  readonly settings: () => Settings;
  /** Where the window's place is kept: an absolute path. */
  readonly boundsFile: string;
  readonly preload: string;
  readonly icon: string;
  readonly development: boolean;
  /** The system ends the session: store everything now. */
  readonly onSessionEnd: () => void;
}

export class Desktop {
  readonly #parts: DesktopParts;
  constructor(parts: DesktopParts) {
    this.#parts = parts;
  }

  /** Opens the window once the language and theme are known. */
  async start(): Promise<void> {
    const { hub, handlers } = this.#parts;
    offerPorts(ipcMain, (transport) => serve(handlers, transport, hub));
    receiveDrops(ipcMain, this.#parts.handleFor, (file) => {
      hub.publish('file.dropped', file);
    });
    hub.attach((stream) => {
      if (stream === 'settings.changed' || stream === 'project.changed') this.#attempt(() => this.#follow());
    });
    await this.#follow();
    this.showWindow();
  }

  /** Brings the window to the front, or opens it again (macOS keeps the app without one). */
  showWindow(): void {
    const { surface } = this.#parts;
    if (surface.window === null) {
      surface.window = this.#open();
      return;
    }
    if (surface.window.isMinimized()) surface.window.restore();
    surface.window.show();
    surface.window.focus();
  }

  /** Opens a project file that a person named outside the window. */
  openFile(path: string): void {
    this.#attempt(() => this.#call('project.open', { handle: this.#parts.handleFor(path) }));
  }

  #open(): BrowserWindow {
    const { surface, notices, boundsFile, preload, icon, development, onSessionEnd } = this.#parts;
    const primary = screen.getPrimaryDisplay();
    const displays = [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)];
    const bounds = fitBounds(
      readBounds(boundsFile),
      displays.map(({ workArea }) => workArea),
    );
    const window = openWindow(
      { bounds, dark: nativeTheme.shouldUseDarkColors, title: app.getName(), preload, icon, development },
      {
        onClose: (last) => this.#attempt(() => writeBounds(boundsFile, last)),
        onGone: (gone, reason) =>
          this.#attempt(async () => {
            if (await notices.windowGone(reason)) gone.webContents.reload();
            else app.quit();
          }),
        onLoadFailed: (error) => this.#attempt(() => notices.failed(error)),
        onSessionEnd,
      },
    );
    window.on('closed', () => {
      if (surface.window === window) surface.window = null;
    });
    return window;
  }

  /** Menu, theme and language as the settings and the recent files now are. */
  async #follow(): Promise<void> {
    const { surface, settings, development } = this.#parts;
    const current = settings();
    const recent = await this.#call('project.recent', null);
    surface.locale = hostLocale(current.locale, app.getPreferredSystemLanguages());
    nativeTheme.themeSource = current.theme;
    const messages = hostMessages[surface.locale];
    const state = { messages, platform: process.platform, settings: current, recent, development };
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(state, this.#actions)));
  }

  readonly #actions: MenuActions = {
    newProject: () => this.#attempt(() => this.#call('project.new', { example: 'regression' })),
    openProject: () =>
      this.#attempt(async () => {
        const handle = await this.#call('dialog.open', { kind: 'project' });
        if (handle !== null) await this.#call('project.open', { handle });
      }),
    openRecent: (handle) => this.#attempt(() => this.#call('project.open', { handle })),
    saveProjectAs: () =>
      this.#attempt(async () => {
        const { name } = await this.#call('project.current', null);
        const handle = await this.#call('dialog.save', { suggestedName: name, kind: 'project' });
        // The dialog has asked about a file that is there already.
        if (handle !== null) await this.#call('project.saveAs', { handle, replace: true });
      }),
    takeFromProject: () =>
      this.#attempt(async () => {
        const handle = await this.#call('dialog.open', { kind: 'project' });
        // What it holds, and whether it can be looked into, is the window's to show.
        if (handle !== null) this.#parts.hub.publish('project.offered', { handle });
      }),
    set: (change) => this.#attempt(() => this.#call('settings.set', change)),
    about: () => app.showAboutPanel(),
  };

  #call<M extends MethodName>(method: M, input: Input<M>): Promise<Output<M>> {
    return this.#parts.handlers[method](input, new AbortController().signal);
  }

  /** What fails outside any call of the window is said in a message box. */
  #attempt(action: () => unknown): void {
    void Promise.resolve()
      .then(action)
      .catch((error: unknown) => this.#parts.notices.failed(error));
  }
}

/** Absolute paths of what is packaged beside the main bundle. */
export function packagedPaths(appPath: string) {
  return {
    renderer: join(appPath, 'out', 'renderer'),
    preload: join(appPath, 'out', 'preload', 'preload.cjs'),
    icon: join(appPath, 'assets', 'icons', 'icon.png'),
  } as const;
}
