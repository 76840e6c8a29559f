// A whole training step in double precision from the ops' references alone: what tests hold the kernels' steps to.
import {
  adam,
  dropout,
  l1Penalty,
  l2Penalty,
  linear,
  mseLoss,
  relu,
  sgd,
  sigmoid,
  tanh,
  type AdamState,
  type SgdState,
} from '../ops/index.ts';
import { dropoutNoise, type Generator } from '../random/index.ts';
import type { LayerSpec, PointSet, ResolvedVariant } from '../spec/index.ts';

export interface ReferenceStep {
  readonly loss: number;
  readonly penaltyL1: number;
  readonly penaltyL2: number;
  /** Of the data loss alone, by parameter. */
  readonly gradients: ReadonlyMap<string, Float64Array>;
}

interface Taped {
  readonly layer: LayerSpec;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly mask: Float32Array | null;
}

export class ReferenceTraining {
  readonly parameters: Map<string, Float64Array>;
  readonly #resolved: ResolvedVariant;
  readonly #points: PointSet;
  readonly #generator: Generator;
  readonly #states = new Map<string, SgdState & AdamState>();

  /** @param generator stands where the variant's masks begin. */
  constructor(
    resolved: ResolvedVariant,
    parameters: ReadonlyMap<string, { readonly values: Float32Array }>,
    points: PointSet,
    generator: Generator,
  ) {
    this.#resolved = resolved;
    this.parameters = new Map([...parameters].map(([name, { values }]) => [name, Float64Array.from(values)]));
    this.#points = points;
    this.#generator = generator;
  }

  #forward(layer: LayerSpec, x: Float64Array, batch: number): Omit<Taped, 'layer' | 'x'> {
    switch (layer.type) {
      case 'Linear': {
        const sizes = { batch, inFeatures: x.length / batch, outFeatures: layer.out_features };
        const w = this.#parameter(`${layer.name}.weight`);
        return { y: linear.forward(x, w, this.parameters.get(`${layer.name}.bias`) ?? null, sizes), mask: null };
      }
      case 'ReLU':
        return { y: relu.forward(x), mask: null };
      case 'Tanh':
        return { y: tanh.forward(x), mask: null };
      case 'Sigmoid':
        return { y: sigmoid.forward(x), mask: null };
      case 'Dropout': {
        const mask = dropoutNoise(this.#generator, x.length, layer.p);
        return { y: dropout.forward(x, mask), mask };
      }
      default:
        return layer satisfies never;
    }
  }

  #backward(
    { layer, x, y, mask }: Taped,
    dy: Float64Array,
    batch: number,
    gradients: Map<string, Float64Array>,
  ): Float64Array {
    switch (layer.type) {
      case 'Linear': {
        const sizes = { batch, inFeatures: x.length / batch, outFeatures: layer.out_features };
        const { dx, dw, db } = linear.backward(x, this.#parameter(`${layer.name}.weight`), dy, sizes);
        gradients.set(`${layer.name}.weight`, dw);
        if (layer.bias) gradients.set(`${layer.name}.bias`, db);
        return dx;
      }
      case 'ReLU':
        return relu.backward(y, dy);
      case 'Tanh':
        return tanh.backward(y, dy);
      case 'Sigmoid':
        return sigmoid.backward(y, dy);
      case 'Dropout':
        return dropout.backward(dy, mask ?? new Float32Array(dy.length).fill(1));
      default:
        return layer satisfies never;
    }
  }

  /** One update of all parameters. */
  step(): ReferenceStep {
    const { model, recipe } = this.#resolved;
    const { l1, l2, l2_form: form, biases } = recipe.regularization;
    const batch = this.#points.y.length;
    const tape: Taped[] = [];
    let x: Float64Array = Float64Array.from(this.#points.x);
    for (const layer of model.layers) {
      const { y, mask } = this.#forward(layer, x, batch);
      tape.push({ layer, x, y, mask });
      x = y;
    }
    const gradients = new Map<string, Float64Array>();
    let dy: Float64Array = mseLoss.backward(x, this.#points.y);
    for (const taped of tape.toReversed()) dy = this.#backward(taped, dy, batch, gradients);
    const penalized = [...this.parameters].filter(([name]) => biases || name.endsWith('.weight'));
    const sum = (f: (w: Float64Array) => number): number => penalized.reduce((total, [, w]) => total + f(w), 0);
    const result = {
      loss: mseLoss.forward(x, this.#points.y),
      penaltyL1: sum((w) => l1Penalty.forward(w, l1)),
      penaltyL2: sum((w) => l2Penalty.forward(w, l2, form)),
      gradients,
    };
    const names = new Set(penalized.map(([name]) => name));
    for (const [name, w] of this.parameters) {
      const [g1, g2] = [l1Penalty.backward(w, l1), l2Penalty.backward(w, l2, form)];
      const factor = names.has(name) ? 1 : 0;
      const g = gradients.get(name)?.map((g0, i) => g0 + factor * ((g1[i] as number) + (g2[i] as number)));
      if (g) this.#update(name, w, g);
    }
    return result;
  }

  #update(name: string, w: Float64Array, g: Float64Array): void {
    const { optimizer } = this.#resolved.recipe;
    const state = this.#states.get(name) ?? { ...sgd.initialState(w.length), ...adam.initialState(w.length) };
    this.#states.set(name, state);
    switch (optimizer.type) {
      case 'SGD':
        sgd.step(w, g, state, optimizer);
        break;
      case 'Adam':
        adam.step(w, g, state, optimizer);
        break;
      default:
        optimizer satisfies never;
    }
  }

  #parameter(name: string): Float64Array {
    const values = this.parameters.get(name);
    if (!values) throw new Error(`there is no parameter ${name}`);
    return values;
  }
}
