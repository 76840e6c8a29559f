// The person's settings: one small file in the app's own folder, whole after every change and every crash.
import * as v from 'valibot';
import { LabError } from '../contract/errors.ts';
import { Settings } from '../contract/shapes.ts';
import type { SettingsChange, SettingsStore } from './lab.types.ts';
import type { FileSystem } from './project-ports.ts';
import { loadJson, storeJson } from './stored-json.ts';

export const DEFAULT_SETTINGS: Settings = { locale: 'system', theme: 'system', pace: 250, threads: 1 };

export class SettingsService implements SettingsStore {
  readonly #files: FileSystem;
  readonly #path: string;
  #settings: Settings;

  constructor(files: FileSystem) {
    this.#files = files;
    this.#path = files.join(files.appFolder, 'settings.json');
    this.#settings = this.#load();
  }

  get(): Settings {
    return this.#settings;
  }

  /** @throws LabError BAD_INPUT, FILE_ACCESS, DISK_FULL; the settings then stay as they were. */
  set(change: SettingsChange): Settings {
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const parsed = v.safeParse(Settings, { ...this.#settings, ...Object.fromEntries(given) });
    if (!parsed.success)
      throw new LabError('BAD_INPUT', 'These are no settings.', { issues: parsed.issues.map((x) => x.message) });
    storeJson(this.#files, this.#path, parsed.output);
    this.#settings = parsed.output;
    return parsed.output;
  }

  /** Good fields count even when others are damaged; the file is then kept as `.bak`. */
  #load(): Settings {
    const stored = loadJson(this.#files, this.#path);
    if (stored === undefined) return DEFAULT_SETTINGS;
    const fields = typeof stored === 'object' && stored !== null ? stored : {};
    const merged: Record<string, unknown> = { ...DEFAULT_SETTINGS };
    for (const [key, schema] of Object.entries(Settings.entries)) {
      const value = v.safeParse(schema, Object.hasOwn(fields, key) ? fields[key as keyof typeof fields] : undefined);
      if (value.success) merged[key] = value.output;
    }
    if (!v.is(Settings, stored)) this.#files.setAside(this.#path);
    return v.parse(Settings, merged);
  }
}
