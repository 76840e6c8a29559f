// Stored data sets as plain files in the app's own folder, named by their hash, so that engine threads can read them: made once from
// the project, verified once a session, removed when nobody has used them for a while.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../contract/errors.ts';
import { appFolder, type HostFolders } from './app-folder.ts';
import { accessError, errnoOf } from './file-system.ts';

const ENDING = '.overfit-data';
const PART = '.part';
/** A file that was not used for so long is made again when it is needed. */
export const KEPT_MS = 14 * 24 * 3600 * 1000;
/** What a process that died was making. */
export const PART_KEPT_MS = 24 * 3600 * 1000;

const cancelled = () => new LabError('CANCELLED', 'The call was cancelled.');

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export class DatasetCache {
  readonly folder: string;
  /** Digests of files whose content was compared with their name in this session. */
  readonly #verified = new Set<string>();
  readonly #making = new Map<string, Promise<string>>();

  /** @param folder the app's own; made when something is written there. */
  constructor(folder: string) {
    this.folder = folder;
  }

  path(digest: string): string {
    return join(this.folder, `${digest}${ENDING}`);
  }

  /** A name for a file in the making. @throws LabError FILE_ACCESS, DISK_FULL. */
  async newPart(): Promise<string> {
    await this.#guarded(() => mkdir(this.folder, { recursive: true }));
    return join(this.folder, `${randomUUID()}${PART}`);
  }

  /** Takes a finished part in under its digest, which the caller has computed. */
  async adopt(part: string, digest: string): Promise<void> {
    await this.#guarded(() => rename(part, this.path(digest)));
    this.#verified.add(digest);
  }

  async remove(digest: string): Promise<void> {
    this.#verified.delete(digest);
    await this.#guarded(() => rm(this.path(digest), { force: true }));
  }

  /**
   * The file of a data set; made of its chunks when it is not there, or not what it should be.
   * @throws LabError FILE_DAMAGED when the chunks are not what the digest says; FILE_ACCESS, DISK_FULL, CANCELLED.
   */
  async file(digest: string, chunks: () => Iterable<Uint8Array>, signal: AbortSignal): Promise<string> {
    const path = this.path(digest);
    if (await this.#isSound(digest, signal)) {
      const now = new Date();
      await this.#guarded(() => utimes(path, now, now));
      return path;
    }
    // Several runs of one press want the same file at once.
    const going = this.#making.get(digest) ?? this.#make(digest, chunks);
    this.#making.set(digest, going);
    try {
      const made = await going;
      if (signal.aborted) throw cancelled();
      return made;
    } finally {
      if (this.#making.get(digest) === going) this.#making.delete(digest);
    }
  }

  /** Removes what was not used for long. What cannot be removed stays: it is in the way of nothing. */
  async clean(now: number): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names) {
      const keptMs = name.endsWith(ENDING) ? KEPT_MS : name.endsWith(PART) ? PART_KEPT_MS : Infinity;
      const path = join(this.folder, name);
      const facts = await stat(path).catch(() => null);
      if (facts && now - facts.mtimeMs > keptMs) await rm(path, { force: true }).catch(() => undefined);
    }
  }

  async #isSound(digest: string, signal: AbortSignal): Promise<boolean> {
    const path = this.path(digest);
    try {
      await stat(path);
      if (this.#verified.has(digest)) return true;
      if ((await hashOf(path, signal)) !== digest) return false;
      this.#verified.add(digest);
      return true;
    } catch (error) {
      if (signal.aborted) throw cancelled();
      if (errnoOf(error) === 'ENOENT') return false;
      throw accessError(error, path);
    }
  }

  async #make(digest: string, chunks: () => Iterable<Uint8Array>): Promise<string> {
    const part = await this.newPart();
    const hash = createHash('sha256');
    try {
      // The person's data are nobody else's business.
      const file = await this.#guarded(() => open(part, 'wx', 0o600));
      try {
        for (const chunk of chunks()) {
          hash.update(chunk);
          await this.#guarded(() => file.writeFile(chunk));
        }
      } finally {
        await file.close();
      }
      if (hash.digest('hex') !== digest) {
        const problem = `the data set ${digest} is not the one that was imported (its digest differs)`;
        throw new LabError('FILE_DAMAGED', problem, { problems: [problem] });
      }
      await this.adopt(part, digest);
      return this.path(digest);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw accessError(error, this.folder);
    }
  }
}

/** The cache in the app's own folder. */
export function nodeDatasetCache(home = homedir(), env: HostFolders['env'] = process.env): DatasetCache {
  return new DatasetCache(join(appFolder({ platform: process.platform, env, home }), 'datasets'));
}
