// Reads the charts' colours from the tokens, because a canvas cannot use CSS variables itself.
import type { ChartTheme } from './chart-types.ts';

/** Token of each colour, to be defined for both themes in ui/tokens.css. */
export const CHART_TOKENS = {
  text: '--chart-text',
  mutedText: '--chart-muted-text',
  grid: '--chart-grid',
  surface: '--chart-surface',
  trainPoint: '--chart-train-point',
  testPoint: '--chart-test-point',
} as const satisfies Partial<Record<keyof ChartTheme, string>>;

/** Under forced colours the reader's own palette takes over (the lines keep their colours and have dashes). */
const FORCED: Readonly<Record<keyof typeof CHART_TOKENS, string>> = {
  text: 'CanvasText',
  mutedText: 'CanvasText',
  grid: 'color-mix(in srgb, CanvasText 25%, Canvas)',
  surface: 'Canvas',
  trainPoint: 'CanvasText',
  testPoint: 'CanvasText',
};

/**
 * The theme in force at an element. Colours are read through a probe's computed style, so `var()`, `light-dark()`,
 * `color-mix()` and forced colours come out resolved. Read it again when the theme changes.
 * @param host element inside the document; its font is the charts' font.
 */
export function readChartTheme(host: HTMLElement): ChartTheme {
  const probe = host.ownerDocument.createElement('span');
  probe.hidden = true;
  host.append(probe);
  try {
    const style = getComputedStyle(probe);
    const forced = matchMedia('(forced-colors: active)').matches;
    // Else every colour would be read as the one that text is forced to.
    probe.style.setProperty('forced-color-adjust', 'none');
    const colour = (name: keyof typeof CHART_TOKENS): string => {
      probe.style.color = forced ? FORCED[name] : `var(${CHART_TOKENS[name]})`;
      return style.color;
    };
    return {
      text: colour('text'),
      mutedText: colour('mutedText'),
      grid: colour('grid'),
      surface: colour('surface'),
      trainPoint: colour('trainPoint'),
      testPoint: colour('testPoint'),
      fontFamily: style.fontFamily || 'system-ui, sans-serif',
      fontSizePx: Number.parseFloat(style.fontSize) || 13,
    };
  } finally {
    probe.remove();
  }
}
