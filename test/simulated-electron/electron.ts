// The used subset of the `electron` module for the main process, over Node and a browser that the driver holds.
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { ask, hear, tell } from './driver-link.ts';
import { app } from './simulated-app.ts';
import { BrowserWindow } from './simulated-windows.ts';
import type { DialogKind, MenuItemState } from './wire.ts';

export { MessageChannelMain, MessagePortMain } from './message-ports.ts';
export { app } from './simulated-app.ts';
export { BrowserWindow, ipcMain, protocol, session } from './simulated-windows.ts';

export const becomeReady = (): void => app.becomeReady();

// --- dialogs: the driver answers -------------------------------------------------------------------------------------

type Options = Readonly<Record<string, unknown>>;
const show = (kind: DialogKind, first: BrowserWindow | Options, second?: Options) => {
  const options = first instanceof BrowserWindow ? (second ?? {}) : first;
  return ask((request) => ({ type: 'dialog', request, kind, options }));
};
export const dialog = {
  showOpenDialog: (first: BrowserWindow | Options, second?: Options) => show('open', first, second),
  showSaveDialog: (first: BrowserWindow | Options, second?: Options) => show('save', first, second),
  showMessageBox: (first: BrowserWindow | Options, second?: Options) => show('message', first, second),
  showErrorBox: (title: string, content: string) => void show('error', { title, content }),
};

// --- menu ------------------------------------------------------------------------------------------------------------

interface TemplateItem {
  readonly id?: string;
  readonly role?: string;
  readonly label?: string;
  readonly type?: string;
  readonly enabled?: boolean;
  readonly checked?: boolean;
  readonly submenu?: readonly TemplateItem[];
  readonly click?: () => void;
}
const describe = (item: TemplateItem): MenuItemState => ({
  id: item.id ?? null,
  role: item.role ?? null,
  label: item.label ?? null,
  type: item.type ?? (item.submenu ? 'submenu' : 'normal'),
  enabled: item.enabled ?? true,
  checked: item.checked ?? false,
  submenu: item.submenu?.map(describe) ?? null,
});
let applicationMenu: readonly TemplateItem[] = [];
export const Menu = {
  buildFromTemplate: (template: readonly TemplateItem[]) => template,
  setApplicationMenu: (template: readonly TemplateItem[]) => {
    applicationMenu = template;
    tell({ type: 'menu', items: template.map(describe) });
  },
};
hear('menu.click', ({ path }) => {
  const [first, ...rest] = path;
  const item = rest.reduce<TemplateItem | undefined>((at, index) => at?.submenu?.[index], applicationMenu[first ?? 0]);
  if (item === undefined || item.enabled === false) throw new Error(`no such menu item: ${path.join('/')}`);
  if (item.role === 'quit') app.quit();
  else if (item.role === undefined) item.click?.();
  else throw new Error(`the simulation does not play the role ${item.role}`);
});

// --- screen, theme ---------------------------------------------------------------------------------------------------

const display = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } };
export const screen = { getAllDisplays: () => [display], getPrimaryDisplay: () => display };

class NativeTheme extends EventEmitter {
  #source: 'system' | 'light' | 'dark' = 'system';
  get themeSource() {
    return this.#source;
  }
  set themeSource(source) {
    this.#source = source;
    tell({ type: 'theme', source });
    this.emit('updated');
  }
  get shouldUseDarkColors() {
    return this.#source === 'system' ? process.env['SIMULATED_DARK'] === '1' : this.#source === 'dark';
  }
}
export const nativeTheme = new NativeTheme();

// --- utility processes: Node processes -------------------------------------------------------------------------------

class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  #spawned = false;
  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    child.on('spawn', () => {
      this.#spawned = true;
      this.emit('spawn');
    });
    child.on('message', (message) => this.emit('message', message));
    child.on('exit', (code, signal) => this.emit('exit', code ?? (signal === null ? 1 : 128)));
  }
  get stderr() {
    return this.#child.stderr;
  }
  get pid() {
    return this.#spawned && this.#child.exitCode === null ? this.#child.pid : undefined;
  }
  postMessage(message: unknown): void {
    // A process that has gone takes no more messages, as in Electron.
    if (this.#child.connected) this.#child.send(message as object);
  }
  kill(): boolean {
    return this.#spawned && this.#child.kill('SIGTERM');
  }
}
interface UtilityOptions {
  readonly serviceName: string;
  readonly stdio: readonly ('ignore' | 'pipe' | 'inherit')[];
}
const parentPort = new URL('./parent-port.ts', import.meta.url).href;
export const utilityProcess = {
  fork: (path: string, args: readonly string[], { serviceName, stdio }: UtilityOptions) => {
    const child = fork(path, [...args], {
      serialization: 'advanced',
      execArgv: ['--import', parentPort, '--title', serviceName],
      stdio: [...stdio, 'ipc'],
    });
    return new UtilityProcess(child);
  },
};
