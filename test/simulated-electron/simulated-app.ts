// `app`: the life of the main process, its folders, the single-instance lock, and the order of events while quitting.
import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hear, tell } from './driver-link.ts';

/** What quitting needs of the windows; the window module registers itself. */
interface Windows {
  /** @returns false when one of them refused to close. */
  closeAll(): boolean;
}

/** An event whose listener may prevent what comes next. */
export class Preventable {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} must be set for the simulated main process`);
  return value;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

class App extends EventEmitter {
  readonly isPackaged = false;
  name = 'Overfit Lab';
  readonly switches = new Map<string, string>();
  readonly commandLine = {
    appendSwitch: (name: string, value = '') => void this.switches.set(name, value),
    hasSwitch: (name: string) => this.switches.has(name),
  };
  windows: Windows = { closeAll: () => true };
  aboutPanel: Readonly<Record<string, unknown>> = {};
  #paths = new Map<string, string>();
  #ready = Promise.withResolvers<void>();
  #isReady = false;
  #quitting = false;
  #lockFile: string | null = null;

  becomeReady(): void {
    if (this.#quitting) return;
    this.#isReady = true;
    this.#ready.resolve();
    this.emit('ready', {}, {});
    tell({ type: 'ready' });
  }
  whenReady = () => this.#ready.promise;
  isReady = () => this.#isReady;
  getName = () => this.name;
  getVersion = () => {
    const { version } = JSON.parse(readFileSync(join(this.getAppPath(), 'package.json'), 'utf8')) as {
      version: string;
    };
    return version;
  };
  getAppPath = () => process.argv[1] ?? process.cwd();
  getLocale = () => this.getPreferredSystemLanguages()[0] ?? 'en-US';
  getPreferredSystemLanguages = () => [required('SIMULATED_LANGUAGE')];
  enableSandbox = () => undefined;
  setAboutPanelOptions = (options: Readonly<Record<string, unknown>>) => {
    this.aboutPanel = options;
  };
  showAboutPanel = () => tell({ type: 'about' });
  setAppUserModelId = () => undefined;
  addRecentDocument = () => undefined;
  setPath = (name: string, path: string) => void this.#paths.set(name, path);
  getPath = (name: string) => {
    const path = this.#paths.get(name) ?? join(required('SIMULATED_HOME'), name);
    mkdirSync(path, { recursive: true });
    return path;
  };

  requestSingleInstanceLock(): boolean {
    const file = join(this.getPath('userData'), 'SingletonLock');
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      if (alive(Number(readFileSync(file, 'utf8')))) {
        tell({ type: 'second-instance', argv: process.argv, folder: process.cwd() });
        return false;
      }
      writeFileSync(file, String(process.pid));
    }
    this.#lockFile = file;
    return true;
  }

  quit(): void {
    if (!this.#isReady && this.#lockFile === null) {
      this.#quitting = true;
      setImmediate(() => this.exit(0));
      return;
    }
    const event = new Preventable();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.#quitting = true;
    if (!this.windows.closeAll()) {
      this.#quitting = false;
      return;
    }
    const willQuit = new Preventable();
    this.emit('will-quit', willQuit);
    if (willQuit.defaultPrevented) return;
    this.exit(0);
  }

  exit(code = 0): void {
    this.emit('quit', {}, code);
    if (this.#lockFile !== null) rmSync(this.#lockFile, { force: true });
    process.disconnect();
    process.exit(code);
  }

  lastWindowClosed(): void {
    if (this.#quitting) return;
    if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }
}

export const app = new App();

hear('quit', () => app.quit());
hear('second-instance', ({ argv, folder }) => app.emit('second-instance', {}, argv, folder, null));
hear('open-file', ({ path }) => app.emit('open-file', new Preventable(), path));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
