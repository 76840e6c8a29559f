// Numbers for people: three significant digits, durations in plain units, and how long a run still takes.

import { formatShare, formatValue } from './chart-axis.ts';

/** Text of a number as it stands in an input field: all its digits, shortest form. */
export function fieldText(value: unknown): string {
  if (typeof value !== 'number') return typeof value === 'string' ? value : '';
  // 0.00003 is hard to count, and longer than a table's cell.
  return value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
}

export interface NumberFormats {
  /** Three significant digits, as the charts write them. */
  short(value: number): string;
  /** As `short`, but whole numbers as they are: what people wrote themselves. */
  plain(value: number): string;
  /** Every digit. */
  full(value: number): string;
  integer(value: number): string;
  percent(share: number): string;
  /** A share of 1 in per cent with one decimal, as the charts write it. */
  share(value: number): string;
  date(unixMs: number): string;
  dateShort(unixMs: number): string;
  time(unixMs: number): string;
  sizeBytes(bytes: number): string;
}

export function numberFormats(locale: string): NumberFormats {
  const full = new Intl.NumberFormat(locale, { maximumSignificantDigits: 17 });
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const dateShort = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  return {
    short: formatValue,
    plain: (value) =>
      Number.isInteger(value) && Math.abs(value) < 1e6 ? integer.format(value).replace('-', '−') : formatValue(value),
    share: formatShare,
    full: (value) => (Math.abs(value) < 1e-6 && value !== 0 ? String(value) : full.format(value)),
    integer: (value) => integer.format(value),
    percent: (share) => percent.format(share),
    date: (unixMs) => date.format(unixMs),
    dateShort: (unixMs) => dateShort.format(unixMs),
    time: (unixMs) => time.format(unixMs),
    sizeBytes: (bytes) => {
      const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
      const power = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
      return new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: units[power] ?? 'byte',
        unitDisplay: 'short',
        maximumSignificantDigits: 3,
      }).format(bytes / 1000 ** power);
    },
  };
}

/**
 * Milliseconds that a run still needs, from what it needed so far in this window.
 * @returns null while too little is known.
 */
export function timeLeftMs(
  first: { readonly step: number; readonly atMs: number } | null,
  latest: { readonly step: number; readonly atMs: number } | null,
  totalSteps: number,
): number | null {
  if (!first || !latest || latest.step <= first.step || latest.atMs <= first.atMs) return null;
  const perStep = (latest.atMs - first.atMs) / (latest.step - first.step);
  return Math.max(0, totalSteps - latest.step) * perStep;
}
