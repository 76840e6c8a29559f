// A fit as one blob that says itself where its grid lies. Fits of files before that are bare lists of 201 numbers.
import { FIT_GRID_POINTS, fitPlaces, type Fit, type FitAxis } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';

// Little-endian: u32 number of axes; u32, 1 with classes; per axis f64 low, f64 high, f64 points; f32 values; u8 classes.
const HEAD_BYTES = 8;
const AXIS_BYTES = 24;
const BARE_BYTES = 4 * FIT_GRID_POINTS;
const MOST_AXES = 2;
/** Larger grids than any that is made; what is longer is damage. */
const MOST_POINTS = 10_000;

const damaged = () =>
  new LabError('FILE_DAMAGED', `fit is neither a grid with its axes nor a list of ${FIT_GRID_POINTS} f32`);

export function encodeFit({ axes, values, classes }: Fit): Uint8Array {
  const start = HEAD_BYTES + AXIS_BYTES * axes.length;
  const bytes = new Uint8Array(start + values.byteLength + (classes?.byteLength ?? 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, axes.length, true);
  view.setUint32(4, classes ? 1 : 0, true);
  for (const [i, { low, high, points }] of axes.entries())
    for (const [k, number] of [low, high, points].entries())
      view.setFloat64(HEAD_BYTES + AXIS_BYTES * i + 8 * k, number, true);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  if (classes) bytes.set(classes, start + values.byteLength);
  return bytes;
}

function decodeAxes(view: DataView, count: number): FitAxis[] {
  return Array.from({ length: count }, (_, i) => {
    const at = HEAD_BYTES + AXIS_BYTES * i;
    const [low, high, points] = [0, 8, 16].map((k) => view.getFloat64(at + k, true)) as [number, number, number];
    const isAxis = Number.isFinite(low) && Number.isFinite(high) && low <= high;
    if (!isAxis || !Number.isInteger(points) || points < 2 || points > MOST_POINTS) throw damaged();
    return { low, high, points };
  });
}

/**
 * @param bareAxes where a bare list lies: over the range that the run's document says.
 * @returns null for a bare list of which nobody says where it lies.
 * @throws LabError FILE_DAMAGED.
 */
export function decodeFit(bytes: Uint8Array, bareAxes: () => readonly FitAxis[] | null): Fit | null {
  if (bytes.byteLength === BARE_BYTES) {
    const axes = bareAxes();
    return axes && { axes, values: new Float32Array(bytes.slice().buffer), classes: null };
  }
  if (bytes.byteLength < HEAD_BYTES) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [count, hasClasses] = [view.getUint32(0, true), view.getUint32(4, true)];
  const start = HEAD_BYTES + AXIS_BYTES * count;
  if (count < 1 || count > MOST_AXES || hasClasses > 1 || bytes.byteLength < start) throw damaged();
  const axes = decodeAxes(view, count);
  const places = fitPlaces(axes);
  if (bytes.byteLength !== start + (4 + hasClasses) * places) throw damaged();
  const end = start + 4 * places;
  return {
    axes,
    values: new Float32Array(bytes.slice(start, end).buffer),
    classes: hasClasses === 1 ? bytes.slice(end) : null,
  };
}
