// An import as the person goes through it: choose, look at what was guessed, correct it, read it all, use it. Knows the project's data
// sets and what the steps of the open document do to theirs.
import type { ExperimentSpec } from '../../engine/spec/index.ts';
import type { LabClient } from '../../main/contract/methods.ts';
import type {
  DatasetEntry,
  DatasetProgress,
  DatasetReport,
  ImportKind,
  ImportOptions,
  ImportPreview,
  OpenKind,
} from '../../main/contract/shapes.ts';
import type { Translator } from '../messages/translator.ts';
import {
  guessedChoices,
  readColumns,
  suitable,
  useDataset,
  withTarget,
  type ColumnChoice,
  type ColumnChoices,
} from '../model/dataset.ts';
import type { ExperimentEditor } from './experiment-editor.svelte.ts';
import { errorParts, type Notices } from './notices.svelte.ts';
import type { ProjectFiles } from './project-files.svelte.ts';

type Worded = (t: Translator) => string;

const NO_OPTIONS: ImportOptions = { delimiter: null, header: null, decimal: null, resize: null, kinds: {} };

export class Importing {
  open = $state(false);
  /** The chosen file or folder. */
  handle = $state<string | null>(null);
  options = $state.raw<ImportOptions>(NO_OPTIONS);
  preview = $state.raw<ImportPreview | null>(null);
  choices = $state.raw<ColumnChoices>({});
  progress = $state.raw<DatasetProgress | null>(null);
  /** The name of what was dropped on the window and must be chosen. */
  dropped = $state<string | null>(null);
  /** What was imported. */
  entry = $state.raw<DatasetEntry | null>(null);
  /** Why it cannot be looked at, or imported. */
  problem = $state.raw<Worded | null>(null);
  /** The project's data sets; null: not asked for yet. */
  datasets = $state.raw<readonly DatasetEntry[] | null>(null);
  listProblem = $state.raw<Worded | null>(null);
  /** Of the stored document; null: not known. */
  report = $state.raw<DatasetReport | null>(null);
  reportProblem = $state.raw<Worded | null>(null);
  /** A report is on its way; `report` is of the document before, if of any. */
  reporting = $state(false);
  #looking = $state.raw<AbortController | null>(null);
  #importing = $state.raw<AbortController | null>(null);
  #reporting: AbortController | null = null;
  #reportOf = '';
  readonly #client: LabClient;
  readonly #notices: Notices;
  readonly #files: ProjectFiles;
  readonly #editor: () => ExperimentEditor | null;

