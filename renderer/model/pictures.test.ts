import { describe, expect, it } from 'vitest';
import { filtered, isWrong, picturesOf, rgbaOf } from './pictures.ts';

const sample = { pixels: new Uint8Array(), labels: Int32Array.of(3, 1, 3, 0) };
const pictures = picturesOf(sample, Int32Array.of(3, 2, 1, 0));
const indexes = (of: readonly { index: number }[]) => of.map((x) => x.index);

describe('pictures', () => {
  it('are wrong where the prediction is another class', () => {
    expect(indexes(pictures.filter(isWrong))).toEqual([1, 2]);
    expect(picturesOf(sample, null).some(isWrong)).toBe(false);
  });

  it('are filtered by mistake and by pair', () => {
    expect(indexes(filtered(pictures, { onlyWrong: false, pair: null }))).toEqual([0, 1, 2, 3]);
    expect(indexes(filtered(pictures, { onlyWrong: true, pair: null }))).toEqual([1, 2]);
    expect(indexes(filtered(pictures, { onlyWrong: false, pair: { truth: 3, predicted: 1 } }))).toEqual([2]);
    expect(indexes(filtered(pictures, { onlyWrong: true, pair: { truth: 3, predicted: 3 } }))).toEqual([]);
  });

  it('become RGBA plane by plane; one channel is grey', () => {
    const colours = Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2, 11, 12, 21, 22);
    expect([...rgbaOf(colours, [3, 1, 2], 1)]).toEqual([1, 11, 21, 255, 2, 12, 22, 255]);
    expect([...rgbaOf(Uint8Array.of(7, 9), [1, 1, 2], 0)]).toEqual([7, 7, 7, 255, 9, 9, 9, 255]);
  });
});
