// What the reference of a layer is: its arithmetic in double precision as the formula reads, with the gradient of all it was given.
// Kernels are held to these; these are held to PyTorch (test/golden) and to finite differences (gradients.test.ts).
import type { Generator } from '../random/index.ts';
import { elements, layerRule, shapeText, type LayerSpec, type Shape } from '../spec/index.ts';
import type { Tensor } from './values.ts';

export type ParameterName = 'weight' | 'bias';
export type StateName = 'running_mean' | 'running_var';
/** f64 arrays by torch's names within the layer. */
export type NamedValues<N extends string> = Readonly<Partial<Record<N, Float64Array>>>;

export interface LayerContext {
  readonly parameters: NamedValues<ParameterName>;
  readonly state: NamedValues<StateName>;
  readonly mode: 'train' | 'evaluate';
  /** What `drawNoise` gave for this batch; null in evaluation, and where it gave null. */
  readonly noise: Float64Array | null;
}

export interface LayerGradients {
  /** One per input, as long as it. */
  readonly inputs: readonly Float64Array[];
  readonly parameters: NamedValues<ParameterName>;
}

/** One pass through a layer: what came out, and the way back. */
export interface Tape {
  readonly output: Tensor;
  /** Running statistics after the pass; nothing where the pass leaves them as they are. */
  readonly state: NamedValues<StateName>;
  /** @param dy gradient of the output, as long as it. */
  backward(dy: Float64Array): LayerGradients;
}

/** The random numbers that a layer uses in training. */
export interface LayerNoise<L extends LayerSpec> {
  /**
   * Values per batch.
   * @param input the input's shape, [batch, …].
   */
  length(layer: L, input: readonly number[]): number;
  /** Draws them in torch's order; only called for p > 0. */
  draw(generator: Generator, layer: L, length: number): Float64Array;
}

export interface LayerReference<L extends LayerSpec> {
  /** The operands must fit the layer, as `forwardLayer` checks. */
  forward(layer: L, inputs: readonly Tensor[], context: LayerContext): Tape;
  readonly noise?: LayerNoise<L>;
}

/** An operand that a layer cannot be computed with. */
export class OperandError extends Error {
  readonly code = 'BAD_OPERAND';
  readonly layer: string;
  /** `weight`, `running_var`, `noise`, `input 0`, … */
  readonly operand: string;
  constructor(layer: LayerSpec, operand: string, problem: string) {
    super(`${layer.name} (${layer.type}): ${operand} ${problem}`);
    this.name = 'OperandError';
    this.layer = layer.name;
    this.operand = operand;
  }
}

/** The first input; `forwardLayer` and the shape rules see to it that there is one. */
export function onlyInput(layer: LayerSpec, inputs: readonly Tensor[]): Tensor {
  const [input] = inputs;
  if (!input) throw new OperandError(layer, 'input 0', 'is missing: give the tensor that the layer takes');
  return input;
}

export function parameterOf(layer: LayerSpec, { parameters }: LayerContext, name: ParameterName): Float64Array {
  const values = parameters[name];
  if (!values) throw new OperandError(layer, name, 'is missing: give it in context.parameters');
  return values;
}

export function stateOf(layer: LayerSpec, { state }: LayerContext, name: StateName): Float64Array {
  const values = state[name];
  if (!values) throw new OperandError(layer, name, 'is missing: give it in context.state');
  return values;
}

/** The noise of this pass; null where there is none to apply: in evaluation, and for p = 0. */
export function noiseOf(layer: LayerSpec & { readonly p: number }, { mode, noise }: LayerContext): Float64Array | null {
  if (mode === 'evaluate' || layer.p === 0) return null;
  if (!noise) throw new OperandError(layer, 'noise', 'is missing: give what drawNoise draws in context.noise');
  return noise;
}

/** Shape of a layer's output for a batch of inputs, [batch, …]. @throws LayerShapeError when the inputs do not fit. */
export function outputShapeOf(layer: LayerSpec, inputs: readonly Tensor[]): readonly number[] {
  const perExample = layerRule(layer).output(
    layer,
    inputs.map(({ shape }) => shape.slice(1)),
  );
  return [inputs[0]?.shape[0] ?? 0, ...perExample];
}

function checkLength(layer: LayerSpec, operand: string, values: Float64Array | null | undefined, shape: Shape): void {
  const expected = elements(shape);
  if (values && values.length !== expected)
    throw new OperandError(layer, operand, `needs ${expected} values ${shapeText(shape)}, but has ${values.length}`);
}

/**
 * Refuses operands that do not fit the layer or each other.
 * @throws LayerShapeError, OperandError naming the layer and the operand.
 */
export function checkOperands(layer: LayerSpec, inputs: readonly Tensor[], context: LayerContext): void {
  const input = onlyInput(layer, inputs);
  for (const [i, { shape, data }] of inputs.entries()) {
    if (shape[0] !== input.shape[0])
      throw new OperandError(
        layer,
        `input ${i}`,
        `must have ${input.shape[0]} examples as input 0, but has ${shape[0]}`,
      );
    checkLength(layer, `input ${i}`, data, shape);
  }
  outputShapeOf(layer, inputs);
  const perExample = input.shape.slice(1);
  const rule = layerRule(layer);
  for (const { name, shape } of rule.parameters?.(layer, perExample) ?? [])
    checkLength(layer, name, parameterOf(layer, context, name), shape);
  for (const { name, shape } of rule.state?.(layer, perExample) ?? [])
    checkLength(layer, name, stateOf(layer, context, name), shape);
}
