// Which rows of a very long list are on the screen. Browsers end elements at some 16 million px; beyond, the list's height is
// squeezed and a row's place follows from how far it is scrolled.

export interface Window {
  /** First row to draw, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Height of what is scrolled, in px, and how far down the first row is drawn. */
  readonly heightPx: number;
  readonly offsetPx: number;
}

const MOST_PX = 8_000_000;
/** Rows drawn beyond each edge, so that a quick turn of the wheel shows no gap. */
const BEYOND = 6;

/** @param rowPx height of a row, > 0. */
export function visibleRows(rows: number, rowPx: number, scrollTopPx: number, viewPx: number): Window {
  const whole = rows * rowPx;
  const heightPx = Math.min(whole, MOST_PX);
  const held = Math.ceil(viewPx / rowPx) + 1;
  const scrollable = Math.max(0, heightPx - viewPx);
  const part = scrollable > 0 ? Math.min(1, Math.max(0, scrollTopPx) / scrollable) : 0;
  // How far the whole list would be scrolled.
  const scrolled = whole === heightPx ? Math.min(Math.max(0, scrollTopPx), scrollable) : part * (whole - viewPx);
  const first = Math.floor(scrolled / rowPx);
  const from = Math.max(0, first - BEYOND);
  return {
    from,
    to: Math.min(rows, first + held + BEYOND),
    heightPx,
    offsetPx: Math.max(0, Math.min(scrollTopPx, scrollable) - (scrolled - from * rowPx)),
  };
}

/** Where to scroll to so that a row stands at the top. */
export function scrollTo(row: number, rows: number, rowPx: number, viewPx: number): number {
  const whole = rows * rowPx;
  const heightPx = Math.min(whole, MOST_PX);
  if (whole === heightPx) return row * rowPx;
  return ((row * rowPx) / (whole - viewPx)) * (heightPx - viewPx);
}
