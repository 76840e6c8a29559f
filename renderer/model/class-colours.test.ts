// The classes' colours can be told apart, by eyes of every common kind, and from the surface that they lie on.
import { describe, expect, it } from 'vitest';
import { CLASS_COLOURS, classColour } from './class-colours.ts';
import { valueColour, valueScale } from './value-colours.ts';

type Rgb = readonly [number, number, number];
const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const rgbOf = (hex: string): Rgb =>
  [1, 3, 5].map((i) => linear(Number.parseInt(hex.slice(i, i + 2), 16) / 255)) as unknown as Rgb;
const apply = (matrix: readonly Rgb[], [r, g, b]: Rgb): Rgb =>
  matrix.map(([x, y, z]) => x * r + y * g + z * b) as unknown as Rgb;

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear sRGB. */
const EYES: Readonly<Record<string, readonly Rgb[]>> = {
  trichromat: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Oklab: differences in it are even to the eye; 0.02 is just seen. */
function oklab(rgb: Rgb): Rgb {
  const clipped = rgb.map((x) => Math.min(1, Math.max(0, x))) as unknown as Rgb;
  const cones = apply(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    clipped,
  ).map(Math.cbrt) as unknown as Rgb;
  return apply(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}
const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe.each(['light', 'dark'] as const)('class colours on %s', (theme) => {
  const colours = CLASS_COLOURS[theme];
  it.each(Object.keys(EYES))('are ten, and differ clearly for a %s', (eye) => {
    const seen = colours.map((x) => oklab(apply(EYES[eye] as readonly Rgb[], rgbOf(x))));
    expect(seen).toHaveLength(10);
    for (const [i, a] of seen.entries())
      for (const b of seen.slice(i + 1)) expect(distance(a, b), colours[i]).toBeGreaterThan(0.1);
  });

  it('differ from the surface', () => {
    const surface = oklab(rgbOf(theme === 'light' ? '#ffffff' : '#1b1e23'));
    for (const colour of colours) expect(distance(oklab(rgbOf(colour)), surface)).toBeGreaterThan(0.2);
  });

  it('come again after the tenth', () => {
    expect(classColour(0, theme)).toBe(colours[0]);
    expect(classColour(13, theme)).toBe(colours[3]);
  });
});

describe('colours of numbers', () => {
  it.each(Object.keys(EYES))('get lighter all the way for a %s', (eye) => {
    const matrix = EYES[eye] as readonly Rgb[];
    const lightness = Array.from({ length: 101 }, (_, i) => {
      const [r, g, b] = valueColour(i / 100);
      return oklab(apply(matrix, [linear(r / 255), linear(g / 255), linear(b / 255)]))[0];
    });
    for (let i = 5; i < lightness.length; i += 5)
      expect(lightness[i] as number).toBeGreaterThan(lightness[i - 5] as number);
  });

  it('end at their ends', () => {
    expect(valueColour(-3)).toEqual(valueColour(0));
    expect(valueColour(Infinity)).toEqual(valueColour(1));
    expect(valueScale(3)).toEqual(['rgb(68 1 84)', 'rgb(33 145 140)', 'rgb(253 231 37)']);
  });
});
