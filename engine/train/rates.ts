// The learning rate and momentum of every update: runs the schedule's state machine (engine/ops) ahead of the kernels.
import { afterEvaluation, afterUpdate, momentumOf, startSchedule, type ScheduleState } from '../ops/index.ts';
import type { Evaluation, RecipeSpec } from '../spec/index.ts';

export interface RatesState {
  readonly schedule: ScheduleState;
  /** The learning rate that the schedule began with: torch's `base_lr`, which a change during the run does not touch. */
  readonly baseLr: number;
}

const startOf = (recipe: RecipeSpec, totalSteps: number): RatesState => ({
  schedule: startSchedule(recipe, totalSteps),
  baseLr: recipe.optimizer.lr,
});

/** What the schedule goes on from when the recipe changes during the run: a new learning rate holds at once. */
function carriedOver(before: RecipeSpec, state: RatesState, now: RecipeSpec, totalSteps: number): RatesState {
  if (JSON.stringify([before.schedule, before.warm_up]) !== JSON.stringify([now.schedule, now.warm_up]))
    return startOf(now, totalSteps);
  const { schedule } = state;
  const lr = before.optimizer.lr === now.optimizer.lr ? schedule.lr : now.optimizer.lr;
  const cycles = now.schedule.type === 'OneCycleLR' && now.schedule.cycle_momentum;
  const momentum = cycles ? schedule.momentum : momentumOf(now.optimizer);
  return { ...state, schedule: { ...schedule, lr, momentum } };
}

export class Rates {
  readonly #recipe: RecipeSpec;
  readonly #totalSteps: number;
  readonly #perEpoch: number;
  #state: RatesState;

  /**
   * @param perEpoch updates of one pass over the train data.
   * @param state where it stands; null at the start of a run.
   */
  constructor(recipe: RecipeSpec, totalSteps: number, perEpoch: number, state: RatesState | null = null) {
    this.#recipe = recipe;
    this.#totalSteps = totalSteps;
    this.#perEpoch = perEpoch;
    this.#state = state ?? startOf(recipe, totalSteps);
  }

  get state(): RatesState {
    return this.#state;
  }

  /** Goes on under a recipe that was changed during the run. */
  changed(recipe: RecipeSpec): Rates {
    return new Rates(
      recipe,
      this.#totalSteps,
      this.#perEpoch,
      carriedOver(this.#recipe, this.#state, recipe, this.#totalSteps),
    );
  }

  /** Of the next `count` updates, which are taken. @param step updates before them. */
  next(step: number, count: number): { readonly rates: Float64Array; readonly momenta: Float64Array } {
    const [rates, momenta] = [new Float64Array(count), new Float64Array(count)];
    const recipe = this.#based();
    let { schedule } = this.#state;
    for (let i = 0; i < count; i++) {
      rates[i] = schedule.lr;
      momenta[i] = schedule.momentum ?? 0;
      const endsEpoch = (step + i + 1) % this.#perEpoch === 0;
      schedule = afterUpdate(recipe, this.#totalSteps, schedule, endsEpoch);
    }
    this.#state = { ...this.#state, schedule };
    return { rates, momenta };
  }

  evaluated({ train, validation }: Evaluation): void {
    const { schedule } = this.#recipe;
    if (schedule.type !== 'ReduceLROnPlateau') return;
    const metric = schedule.metric === 'train_loss' ? train.loss : (validation?.loss ?? Infinity);
    this.#state = { ...this.#state, schedule: afterEvaluation(this.#recipe, this.#state.schedule, metric) };
  }

  /** The recipe as the schedule began with it. */
  #based(): RecipeSpec {
    const { optimizer } = this.#recipe;
    return { ...this.#recipe, optimizer: { ...optimizer, lr: this.#state.baseLr } };
  }
}
