// Saves what can be read of a damaged or unknown file into a private database; the file itself is never touched.
import { STEP_METRICS } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import {
  decodeCertificate,
  decodeCheckpoint,
  decodeEvaluation,
  decodeEvent,
  decodeExperiment,
  decodeRun,
  decodeStatistics,
  integer,
  NO_EXTRAS,
  real,
  text,
  type DocumentCache,
} from './codec.ts';
import { tableSource, type TableSource } from './columns.ts';
import type { Database, ProjectDisk, Row, SqlValue } from './database.ts';
import { CURRENT_VERSION, migrate } from './migrations.ts';
import { decodeChunk, decodeDataset, discardUnfinished, incompleteDatasets } from './dataset-store.ts';
import { decodePreview } from './previews.ts';
import { TABLES, type TableName } from './schema.ts';

interface TableRules {
  /** Reading in this order needs no other b-tree than the table's own. */
  readonly order: readonly string[];
  /** Throws LabError FILE_DAMAGED for a row that cannot be used. */
  check(row: Row): void;
}

function rules(documents: DocumentCache, digest: ProjectDisk['digest']): Record<TableName, TableRules> {
  const keyValue: TableRules = {
    order: ['rowid'],
    check: (row) => {
      text(row, 'key');
      text(row, 'value');
    },
  };
  return {
    meta: keyValue,
    settings: keyValue,
    experiments: {
      order: ['rowid'],
      check: (row) => decodeExperiment(row, documents),
    },
    experiment_history: { order: ['experiment_id', 'revision'], check: (row) => documents.read(row) },
    data_previews: { order: ['rowid'], check: (row) => decodePreview(row, digest) },
    runs: {
      order: ['rowid'],
      check: (row) => decodeRun(row, NO_EXTRAS, documents, { writable: false, showStatus: (x) => x }),
    },
    step_metrics: {
      order: ['run', 'step'],
      check: (row) => {
        for (const metric of STEP_METRICS) real(row, metric);
        integer(row, 'step');
      },
    },
    evaluations: { order: ['run', 'step'], check: (row) => decodeEvaluation(row, []) },
    parameter_statistics: { order: ['run', 'step', 'position'], check: decodeStatistics },
    run_events: { order: ['run', 'step', 'position'], check: decodeEvent },
    checkpoints: {
      order: ['rowid'],
      check: (row) => decodeCheckpoint(row, digest),
    },
    certificates: { order: ['rowid'], check: decodeCertificate },
    datasets: { order: ['rowid'], check: decodeDataset },
    dataset_chunks: { order: ['rowid'], check: (row) => decodeChunk(row, digest) },
  };
}

const isDamage = (error: unknown): error is LabError => error instanceof LabError && error.code === 'FILE_DAMAGED';

function compareKeys(a: readonly SqlValue[], b: readonly SqlValue[]): number {
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? null;
    if (x === y) continue;
    if (typeof x === 'string' && typeof y === 'string') return x < y ? -1 : 1;
    return Number(x) - Number(y);
  }
  return 0;
}

/** What one pass over a table met. */
interface Pass {
  readonly broken: string | null;
  readonly lastKey: readonly SqlValue[] | null;
}

class Salvage {
  readonly damage: string[] = [];
  readonly #source: Database;
  readonly #target: Database;
  readonly #rules: Record<TableName, TableRules>;
  readonly #version: number;

  /** @param version of the source. */
  constructor(
    source: Database,
    target: Database,
    version: number,
    documents: DocumentCache,
    digest: ProjectDisk['digest'],
  ) {
    this.#source = source;
    this.#target = target;
    this.#version = version;
    this.#rules = rules(documents, digest);
  }

