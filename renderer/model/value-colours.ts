// Colours of numbers on a plane: an even scale from dark to light that stays in order for colour-blind eyes and in grey.

/** The scale that is known as viridis, at even distances. */
const STOPS: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37],
];

/** @param share place on the scale, 0 … 1; beyond it the end's. @returns red, green and blue, 0 … 255. */
export function valueColour(share: number): readonly [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
  const i = Math.min(Math.floor(at), STOPS.length - 2);
  const [low, high] = [STOPS[i] as (typeof STOPS)[0], STOPS[i + 1] as (typeof STOPS)[0]];
  const mix = (k: 0 | 1 | 2): number => Math.round(low[k] + (high[k] - low[k]) * (at - i));
  return [mix(0), mix(1), mix(2)];
}

export const cssColour = ([red, green, blue]: readonly [number, number, number]): string =>
  `rgb(${String(red)} ${String(green)} ${String(blue)})`;

/** Colours at even distances from low to high, for a legend. */
export const valueScale = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => cssColour(valueColour(i / (count - 1))));
