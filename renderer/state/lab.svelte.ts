// Everything the window knows, put together over one client. Components reach it through the context (context.ts).
import { dataShape, type DataPreview, type DataSpec, type ExperimentSpec } from '../../engine/spec/index.ts';
import type { LabClient } from '../../main/contract/methods.ts';
import type { AppInfo, EngineState, ProjectState } from '../../main/contract/shapes.ts';
import { PLACES, type Place } from '../model/places.ts';
import type { Environment } from './environment.ts';
import { Dropping } from './dropping.svelte.ts';
import { ExperimentEditor } from './experiment-editor.svelte.ts';
import { FileRows } from './file-rows.svelte.ts';
import { DatasetSummaries } from './dataset-summaries.svelte.ts';
import { errorParts, Notices } from './notices.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { ProjectFiles } from './project-files.svelte.ts';
import { Questions } from './questions.svelte.ts';
import type { RunEntry } from './run-entry.svelte.ts';
import { RunList } from './run-list.svelte.ts';
import { Arithmetic } from './arithmetic.svelte.ts';
import { ModelBuilding } from './model-building.svelte.ts';
import { Exports } from './exports.svelte.ts';
import { Importing } from './importing.svelte.ts';
import { Parity } from './parity.svelte.ts';
import { Taking } from './taking.svelte.ts';
import { VariantClipboard } from './variant-clipboard.ts';
import { Training } from './training.svelte.ts';
import { Views } from './views.svelte.ts';

/** Runs and documents with one source have the same examples. */
export const sourceOf = (data: ExperimentSpec['data'], seed: number): string => JSON.stringify([data, seed]);

/** Whether examples of one data set can be shown as those of the other while these are on their way. */
function isAlike(a: DataSpec, b: DataSpec): boolean {
  const form = (data: DataSpec): string => JSON.stringify([data.type, dataShape(data).input, dataShape(data).target]);
  return form(a) === form(b);
}

export class Lab {
  /** `lost`: the connection is gone for good; only a reload helps. */
  phase = $state<'opening' | 'open' | 'lost'>('opening');
  info = $state.raw<AppInfo | null>(null);
  project = $state.raw<ProjectState | null>(null);
  engine = $state.raw<EngineState>({ status: 'starting' });
  /** The open experiment. */
  editor = $state.raw<ExperimentEditor | null>(null);
  /** What the middle of the window is about. */
  place = $state<Place>('runs');
  /** The run whose frozen parameters the inspector shows; null: the experiment itself. */
  selected = $state.raw<RunEntry | null>(null);
  /** The run under the pointer, brought forward in the charts. */
  pointed = $state.raw<RunEntry | null>(null);
  /** Data of the stored document, drawn by the engine without running. */
  preview = $state.raw<DataPreview | null>(null);
  /** What `preview` is a draw of; null before the first. */
  previewed = $state.raw<DataSpec | null>(null);
  /** The last draw that was asked for failed. */
  previewFailed = $state(false);

  readonly notices: Notices;
  readonly questions = new Questions();
  readonly preferences: Preferences;
  readonly runs: RunList;
  readonly training: Training;
  readonly files: ProjectFiles;
  readonly views: Views;
  readonly arithmetic: Arithmetic;
  readonly exports: Exports;
  readonly building: ModelBuilding;
  readonly parity: Parity;
  readonly importing: Importing;
  readonly taking: Taking;
  readonly variants: VariantClipboard;
  readonly summaries: DatasetSummaries;
  readonly dropping: Dropping;
  readonly environment: Environment;
  readonly #client: LabClient;
  #fileRows: FileRows | null = null;
  #previewOf = '';
  /** Data and seed that `preview` shows. */
  #previewSource = '';

  readonly readOnly = $derived(this.project?.readOnly ?? null);

