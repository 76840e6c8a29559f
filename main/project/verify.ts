// Whether a database is exactly a project file: our tables and nothing else, sound pages, documents that parse.
import { LabError } from '../contract/errors.ts';
import { decodeExperiment, decodeRun, NO_EXTRAS, text, type DocumentCache } from './codec.ts';
import { decodeDataset, incompleteDatasets } from './dataset-store.ts';
import { tableSource } from './columns.ts';
import type { Database, ProjectDisk, Row } from './database.ts';
import { migrate, MIGRATIONS } from './migrations.ts';
import type { TableName } from './schema.ts';

/** Names and SQL of everything in a database's schema, SQLite's own bookkeeping left out. */
function schemaOf(db: Database): Map<string, string> {
  const rows = db
    .prepare(`SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`)
    .all();
  return new Map(rows.map((row) => [`${text(row, 'type')} ${text(row, 'name')}`, String(row.sql)]));
}

/**
 * How a file's tables differ from those of its version, in words. A trigger or view in a file from elsewhere would
 * act in our name, so anything that we did not make counts.
 */
export function schemaDifferences(db: Database, disk: ProjectDisk, version: number): string[] {
  const scratch = disk.scratch();
  try {
    migrate(scratch, 0, MIGRATIONS, version);
    const expected = schemaOf(scratch);
    const found = schemaOf(db);
    return [
      ...[...expected.keys()].filter((x) => !found.has(x)).map((x) => `${x} is missing`),
      ...[...found.keys()].filter((x) => !expected.has(x)).map((x) => `${x} was not made by Overfit Lab`),
      ...[...found].filter(([x, sql]) => (expected.get(x) ?? sql) !== sql).map(([x]) => `${x} is defined differently`),
    ];
  } finally {
    scratch.close();
  }
}

/** What SQLite itself finds wrong: pages, order, types, constraints. About 3 GB/s when the file is in memory. */
export function pageProblems(db: Database): string[] {
  return db
    .prepare('PRAGMA quick_check(20)')
    .all()
    .map((row) => text(row, 'quick_check'))
    .filter((x) => x !== 'ok');
}

/** Experiments, runs and data sets that cannot be used, each named. */
export function rowProblems(db: Database, version: number, documents: DocumentCache): string[] {
  const problems: string[] = [];
  const inspect = (table: TableName, name: (row: Row) => string, check: (row: Row) => unknown) => {
    const source = tableSource(table, version);
    if (source === null) return;
    for (const row of db.prepare(`SELECT ${source.columns} FROM ${source.from}`).iterate())
      problems.push(
        ...problemsOf(() => {
          check(row);
          return [];
        }).map((x) => `${name(row)}: ${x}`),
      );
  };
  inspect(
    'experiments',
    (row) => `experiment ${String(row.id)}`,
    (row) => decodeExperiment(row, documents),
  );
  inspect(
    'runs',
    (row) => `run ${String(row.number)}`,
    (row) => decodeRun(row, NO_EXTRAS, documents, { writable: false, showStatus: (x) => x }),
  );
  inspect('datasets', (row) => `data set ${String(row.name)}`, decodeDataset);
  if (tableSource('datasets', version) !== null) problems.push(...incompleteDatasets(db).map((x) => x.problem));
  return problems;
}

/** Runs `inspect`; what breaks under it is a problem like any other. */
function problemsOf(inspect: () => string[]): string[] {
  try {
    return inspect();
  } catch (error) {
    if (error instanceof LabError && error.code === 'FILE_DAMAGED') return [error.message];
    throw error;
  }
}

/** Everything that keeps a file from being used as it is; empty for a sound one. */
export function problemsBeforeUse(
  db: Database,
  disk: ProjectDisk,
  version: number,
  documents: DocumentCache,
): string[] {
  for (const inspect of [
    () => schemaDifferences(db, disk, version),
    () => pageProblems(db),
    () => rowProblems(db, version, documents),
  ]) {
    const problems = problemsOf(inspect);
    if (problems.length > 0) return problems;
  }
  return [];
}
