// Shape and parameter count of every layer, known before anything is compiled or trained.
import type { DataSpec } from './data.ts';
import type { LayerSpec, ModelSpec } from './model.ts';
import { DocumentError } from './problem.ts';

/** Features per example (the batch dimension left out). */
export interface DataShape {
  readonly input: readonly number[];
  readonly target: readonly number[];
  readonly trainRows: number;
  readonly testRows: number;
}

export function dataShape(data: DataSpec): DataShape {
  switch (data.type) {
    case 'linear_noise':
      return { input: [1], target: [1], trainRows: data.points, testRows: data.points };
    default:
      return data.type satisfies never;
  }
}

export interface LayerShape {
  readonly name: string;
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** Number of trained values. */
  readonly parameters: number;
}

function outputOf(layer: LayerSpec, input: readonly number[]): { output: readonly number[]; parameters: number } {
  switch (layer.type) {
    case 'Linear': {
      const fanIn = input.at(-1) ?? 1;
      return {
        output: [...input.slice(0, -1), layer.out_features],
        parameters: fanIn * layer.out_features + (layer.bias ? layer.out_features : 0),
      };
    }
    case 'ReLU':
    case 'Tanh':
    case 'Sigmoid':
    case 'Dropout':
      return { output: input, parameters: 0 };
    default:
      return layer satisfies never;
  }
}

/**
 * Infers every layer's shape and checks that the model's output fits the data's target.
 * @throws DocumentError (`shape_mismatch`) naming the last layer.
 */
export function layerShapes(model: ModelSpec, data: DataSpec): LayerShape[] {
  const { input, target } = dataShape(data);
  const shapes: LayerShape[] = [];
  let current = input;
  for (const layer of model.layers) {
    const { output, parameters } = outputOf(layer, current);
    shapes.push({ name: layer.name, input: current, output, parameters });
    current = output;
  }
  if (current.join() !== target.join()) {
    const last = model.layers.at(-1)?.name ?? '';
    const received = `[${current.join(', ')}]`;
    const expected = `[${target.join(', ')}]`;
    throw new DocumentError('Experiment', [
      {
        path: `model.layers.${last}`,
        code: 'shape_mismatch',
        message: `gives ${received} per example, but the data's target is ${expected}`,
        params: { received, expected },
      },
    ]);
  }
  return shapes;
}
