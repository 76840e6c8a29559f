// Opening and making project files: finds out what a file is and how far it may be used, before anything is written to it.
import { LIVE_STATUSES, type ExperimentSpec } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import type { ReadOnlyReason } from '../contract/shapes.ts';
import { DocumentCache } from './codec.ts';
import type { Database, FileFacts, ProjectDisk, WriterLock } from './database.ts';
import { discardUnfinished } from './dataset-store.ts';
import { CURRENT_VERSION, headerNumber, migrate } from './migrations.ts';
import { insertExperiment, ProjectFile } from './project-file.ts';
import { salvage } from './recovery.ts';
import { APPLICATION_ID } from './schema.ts';
import { problemsBeforeUse } from './verify.ts';

export interface OpenOptions {
  /** `read` takes no lock and never writes: for looking at a file. */
  readonly access: 'write' | 'read';
}

/**
 * Opens a project file as far as it can be used: see `ProjectFile.readOnly` and `damage`.
 * @throws LabError FILE_NOT_FOUND, FILE_FOREIGN, FILE_ACCESS; FILE_DAMAGED, FILE_NEWER (nothing readable).
 */
export function openProject(disk: ProjectDisk, path: string, options: OpenOptions): ProjectFile {
  const facts = existing(disk, path);
  const version = identify(disk, path, facts);
  if (version > CURRENT_VERSION) return openNewer(disk, path, version);
  if (options.access === 'read') return openForReading(disk, path, version, disk.isLocked(path) ? 'in_use' : null);
  if (!facts.writable) return openForReading(disk, path, version, 'no_permission');
  const lock = lockOrReason(disk, path);
  if (typeof lock === 'string') return openForReading(disk, path, version, lock);
  try {
    return openAsWriter(disk, path, version, facts, lock, false);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** What this program understands of a newer file, as a private copy. */
function openNewer(disk: ProjectDisk, path: string, version: number): ProjectFile {
  try {
    return openCopy(disk, path, version, 'newer_version');
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'FILE_DAMAGED') throw error;
    throw new LabError('FILE_NEWER', `${path} is of version ${version}, of which nothing is understood.`, {
      file: path,
      version,
    });
  }
}

/** The writer's lock, or why it cannot be had. */
function lockOrReason(disk: ProjectDisk, path: string): WriterLock | ReadOnlyReason {
  try {
    return disk.lock(path) ?? 'in_use';
  } catch (error) {
    // A lock file that someone else left, and that only they may write.
    if (error instanceof LabError && (error.code === 'READ_ONLY' || error.code === 'FILE_ACCESS'))
      return 'no_permission';
    throw error;
  }
}

/** A file that was opened only to look at it, by a host that needs no lock on it. */
const LOOKING: ReadOnlyReason = 'no_permission';

/** What a new project holds. */
export interface NewProject {
  readonly experiments: readonly { readonly id: string; readonly document: ExperimentSpec }[];
  readonly meta: Readonly<Record<string, string>>;
  readonly now: number;
}

/** An empty private database made into a project. */
function draftOf(disk: ProjectDisk, content: NewProject): Database {
  const draft = disk.scratch();
  try {
    migrate(draft, 0);
    draft.transaction(() => {
      const insert = draft.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
      for (const [key, value] of Object.entries({ created_at: String(content.now), ...content.meta }))
        insert.run(key, value);
      for (const { id, document } of content.experiments) insertExperiment(draft, id, document, content.now);
    });
    return draft;
  } catch (error) {
    draft.close();
    throw error;
  }
}

/** A project like any other that lies in memory only: nothing is left of it when it is closed. */
export function createProjectInMemory(disk: ProjectDisk, content: NewProject): ProjectFile {
  return new ProjectFile(
    {
      path: '',
      version: CURRENT_VERSION,
      db: draftOf(disk, content),
      lock: null,
      readOnly: null,
      damage: [],
      liveIsInterrupted: false,
      documents: new DocumentCache(),
    },
    disk.digest,
  );
}

/**
 * Makes a project file with these experiments and opens it. It appears at `path` whole or not at all.
 * @throws LabError FILE_EXISTS, FILE_ACCESS, DISK_FULL, FILE_IN_USE (someone else is making it).
 */
export function createProject(disk: ProjectDisk, path: string, content: NewProject): ProjectFile {
  const draft = draftOf(disk, content);
  try {
    return placeAndOpen(disk, draft, path, { replace: false, keepLive: false });
  } finally {
    draft.close();
  }
}

/**
 * Writes a compact copy of an open project to `path`, whole or not at all, and opens it. Runs that are live in a
 * writable project stay live in the copy. The project stays open where it is.
 * @throws LabError FILE_EXISTS, FILE_IN_USE, FILE_ACCESS, DISK_FULL.
 */
export function saveProjectAs(disk: ProjectDisk, project: ProjectFile, path: string, replace: boolean): ProjectFile {
  return placeAndOpen(disk, project, path, { replace, keepLive: project.readOnly === null });
}

/** The writer's lock is held from before the first look until the file is open: no one can come between. */
function placeAndOpen(
  disk: ProjectDisk,
  source: { copyTo(path: string): void },
  path: string,
  { replace, keepLive }: { readonly replace: boolean; readonly keepLive: boolean },
): ProjectFile {
  const lock = disk.lock(path);
  if (!lock) throw new LabError('FILE_IN_USE', `${path} is open elsewhere.`, { file: path });
  try {
    const { kind } = disk.facts(path);
    if (kind !== 'missing' && (kind !== 'file' || !replace))
      throw new LabError('FILE_EXISTS', `${path} exists already.`, { file: path });
    const part = disk.partName(path);
    try {
      source.copyTo(part);
      disk.replace(part, path);
    } catch (error) {
      disk.remove(part);
      throw error;
    }
    return openAsWriter(disk, path, CURRENT_VERSION, disk.facts(path), lock, keepLive);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** @throws LabError FILE_NOT_FOUND, FILE_FOREIGN. */
export function existing(disk: ProjectDisk, path: string): FileFacts {
  const facts = disk.facts(path);
  switch (facts.kind) {
    case 'missing':
      throw new LabError('FILE_NOT_FOUND', `There is no file ${path}.`, { file: path });
    case 'folder':
    case 'other':
      throw foreign(path);
    case 'file':
      return facts;
    default:
      return facts.kind satisfies never;
  }
}

const foreign = (path: string) =>
  new LabError('FILE_FOREIGN', `${path} is not an Overfit Lab project.`, { file: path });

/** What is lost when a file must be read without its log. */
const LOG_UNUSABLE = 'the last changes lie in its log (-wal), which cannot be used on a read-only disk';

interface Look {
  readonly db: Database;
  readonly damage: readonly string[];
}

/**
 * Opens for looking. A file that is written now, or has a log, is read as SQLite does, with its log; unless that cannot
 * be used where it lies (a read-only disk). Another one is read frozen, which leaves no trace beside it.
 */
export function openToLook(disk: ProjectDisk, path: string, inUse: boolean): Look {
  if (!inUse && !disk.facts(path).hasLog) return { db: disk.open(path, 'frozen'), damage: [] };
  const db = disk.open(path, 'read');
  try {
    headerNumber(db, 'user_version');
    return { db, damage: [] };
  } catch (error) {
    db.close();
    if (error instanceof LabError && error.code === 'FILE_ACCESS')
      return { db: disk.open(path, 'frozen'), damage: [LOG_UNUSABLE] };
    throw error;
  }
}

/**
 * @returns the version in the file's header.
 * @throws LabError FILE_FOREIGN when it is no project file.
 */
export function identify(disk: ProjectDisk, path: string, facts: FileFacts): number {
  if (facts.sizeBytes === 0) throw foreign(path);
  for (const mode of ['frozen', 'salvage'] as const) {
    const db = disk.open(path, mode);
    try {
      if (headerNumber(db, 'application_id') !== APPLICATION_ID) throw foreign(path);
      return headerNumber(db, 'user_version');
    } catch (error) {
      if (!(error instanceof LabError && error.code === 'FILE_DAMAGED')) throw error;
    } finally {
      db.close();
    }
  }
  throw foreign(path);
}

function openAsWriter(
  disk: ProjectDisk,
  path: string,
  version: number,
  facts: FileFacts,
  lock: WriterLock,
  keepLive: boolean,
): ProjectFile {
  // Only a writer can roll back what a dying writer left half done.
  if (facts.hasJournal) disk.open(path, 'write').close();
  const documents = new DocumentCache();
  // The lock is ours: no one else writes.
  const look = openToLook(disk, path, false).db;
  let problems: readonly string[];
  try {
    problems = problemsBeforeUse(look, disk, version, documents);
  } finally {
    look.close();
  }
  if (problems.length > 0) {
    lock.release();
    return openCopy(disk, path, version, 'damaged', problems);
  }
  const db = disk.open(path, 'write');
  try {
    if (version < CURRENT_VERSION) migrate(db, version);
    if (!keepLive) interruptLive(db);
    db.transaction(() => {
      discardUnfinished(db);
    });
  } catch (error) {
    db.close();
    throw error;
  }
  return new ProjectFile(
    { path, version, db, lock, readOnly: null, damage: [], liveIsInterrupted: false, documents },
    disk.digest,
  );
}

function openForReading(disk: ProjectDisk, path: string, version: number, reason: ReadOnlyReason | null): ProjectFile {
  const readOnly = reason ?? LOOKING;
  if (version < CURRENT_VERSION) return openCopy(disk, path, version, readOnly);
  const documents = new DocumentCache();
  const { db, damage } = openToLook(disk, path, readOnly === 'in_use');
  let problems: readonly string[];
  try {
    problems = problemsBeforeUse(db, disk, version, documents);
  } catch (error) {
    db.close();
    throw error;
  }
  if (problems.length > 0) {
    db.close();
    return openCopy(disk, path, version, 'damaged', problems);
  }
  return new ProjectFile(
    { path, version, db, lock: null, readOnly, damage, liveIsInterrupted: readOnly !== 'in_use', documents },
    disk.digest,
  );
}

/** Opens a private copy of what can be read; the file is left as it is. */
function openCopy(
  disk: ProjectDisk,
  path: string,
  version: number,
  readOnly: ReadOnlyReason,
  problems: readonly string[] = [],
): ProjectFile {
  const source = disk.open(path, disk.isLocked(path) ? 'read' : 'salvage');
  const documents = new DocumentCache();
  try {
    const { db, damage } = salvage(source, disk, documents, path, version);
    return new ProjectFile(
      {
        path,
        version,
        db,
        lock: null,
        readOnly,
        damage: [...problems, ...damage],
        liveIsInterrupted: true,
        documents,
      },
      disk.digest,
    );
  } finally {
    source.close();
  }
}

function interruptLive(db: Database): void {
  const live = [...LIVE_STATUSES].map((x) => `'${x}'`).join(', ');
  db.transaction(() => {
    db.exec(`UPDATE runs SET status = 'interrupted' WHERE status IN (${live})`);
  });
}
