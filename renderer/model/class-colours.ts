// One colour per class, the same wherever points and regions of classes are painted. Told apart with every common kind of colour
// blindness (a test holds the distances); the first two, blue and orange, are the furthest apart in hue.
import type { ThemeName } from './variant-style.ts';

/** Class 0 first; as many as can be told apart. */
export const CLASS_COLOURS: Readonly<Record<ThemeName, readonly string[]>> = {
  light: ['#1668b8', '#d9660a', '#1fd4a9', '#a42c6b', '#eea816', '#bd9bfe', '#0308ab', '#3b2245', '#6a3401', '#7992a0'],
  dark: ['#5aa9ee', '#f2904a', '#79eeac', '#c4689f', '#fcef34', '#c7c9fd', '#8a4bd0', '#f1030e', '#218551', '#b0afa9'],
};

/** @param index class from 0; from the eleventh on colours come again. */
export function classColour(index: number, theme: ThemeName): string {
  const colours = CLASS_COLOURS[theme];
  return colours[index % colours.length] ?? '#808080';
}