  constructor(client: LabClient, environment: Environment) {
    this.#client = client;
    this.environment = environment;
    this.notices = new Notices(environment);
    const { notices, questions } = this;
    this.preferences = new Preferences(client, notices, environment);
    this.runs = new RunList(client, notices, environment);
    const { preferences, runs } = this;
    this.training = new Training({ client, runs, notices, preferences, editor: () => this.editor });
    this.files = new ProjectFiles({
      client,
      notices,
      questions,
      runs,
      info: () => this.info,
      project: () => this.project,
      beforeLeaving: async () => {
        await this.editor?.flush();
      },
      adopt: (project) => this.#adopt(project),
    });
    this.views = new Views(
      runs,
      () => this.selected,
      () => this.editor?.stored.data ?? null,
    );
    this.arithmetic = new Arithmetic(client, notices);
    this.building = new ModelBuilding({
      client,
      notices,
      editor: () => this.editor,
      readOnly: () => this.readOnly !== null,
    });
    this.exports = new Exports(client, notices, this.files);
    this.parity = new Parity(client, notices);
    this.summaries = new DatasetSummaries(client, notices);
    this.importing = new Importing({ client, notices, files: this.files, editor: () => this.editor });
    this.variants = new VariantClipboard({
      notices,
      editor: () => this.editor,
      readOnly: () => this.readOnly !== null,
    });
    this.taking = new Taking({
      client,
      notices,
      files: this.files,
      editor: () => this.editor,
      copied: () => void this.importing.loadDatasets(),
    });
    this.dropping = new Dropping({
      client,
      notices,
      files: this.files,
      importing: this.importing,
      info: () => this.info,
      readOnly: () => this.readOnly !== null,
    });
    client.onClose(() => {
      this.phase = 'lost';
    });
    client.subscribe('project.changed', (project) => {
      this.#adopt(project).catch((error: unknown) => {
        notices.error(error);
      });
    });
    client.subscribe('engine.changed', (engine) => {
      this.engine = engine;
      // The state itself may pass in a quarter of a second: what happened must stand until it is read.
      if (engine.status === 'lost') notices.error({ code: 'ENGINE_LOST' });
    });
    client.subscribe('app.closing', () => void this.editor?.flush());
    client.subscribe('app.failed', (failure) => {
      notices.error(failure);
    });
    client.subscribe('run.deleted', ({ runId }) => {
      if (this.selected?.id === runId) this.selected = null;
    });
  }

  /** Reads everything the first screen needs. */
  async open(): Promise<void> {
    try {
      const [info, engine, project] = await Promise.all([
        this.#client.call('app.info', null),
        this.#client.call('engine.state', null),
        this.#client.call('project.current', null),
        this.preferences.load(),
      ]);
      this.info = info;
      this.engine = engine;
      await this.#adopt(project);
      if (this.phase === 'opening') this.phase = 'open';
    } catch (error) {
      this.notices.error(error);
    }
    void this.files.loadRecent();
  }

  /** The experiment itself is looked at then, not a run. */
  goTo(place: Place): void {
    this.place = place;
    if (place !== 'runs') this.selected = null;
  }

  /** Starts the chosen variants, and shows how they learn. */
  run(): Promise<void> {
    if (this.training.ready) this.goTo('runs');
    return this.training.run();
  }
  step(): Promise<void> {
    if (this.training.ready) this.goTo('runs');
    return this.training.step();
  }

  select(run: RunEntry | null): void {
    this.selected = run;
    if (!run) return;
    this.place = 'runs';
    this.views.pick(run);
    this.runs.ensureRecord(run);
  }

  /** Takes over the frozen document of a run; undoable. */
  useSettingsOf(run: RunEntry): void {
    this.editor?.apply(() => structuredClone({ ...run.summary.experiment, seed: run.seed }));
    this.selected = null;
    this.notices.info('used', (t) => t.text('details.used', { number: run.number }));
  }

  /** Asks for the data of a stored document when it or the seed are new; what is shown stays until it is there. */
  async refreshPreview(experimentId: string, document: ExperimentSpec): Promise<void> {
    const key = JSON.stringify([experimentId, document.data, document.seed]);
    if (key === this.#previewOf) return;
    this.#previewOf = key;
    try {
      const preview = await this.#client.call('data.preview', { experimentId });
      if (key !== this.#previewOf) return;
      this.#previewSource = sourceOf(document.data, document.seed);
      this.preview = preview;
      this.previewed = document.data;
      this.previewFailed = false;
    } catch (error) {
      if (key === this.#previewOf) {
        // It may be asked for again.
        this.#previewOf = '';
        this.previewFailed = true;
      }
      if (errorParts(error).code !== 'CANCELLED') this.notices.error(error);
    }
  }

  /** The rows of an imported table; what was fetched is kept while the same one is looked at. */
  fileRows(digest: string, rows: number): FileRows {
    if (this.#fileRows?.digest !== digest) this.#fileRows = new FileRows({ digest, rows }, this.#client, this.notices);
    return this.#fileRows;
  }

  /** Whether `preview` shows this document's data, and not still those that were there before. */
  isPreviewed({ data, seed }: Pick<ExperimentSpec, 'data' | 'seed'>): boolean {
    return this.preview !== null && sourceOf(data, seed) === this.#previewSource;
  }

  /** What a run is trained on, or (null) what Run would use now; null while it is not known. */
  dataOf(run: RunEntry | null): DataPreview | null {
    void this.runs.version;
    if (run?.series.data) return run.series.data;
    const stored = run ? { data: run.summary.experiment.data, seed: run.seed } : this.editor?.stored;
    if (!stored) return null;
    const source = sourceOf(stored.data, stored.seed);
    if (this.preview && source === this.#previewSource) return this.preview;
    const same = this.runs.entries.find((x) => x.series.data && sourceOf(x.summary.experiment.data, x.seed) === source);
    if (same?.series.data) return same.series.data;
    // A form that changes while one looks at it: what was shown stays until the new points are there.
    return !run && this.previewed && isAlike(this.previewed, stored.data) ? this.preview : null;
  }

  async #adopt(project: ProjectState): Promise<void> {
    const another = this.project?.handle !== project.handle;
    this.project = project;
    const [entry] = project.experiments;
    if (!entry) {
      this.editor = null;
    } else if (another || this.editor?.id !== entry.id) {
      this.editor = new ExperimentEditor(entry, this.#client, this.notices, this.environment);
      this.editor.onStored = (before, after) => void this.training.follow(before, after);
    } else this.editor.heard(entry);
    if (!another) return;
    this.selected = null;
    this.preview = null;
    this.place = this.editor && this.editor.good.model.layers.length === 0 ? PLACES[0] : 'runs';
    this.previewed = null;
    this.previewFailed = false;
    this.views.startOver();
    this.parity.loaded = false;
    this.importing.forget();
    this.taking.close();
    this.runs.clear();
    await this.runs.load();
    void this.files.loadRecent();
  }
}
