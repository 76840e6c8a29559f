// What `overfit run` was pointed at: a bundled example, an experiment document or a project file.
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { DocumentError, parseExperimentText, type ExperimentSpec } from '../../engine/spec/index.ts';
import { errnoOf } from '../node/file-system.ts';
import { exampleNames, findExample } from './examples.ts';
import { documentError, InputError } from './exit.ts';
import { say } from './messages.ts';

export type Target =
  | { readonly kind: 'experiment'; readonly document: ExperimentSpec }
  | { readonly kind: 'project'; readonly file: string };

const SQLITE_MAGIC = Buffer.from('SQLite format 3\0');
/** Far above any experiment, far below what would hurt to read. */
const LARGEST_DOCUMENT_MB = 16;

/**
 * A file of that name is taken before an example, and a project is known by its content or its name's end.
 * @throws InputError when there is no such thing, or it cannot be used.
 */
export function findTarget(what: string): Target {
  const size = fileSize(what);
  if (size === null) {
    if (what.endsWith('.overfit') || what.endsWith('.json')) throw new InputError(say.noSuchFile(what));
    const document = findExample(what);
    if (!document) throw new InputError(say.noSuchTarget(what, exampleNames()));
    return { kind: 'experiment', document };
  }
  if (what.endsWith('.overfit') || startsLikeSqlite(what)) return { kind: 'project', file: what };
  if (size > LARGEST_DOCUMENT_MB * 2 ** 20) throw new InputError(say.tooLarge(what, LARGEST_DOCUMENT_MB));
  try {
    return { kind: 'experiment', document: parseExperimentText(readFileSync(what, 'utf8')) };
  } catch (error) {
    if (error instanceof DocumentError) throw documentError(what, error);
    throw unreadable(what, error);
  }
}

/** @returns null when there is no such file; an example's name may be meant then. */
function fileSize(path: string): number | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  // A folder that is called like an example does not hide it.
  if (stat.isDirectory() && exampleNames().includes(path)) return null;
  if (stat.isDirectory()) throw new InputError(say.isFolder(path));
  return stat.size;
}

function startsLikeSqlite(path: string): boolean {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const head = Buffer.alloc(SQLITE_MAGIC.length);
      readSync(descriptor, head);
      return head.equals(SQLITE_MAGIC);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  const errno = errnoOf(error);
  return errno === null ? error : new InputError(say.cannotRead(path, errno));
}
