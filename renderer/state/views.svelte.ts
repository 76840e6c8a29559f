// What the panel beside the losses shows: which view, of which run, at which step. The person's choice stands while it makes sense.
import { dataShape, hasPixels, isGenerated, type DataSpec } from '../../engine/spec/index.ts';
import type { ClassPair } from '../model/confusion.ts';
import type { Statistic } from '../model/run-series.ts';
import type { RunEntry } from './run-entry.svelte.ts';
import type { RunList } from './run-list.svelte.ts';

export const VIEWS = ['fit', 'rows', 'pictures', 'confusion', 'weights', 'arithmetic'] as const;
export type ViewName = (typeof VIEWS)[number];

/** Views that say something about data of a kind; the first one is shown unless the person chose another. */
export function viewsOf(data: DataSpec): readonly ViewName[] {
  const classes = dataShape(data).target.kind === 'classes';
  if (isGenerated(data)) {
    if ('x_min' in data) return ['fit', 'rows', 'weights', 'arithmetic'];
    return classes ? ['rows', 'confusion', 'weights', 'arithmetic'] : ['rows', 'weights', 'arithmetic'];
  }
  switch (data.type) {
    case 'linear_noise':
      return ['fit', 'weights', 'arithmetic'];
    case 'table':
      return classes ? ['rows', 'confusion', 'weights', 'arithmetic'] : ['rows', 'weights', 'arithmetic'];
    case 'shapes32':
    case 'cifar10':
      return ['pictures', 'confusion', 'weights', 'arithmetic'];
    case 'dataset':
      if (hasPixels(data)) return ['pictures', 'confusion', 'weights', 'arithmetic'];
      return classes ? ['confusion', 'weights', 'arithmetic'] : ['weights', 'arithmetic'];
    default:
      return data satisfies never;
  }
}

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
  }

  /** The cell of the confusion table as pictures. */
  openPair(pair: ClassPair): void {
    this.pair = pair;
    this.split = 'test';
    this.onlyWrong = false;
    this.choose('pictures');
  }
}
