// What the panel beside the losses shows: which view, of which run, at which step. The person's choice stands while it makes sense.
import { dataShape, fitSides, hasPixels, isGenerated, type DataSpec } from '../../engine/spec/index.ts';
import type { ClassPair } from '../model/confusion.ts';
import type { Statistic } from '../model/run-series.ts';
import type { RunEntry } from './run-entry.svelte.ts';
import type { RunList } from './run-list.svelte.ts';

export const VIEWS = ['fit', 'surface', 'rows', 'pictures', 'confusion', 'weights', 'arithmetic'] as const;
export type ViewName = (typeof VIEWS)[number];

/** Data of two features with a number or a class to find. */
export const hasSurface = (data: DataSpec): boolean => fitSides(dataShape(data))?.length === 2;

/** Whether a view says something about data. By what they are, not by where they come from: new kinds of data have theirs. */
const IS_OF: Readonly<Record<ViewName, (data: DataSpec) => boolean>> = {
  fit: (data) => fitSides(dataShape(data))?.length === 1,
  surface: hasSurface,
  rows: (data) => data.type === 'table' || isGenerated(data),
  pictures: hasPixels,
  confusion: (data) => dataShape(data).target.kind === 'classes',
  weights: () => true,
  arithmetic: () => true,
};

/** Views of data of a kind; the first one is shown unless the person chose another. */
export const viewsOf = (data: DataSpec): readonly ViewName[] => VIEWS.filter((view) => IS_OF[view](data));

export class Views {
  /** What the person chose last; null: nothing yet. */
  #chosen = $state<ViewName | null>(null);
  #picked = $state.raw<RunEntry | null>(null);
  /** Step that is looked at; null: the latest. */
  atStep = $state<number | null>(null);
  /** The view has all the room. */
  alone = $state(false);

  onlyWrong = $state(false);
  /** null: test pictures once there is a run, train pictures before. */
  split = $state<'train' | 'test' | null>(null);
  /** Cell of the confusion table that was chosen. */
  pair = $state.raw<ClassPair | null>(null);
  statistic = $state<Statistic>('norm');
  /** Trained array whose curve is shown; null: the first. */
  parameter = $state<string | null>(null);

  /** The one run whose surface is looked at; null: all that are shown. */
  surface = $state.raw<RunEntry | null>(null);

  readonly #runs: RunList;
  readonly #selected: () => RunEntry | null;
  /** Data that Run would use now. */
  readonly #data: () => DataSpec | null;

  /** The run that views of one run are about: the selected one, the one picked here, or the first of the newest press. */
  readonly run: RunEntry | null = $derived.by(() => {
    const { entries, newest, shown } = this.#runs;
    const picked = this.#picked && entries.includes(this.#picked) ? this.#picked : null;
    const data = this.#data();
    const found = picked ?? newest[0] ?? shown[0] ?? null;
    // A run on another kind of data has nothing to say in the views of this one.
    const fits = !found || !data || found.summary.experiment.data.type === data.type;
    return this.#selected() ?? (fits ? found : null);
  });

  constructor(runs: RunList, selected: () => RunEntry | null, data: () => DataSpec | null) {
    this.#runs = runs;
    this.#data = data;
    this.#selected = selected;
  }

  /** @param available the first one is the default. */
  view(available: readonly ViewName[]): ViewName {
    const [first = 'fit'] = available;
    return this.#chosen !== null && available.includes(this.#chosen) ? this.#chosen : first;
  }

  choose(view: ViewName): void {
    this.#chosen = view;
  }

  pick(run: RunEntry | null): void {
    this.#picked = run;
  }

  /** Another press, or another project: nothing of the old one is looked at any more. */
  startOver(): void {
    this.#picked = null;
    this.atStep = null;
    this.pair = null;
    this.surface = null;
  }

  /** The cell of the confusion table as pictures. */
  openPair(pair: ClassPair): void {
    this.pair = pair;
    this.split = 'test';
    this.onlyWrong = false;
    this.choose('pictures');
  }
}
