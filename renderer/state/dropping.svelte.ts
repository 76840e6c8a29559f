// Files that are dropped on the window. Where the host can tell where they lie, they are used at once; a browser's page learns only
// their names, and says where the person chooses them.
import type { LabClient } from '../../main/contract/methods.ts';
import type { AppInfo, DroppedFile, DroppedKind } from '../../main/contract/shapes.ts';
import type { Importing } from './importing.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { ProjectFiles } from './project-files.svelte.ts';

/** What the page itself knows of it. */
export interface Dropped {
  readonly name: string;
  readonly folder: boolean;
}

export class Dropping {
  /** Something is held over the window. */
  over = $state(false);
  readonly #client: LabClient;
  readonly #notices: Notices;
  readonly #files: ProjectFiles;
  readonly #importing: Importing;
  readonly #info: () => AppInfo | null;
  readonly #readOnly: () => boolean;

  constructor(parts: {
    client: LabClient;
    notices: Notices;
    files: ProjectFiles;
    importing: Importing;
    info: () => AppInfo | null;
    readOnly: () => boolean;
  }) {
    this.#client = parts.client;
    this.#notices = parts.notices;
    this.#files = parts.files;
    this.#importing = parts.importing;
    this.#info = parts.info;
    this.#readOnly = parts.readOnly;
    parts.client.subscribe('file.dropped', (file) => void this.take(file));
  }

  /** The host says where a dropped file lies, and does so by itself. */
  get told(): boolean {
    return this.#info()?.fileDialogs === 'native';
  }

  /** The page's part of a drop. */
  async drop(dropped: readonly Dropped[]): Promise<void> {
    const [file, ...more] = dropped;
    if (!file) return;
    if (more.length > 0) this.#notices.refuse('drop', (t) => t.text('drop.one'));
    else if (!this.told) {
      try {
        await this.#use({ ...file, kind: await this.#client.call('file.kind', file), handle: null });
      } catch (error) {
        this.#notices.error(error);
      }
    }
  }

  /** A file whose place is known. */
  async take(file: DroppedFile): Promise<void> {
    await this.#use(file);
  }

  async #use({ name, kind, handle }: { name: string; kind: DroppedKind; handle: string | null }): Promise<void> {
    switch (kind) {
      case 'project':
        if (handle !== null) return this.#files.openHandle(handle);
        this.#notices.refuse('drop', (t) => t.text('drop.open', { name }));
        return;
      case 'data':
        if (this.#readOnly()) {
          this.#notices.refuse('drop', (t) => t.text('app.readOnlyDocument'));
          return;
        }
        this.#importing.begin(handle === null ? name : null);
        if (handle !== null) await this.#importing.take(handle);
        return;
      case 'other':
        this.#notices.refuse('drop', (t) => t.text('drop.other', { name }));
        return;
      default:
        kind satisfies never;
    }
  }
}
