// A whole training step in double precision from the references of engine/ops alone: what tests hold the kernels' steps to, and what
// is held to PyTorch's recorded runs. Knows no planner, no data files, no schedule: batches and learning rates are handed in.
import {
  clipGradients,
  decoupledDecay,
  drawNoise,
  evaluateLoss,
  forwardLayer,
  l1Penalty,
  l2Penalty,
  limitNorms,
  optimizerReference,
  parameterTreatments,
  softThreshold,
  tensor,
  updateValues,
  type NamedValues,
  type OptimizerState,
  type ParameterName,
  type ParameterTreatment,
  type StateName,
  type Tape,
  type Tensor,
  type UpdateValues,
  type Values,
} from '../ops/index.ts';
import type { Generator } from '../random/index.ts';
import {
  dataShape,
  elements,
  layerShapes,
  type LayerShape,
  type LayerSpec,
  type ResolvedVariant,
} from '../spec/index.ts';

/** Examples one after another: x [rows, …input], y [rows, …target] or class indices [rows]. */
export interface Batch {
  readonly x: Values;
  readonly y: Values;
}

type Gradients = ReadonlyMap<string, Float64Array>;

/** One update taken apart. Maps go by torch's names of parameters (`fc1.weight`), or by layers' names. */
export interface ReferenceStep {
  /** Data loss of the batch before the update, in training mode. */
  readonly loss: number;
  /** λ·Σ|w| before the update, with either method. */
  readonly penaltyL1: number;
  readonly penaltyL2: number;
  readonly gradients: {
    /** Of the data loss alone. */
    readonly data: Gradients;
    /** With the penalties that are in the loss, before clipping. */
    readonly objective: Gradients;
    /** After clipping: what the optimizer gets. */
    readonly clipped: Gradients;
  };
  /** By layer, [batch, …]. */
  readonly outputs: ReadonlyMap<string, Tensor>;
  /** Of the data loss, by layer; a Sigmoid whose derivative the layer after it takes (`as_printed`) has none. */
  readonly outputGradients: Gradients;
  /** What was drawn, by layer; only layers that drew. */
  readonly noise: Gradients;
}

interface Pass {
  readonly tapes: readonly Tape[];
  readonly output: Tensor;
  readonly noise: Map<string, Float64Array>;
}

const PARAMETERS: readonly ParameterName[] = ['weight', 'bias'];
const STATES: readonly StateName[] = ['running_mean', 'running_var'];

export class ReferenceTraining {
  /** Trained values by torch's names, in torch's order. */
  readonly parameters = new Map<string, Float64Array>();
  /** Running statistics by torch's names. */
  readonly state = new Map<string, Float64Array>();
  readonly treatments: readonly ParameterTreatment[];
  readonly #resolved: ResolvedVariant;
  readonly #shapes: readonly LayerShape[];
  readonly #generator: Generator;
  readonly #optimizerStates = new Map<string, OptimizerState>();

