// New, open, save as, recent: with the system's dialogs where there are some, else with the in-page chooser.
import type { LabClient } from '../../main/contract/methods.ts';
import type {
  AppInfo,
  FileKind,
  FolderListing,
  ListedKind,
  OpenKind,
  ProjectState,
  RecentFile,
} from '../../main/contract/shapes.ts';
import type { PlainKey } from '../messages/catalogue.ts';
import { errorParts, type Notices } from './notices.svelte.ts';
import type { Questions } from './questions.svelte.ts';
import type { RunList } from './run-list.svelte.ts';

/** A file's or folder's handle (open), a new file's handle and name (save); null: the person has left. */
type Chosen = (file: { readonly handle: string; readonly name: string } | null) => void;

export type Chooser =
  | {
      readonly mode: 'open';
      readonly kind: OpenKind;
      /** What for, when the kind does not say it. */
      readonly title: PlainKey | null;
      readonly suggestedName: '';
      readonly chosen: Chosen;
    }
  /** `kind`: what the file is to become. */
  | { readonly mode: 'save'; readonly kind: FileKind; readonly suggestedName: string; readonly chosen: Chosen };

/** Where a new file is to go. */
export interface Place {
  readonly handle: string;
  readonly name: string;
  /** The system's dialog has asked about replacing already. */
  readonly mayReplace: boolean;
}

export class ProjectFiles {
  recent = $state.raw<readonly RecentFile[]>([]);
  /** The in-page chooser, when it is open. */
  chooser = $state.raw<Chooser | null>(null);
  busy = $state(false);
  readonly #client: LabClient;
  readonly #notices: Notices;
  readonly #questions: Questions;
  readonly #runs: RunList;
  readonly #info: () => AppInfo | null;
  readonly #project: () => ProjectState | null;
  readonly #beforeLeaving: () => Promise<void>;
  readonly #adopt: (project: ProjectState) => Promise<void>;

  constructor(parts: {
    client: LabClient;
    notices: Notices;
    questions: Questions;
    runs: RunList;
    info: () => AppInfo | null;
    project: () => ProjectState | null;
    /** Stores pending edits. */
    beforeLeaving: () => Promise<void>;
    adopt: (project: ProjectState) => Promise<void>;
  }) {
    this.#client = parts.client;
    this.#notices = parts.notices;
    this.#questions = parts.questions;
    this.#runs = parts.runs;
    this.#info = parts.info;
    this.#project = parts.project;
    this.#beforeLeaving = parts.beforeLeaving;
    this.#adopt = parts.adopt;
  }

  async loadRecent(): Promise<void> {
    try {
      this.recent = await this.#client.call('project.recent', null);
    } catch (error) {
      this.#notices.error(error);
    }
  }

  /** @param example a bundled one; null: an empty project. */
  newProject(example: string | null): Promise<void> {
    return this.#leaveFor(() => this.#client.call('project.new', { example }));
  }

  openHandle(handle: string): Promise<void> {
    return this.#leaveFor(() => this.#client.call('project.open', { handle }));
  }

  async open(): Promise<void> {
    const handle = await this.chooseToOpen('project');
    if (handle !== null) await this.openHandle(handle);
  }

  /** A project, a file or a folder that is there: asked with the system's dialog, or in the page. @returns null: the person has left. */
  async chooseToOpen(kind: OpenKind, title: PlainKey | null = null): Promise<string | null> {
    if (this.#info()?.fileDialogs !== 'native')
      return new Promise((resolve) => {
        const chosen: Chosen = (file) => {
          resolve(file && file.handle);
        };
        this.chooser = { mode: 'open', kind, title, suggestedName: '', chosen };
      });
    let handle: string | null = null;
    await this.#try(async () => {
      handle = await this.#client.call('dialog.open', { kind });
    });
    return handle;
  }

  async saveAs(): Promise<void> {
    const project = this.#project();
    if (!project) return;
    const suggestedName = project.name.endsWith('.overfit') ? project.name : `${project.name}.overfit`;
    const place = await this.choosePlace('project', suggestedName);
    if (place) await this.#save(place);
  }

  /** Where a new file is to go: asked with the system's dialog, or in the page. @returns null when the person has left. */
  async choosePlace(kind: FileKind, suggestedName: string): Promise<Place | null> {
    if (this.#info()?.fileDialogs !== 'native')
      return new Promise((resolve) => {
        const chosen: Chosen = (file) => {
          resolve(file && { ...file, mayReplace: false });
        };
        this.chooser = { mode: 'save', kind, suggestedName, chosen };
      });
    let place: Place | null = null;
    await this.#try(async () => {
      const handle = await this.#client.call('dialog.save', { suggestedName, kind });
      if (handle !== null) place = { handle, name: suggestedName, mayReplace: true };
    });
    return place;
  }

  /**
   * Writes to a place, and asks first when that would replace a file.
   * @returns null when the person would rather keep it.
   */
  async replacing<T>({ name, mayReplace }: Place, write: (replace: boolean) => Promise<T>): Promise<T | null> {
    try {
      return await write(mayReplace);
    } catch (error) {
      if (mayReplace || errorParts(error).code !== 'FILE_EXISTS') throw error;
    }
    const yes = await this.#questions.ask({
      title: (t) => t.text('project.replaceTitle'),
      text: (t) => t.text('project.replaceText', { name }),
      confirm: (t) => t.text('project.replaceConfirm'),
    });
    return yes ? write(true) : null;
  }

  /** For the in-page chooser; null lists the start folder. Errors: FORBIDDEN, FILE_NOT_FOUND, FILE_ACCESS. */
  list(handle: string | null, kind: ListedKind): Promise<FolderListing> {
    return this.#client.call('folder.list', { handle, kind });
  }
  fileIn(folder: string, name: string, kind: FileKind): Promise<string> {
    return this.#client.call('folder.file', { folder, name, kind });
  }

  /** @param file null: the person has left without choosing. */
  closeChooser(file: Parameters<Chosen>[0] = null): void {
    const chosen = this.chooser?.chosen;
    this.chooser = null;
    chosen?.(file);
  }

  async #save(place: Place): Promise<void> {
    await this.#try(async () => {
      await this.#beforeLeaving();
      const project = await this.replacing(place, (replace) =>
        this.#client.call('project.saveAs', { handle: place.handle, replace }),
      );
      if (!project) return;
      await this.#adopt(project);
      this.#notices.info('saved', (t) => t.text('project.saved', { name: project.name }));
    });
  }

  async #leaveFor(enter: () => Promise<ProjectState>): Promise<void> {
    const n = this.#runs.live.length;
    if (n > 0) {
      const yes = await this.#questions.ask({
        title: (t) => t.text('project.liveTitle'),
        text: (t) => t.text('project.liveText', { n }),
        confirm: (t) => t.text('project.liveConfirm'),
      });
      if (!yes) return;
    }
    await this.#try(async () => {
      await this.#beforeLeaving();
      const project = await enter();
      await this.#adopt(project);
      this.#notices.info('opened', (t) => t.text('project.opened', { name: project.name }));
    });
  }

  async #try(deed: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await deed();
    } catch (error) {
      this.#notices.error(error);
    } finally {
      this.busy = false;
    }
  }
}
