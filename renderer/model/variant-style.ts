// One colour and one dash per variant, the same everywhere: charts, lists, tables. Colour-blind safe, and told apart without colour.

export type ThemeName = 'light' | 'dark';

export interface VariantStyle {
  readonly colour: string;
  /** Canvas and SVG line dash in px; [] is solid. */
  readonly dash: readonly number[];
}

/**
 * The Okabe-Ito colours, ordered so that the first ones reach 3:1 against the surface; orange and yellow are
 * darkened on white, blue and black lightened on dark, hue kept.
 */
const COLOURS: Readonly<Record<ThemeName, readonly string[]>> = {
  light: ['#0072b2', '#d55e00', '#009e73', '#b8578f', '#b97e00', '#2f9bd8', '#8f8600', '#4a4f55'],
  dark: ['#56a8e6', '#f08a4b', '#2fc79a', '#e09bc4', '#f0b429', '#8fd3ff', '#f0e442', '#c4cad1'],
};

/** One pattern per variant; the first is solid, so that a single curve looks plain. */
const DASHES: readonly (readonly number[])[] = [
  [],
  [8, 4],
  [2, 3],
  [10, 3, 2, 3],
  [5, 2],
  [12, 4],
  [3, 5],
  [8, 3, 2, 3, 2, 3],
];

/**
 * @param index position of the variant in its experiment's list, 0…; later ones repeat the colours with other dashes.
 */
export function variantStyle(index: number, theme: ThemeName): VariantStyle {
  const colours = COLOURS[theme];
  const round = Math.floor(index / colours.length);
  return {
    colour: colours[index % colours.length] ?? '#808080',
    dash: DASHES[(index + 3 * round) % DASHES.length] ?? [],
  };
}
