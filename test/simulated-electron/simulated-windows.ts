// `BrowserWindow`, its `webContents`, `ipcMain`, `session` and `protocol`: windows are pages that the driver owns.
import { EventEmitter } from 'node:events';
import { decode, encode } from '../../main/contract/codec.ts';
import { hear, tell } from './driver-link.ts';
import { closePortsOf, type MessagePortMain } from './message-ports.ts';
import { app, Preventable } from './simulated-app.ts';
import { fromChromium, toChromium } from './wire.ts';

interface WindowOptions {
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly title?: string;
  readonly backgroundColor?: string;
  readonly webPreferences?: Readonly<Record<string, unknown>> & { readonly preload?: string };
}
type RequestListener = (
  details: { readonly url: string; readonly method: string },
  answer: (response: { readonly cancel?: boolean }) => void,
) => void;

export const ipcMain = new EventEmitter();

const schemes = new Map<string, (request: Request) => Response | Promise<Response>>();
const privileged = new Set<string>();
export const protocol = {
  registerSchemesAsPrivileged(list: readonly { readonly scheme: string }[]) {
    if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const { scheme } of list) privileged.add(scheme);
  },
  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>) {
    if (!app.isReady()) throw new Error('protocol.handle needs a ready app');
    if (!privileged.has(scheme)) throw new Error(`${scheme} was not registered as a standard scheme`);
    schemes.set(scheme, handler);
  },
};

let beforeRequest: RequestListener | null = null;
const noted = (): void => undefined;
export const session = {
  defaultSession: {
    setPermissionRequestHandler: noted,
    setPermissionCheckHandler: noted,
    setDevicePermissionHandler: noted,
    setSpellCheckerEnabled: noted,
    webRequest: {
      onBeforeRequest: (listener: RequestListener) => {
        beforeRequest = listener;
      },
    },
  },
};

class WebContents extends EventEmitter {
  readonly id: number;
  readonly session = session.defaultSession;
  mainFrame = { url: 'about:blank', origin: 'null' };
  /** The URL that the app itself asked for: its navigation is not the page's. */
  loading: string | null = null;
  loaded: { resolve: () => void; reject: (error: Error) => void } | null = null;
  windowOpenHandler: (details: { readonly url: string }) => { readonly action: string } = () => ({ action: 'allow' });
  constructor(id: number) {
    super();
    this.id = id;
  }
  getURL = () => this.mainFrame.url;
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { readonly action: string }): void {
    this.windowOpenHandler = handler;
  }
  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[] = []): void {
    const ports = transfer.map((port) => port.transferTo(this.id));
    tell({ type: 'ipc', window: this.id, channel, text: encode([message]), ports });
  }
  send(channel: string, ...args: readonly unknown[]): void {
    tell({ type: 'ipc', window: this.id, channel, text: encode(args), ports: [] });
  }
  reload(): void {
    this.loading = this.mainFrame.url;
    closePortsOf(this.id);
    tell({ type: 'window.reload', window: this.id });
  }
}

const windows = new Map<number, BrowserWindow>();
let lastWindow = 0;

export class BrowserWindow extends EventEmitter {
  readonly id = ++lastWindow;
  readonly webContents = new WebContents(this.id);
  #bounds: { x: number; y: number; width: number; height: number };
  #visible = false;
  #maximized = false;
  #minimized = false;
  #destroyed = false;

  static getAllWindows = (): BrowserWindow[] => [...windows.values()];

