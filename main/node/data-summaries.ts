// Columns of the stored tables that were looked at last, summarized: an edit that moves no row, and one that is undone, cost nothing.
import {
  dividedTable,
  samplePair,
  summarizeColumn,
  type Breathe,
  type DividedTable,
  type Pair,
  type PairSample,
  type StoredColumns,
} from '../../engine/data/index.ts';
import { divisionKey, type DatasetSpec } from '../../engine/spec/index.ts';
import type { ColumnSummary } from '../contract/column-shapes.ts';

/** Some kilobytes each. */
const MOST_KEPT = 200;

export class DataSummaries {
  /** One byte for each row: only the latest is kept. */
  #divided: { readonly key: string; readonly table: DividedTable } | null = null;
  readonly #kept = new Map<string, ColumnSummary | null>();

  /**
   * @param data gives the table when it is needed.
   * @throws EngineError as `dividedTable` and `summarizeColumn`; what `breathe` throws.
   */
  async column(
    data: () => StoredColumns,
    spec: DatasetSpec,
    at: number,
    breathe: Breathe,
  ): Promise<ColumnSummary | null> {
    const key = `${at} ${divisionKey(spec)}`;
    const known = this.#kept.get(key);
    if (known !== undefined) {
      // The oldest that nobody asks for goes first.
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known;
    }
    const found = await summarizeColumn(this.#tableOf(data(), spec), at, breathe);
    this.#kept.set(key, found);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
    return found;
  }

  /** @throws as `column`. */
  pair(data: StoredColumns, spec: DatasetSpec, pair: Pair, breathe: Breathe): Promise<PairSample | null> {
    return samplePair(this.#tableOf(data, spec), pair, breathe);
  }

  /** Holds on to no table any more. */
  letGo(): void {
    this.#divided = null;
  }

  #tableOf(data: StoredColumns, spec: DatasetSpec): DividedTable {
    const key = divisionKey(spec);
    if (this.#divided?.key === key) return this.#divided.table;
    this.#divided = null;
    const table = dividedTable(data, spec);
    this.#divided = { key, table };
    return table;
  }
}
