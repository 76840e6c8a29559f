// The progress bar: one line on a terminal, redrawn a few times a second, gone when the work is done.
import { say } from './messages.ts';

export interface ProgressFacts {
  readonly doneSteps: number;
  /** null: not known yet. */
  readonly totalSteps: number | null;
  /** Steps that had been taken when the clock started (continued runs). */
  readonly startSteps: number;
  readonly elapsedMs: number;
}

/** Before this, a rate is a guess. */
const MEASURED_MS = 500;
const MOST_CELLS = 40;

/** `8 s`, `2 min 5 s`, `1 h 12 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * The bar's line, at most `columns` wide.
 * Time left is what remains at the mean pace since the start.
 */
export function progressLine(facts: ProgressFacts, columns: number): string {
  const { doneSteps, totalSteps, startSteps, elapsedMs } = facts;
  if (totalSteps === null) return say.progressUnknown(doneSteps).slice(0, Math.max(0, columns - 1));
  const part = totalSteps > 0 ? Math.min(1, doneSteps / totalSteps) : 0;
  const taken = doneSteps - startSteps;
  const left =
    elapsedMs < MEASURED_MS || taken <= 0
      ? say.estimating
      : say.timeLeft(formatDuration(((totalSteps - doneSteps) * elapsedMs) / taken));
  const words = say.progress(Math.floor(part * 100), doneSteps, totalSteps, left);
  const cells = Math.min(MOST_CELLS, columns - words.length - 4);
  if (cells < 5) return words.slice(0, Math.max(0, columns - 1));
  const full = Math.round(part * cells);
  return `[${'█'.repeat(full)}${'░'.repeat(cells - full)}] ${words}`;
}

export interface ProgressBar {
  update(doneSteps: number, totalSteps: number | null): void;
  /** Takes the bar off the screen, so that other lines can be written. */
  clear(): void;
}

export interface Terminal {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
}

const REDRAW_MS = 100;

export function createProgressBar(
  terminal: Terminal,
  facts: Pick<ProgressFacts, 'startSteps'>,
  now: () => number,
): ProgressBar {
  if (!terminal.isTTY) return { update: () => undefined, clear: () => undefined };
  const startedAt = now();
  let drawnAt = Number.NEGATIVE_INFINITY;
  let shown = false;
  return {
    update(doneSteps, totalSteps) {
      const at = now();
      if (at - drawnAt < REDRAW_MS) return;
      drawnAt = at;
      shown = true;
      const line = progressLine({ ...facts, doneSteps, totalSteps, elapsedMs: at - startedAt }, terminal.columns);
      terminal.write(`\r\x1b[2K${line}`);
    },
    clear() {
      if (shown) terminal.write('\r\x1b[2K');
      shown = false;
    },
  };
}
