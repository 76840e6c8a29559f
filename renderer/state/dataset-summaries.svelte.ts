// Columns of an imported table as all of its rows give them: asked for where they are looked at, one after the other, so that each is
// on the screen as soon as it is counted. What was there before an edit stays until its new figures come.
import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { divisionKey, type DatasetSpec } from '../../engine/spec/index.ts';
import type { LabClient } from '../../main/contract/methods.ts';
import type { ColumnSummary, PairSample } from '../../main/contract/column-shapes.ts';
import type { Translator } from '../messages/translator.ts';
import type { ColumnPair } from '../model/paint/pair-dots.ts';
import { errorParts, type Notices } from './notices.svelte.ts';

type Worded = (t: Translator) => string;

/** The stored document of an experiment, and its data. */
export interface StoredDataset {
  readonly experimentId: string;
  readonly data: DatasetSpec;
}

export class DatasetSummaries {
  /** How many of the columns that are asked for are there; null: nothing is on its way. */
  progress = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
  problem = $state.raw<Worded | null>(null);
  /** With the names of its columns. */
  pair = $state.raw<(PairSample & { readonly names: { readonly x: string; readonly y: string } }) | null>(null);
  pairing = $state(false);
  pairProblem = $state.raw<Worded | null>(null);
  readonly #client: LabClient;
  readonly #notices: Notices;
  readonly #columns = new SvelteMap<number, { readonly division: string; readonly summary: ColumnSummary }>();
  #digest = '';
  #columnsOf = '';
  #pairOf = '';
  #asking: AbortController | null = null;
  #pairAsking: AbortController | null = null;

  constructor(client: LabClient, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** What is known of a column, perhaps from before the last edit; undefined: nothing yet. */
  of(data: DatasetSpec, at: number): ColumnSummary | undefined {
    const summary = this.#columns.get(at)?.summary;
    const { name, kind } = data.columns[at] ?? {};
    return data.digest === this.#digest && summary?.name === name && summary?.kind === kind ? summary : undefined;
  }

  /** Whether what is known of a column is of these very rows. */
  isCurrent(data: DatasetSpec, at: number): boolean {
    return this.of(data, at) !== undefined && this.#columns.get(at)?.division === divisionKey(data);
  }

  /** Asks for what is missing of these columns; the question before it is not waited for any more. */
  look({ experimentId, data }: StoredDataset, columns: readonly number[]): void {
    const division = divisionKey(data);
    const key = JSON.stringify([experimentId, division, columns]);
    if (key === this.#columnsOf) return;
    this.#columnsOf = key;
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    untrack(() => {
      this.#turnTo(data);
      const missing = columns.filter((at) => !this.isCurrent(data, at));
      void this.#fetch(experimentId, division, missing, asking);
    });
  }

  /** Asks for two columns, by their places in the document, against each other; the question before it is not waited for any more. */
  async lookAtPair({ experimentId, data }: StoredDataset, asked: ColumnPair): Promise<void> {
    const key = JSON.stringify([experimentId, divisionKey(data), asked]);
    if (key === this.#pairOf) return;
    this.#pairOf = key;
    this.#pairAsking?.abort();
    const asking = new AbortController();
    this.#pairAsking = asking;
    this.pairing = true;
    untrack(() => {
      this.#turnTo(data);
    });
    const name = (at: number): string => data.columns[at]?.name ?? '';
    try {
      const sample = await this.#client.call('dataset.pair', { experimentId, ...asked }, asking.signal);
      if (this.#pairAsking !== asking) return;
      this.pair = { ...sample, names: { x: name(asked.across), y: name(asked.up) } };
      this.pairProblem = null;
    } catch (error) {
      if (this.#pairAsking !== asking || errorParts(error).code === 'CANCELLED') return;
      this.#pairOf = '';
      this.pairProblem = this.#notices.word(error);
    } finally {
      if (this.#pairAsking === asking) this.pairing = false;
    }
  }

  /** Nobody looks any more: what is on its way is not waited for. */
  leave(): void {
    this.#asking?.abort();
    this.#pairAsking?.abort();
    if (this.progress) this.#columnsOf = '';
    if (this.pairing) this.#pairOf = '';
    [this.#asking, this.#pairAsking] = [null, null];
    this.progress = null;
    this.pairing = false;
  }

  /** What is known of another data set is no earlier picture of this one. */
  #turnTo({ digest }: DatasetSpec): void {
    if (digest === this.#digest) return;
    this.#digest = digest;
    this.#columns.clear();
    this.pair = null;
  }

  async #fetch(
    experimentId: string,
    division: string,
    columns: readonly number[],
    asking: AbortController,
  ): Promise<void> {
    const total = columns.length;
    this.problem = null;
    try {
      for (const [done, column] of columns.entries()) {
        this.progress = { done, total };
        const summary = await this.#client.call('dataset.column', { experimentId, column }, asking.signal);
        if (this.#asking !== asking) return;
        this.#columns.set(column, { division, summary });
      }
    } catch (error) {
      if (this.#asking !== asking || errorParts(error).code === 'CANCELLED') return;
      this.#columnsOf = '';
      this.problem = this.#notices.word(error);
    } finally {
      if (this.#asking === asking) this.progress = null;
    }
  }
}
