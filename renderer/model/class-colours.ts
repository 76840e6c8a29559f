// One colour per class of a data set, the same wherever classes are drawn. Colour-blind safe; told apart by name or number too.
import type { ThemeName } from './variant-style.ts';

/** The Okabe-Ito hues; orange and yellow are darkened on white, blue and black lightened on dark. */
const COLOURS: Readonly<Record<ThemeName, readonly string[]>> = {
  light: ['#0072b2', '#d55e00', '#009e73', '#b8578f', '#b97e00', '#2f9bd8', '#8f8600', '#4a4f55'],
  dark: ['#56a8e6', '#f08a4b', '#2fc79a', '#e09bc4', '#f0b429', '#8fd3ff', '#f0e442', '#c4cad1'],
};

/** @param index class from 0; later ones repeat the colours. */
export function classColour(index: number, theme: ThemeName): string {
  const colours = COLOURS[theme];
  return colours[index % colours.length] ?? '#808080';
}
