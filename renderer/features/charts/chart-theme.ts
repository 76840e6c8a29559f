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
    const colour = (token: string): string => {
      probe.style.color = `var(${token})`;
      return style.color;
    };
    return {
      text: colour(CHART_TOKENS.text),
      mutedText: colour(CHART_TOKENS.mutedText),
      grid: colour(CHART_TOKENS.grid),
      surface: colour(CHART_TOKENS.surface),
      trainPoint: colour(CHART_TOKENS.trainPoint),
      testPoint: colour(CHART_TOKENS.testPoint),
      fontFamily: style.fontFamily || 'system-ui, sans-serif',
      fontSizePx: Number.parseFloat(style.fontSize) || 13,
    };
  } finally {
    probe.remove();
  }
}
