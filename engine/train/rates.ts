// The learning rate and momentum of every update (provisional: constant).
import type { RecipeSpec } from '../spec/index.ts';

export interface RatesState {
  readonly updates: number;
}

const momentumOf = ({ optimizer }: RecipeSpec): number =>
  'betas' in optimizer ? optimizer.betas[0] : 'momentum' in optimizer ? optimizer.momentum : 0;

export class Rates {
  readonly #recipe: RecipeSpec;
  constructor(recipe: RecipeSpec, totalSteps: number) {
    this.#recipe = recipe;
    void totalSteps;
  }
  get state(): RatesState {
    return { updates: 0 };
  }
  /** Of the next `count` updates. */
  next(count: number): { readonly rates: Float64Array; readonly momenta: Float64Array } {
    return {
      rates: new Float64Array(count).fill(this.#recipe.optimizer.lr),
      momenta: new Float64Array(count).fill(momentumOf(this.#recipe)),
    };
  }
  epochEnded(): void {}
  evaluated(_: unknown): void {}
}
