// Where the window was, kept across starts, and moved back into view when a display has gone.
import { readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';

export const MINIMUM_WIDTH = 960;
export const MINIMUM_HEIGHT = 640;
const DEFAULT_WIDTH = 1360;
const DEFAULT_HEIGHT = 860;

const pixels = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
const WindowBounds = v.strictObject({ x: pixels, y: pixels, width: pixels, height: pixels, maximized: v.boolean() });
/** Device-independent pixels; `x`, `y`, `width` and `height` are those of the window when not maximized. */
export type WindowBounds = v.InferOutput<typeof WindowBounds>;
interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), Math.max(low, high));

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/**
 * Bounds that lie wholly in the display that shows most of the window; centred on the first display when none shows it.
 * @param workAreas of every display, the primary one first; at least one.
 */
export function fitBounds(saved: WindowBounds | null, workAreas: readonly Rectangle[]): WindowBounds {
  const ranked = [...workAreas].sort((a, b) => (saved === null ? 0 : overlap(saved, b) - overlap(saved, a)));
  const area = ranked[0];
  if (area === undefined) throw new RangeError('A window needs a display.');
  const width = clamp(saved?.width ?? DEFAULT_WIDTH, MINIMUM_WIDTH, area.width);
  const height = clamp(saved?.height ?? DEFAULT_HEIGHT, MINIMUM_HEIGHT, area.height);
  const shown = saved !== null && overlap(saved, area) > 0;
  const x = shown ? saved.x : area.x + Math.round((area.width - width) / 2);
  const y = shown ? saved.y : area.y + Math.round((area.height - height) / 2);
  return {
    x: clamp(x, area.x, area.x + area.width - width),
    y: clamp(y, area.y, area.y + area.height - height),
    width,
    height,
    maximized: saved?.maximized ?? false,
  };
}

/** @returns null when there is none yet or it is not what was written; a lost position is not worth a message. */
export function readBounds(file: string): WindowBounds | null {
  try {
    const result = v.safeParse(WindowBounds, JSON.parse(readFileSync(file, 'utf8')));
    return result.success ? result.output : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return null;
    throw error;
  }
}

/** @throws NodeJS.ErrnoException when the folder cannot be written. */
export function writeBounds(file: string, bounds: WindowBounds): void {
  writeFileSync(file, `${JSON.stringify(bounds)}\n`);
}