  /** @returns number of rows saved. */
  table(table: TableName): number {
    const source = tableSource(table, this.#version);
    // Older files had no such thing.
    if (source === null) return 0;
    const found = this.#find(source.from);
    if (found !== null) {
      this.damage.push(`${table}: ${found}`);
      return 0;
    }
    let saved = 0;
    let refused = 0;
    let reason = '';
    const take = (row: Row) => {
      try {
        this.#rules[table].check(row);
        this.#insert(table, row);
        saved += 1;
      } catch (error) {
        // INTERNAL: a constraint of the target, as when a row's run could not be read.
        if (!isDamage(error) && !(error instanceof LabError && error.code === 'INTERNAL')) throw error;
        refused += 1;
        reason = error.message;
      }
    };
    const up = this.#pass(table, source, 'ASC', null, take);
    if (up.broken !== null) {
      // The part behind the break may still be reached from the other end.
      this.#pass(table, source, 'DESC', up.lastKey, take);
      this.damage.push(`${table}: ${saved} rows could be read, the rest could not (${up.broken})`);
    }
    if (refused > 0) this.damage.push(`${table}: ${refused} rows were left out (the last: ${reason})`);
    return saved;
  }

  /** @returns why the table cannot be read, or null. */
  #find(table: string): string | null {
    try {
      const row = this.#source.prepare('SELECT type, sql FROM sqlite_schema WHERE name = ?').get(table);
      if (!row) return 'is missing';
      return row.type === 'table' && !/^\s*CREATE\s+VIRTUAL/i.test(String(row.sql)) ? null : 'is not a table';
    } catch (error) {
      if (!isDamage(error)) throw error;
      return error.message;
    }
  }

  /** Reads a table in one direction until its end, a break, or the key where the other direction stopped. */
  #pass(
    table: TableName,
    { from, columns }: TableSource,
    direction: 'ASC' | 'DESC',
    until: readonly SqlValue[] | null,
    take: (row: Row) => void,
  ): Pass {
    const { order } = this.#rules[table];
    const keys = order.map((x, i) => `${x} AS key_${i}`).join(', ');
    const sorted = order.map((x) => `${x} ${direction}`).join(', ');
    const sign = direction === 'ASC' ? 1 : -1;
    let lastKey: readonly SqlValue[] | null = null;
    try {
      const rows = this.#source
        .prepare(`SELECT ${columns}, ${keys} FROM ${from} NOT INDEXED ORDER BY ${sorted}`)
        .iterate();
      for (const row of rows) {
        const key = order.map((_, i) => row[`key_${i}`] ?? null);
        if (until && compareKeys(key, until) <= 0) break;
        // Pages that point at each other would give the same rows for ever.
        if (lastKey && sign * compareKeys(key, lastKey) <= 0) return { broken: 'rows out of order', lastKey };
        lastKey = key;
        take(row);
      }
      return { broken: null, lastKey };
    } catch (error) {
      if (!isDamage(error)) throw error;
      return { broken: error.message, lastKey };
    }
  }

  #insert(table: TableName, row: Row): void {
    const columns = Object.keys(row).filter((x) => !x.startsWith('key_'));
    const values = columns.map((x) => row[x] ?? null);
    const preview = columns.indexOf('preview_digest');
    if (preview >= 0 && values[preview] !== null && !this.#hasPreview(values[preview] ?? null)) values[preview] = null;
    this.#target
      .prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
      .run(...values);
  }

  /** Data sets that lost chunks are of no use to any run: better to miss them than to learn from what is left. */
  dropIncompleteDatasets(): void {
    for (const { digest, problem } of incompleteDatasets(this.#target)) {
      this.damage.push(problem);
      this.#target.prepare('DELETE FROM datasets WHERE digest = ?').run(digest);
    }
    discardUnfinished(this.#target);
  }

  #hasPreview(digest: SqlValue): boolean {
    return this.#target.prepare('SELECT 1 AS found FROM data_previews WHERE digest = ?').get(digest) !== undefined;
  }
}

/**
 * Reads as much of `source` as there is.
 * @param version of the source; of a newer one, what this program knows is read.
 * @returns a private database of the current version, and what is missing in it.
 * @throws LabError FILE_DAMAGED when there is neither an experiment nor a run left.
 */
export function salvage(
  source: Database,
  disk: ProjectDisk,
  documents: DocumentCache,
  path: string,
  version: number,
): { readonly db: Database; readonly damage: readonly string[] } {
  const target = disk.scratch();
  try {
    migrate(target, 0);
    const work = new Salvage(source, target, Math.min(version, CURRENT_VERSION), documents, disk.digest);
    const saved = target.transaction(() => {
      const rows = new Map(TABLES.map((table) => [table, work.table(table)]));
      work.dropIncompleteDatasets();
      return rows;
    });
    if ((saved.get('experiments') ?? 0) + (saved.get('runs') ?? 0) === 0)
      throw new LabError('FILE_DAMAGED', `Nothing of ${path} can be read.`, { file: path, problems: work.damage });
    return { db: target, damage: work.damage };
  } catch (error) {
    target.close();
    throw error;
  }
}