  constructor(options: WindowOptions = {}) {
    super();
    const { x = 0, y = 0, width = 800, height = 600, webPreferences = {} } = options;
    this.#bounds = { x, y, width, height };
    windows.set(this.id, this);
    tell({
      type: 'window.create',
      window: this.id,
      facts: {
        width,
        height,
        title: options.title ?? '',
        backgroundColor: options.backgroundColor ?? null,
        preload: webPreferences.preload ?? '',
        webPreferences,
      },
    });
    app.emit('browser-window-created', {}, this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  loadURL(url: string): Promise<void> {
    this.webContents.loading = url;
    this.webContents.mainFrame = { url, origin: URL.parse(url)?.origin ?? 'null' };
    tell({ type: 'window.load', window: this.id, url: toChromium(url) });
    return new Promise((resolve, reject) => {
      this.webContents.loaded = { resolve, reject };
    });
  }
  show(): void {
    this.#visible = true;
    tell({ type: 'window.show', window: this.id });
  }
  focus = () => this.emit('focus');
  isVisible = () => this.#visible;
  isMinimized = () => this.#minimized;
  minimize = () => void (this.#minimized = true);
  restore = () => void (this.#minimized = false);
  maximize = () => void (this.#maximized = true);
  isMaximized = () => this.#maximized;
  isDestroyed = () => this.#destroyed;
  getBounds = () => ({ ...this.#bounds });
  getNormalBounds = () => ({ ...this.#bounds });
  setBackgroundColor = () => undefined;
  setTitle = () => undefined;

  /** @returns false when a listener prevented it. */
  close(): boolean {
    const event = new Preventable();
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    this.destroy();
    return true;
  }
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    windows.delete(this.id);
    closePortsOf(this.id);
    tell({ type: 'window.close', window: this.id });
    this.emit('closed');
    if (windows.size === 0) app.lastWindowClosed();
  }
}
app.windows = { closeAll: () => [...windows.values()].every((window) => window.close()) };

const contentsOf = (window: number) => windows.get(window)?.webContents;

hear('document', ({ window }) => closePortsOf(window));
hear('loaded', ({ window, error }) => {
  const contents = contentsOf(window);
  if (contents === undefined) return;
  if (error === null) {
    contents.emit('did-finish-load');
    contents.loaded?.resolve();
    windows.get(window)?.emit('ready-to-show');
  } else contents.loaded?.reject(new Error(error));
  contents.loaded = null;
});
hear('ipc', ({ window, url, channel, text }) => {
  const sender = contentsOf(window);
  if (sender === undefined) return;
  // Electron compares frames by identity; the driver only reports the top frame's messages and where it is.
  sender.mainFrame.url = fromChromium(url);
  ipcMain.emit(channel, { sender, senderFrame: sender.mainFrame, ports: [] }, ...(decode(text) as unknown[]));
});
hear('close-window', ({ window }) => windows.get(window)?.close());
hear('gone', ({ window, reason }) => {
  closePortsOf(window);
  contentsOf(window)?.emit('render-process-gone', {}, { reason, exitCode: reason === 'crashed' ? 139 : 0 });
});
hear('popup', ({ window, url }) => {
  const action = contentsOf(window)?.windowOpenHandler({ url: fromChromium(url) }).action;
  if (action !== 'deny') throw new Error(`the simulation has no windows that a page opens, and ${url} was allowed`);
});
hear('navigation', ({ request, window, url, mainFrame }) => {
  const contents = contentsOf(window);
  const target = fromChromium(url);
  const event = Object.assign(new Preventable(), { url: target, isMainFrame: mainFrame });
  const asked = mainFrame && contents?.loading === target;
  if (contents && asked) contents.loading = null;
  else contents?.emit('will-frame-navigate', event);
  tell({ type: 'navigation.answer', request, prevented: event.defaultPrevented });
});

async function respond(
  url: string,
  method: string,
): Promise<{ readonly blocked: boolean; readonly response: Response }> {
  const nothing = new Response(null, { status: 404 });
  const listener = beforeRequest;
  if (listener !== null) {
    const { cancel } = await new Promise<{ readonly cancel?: boolean }>((resolve) =>
      listener({ url, method }, resolve),
    );
    if (cancel === true) return { blocked: true, response: nothing };
  }
  const handler = schemes.get(new URL(url).protocol.slice(0, -1));
  return { blocked: false, response: handler ? await handler(new Request(url, { method })) : nothing };
}

hear('request', ({ request, url, method }) => {
  const answer = async () => {
    const { blocked, response } = await respond(fromChromium(url), method);
    const body = new Uint8Array(await response.arrayBuffer());
    const headers = Object.fromEntries(response.headers);
    tell({ type: 'answer', request, blocked, status: response.status, headers, body });
  };
  answer().catch((error: unknown) => {
    process.stderr.write(`simulated Electron: ${url}: ${String(error)}\n`);
    tell({ type: 'answer', request, blocked: false, status: 500, headers: {}, body: new Uint8Array() });
  });
});
