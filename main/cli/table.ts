// Plain text tables: columns as wide as their content, numbers to the right.

export interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
}

/** Lines of a table, head first, without trailing spaces. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const all = [columns.map((c) => c.head), ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => (row[i] ?? '').length)));
  return all.map((row) =>
    columns
      .map((column, i) => {
        const cell = row[i] ?? '';
        const width = widths[i] ?? 0;
        return column.align === 'left' ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Three significant digits; an en dash for nothing. */
export function lossText(value: number | null): string {
  if (value === null) return '–';
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001 || size >= 100_000) return value.toExponential(2);
  return size < 1000 ? value.toPrecision(3) : String(Number(value.toPrecision(3)));
}

/** A share as `61.2 %`; an en dash for nothing. */
export const shareText = (value: number | null): string => (value === null ? '–' : `${(value * 100).toFixed(1)} %`);

/** Milliseconds as `85 ms`, `1.24 s`, `3 min 20 s`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toPrecision(3)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
