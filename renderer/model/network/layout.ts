// Where layers stand in the diagram: one row per step from the data, columns for branches. The main way goes straight down; a
// branch, or a connection that skips rows, gets the nearest column that is free over its rows.

export interface LayoutInput {
  /** Positions of its sources, all before it; -1 is the data. */
  readonly sources: readonly number[];
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface Layout {
  readonly data: Cell;
  readonly cells: readonly Cell[];
  /** The column in which a connection passes the rows between its ends; absent where there are none. */
  readonly passing: ReadonlyMap<string, number>;
}

export const connectionKey = (source: number, target: number, slot: number): string =>
  `${String(source)} ${String(target)} ${String(slot)}`;

/** Which columns are taken in which rows. */
class Columns {
  readonly #taken = new Map<number, Set<number>>();

  /** Takes the free column nearest to `wish` over the rows from..to. */
  take(wish: number, from: number, to: number): number {
    for (let distance = 0; ; distance++)
      for (const column of distance === 0 ? [wish] : [wish + distance, wish - distance])
        if (this.#isFree(column, from, to)) return this.#mark(column, from, to);
  }

  #isFree(column: number, from: number, to: number): boolean {
    const rows = this.#taken.get(column);
    if (!rows) return true;
    for (let row = from; row <= to; row++) if (rows.has(row)) return false;
    return true;
  }

  #mark(column: number, from: number, to: number): number {
    const rows = this.#taken.get(column) ?? new Set();
    this.#taken.set(column, rows);
    for (let row = from; row <= to; row++) rows.add(row);
    return column;
  }
}

function rowsOf(layers: readonly LayoutInput[]): readonly number[] {
  const rows: number[] = [];
  for (const { sources } of layers)
    rows.push(1 + sources.reduce((most, source) => Math.max(most, source < 0 ? 0 : (rows[source] ?? 0)), 0));
  return rows;
}

/** Of each layer, the source straight above it: the deepest one, which goes on in the first layer that wants it. */
function straightSources(layers: readonly LayoutInput[], rows: readonly number[]): readonly (number | null)[] {
  const continued = new Set<number>();
  const rowOf = (source: number) => (source < 0 ? 0 : (rows[source] ?? 0));
  return layers.map(({ sources }) => {
    const [deepest] = [...sources].sort((a, b) => rowOf(b) - rowOf(a));
    if (deepest === undefined || continued.has(deepest)) return null;
    continued.add(deepest);
    return deepest;
  });
}

export function layOut(layers: readonly LayoutInput[]): Layout {
  const rows = rowsOf(layers);
  const straight = straightSources(layers, rows);
  const columns = new Columns();
  const cells: Cell[] = [];
  const row = (i: number) => (i < 0 ? 0 : (rows[i] ?? 0));
  const next = new Map(straight.flatMap((source, i) => (source === null ? [] : [[source, i] as const])));
  /** Gives a whole way, from layer `i` on, one column. */
  const place = (i: number, wish: number, from: number): void => {
    const way: number[] = [];
    for (let at: number | undefined = i; at !== undefined; at = next.get(at)) way.push(at);
    const column = columns.take(wish, from, row(way.at(-1) ?? i));
    for (const at of way) cells[at] = { row: row(at), column };
  };
  const first = next.get(-1);
  const data: Cell = { row: 0, column: 0 };
  if (first === undefined) columns.take(0, 0, 0);
  else place(first, 0, 0);
  for (const [i, { sources }] of layers.entries()) {
    if (cells[i]) continue;
    const [source] = sources;
    const wish = source === undefined ? 0 : ((source < 0 ? data : cells[source])?.column ?? 0);
    place(i, wish, row(i));
  }
  const passing = new Map<string, number>();
  for (const [i, { sources }] of layers.entries())
    for (const [slot, source] of sources.entries()) {
      const [from, to] = [row(source) + 1, row(i) - 1];
      if (from > to || straight[i] === source) continue;
      const wish = (source < 0 ? data : cells[source])?.column ?? 0;
      passing.set(connectionKey(source, i, slot), columns.take(wish, from, to));
    }
  return { data, cells, passing };
}