  /**
   * @param values initial parameters and running statistics by torch's names; copied.
   * @param generator stands where the first step's noise begins; the reference draws from it.
   * @throws DocumentError when the model does not fit the data; Error naming an array that is missing or too long.
   */
  constructor(
    resolved: ResolvedVariant,
    values: ReadonlyMap<string, { readonly values: Values }>,
    generator: Generator,
  ) {
    this.#resolved = resolved;
    this.#generator = generator;
    this.#shapes = layerShapes(resolved.model, resolved.data);
    this.treatments = parameterTreatments(resolved);
    const copy = (name: string, shape: readonly number[]): Float64Array => {
      const given = values.get(name)?.values;
      if (given?.length !== elements(shape))
        throw new Error(`${name} needs ${elements(shape)} initial values, but has ${given?.length ?? 'none'}`);
      return Float64Array.from(given);
    };
    for (const { name, shape } of this.treatments) this.parameters.set(name, copy(name, shape));
    for (const layer of this.#shapes)
      for (const { name, shape } of layer.state)
        this.state.set(`${layer.name}.${name}`, copy(`${layer.name}.${name}`, shape));
  }

  /**
   * One update of all parameters.
   * @param now learning rate and momentum where a schedule moves them; else the document's.
   */
  step(batch: Batch, now: Partial<Pick<UpdateValues, 'lr' | 'momentum'>> = {}): ReferenceStep {
    const { recipe } = this.#resolved;
    const { l1_method: method, l2_form: form } = recipe.regularization;
    const pass = this.#forward(batch.x, 'train');
    const { value: loss, gradient } = evaluateLoss(recipe.loss, pass.output, batch.y);
    const { data, outputGradients } = this.#backward(pass, gradient);
    const objective = new Map<string, Float64Array>();
    let [penaltyL1, penaltyL2] = [0, 0];
    for (const { name, l1, l2 } of this.treatments) {
      const w = this.#parameter(name);
      penaltyL1 += l1Penalty.value(w, l1);
      penaltyL2 += l2Penalty.value(w, l2, form);
      const [g1, g2] = [l1Penalty.gradient(w, method === 'subgradient' ? l1 : 0), l2Penalty.gradient(w, l2, form)];
      const g0 = data.get(name);
      objective.set(
        name,
        w.map((_, i) => (g0?.[i] ?? 0) + (g1[i] as number) + (g2[i] as number)),
      );
    }
    const clipped = recipe.gradient_clipping ? clipGradients(objective, recipe.gradient_clipping) : objective;
    for (const treatment of this.treatments) this.#update(treatment, clipped.get(treatment.name) ?? [], now);
    return {
      loss,
      penaltyL1,
      penaltyL2,
      gradients: { data, objective, clipped },
      outputs: new Map(pass.tapes.map(({ output }, i) => [this.#shapes[i]?.name ?? '', output])),
      outputGradients,
      noise: pass.noise,
    };
  }

  /** Model output in evaluation mode, [rows, …]. @param x [rows, …input]. */
  evaluate(x: Values): Tensor {
    return this.#forward(x, 'evaluate').output;
  }

  /** Data loss in evaluation mode, with the recipe's reduction over all rows. */
  evaluationLoss({ x, y }: Batch): number {
    return evaluateLoss(this.#resolved.recipe.loss, this.evaluate(x), y).value;
  }

  #forward(x: Values, mode: 'train' | 'evaluate'): Pass {
    const { model, data } = this.#resolved;
    const { input } = dataShape(data);
    const examples = tensor([x.length / elements(input), ...input], x);
    const tapes: Tape[] = [];
    const noise = new Map<string, Float64Array>();
    const outputOf = (source: number): Tensor => (source < 0 ? examples : (tapes[source] as Tape).output);
    for (const [i, layer] of model.layers.entries()) {
      const inputs = (this.#shapes[i]?.sources ?? []).map(outputOf);
      const drawn = mode === 'train' ? drawNoise(layer, inputs[0]?.shape ?? [], this.#generator) : null;
      if (drawn) noise.set(layer.name, drawn);
      const tape = forwardLayer(layer, inputs, {
        parameters: this.#named(layer, PARAMETERS, this.parameters),
        state: this.#named(layer, STATES, this.state),
        mode,
        noise: drawn,
      });
      for (const [name, values] of Object.entries(tape.state)) this.state.set(`${layer.name}.${name}`, values);
      tapes.push(tape);
    }
    return { tapes, output: outputOf(tapes.length - 1), noise };
  }

  /** Gradients of the data loss; where an output feeds several layers, theirs are summed. */
  #backward({ tapes }: Pass, gradient: Float64Array): { data: Map<string, Float64Array>; outputGradients: Gradients } {
    const { layers } = this.#resolved.model;
    const ofOutputs: (Float64Array | undefined)[] = layers.map((_, i) =>
      i === layers.length - 1 ? gradient : undefined,
    );
    const data = new Map<string, Float64Array>();
    for (const [i, layer] of [...layers.entries()].reverse()) {
      const dy = ofOutputs[i];
      if (!dy) continue;
      const { inputs, parameters } = (tapes[i] as Tape).backward(dy);
      for (const [name, values] of Object.entries(parameters)) data.set(`${layer.name}.${name}`, values);
      for (const [k, source] of this.#gradientTargets(i, layer).entries()) {
        const more = inputs[k];
        if (source < 0 || !more) continue;
        const sum = ofOutputs[source];
        ofOutputs[source] = sum ? sum.map((g, j) => g + (more[j] as number)) : more;
      }
    }
    const named = layers.flatMap(({ name }, i) => (ofOutputs[i] ? [[name, ofOutputs[i]] as const] : []));
    return { data, outputGradients: new Map(named) };
  }

  /** Which outputs a layer's input gradients belong to: its sources, but past the Sigmoid for a printed gradient. */
  #gradientTargets(i: number, layer: LayerSpec): readonly number[] {
    const printed = layer.type === 'Dropout' && layer.gradient === 'as_printed';
    return this.#shapes[printed ? i - 1 : i]?.sources ?? [];
  }

  #update(
    { name, shape, l1, decoupledDecay: decay, maxNorm, weightDecay }: ParameterTreatment,
    gradient: Values,
    now: Partial<Pick<UpdateValues, 'lr' | 'momentum'>>,
  ): void {
    const { optimizer, regularization } = this.#resolved.recipe;
    const reference = optimizerReference(optimizer);
    const w = this.#parameter(name);
    const state = this.#optimizerStates.get(name) ?? reference.initialState(optimizer, w.length);
    this.#optimizerStates.set(name, state);
    const values = { ...updateValues(optimizer), ...now, weightDecay };
    decoupledDecay(w, values.lr, decay);
    reference.update(optimizer, values, w, gradient, state);
    if (regularization.l1_method === 'proximal') softThreshold(w, values.lr, l1);
    if (maxNorm !== null) limitNorms(w, shape[0] ?? 1, maxNorm);
  }

  #parameter(name: string): Float64Array {
    return this.parameters.get(name) as Float64Array;
  }

  #named<N extends string>(
    layer: LayerSpec,
    names: readonly N[],
    all: ReadonlyMap<string, Float64Array>,
  ): NamedValues<N> {
    const found = names.flatMap((name) => {
      const values = all.get(`${layer.name}.${name}`);
      return values ? [[name, values] as const] : [];
    });
    return Object.fromEntries(found) as NamedValues<N>;
  }
}
