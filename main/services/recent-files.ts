// Which project files were opened lately, the last one first: kept in the app's own folder, shared by its instances.
import * as v from 'valibot';
import type { FileSystem } from './project-ports.ts';
import { loadJson, storeJson } from './stored-json.ts';

const MAX_RECENT = 20;

const Entry = v.object({ path: v.pipe(v.string(), v.minLength(1)), openedAt: v.number() });
const Stored = v.object({ files: v.array(Entry) });
export type RecentEntry = v.InferOutput<typeof Entry>;

export class RecentFiles {
  readonly #files: FileSystem;
  readonly #path: string;

  constructor(files: FileSystem) {
    this.#files = files;
    this.#path = files.join(files.appFolder, 'recent.json');
  }

  list(): readonly RecentEntry[] {
    const stored = v.safeParse(Stored, loadJson(this.#files, this.#path));
    return stored.success ? stored.output.files : [];
  }

  opened(path: string, now: number): void {
    this.#store([{ path, openedAt: now }, ...this.list().filter((x) => x.path !== path)]);
  }

  forget(path: string): void {
    const files = this.list();
    if (files.some((x) => x.path === path)) this.#store(files.filter((x) => x.path !== path));
  }

  #store(files: readonly RecentEntry[]): void {
    storeJson(this.#files, this.#path, { files: files.slice(0, MAX_RECENT) });
  }
}
