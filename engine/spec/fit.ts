// What a model answers over its whole input: the grid of inputs, where it lies, and what is recorded there.
import { dataShape, type DataShape, type DataSpec } from './data.ts';

/** Points of the grid on which fits over one feature are recorded. */
export const FIT_GRID_POINTS = 201;
/** Points along each side of the grid on which fits over two features are recorded. */
export const FIT_SIDE_POINTS = 41;
/** Classes that a fit can tell apart. */
const MOST_CLASSES = 256;
/** Room beyond the data on both sides of an axis, as a part of their range. */
const MARGIN = 0.05;
const MOST_AXES = 2;

/** One feature's side of the grid: `points` values evenly from `low` to `high`. */
export interface FitAxis {
  readonly low: number;
  readonly high: number;
  readonly points: number;
}

/** What a model answers over a grid of inputs, in evaluation mode. */
export interface Fit {
  /** One axis per feature, one or two. The place (i, j) of the grid is entry j · axes[0].points + i: the first feature runs fastest. */
  readonly axes: readonly FitAxis[];
  /** f32 [places]: the output; of classes, the probability (softmax of the outputs) of the class that is predicted. */
  readonly values: Float32Array;
  /** u8 [places], the predicted class; null where the target is a number. */
  readonly classes: Uint8Array | null;
}

/**
 * Points of a fit's axes.
 * @returns null where no fit is recorded: only one feature with a number to learn, or two features with a number or a class, can
 * be shown whole.
 */
export function fitSides({ input, target }: Pick<DataShape, 'input' | 'target'>): readonly number[] | null {
  if (input.length !== 1) return null;
  const [features] = input;
  const isNumber = target.kind === 'values' && target.shape.length === 1 && target.shape[0] === 1;
  if (features === 1) return isNumber ? [FIT_GRID_POINTS] : null;
  const isClass = target.kind === 'classes' && target.classes <= MOST_CLASSES;
  return features === MOST_AXES && (isNumber || isClass) ? [FIT_SIDE_POINTS, FIT_SIDE_POINTS] : null;
}

/** An axis over a range widened by 5 % on both sides. */
export function fitAxis(min: number, max: number, points: number): FitAxis {
  const margin = (max - min) * MARGIN;
  return { low: min - margin, high: max + margin, points };
}

/** Range of every `step`-th value from `first` on over all arrays; [0, 0] without values. */
function rangeOf(arrays: readonly ArrayLike<number>[], first: number, step: number): readonly [number, number] {
  let [min, max] = [Infinity, -Infinity];
  for (const values of arrays)
    for (let i = first; i < values.length; i += step) {
      const value = values[i] as number;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  return min > max ? [0, 0] : [min, max];
}

/**
 * Where the fit over some data lies: over what the description says, or over the range of all examples. A feature that does not
 * vary gets 1 on both sides.
 * @param inputs the examples of every split, [rows, features] row-major.
 * @returns null where no fit is recorded.
 */
export function fitAxes(data: DataSpec, inputs: readonly ArrayLike<number>[]): readonly FitAxis[] | null {
  const sides = fitSides(dataShape(data));
  if (!sides) return null;
  if (data.type === 'linear_noise') return [fitAxis(data.x_min, data.x_max, FIT_GRID_POINTS)];
  return sides.map((points, feature) => {
    const [min, max] = rangeOf(inputs, feature, sides.length);
    return min < max ? fitAxis(min, max, points) : { low: min - 1, high: max + 1, points };
  });
}

/** How many places a grid has. */
export const fitPlaces = (axes: readonly FitAxis[]): number => axes.reduce((product, x) => product * x.points, 1);

/** The value of an axis at one of its points. */
export const axisValue = ({ low, high, points }: FitAxis, i: number): number => low + ((high - low) * i) / (points - 1);

/** The inputs of every place, f32 [places, features]. */
export function fitInputs(axes: readonly FitAxis[]): Float32Array {
  const places = fitPlaces(axes);
  const inputs = new Float32Array(places * axes.length);
  for (let place = 0; place < places; place++) {
    let rest = place;
    for (const [feature, axis] of axes.entries()) {
      inputs[place * axes.length + feature] = axisValue(axis, rest % axis.points);
      rest = Math.floor(rest / axis.points);
    }
  }
  return inputs;
}

/** The grid of a fit over one feature whose data reach from xMin to xMax, f32 [FIT_GRID_POINTS]. */
export const fitGrid = (xMin: number, xMax: number): Float32Array => fitInputs([fitAxis(xMin, xMax, FIT_GRID_POINTS)]);
