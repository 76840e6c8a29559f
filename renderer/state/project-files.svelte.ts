// New, open, save as, recent: with the system's dialogs where there are some, else with the in-page chooser.
import type { LabClient } from '../../main/contract/methods.ts';
import type { AppInfo, FolderListing, ProjectState, RecentFile } from '../../main/contract/shapes.ts';
import { errorParts, type Notices } from './notices.svelte.ts';
import type { Questions } from './questions.svelte.ts';
import type { RunList } from './run-list.svelte.ts';

export interface Chooser {
  readonly mode: 'open' | 'save';
  readonly suggestedName: string;
  /** A project's handle (open) or a new file's handle and name (save). */
  readonly chosen: (file: { readonly handle: string; readonly name: string }) => void;
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

  newProject(example = 'regression'): Promise<void> {
    return this.#leaveFor(() => this.#client.call('project.new', { example }));
  }

  openHandle(handle: string): Promise<void> {
    return this.#leaveFor(() => this.#client.call('project.open', { handle }));
  }

  async open(): Promise<void> {
    if (this.#info()?.fileDialogs !== 'native') {
      this.chooser = { mode: 'open', suggestedName: '', chosen: ({ handle }) => void this.openHandle(handle) };
      return;
    }
    await this.#try(async () => {
      const handle = await this.#client.call('dialog.open', null);
      if (handle !== null) await this.openHandle(handle);
    });
  }

  async saveAs(): Promise<void> {
    const project = this.#project();
    if (!project) return;
    const suggestedName = project.name.endsWith('.overfit') ? project.name : `${project.name}.overfit`;
    if (this.#info()?.fileDialogs !== 'native') {
      this.chooser = { mode: 'save', suggestedName, chosen: (file) => void this.#save(file.handle, file.name, false) };
      return;
    }
    await this.#try(async () => {
      const handle = await this.#client.call('dialog.save', { suggestedName, kind: 'project' });
      // The system's dialog has asked about replacing already.
      if (handle !== null) await this.#save(handle, suggestedName, true);
    });
  }

  /** For the in-page chooser; null lists the start folder. Errors: FORBIDDEN, FILE_NOT_FOUND, FILE_ACCESS. */
  list(handle: string | null): Promise<FolderListing> {
    return this.#client.call('folder.list', { handle });
  }
  fileIn(folder: string, name: string): Promise<string> {
    return this.#client.call('folder.file', { folder, name, kind: 'project' });
  }

  closeChooser(): void {
    this.chooser = null;
  }

  async #save(handle: string, name: string, replace: boolean): Promise<void> {
    await this.#try(async () => {
      await this.#beforeLeaving();
      let project: ProjectState;
      try {
        project = await this.#client.call('project.saveAs', { handle, replace });
      } catch (error) {
        if (replace || errorParts(error).code !== 'FILE_EXISTS') throw error;
        const yes = await this.#questions.ask({
          title: (t) => t.text('project.replaceTitle'),
          text: (t) => t.text('project.replaceText', { name }),
          confirm: (t) => t.text('project.replaceConfirm'),
        });
        if (yes) await this.#save(handle, name, true);
        return;
      }
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
