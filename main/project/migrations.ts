// How a file of one version becomes a file of the next. A fixture of every version is kept under test/golden/project.
import type { Database } from './database.ts';
import { APPLICATION_ID, TABLES_2, TABLES_3 } from './schema.ts';
import { migrationFromVersion1, VERSION_1 } from './version-1.ts';
import { LabError } from '../contract/errors.ts';

/** `MIGRATIONS[n]` is the SQL that makes version n + 1 of version n; version 0 is the empty file. */
export const MIGRATIONS: readonly string[] = [VERSION_1, migrationFromVersion1(TABLES_2), TABLES_3];
export const CURRENT_VERSION = MIGRATIONS.length;

/**
 * Brings a file forward in one transaction: it ends as the target version, or stays what it was.
 * @param from the file's user_version.
 */
export function migrate(db: Database, from: number, migrations = MIGRATIONS, to = migrations.length): void {
  db.transaction(() => {
    for (const sql of migrations.slice(from, to)) db.exec(sql);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${to}`);
  });
}

/** One number of the file's header. */
export function headerNumber(db: Database, name: 'application_id' | 'user_version'): number {
  const value = db.prepare(`PRAGMA ${name}`).get()?.[name];
  if (typeof value !== 'number') throw new LabError('INTERNAL', `no ${name}`);
  return value;
}
