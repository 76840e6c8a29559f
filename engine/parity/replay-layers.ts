// Computes a recorded layer again with its reference in engine/ops: output, gradients, running statistics, evaluation.
import {
  drawNoise,
  forwardLayer,
  sigmoidSlope,
  tanhSlope,
  tensor,
  type LayerContext,
  type Values,
} from '../ops/index.ts';
import { randn, uniform, type Generator } from '../random/index.ts';
import { elements, layerRule, type LayerSpec } from '../spec/index.ts';
import { recordedAt, type RecordedValues } from './fixture.ts';
import { summedTerms } from './summed-terms.ts';

/** Our value of one output; `terms` holds Σ|terms| per element where the element is a sum. */
export interface Output {
  readonly values: Values;
  readonly terms?: Values | undefined;
}

export interface RecordedLayer {
  readonly layer: LayerSpec;
  /** What is done to the normals that are the inputs. */
  readonly x: {
    readonly scale?: number;
    /** Rounds down to multiples of it. */
    readonly grid?: number;
    readonly zero_every?: number;
    readonly sigmoid?: boolean;
  };
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: Readonly<Record<string, RecordedValues>>;
}

function input(generator: Generator, shape: readonly number[], x: RecordedLayer['x']): Float32Array {
  return randn(generator, elements(shape)).map((normal, i) => {
    const scaled = Math.fround(normal * (x.scale ?? 1));
    const stepped = x.grid === undefined ? scaled : Math.floor(scaled / x.grid) * x.grid;
    const value = x.zero_every !== undefined && i % x.zero_every === 0 ? 0 : stepped;
    return x.sigmoid ? 1 / (1 + Math.exp(-value)) : value;
  });
}

const SLOPES = { Sigmoid: sigmoidSlope, Tanh: tanhSlope } as const;

/**
 * The derivative of Sigmoid and Tanh is a function of the output; near saturation the last bit of y decides all its digits,
 * so it is taken at PyTorch's y where that is recorded.
 */
function slopeAtRecorded(
  type: keyof typeof SLOPES,
  y: Float64Array,
  recorded: RecordedValues,
  dy: Float64Array,
): Float64Array {
  const output = y.slice();
  for (const { index, value } of recordedAt(recorded)) output[index] = value;
  return dy.map((d, i) => d * SLOPES[type](output[i] as number));
}

/** Draws what the recorder drew, in its order. */
export function layerOutputs(
  generator: Generator,
  { layer, x, inputs: shapes, outputs }: RecordedLayer,
): Record<string, Output> {
  const inputs = shapes.map((shape) => tensor(shape, input(generator, shape, x)));
  const [first = []] = shapes;
  const rule = layerRule(layer);
  const drawn = (list: readonly { readonly name: string; readonly shape: readonly number[] }[] | undefined) =>
    Object.fromEntries(
      (list ?? []).map(({ name, shape }) => {
        const size = elements(shape);
        const values =
          name === 'running_var'
            ? uniform(generator, new Float32Array(size)).map((u) => Math.fround(u + 0.5))
            : randn(generator, size);
        return [name, Float64Array.from(values)];
      }),
    );
  const parameters = drawn(rule.parameters?.(layer, first.slice(1)));
  const state = drawn(rule.state?.(layer, first.slice(1)));
  const evaluation: LayerContext = { parameters, state, mode: 'evaluate', noise: null };
  const dy = Float64Array.from(randn(generator, forwardLayer(layer, inputs, evaluation).output.data.length));
  const context: LayerContext = { ...evaluation, mode: 'train', noise: drawNoise(layer, first, generator) };
  const tape = forwardLayer(layer, inputs, context);
  const gradients = tape.backward(dy);
  const terms = summedTerms({ layer, inputs, context, tape, dy });
  const afterwards = { ...evaluation, state: { ...state, ...tape.state } };
  const evaluated = forwardLayer(layer, inputs, afterwards);
  const y = tape.output.data;
  const at = layer.type === 'Sigmoid' || layer.type === 'Tanh' ? layer.type : null;
  return {
    y: { values: y, terms: terms.y },
    ...Object.fromEntries(
      gradients.inputs.map((dx, i) => [
        `dx${i}`,
        { values: at ? slopeAtRecorded(at, y, outputs['y'] as RecordedValues, dy) : dx, terms: terms.inputs?.[i] },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(gradients.parameters).map(([name, values]) => [
        `d${name}`,
        { values, terms: terms.parameters?.[name as 'weight'] },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(tape.state).map(([name, values]) => [
        name,
        { values, terms: terms.state?.[name as 'running_mean'] },
      ]),
    ),
    evaluated: {
      values: evaluated.output.data,
      terms: summedTerms({ layer, inputs, context: afterwards, tape: evaluated, dy }).y,
    },
  };
}
