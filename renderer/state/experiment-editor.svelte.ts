// The experiment's document under the person's hands: edits are judged here first, good ones are stored after a short rest,
// wrong ones stay at their field and the last good document is kept. Undo and redo go through good documents only; a document
// that is unfinished (layers that do not fit yet) is good, though it cannot be trained.
import { DocumentError, parseDraft, type ExperimentSpec, type Problem } from '../../engine/spec/index.ts';
import type { LabClient } from '../../main/contract/methods.ts';
import type { ExperimentEntry } from '../../main/contract/shapes.ts';
import type { Edit } from '../model/edits.ts';
import { l2Place, type L2Place } from '../model/knobs.ts';
import type { Environment } from './environment.ts';
import { errorParts, type Notices } from './notices.svelte.ts';

const REST_MS = 200;
const HISTORY = 200;

const unfinishedOf = (document: ExperimentSpec): readonly Problem[] => parseDraft(document).unfinished;

export class ExperimentEditor {
  readonly id: string;
  /** As edited; may hold wrong values. */
  draft: ExperimentSpec;
  /** The last good document: what is stored, or about to be. It may be unfinished, which `problems` tells. */
  good: ExperimentSpec;
  /** What the services have confirmed; runs use this. */
  stored: ExperimentSpec;
  /** Of the draft: what is wrong and must not be stored, or what is only unfinished. Nothing runs while there are any. */
  problems = $state.raw<readonly Problem[]>([]);
  /** The draft holds wrong values, so `good` is an older document. */
  wrong = $state(false);
  #preferredL2 = $state<L2Place>('weight_decay');
  #undo = $state.raw<readonly ExperimentSpec[]>([]);
  #redo = $state.raw<readonly ExperimentSpec[]>([]);
  /** Hears of every edit of the person's that the services have taken. */
  onStored: (before: ExperimentSpec, after: ExperimentSpec) => void = () => undefined;
  /** Drafts before each edit since the last good document. */
  #wrongSteps: readonly ExperimentSpec[] = [];
  #wrongKey: string | null = null;
  #revision: number;
  #coalesceKey: string | null = null;
  #timer: { cancel(): void } | null = null;
  #sending: Promise<void> | null = null;
  readonly #client: LabClient;
  readonly #notices: Notices;
  readonly #environment: Environment;

  readonly l2: L2Place = $derived.by(() => l2Place(this.good, this.#preferredL2));
  readonly canUndo = $derived.by(() => this.#undo.length > 0 || this.wrong);
  readonly canRedo = $derived.by(() => this.#redo.length > 0);

  constructor(entry: ExperimentEntry, client: LabClient, notices: Notices, environment: Environment) {
    this.id = entry.id;
    this.#revision = entry.revision;
    this.draft = $state.raw(entry.document);
    this.good = $state.raw(entry.document);
    this.stored = $state.raw(entry.document);
    this.problems = unfinishedOf(entry.document);
    this.#client = client;
    this.#notices = notices;
    this.#environment = environment;
  }

  /**
   * @param edit command of model/edits.ts.
   * @param coalesceKey edits in a row with the same key are undone together (typing in one field).
   */
  apply(edit: Edit, coalesceKey: string | null = null): void {
    const [before, draft] = [this.good, this.draft];
    this.draft = edit(draft);
    if (!this.#judge()) {
      const goesOn = this.#wrongSteps.length > 0 && coalesceKey !== null && coalesceKey === this.#wrongKey;
      if (!goesOn) this.#wrongSteps = [...this.#wrongSteps, draft].slice(-HISTORY);
      this.#wrongKey = coalesceKey;
      return;
    }
    if (coalesceKey === null || coalesceKey !== this.#coalesceKey) this.#undo = [...this.#undo, before].slice(-HISTORY);
    this.#coalesceKey = coalesceKey;
    this.#redo = [];
  }

  preferL2(place: L2Place): void {
    this.#preferredL2 = place;
  }

  /** Ends the row of edits that are undone together (the field lost the focus). */
  settle(): void {
    this.#coalesceKey = null;
  }

  /** Drops wrong values and goes back to the last good document. */
  revert(): void {
    this.draft = this.good;
    this.wrong = false;
    this.#wrongSteps = [];
    this.problems = unfinishedOf(this.good);
  }

  /** Edits since a value is wrong go first, one by one; then good documents, newest first. */
  undo(): void {
    if (this.wrong) {
      const step = this.#wrongSteps.at(-1);
      this.#wrongSteps = this.#wrongSteps.slice(0, -1);
      if (step === undefined || this.#wrongSteps.length === 0) this.revert();
      else this.#travel(step);
      return;
    }
    const previous = this.#undo.at(-1);
    if (!previous) return;
    this.#undo = this.#undo.slice(0, -1);
    this.#redo = [...this.#redo, this.good];
    this.#travel(previous);
  }

  redo(): void {
    const next = this.#redo.at(-1);
    if (!next) return;
    this.#redo = this.#redo.slice(0, -1);
    this.#undo = [...this.#undo, this.good];
    this.#travel(next);
  }

  /** The first problem at any of these fields or below them. */
  problemAt(paths: readonly string[]): Problem | undefined {
    return this.problems.find((x) => paths.some((path) => x.path === path || x.path.startsWith(`${path}.`)));
  }

  /** Stores what is not stored yet. Resolves when the services have it, or have refused it. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    while (this.#sending) await this.#sending;
    if (this.good !== this.stored) {
      this.#sending = this.#send();
      try {
        await this.#sending;
      } finally {
        this.#sending = null;
      }
    }
  }

  /** Another window, or the services themselves, changed the document. Own edits under way win. */
  heard(entry: ExperimentEntry): void {
    if (entry.revision <= this.#revision) return;
    this.#revision = entry.revision;
    if (this.#timer || this.#sending || this.wrong) return;
    this.#adopt(entry.document);
  }

  #travel(document: ExperimentSpec): void {
    this.#coalesceKey = null;
    this.draft = document;
    this.#judge();
  }

  /** @returns true when the draft is good; it is then on its way to the services. */
  #judge(): boolean {
    try {
      const { document, unfinished } = parseDraft(this.draft);
      this.good = document;
      this.problems = unfinished;
      this.wrong = false;
      this.#wrongSteps = [];
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      this.problems = error.problems;
      this.wrong = true;
      return false;
    }
    this.#timer?.cancel();
    this.#timer = this.#environment.setTimeout(() => {
      void this.flush();
    }, REST_MS);
    return true;
  }

  async #send(): Promise<void> {
    const [before, document] = [this.stored, this.good];
    try {
      const entry = await this.#client.call('experiment.update', { experimentId: this.id, document });
      this.#revision = Math.max(this.#revision, entry.revision);
      this.stored = document;
      this.onStored(before, document);
    } catch (error) {
      this.#notices.error(error);
      // A refused document must not stand there as if it were stored; a lost line keeps it for the person to see.
      if (errorParts(error).code !== 'CONNECTION_LOST') this.#adopt(this.stored);
      else this.stored = document;
    }
  }

  #adopt(document: ExperimentSpec): void {
    this.draft = document;
    this.good = document;
    this.stored = document;
    this.wrong = false;
    this.#wrongSteps = [];
    this.problems = unfinishedOf(document);
  }
}
