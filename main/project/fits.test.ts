// Stored fits: what is written comes back, what is damaged is refused before it is believed, and old ones lie where the run says.
import { describe, expect, it } from 'vitest';
import { LabError } from '../contract/errors.ts';
import { fitAxis, type Fit } from '../../engine/spec/index.ts';
import { decodeFit, encodeFit } from './fits.ts';

const AXES = [
  { low: -1.1, high: 2.3, points: 3 },
  { low: 0, high: 1e-9, points: 2 },
];
const surface: Fit = {
  axes: AXES,
  values: Float32Array.of(0.5, NaN, 1, 0.25, 0, Infinity),
  classes: Uint8Array.of(0, 1, 2, 255, 4, 5),
};
const nowhere = () => null;

describe('a stored fit', () => {
  it.each([
    ['of classes over two features', surface],
    ['of numbers over two features', { ...surface, classes: null }],
    ['over one feature', { axes: AXES.slice(0, 1), values: Float32Array.of(1, -0, 3), classes: null }],
  ])('%s comes back', (_, fit) => {
    expect(decodeFit(encodeFit(fit), nowhere)).toEqual(fit);
    // As SQLite hands it out: somewhere within another buffer.
    const shifted = new Uint8Array(encodeFit(fit).length + 3);
    shifted.set(encodeFit(fit), 3);
    expect(decodeFit(shifted.subarray(3), nowhere)).toEqual(fit);
  });

  it('of before, a bare list, lies where the run says, and nowhere else', () => {
    const values = Float32Array.from({ length: 201 }, (_, i) => i);
    const bytes = new Uint8Array(values.buffer);
    const axes = [fitAxis(-1, 1, 201)];
    expect(decodeFit(bytes, () => axes)).toEqual({ axes, values, classes: null });
    expect(decodeFit(bytes, nowhere)).toBeNull();
  });

  const changed = (change: (view: DataView, bytes: Uint8Array) => void): Uint8Array => {
    const bytes = encodeFit(surface);
    change(new DataView(bytes.buffer), bytes);
    return bytes;
  };
  it.each([
    ['nothing', new Uint8Array()],
    ['four bytes', new Uint8Array(4)],
    ['a cut end', encodeFit(surface).slice(0, -1)],
    ['no axes', changed((view) => view.setUint32(0, 0, true))],
    ['very many axes', changed((view) => view.setUint32(0, 2 ** 31, true))],
    ['three axes', changed((view) => view.setUint32(0, 3, true))],
    ['half of classes', changed((view) => view.setUint32(4, 2, true))],
    ['an axis without an end', changed((view) => view.setFloat64(16, NaN, true))],
    ['an axis from right to left', changed((view) => view.setFloat64(16, -5, true))],
    ['parts of points', changed((view) => view.setFloat64(24, 2.5, true))],
    ['points without number', changed((view) => view.setFloat64(24, 1e300, true))],
  ])('with %s is damaged', (_, bytes) => {
    expect(() => decodeFit(bytes, nowhere)).toThrow(LabError);
    expect(() => decodeFit(bytes, nowhere)).toThrow(/^fit is neither/);
  });
});
