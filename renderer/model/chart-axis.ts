// Axis ranges, ticks and number wording that stay calm while data streams in: round ends that rarely move.
import { roundUp } from '../../engine/spec/index.ts';
import type { ThinnedLine } from './chart-decimation.ts';
import type { Span } from './chart-view.ts';

/** Decades that a log axis shows below its largest value; what lies lower is drawn at the floor. */
export const LOG_DECADES = 12;

const MANTISSAS = [1, 2, 5, 10] as const;

/** The largest of 1, 2, 5 × 10^k that is ≤ x. @param x > 0. */
export function roundDown(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x));
  const mantissa = MANTISSAS.findLast((m) => m * power <= x * (1 + 1e-12)) ?? 1;
  return tidy(mantissa * power);
}

/** Takes the binary noise off a decimal (0.30000000000000004 → 0.3). */
const tidy = (x: number): number => Number(x.toPrecision(12));

/** Round ticks inside a span, about `wanted` of them, at multiples of 1, 2 or 5 × 10^k (at least `smallest`). */
export function linearTicks([low, high]: Span, wanted: number, smallest = 0): number[] {
  const step = Math.max(roundUp((high - low) / Math.max(1, wanted)), smallest);
  const ticks: number[] = [];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  for (let k = first; k <= last; k++) ticks.push(tidy(k * step) || 0);
  return ticks;
}

/** Ticks of a log axis: every n-th decade, or 1-2-5 within few decades, or linear ones within less than a factor 3. */
export function logTicks([low, high]: Span, wanted: number): number[] {
  const decades = Math.log10(high / low);
  if (decades < 0.5) return linearTicks([low, high], wanted);
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const mantissas = decades * 3 <= wanted ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / Math.max(1, wanted)));
  const ticks: number[] = [];
  for (let k = first; k <= last; k++) {
    if (mantissas.length === 1 && k % every !== 0) continue;
    for (const m of mantissas) ticks.push(tidy(m * 10 ** k));
  }
  return ticks.filter((t) => t >= low * (1 - 1e-9) && t <= high * (1 + 1e-9));
}

/** Range of points with a margin, for an axis that stays put while curves move. @returns [-1, 1] without points. */
export function pointRange(values: readonly Float32Array[], margin: number): Span {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const array of values) {
    for (const value of array) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [-1, 1];
  const room = high > low ? (high - low) * margin : Math.max(1, Math.abs(high)) * margin;
  return [low - room, high + room];
}

interface Extent {
  low: number;
  lowPositive: number;
  high: number;
}

function extent(lines: readonly ThinnedLine[], [from, to]: Span): Extent {
  const found: Extent = { low: Infinity, lowPositive: Infinity, high: -Infinity };
  for (const { x, y, length } of lines) {
    for (let i = 0; i < length; i++) {
      const value = y[i] as number;
      const at = x[i] as number;
      if (Number.isNaN(value) || at < from || at > to) continue;
      if (value < found.low) found.low = value;
      if (value > 0 && value < found.lowPositive) found.lowPositive = value;
      if (value > found.high) found.high = value;
    }
  }
  return found;
}

/**
 * Range of the loss axis for what is visible between two steps.
 * Linear: from 0 (or a round number below the smallest value) to a round number; log: 1-2-5 ends, at most
 * `LOG_DECADES` decades. @param most what values cannot exceed, so that a linear axis need not. @returns [0, 1] or [0.1, 1] when nothing can be shown.
 */
export function lossRange(lines: readonly ThinnedLine[], visible: Span, logY: boolean, most = Infinity): Span {
  const { low, lowPositive, high } = extent(lines, visible);
  if (logY) {
    if (!(high > 0)) return [0.1, 1];
    const top = roundUp(high);
    const bottom = roundDown(Math.max(lowPositive, top * 10 ** -LOG_DECADES));
    return bottom < top ? [bottom, top] : [tidy(top / 2), tidy(top * 2)];
  }
  if (low > high) return [0, 1];
  const bottom = low >= 0 ? 0 : -roundUp(-low);
  const top = high > 0 ? Math.min(most, roundUpFine(high)) : 0;
  return top > bottom ? [bottom, top] : [bottom, bottom + 1];
}

/** The smallest multiple of a tenth of the decade (of a half above 5) that is ≥ x, so that a linear axis wastes little room. */
function roundUpFine(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x));
  const unit = x / power > 5 ? 1 : x / power > 2 ? 0.5 : 0.2;
  return tidy(Math.ceil((x / power / unit) * (1 - 1e-12)) * unit * power);
}

const SUPERSCRIPT: Readonly<Record<string, string>> = Object.fromEntries(
  [...'-0123456789'].map((c, i) => [c, [...'⁻⁰¹²³⁴⁵⁶⁷⁸⁹'][i] ?? '']),
);
const superscript = (exponent: number): string => [...String(exponent)].map((c) => SUPERSCRIPT[c] ?? c).join('');

/** A tick's words: plain from 0.001 to 99,999, else a power of ten (2×10⁻⁵). */
export function formatTick(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 0.001 && size < 100_000) return grouped(tidy(value));
  const exponent = Math.floor(Math.log10(size) + 1e-9);
  const mantissa = tidy(value / 10 ** exponent);
  const power = `10${superscript(exponent)}`;
  return mantissa === 1 ? power : mantissa === -1 ? `−${power}` : `${minus(mantissa)}×${power}`;
}

const minus = (value: number): string => String(value).replace('-', '−');
const grouping = new Intl.NumberFormat('en', { maximumFractionDigits: 12 });
const grouped = (value: number): string => grouping.format(value).replace('-', '−');

/** A step number's words, e.g. 12,000. */
export const formatStep = (step: number): string => grouped(Math.round(step));

/** Three significant digits: 0.0123, 1.23, 123, 12300 → 12,300, 1.23×10⁻⁵. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 0.000995 && size < 99_950) {
    const digits = Math.max(0, 2 - Math.floor(Math.log10(Number(size.toPrecision(3)))));
    return digits > 0 ? minus3(value, digits) : grouped(Number(value.toPrecision(3)));
  }
  const [mantissa = '', exponent = '0'] = value.toExponential(2).split('e');
  return `${mantissa.replace('-', '−')}×10${superscript(Number(exponent))}`;
}

/** A share of 1 in per cent with one decimal: 0.0825 → 8.3%. */
export const formatShare = (share: number): string =>
  Number.isFinite(share) ? `${minus3(share * 100, share === 1 || share === 0 ? 0 : 1)}%` : String(share);
const minus3 = (value: number, digits: number): string => value.toFixed(digits).replace('-', '−');
