// The learning rate and momentum of every update: runs the schedule's state machine (engine/ops) ahead of the kernels.
import { afterEvaluation, afterUpdate, momentumOf, startSchedule, type ScheduleState } from '../ops/index.ts';
import type { Evaluation, RecipeSpec } from '../spec/index.ts';

export type RatesState = ScheduleState;

/** What the schedule goes on from when the recipe changes during the run. */
function carriedOver(before: RecipeSpec, state: ScheduleState, now: RecipeSpec, totalSteps: number): ScheduleState {
  if (JSON.stringify([before.schedule, before.warm_up]) !== JSON.stringify([now.schedule, now.warm_up]))
    return startSchedule(now, totalSteps);
  const [old, lr] = [before.optimizer.lr, now.optimizer.lr];
  const cycles = now.schedule.type === 'OneCycleLR' && now.schedule.cycle_momentum;
  return {
    ...state,
    lr: state.lr === old ? lr : state.lr * (lr / old),
    momentum: cycles ? state.momentum : momentumOf(now.optimizer),
  };
}

export class Rates {
  readonly #recipe: RecipeSpec;
  readonly #totalSteps: number;
  readonly #perEpoch: number;
  #state: ScheduleState;

  /**
   * @param perEpoch updates of one pass over the train data.
   * @param state where it stands; null at the start of a run.
   */
  constructor(recipe: RecipeSpec, totalSteps: number, perEpoch: number, state: ScheduleState | null = null) {
    this.#recipe = recipe;
    this.#totalSteps = totalSteps;
    this.#perEpoch = perEpoch;
    this.#state = state ?? startSchedule(recipe, totalSteps);
  }

  get state(): RatesState {
    return this.#state;
  }

  /** Goes on under a recipe that was changed during the run. */
  changed(recipe: RecipeSpec): Rates {
    return new Rates(recipe, this.#totalSteps, this.#perEpoch, carriedOver(this.#recipe, this.#state, recipe, this.#totalSteps));
  }

  /** Of the next `count` updates, which are taken. @param step updates before them. */
  next(step: number, count: number): { readonly rates: Float64Array; readonly momenta: Float64Array } {
    const [rates, momenta] = [new Float64Array(count), new Float64Array(count)];
    for (let i = 0; i < count; i++) {
      rates[i] = this.#state.lr;
      momenta[i] = this.#state.momentum ?? 0;
      const endsEpoch = (step + i + 1) % this.#perEpoch === 0;
      this.#state = afterUpdate(this.#recipe, this.#totalSteps, this.#state, endsEpoch);
    }
    return { rates, momenta };
  }

  evaluated({ train, validation }: Evaluation): void {
    const { schedule } = this.#recipe;
    if (schedule.type !== 'ReduceLROnPlateau') return;
    const metric = schedule.metric === 'train_loss' ? train.loss : (validation?.loss ?? Infinity);
    this.#state = afterEvaluation(this.#recipe, this.#state, metric);
  }
}