  readonly looking = $derived(this.#looking !== null);
  readonly importing = $derived(this.#importing !== null);

  constructor(parts: {
    client: LabClient;
    notices: Notices;
    files: ProjectFiles;
    editor: () => ExperimentEditor | null;
  }) {
    this.#client = parts.client;
    this.#notices = parts.notices;
    this.#files = parts.files;
    this.#editor = parts.editor;
    parts.client.subscribe('dataset.progressed', (progress) => {
      if (this.#importing && progress.handle === this.handle) this.progress = progress;
    });
  }

  /** Opens the window of the import at its beginning. @param dropped what is to be chosen there, because only its name is known. */
  begin(dropped: string | null = null): void {
    this.#startOver();
    this.dropped = dropped;
    this.open = true;
    void this.loadDatasets();
  }

  /** Ends whatever goes on; an import that is cancelled leaves nothing. */
  close(): void {
    this.#looking?.abort();
    this.#importing?.abort();
    this.open = false;
  }

  /** Another project was opened. */
  forget(): void {
    this.close();
    this.datasets = null;
    this.report = null;
    this.#reportOf = '';
  }

  async choose(kind: Exclude<OpenKind, 'project'>): Promise<void> {
    const handle = await this.#files.chooseToOpen(kind);
    if (handle !== null) await this.take(handle);
  }

  /** Looks at a file or folder. */
  async take(handle: string): Promise<void> {
    this.#startOver();
    this.handle = handle;
    await this.look(NO_OPTIONS);
  }

  /** Looks again, with other options; what was shown stays until the answer is there. */
  async look(options: ImportOptions): Promise<void> {
    const { handle } = this;
    if (handle === null) return;
    this.options = options;
    this.#looking?.abort();
    const looking = new AbortController();
    this.#looking = looking;
    try {
      const asked = options === NO_OPTIONS ? null : options;
      const preview = await this.#client.call('dataset.inspect', { handle, options: asked }, looking.signal);
      if (this.#looking !== looking) return;
      this.#show(preview);
      this.problem = null;
    } catch (error) {
      if (this.#looking === looking && errorParts(error).code !== 'CANCELLED') this.problem = this.#notices.word(error);
    } finally {
      if (this.#looking === looking) this.#looking = null;
    }
  }

  setKind(name: string, kind: ImportKind): Promise<void> {
    return this.look({ ...this.options, kinds: { ...this.options.kinds, [name]: kind } });
  }

  setChoice(name: string, change: Partial<ColumnChoice>): void {
    const before = this.choices[name];
    if (!before) return;
    this.choices = { ...this.choices, [name]: { ...before, ...change } };
  }

  /** The one column that is to be learnt. */
  setTarget(name: string): void {
    if (!this.preview) return;
    const columns = readColumns(this.preview).map((x) => ({ ...x, role: this.choices[x.name]?.role ?? 'feature' }));
    const roles = withTarget(columns, name, true);
    this.choices = Object.fromEntries(
      roles.map((x) => [x.name, { role: x.role, missing: this.choices[x.name]?.missing ?? 'drop' }]),
    );
  }

  /** Reads all of it into the project. */
  async import(): Promise<void> {
    const { handle, options } = this;
    if (handle === null || this.#importing) return;
    const importing = new AbortController();
    this.#importing = importing;
    this.progress = null;
    this.problem = null;
    try {
      this.entry = await this.#client.call('dataset.import', { handle, options }, importing.signal);
      void this.loadDatasets();
    } catch (error) {
      if (errorParts(error).code !== 'CANCELLED') this.problem = this.#notices.word(error);
    } finally {
      this.#importing = null;
      this.progress = null;
    }
  }

  cancel(): void {
    this.#importing?.abort();
  }

  /** Makes a data set the open experiment's data. */
  use(entry: DatasetEntry, choices: ColumnChoices = {}): void {
    const editor = this.#editor();
    if (!editor) return;
    editor.apply((document: ExperimentSpec) => useDataset(document, entry, choices));
    this.open = false;
    this.#notices.info('used', (t) => t.text('import.used', { name: entry.name }));
  }

  async loadDatasets(): Promise<void> {
    try {
      this.datasets = await this.#client.call('dataset.list', null);
      this.listProblem = null;
    } catch (error) {
      this.listProblem = this.#notices.word(error);
    }
  }

  async delete(digest: string): Promise<void> {
    try {
      await this.#client.call('dataset.delete', { digest });
      this.listProblem = null;
      await this.loadDatasets();
    } catch (error) {
      this.listProblem = this.#notices.word(error);
    }
  }

  entryOf(digest: string): DatasetEntry | null {
    return this.datasets?.find((x) => x.digest === digest) ?? null;
  }

  /** Asks what the steps of a stored document do, once for each description. */
  async refreshReport(experimentId: string, document: ExperimentSpec): Promise<void> {
    const key = JSON.stringify([experimentId, document.data]);
    if (key === this.#reportOf || document.data.type !== 'dataset') return;
    this.#reportOf = key;
    this.#reporting?.abort();
    const reporting = new AbortController();
    this.#reporting = reporting;
    this.reporting = true;
    if (this.datasets === null) void this.loadDatasets();
    try {
      const report = await this.#client.call('dataset.report', { experimentId }, reporting.signal);
      if (this.#reporting !== reporting) return;
      this.report = report;
      this.reportProblem = null;
    } catch (error) {
      if (this.#reporting !== reporting || errorParts(error).code === 'CANCELLED') return;
      this.report = null;
      this.reportProblem = this.#notices.word(error);
    } finally {
      if (this.#reporting === reporting) this.reporting = false;
    }
  }

  #show(preview: ImportPreview): void {
    // What the person has decided stands, as far as the columns are the same.
    const columns = readColumns(preview);
    const guessed = guessedChoices(columns);
    const names = preview.columns.map((x) => x.name);
    const isSame = Object.keys(this.choices).every((x) => names.includes(x));
    const kept = isSame ? this.choices : {};
    this.choices = Object.fromEntries(
      columns.map(({ name, kind }) => {
        const { role, missing } = kept[name] ?? guessed[name] ?? { role: 'feature', missing: 'drop' };
        return [name, { role, missing: suitable(missing, kind) }];
      }),
    );
    this.preview = preview;
  }

  #startOver(): void {
    this.#looking?.abort();
    this.#looking = null;
    this.handle = null;
    this.options = NO_OPTIONS;
    this.preview = null;
    this.choices = {};
    this.entry = null;
    this.problem = null;
  }
}
