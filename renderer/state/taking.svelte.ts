// Taking parts of another project, as the person goes through it: choose a file, see what it holds, tick, see what becomes
// different, take. Imported data are copied first; the document changes once, as one step that can be undone.
import type { LabClient } from '../../main/contract/methods.ts';
import type { DatasetEntry, DatasetProgress, OtherProject } from '../../main/contract/shapes.ts';
import type { Translator } from '../messages/translator.ts';
import {
  neededData,
  NO_TICKS,
  take,
  toggled,
  type NeededData,
  type Part,
  type Taken,
  type Ticks,
} from '../model/take.ts';
import type { ExperimentEditor } from './experiment-editor.svelte.ts';
import { errorParts, type Notices } from './notices.svelte.ts';
import type { ProjectFiles } from './project-files.svelte.ts';

export class Taking {
  open = $state(false);
  /** The chosen file. */
  handle = $state.raw<string | null>(null);
  other = $state.raw<OtherProject | null>(null);
  ticks = $state.raw<Ticks>(NO_TICKS);
  /** Why it cannot be looked into, or taken from. */
  problem = $state.raw<((t: Translator) => string) | null>(null);
  progress = $state.raw<DatasetProgress | null>(null);
  /** Data sets of the open project. */
  #own = $state.raw<readonly DatasetEntry[]>([]);
  #looking = $state.raw<AbortController | null>(null);
  #copying = $state.raw<AbortController | null>(null);
  readonly #client: LabClient;
  readonly #notices: Notices;
  readonly #files: ProjectFiles;
  readonly #editor: () => ExperimentEditor | null;
  readonly #copied: () => void;

  readonly looking = $derived(this.#looking !== null);
  readonly copying = $derived(this.#copying !== null);
  /** What taking what is ticked would make of the document. */
  readonly taken: Taken | null = $derived.by(() => {
    const editor = this.#editor();
    return editor && this.other && take(editor.good, this.other.document, this.ticks);
  });
  /** The imported data that this needs. */
  readonly data: NeededData = $derived.by(() => {
    const editor = this.#editor();
    if (!editor || !this.other || !this.taken) return { toCopy: [], missing: [] };
    return neededData(editor.good, this.taken.document, { here: this.#own, there: this.other.datasets });
  });

  constructor(parts: {
    client: LabClient;
    notices: Notices;
    files: ProjectFiles;
    editor: () => ExperimentEditor | null;
    /** The project holds another data set. */
    copied: () => void;
  }) {
    this.#client = parts.client;
    this.#notices = parts.notices;
    this.#files = parts.files;
    this.#editor = parts.editor;
    this.#copied = parts.copied;
    parts.client.subscribe('dataset.progressed', (progress) => {
      if (this.#copying && progress.handle === this.handle) this.progress = progress;
    });
    parts.client.subscribe('project.offered', ({ handle }) => void this.look(handle));
  }

  /** Asks for the file, and shows what it holds. */
  async begin(): Promise<void> {
    const handle = await this.#files.chooseToOpen('project', 'take.choose');
    if (handle !== null) await this.look(handle);
  }

  /** @param source whose document of it; null: its experiment as it is. */
  async look(handle: string, source: string | null = null): Promise<void> {
    const again = handle === this.handle && source !== null;
    this.#looking?.abort();
    const looking = new AbortController();
    this.#looking = looking;
    this.open = true;
    this.handle = handle;
    this.problem = null;
    // What was shown stays until another document of the same file is there.
    if (!again) this.other = null;
    try {
      const [other, own] = await Promise.all([
        this.#client.call('project.look', { handle, source }, looking.signal),
        this.#client.call('dataset.list', null, looking.signal),
      ]);
      if (this.#looking !== looking) return;
      this.#own = own;
      this.ticks = NO_TICKS;
      this.other = other;
    } catch (error) {
      if (this.#looking === looking && errorParts(error).code !== 'CANCELLED') this.problem = this.#notices.word(error);
    } finally {
      if (this.#looking === looking) this.#looking = null;
    }
  }

  setWhole(whole: boolean): void {
    this.ticks = { ...this.ticks, whole };
  }

  tick(part: Part, on: boolean): void {
    this.ticks = { ...this.ticks, parts: toggled(this.ticks.parts, part, on) };
  }

  tickVariant(name: string, on: boolean): void {
    this.ticks = { ...this.ticks, variants: toggled(this.ticks.variants, name, on) };
  }

  /** Copies the data that are needed, then changes the document. */
  async take(): Promise<void> {
    const { other, handle } = this;
    const editor = this.#editor();
    if (!other || handle === null || !editor || this.copying) return;
    const copying = new AbortController();
    this.#copying = copying;
    this.progress = null;
    this.problem = null;
    try {
      for (const digest of this.data.toCopy) {
        await this.#client.call('dataset.take', { handle, digest }, copying.signal);
        this.#copied();
      }
      // Another window may have edited meanwhile.
      const { document, problems } = take(editor.good, other.document, this.ticks);
      if (problems.length > 0 || this.#editor() !== editor) return;
      editor.apply(() => document);
      editor.settle();
      this.#end();
      this.#notices.info('taken', (t) => t.text('take.done', { name: other.name }));
    } catch (error) {
      if (errorParts(error).code !== 'CANCELLED') this.problem = this.#notices.word(error);
    } finally {
      this.#copying = null;
      this.progress = null;
    }
  }

  cancel(): void {
    this.#copying?.abort();
  }

  /** Ends whatever goes on; a copy that is cancelled leaves nothing. */
  close(): void {
    this.#looking?.abort();
    this.#copying?.abort();
    this.#end();
  }

  #end(): void {
    this.open = false;
    this.handle = null;
    this.other = null;
  }
}
