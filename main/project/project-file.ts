// An open project file: its experiments with their history, its runs, and how it may be used.
import { parseDraft, type ExperimentSpec } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import type { Certificate, ExperimentEntry, ReadOnlyReason } from '../contract/shapes.ts';
import type { DatasetStore } from '../services/dataset-store.ts';
import type { RunStore } from '../services/run-store.ts';
import { decodeCertificate, decodeExperiment, integer, type DocumentCache } from './codec.ts';
import { SELECT } from './columns.ts';
import type { Database, ProjectDisk, WriterLock } from './database.ts';
import { SqliteDatasetStore } from './dataset-store.ts';
import { SqliteRunStore } from './run-store.ts';

/** How a file came to be open; made by open.ts. */
export interface Opened {
  readonly path: string;
  readonly version: number;
  readonly db: Database;
  readonly lock: WriterLock | null;
  readonly readOnly: ReadOnlyReason | null;
  readonly damage: readonly string[];
  readonly liveIsInterrupted: boolean;
  readonly documents: DocumentCache;
}

export interface ExperimentRevision {
  readonly revision: number;
  /** Unix milliseconds. */
  readonly savedAt: number;
  readonly document: ExperimentSpec;
}

export class ProjectFile {
  readonly path: string;
  readonly version: number;
  readonly readOnly: ReadOnlyReason | null;
  /** What could not be read, in English; empty for a sound file. */
  readonly damage: readonly string[];
  readonly runs: RunStore;
  readonly datasets: DatasetStore;
  readonly #db: Database;
  readonly #lock: WriterLock | null;
  readonly #documents: DocumentCache;
  #closed = false;

  constructor(opened: Opened, digest: ProjectDisk['digest']) {
    this.path = opened.path;
    this.version = opened.version;
    this.readOnly = opened.readOnly;
    this.damage = opened.damage;
    this.#db = opened.db;
    this.#lock = opened.lock;
    this.#documents = opened.documents;
    this.runs = new SqliteRunStore({ ...opened, digest });
    this.datasets = new SqliteDatasetStore({ ...opened, digest });
  }

  experiments(): ExperimentEntry[] {
    return this.#db
      .prepare(`${SELECT.experiments} ORDER BY position, id`)
      .all()
      .map((row) => decodeExperiment(row, this.#documents));
  }

  /** @throws LabError READ_ONLY; DocumentError. */
  addExperiment(id: string, input: unknown, now: number): ExperimentEntry {
    const { document } = parseDraft(input);
    this.#write(() => {
      insertExperiment(this.#db, id, document, now);
    });
    return { id, revision: 1, document };
  }

  /**
   * Stores a new revision; the earlier ones stay in the history. An equal document changes nothing.
   * @throws LabError NOT_FOUND, NAME_TAKEN (another experiment has the name), READ_ONLY; DocumentError.
   */
  updateExperiment(id: string, input: unknown, now: number): ExperimentEntry {
    const { document } = parseDraft(input);
    const all = this.experiments();
    const current = all.find((x) => x.id === id);
    if (!current) throw new LabError('NOT_FOUND', `There is no experiment ${id}.`, { what: 'experiment', id });
    if (all.some((x) => x.id !== id && x.document.name === document.name))
      throw new LabError('NAME_TAKEN', `Another experiment is called "${document.name}".`, { name: document.name });
    const source = JSON.stringify(document);
    if (source === JSON.stringify(current.document)) return current;
    const revision = current.revision + 1;
    this.#write(() => {
      this.#db
        .prepare('UPDATE experiments SET document = ?, revision = ?, updated_at = ? WHERE id = ?')
        .run(source, revision, now, id);
      insertRevision(this.#db, id, revision, source, now);
    });
    return { id, revision, document };
  }

  /** Every revision of an experiment, the oldest first. */
  history(id: string): ExperimentRevision[] {
    return this.#db
      .prepare(`${SELECT.experiment_history} WHERE experiment_id = ? ORDER BY revision`)
      .all(id)
      .map((row) => ({
        revision: integer(row, 'revision'),
        savedAt: integer(row, 'saved_at'),
        document: this.#documents.read(row),
      }));
  }

  /** The project's parity certificate; null when none was made. */
  certificate(): Certificate | null {
    const row = this.#db.prepare(`${SELECT.certificates} ORDER BY rowid DESC LIMIT 1`).get();
    return row ? decodeCertificate(row) : null;
  }

  /** In the place of an older one. @throws LabError READ_ONLY. */
  storeCertificate(certificate: Certificate): void {
    this.#write(() => {
      this.#db.prepare('DELETE FROM certificates').run();
      this.#db
        .prepare('INSERT INTO certificates (created_at, app_version, certificate) VALUES (?, ?, ?)')
        .run(certificate.createdAt, certificate.appVersion, JSON.stringify(certificate));
    });
  }

  /** Whether nothing was ever done in it: no runs, no edits, no imports. */
  isPristine(): boolean {
    const row = this.#db
      .prepare(
        `SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM datasets)
           + (SELECT count(*) FROM experiments WHERE revision > 1) AS n`,
      )
      .get();
    return row !== undefined && integer(row, 'n') === 0;
  }

  /** Writes a compact copy of everything to a new file. */
  copyTo(path: string): void {
    this.#db.copyTo(path);
  }

  /** Folds the log into the file and lets other writers in. Doing it again does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#db.close();
    } finally {
      this.#lock?.release();
    }
  }

  #write(work: () => void): void {
    if (this.readOnly)
      throw new LabError('READ_ONLY', `The project is read-only (${this.readOnly}).`, { reason: this.readOnly });
    this.#db.transaction(work);
  }
}

/** Within a transaction: a new experiment at revision 1, after the others. */
export function insertExperiment(db: Database, id: string, document: ExperimentSpec, now: number): void {
  const source = JSON.stringify(document);
  db.prepare(
    `INSERT INTO experiments (id, position, revision, document, created_at, updated_at)
     VALUES (?, (SELECT coalesce(max(position), 0) + 1 FROM experiments), 1, ?, ?, ?)`,
  ).run(id, source, now, now);
  insertRevision(db, id, 1, source, now);
}

function insertRevision(db: Database, id: string, revision: number, source: string, now: number): void {
  db.prepare('INSERT INTO experiment_history (experiment_id, revision, document, saved_at) VALUES (?, ?, ?, ?)').run(
    id,
    revision,
    source,
    now,
  );
}
