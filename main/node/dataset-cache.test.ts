import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LabError } from '../contract/errors.ts';
import { DatasetCache, KEPT_MS, PART_KEPT_MS } from './dataset-cache.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overfit-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i % 253);
const digest = createHash('sha256').update(bytes).digest('hex');
const going = new AbortController().signal;

function* chunks(content = bytes): Generator<Uint8Array> {
  for (let at = 0; at < content.length; at += 1024) yield content.subarray(at, at + 1024);
}
const contentOf = (path: string) => Uint8Array.from(readFileSync(path));

it('makes the file of its chunks once, however many ask for it', async () => {
  const cache = new DatasetCache(join(folder, 'datasets'));
  let made = 0;
  const make = () => {
    made += 1;
    return chunks();
  };
  const paths = await Promise.all([1, 2, 3].map(() => cache.file(digest, make, going)));
  expect(new Set(paths)).toEqual(new Set([cache.path(digest)]));
  expect(contentOf(cache.path(digest))).toEqual(bytes);
  expect(statSync(cache.path(digest)).mode & 0o077).toBe(0);
  await cache.file(digest, make, going);
  // Another session verifies what it finds and takes it.
  await new DatasetCache(join(folder, 'datasets')).file(digest, make, going);
  expect(made).toBe(1);
  expect(readdirSync(join(folder, 'datasets'))).toHaveLength(1);
});

it('makes a file again that is not what its name says', async () => {
  writeFileSync(new DatasetCache(folder).path(digest), 'something else');
  const cache = new DatasetCache(folder);
  expect(contentOf(await cache.file(digest, chunks, going))).toEqual(bytes);
});

it('refuses chunks that are not what the digest says, and leaves nothing', async () => {
  const cache = new DatasetCache(folder);
  await expect(cache.file(digest, () => chunks(bytes.slice(1)), going)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  const broken = () => {
    throw new LabError('FILE_DAMAGED', 'part 2 is not what was stored');
  };
  await expect(cache.file(digest, broken, going)).rejects.toThrow('part 2');
  expect(readdirSync(folder)).toEqual([]);
});

it('can be cancelled', async () => {
  await expect(new DatasetCache(folder).file(digest, chunks, AbortSignal.abort())).rejects.toMatchObject({
    code: 'CANCELLED',
  });
  // Verifying a file that is there already, too.
  await expect(new DatasetCache(folder).file(digest, chunks, AbortSignal.abort())).rejects.toMatchObject({
    code: 'CANCELLED',
  });
});

it('takes a finished part in, and forgets it when it is told to', async () => {
  const cache = new DatasetCache(folder);
  const part = await cache.newPart();
  writeFileSync(part, bytes);
  await cache.adopt(part, digest);
  expect(existsSync(part)).toBe(false);
  expect(await cache.file(digest, () => [], going)).toBe(cache.path(digest));
  await cache.remove(digest);
  expect(readdirSync(folder)).toEqual([]);
});

it('removes what was not used for long, and nothing else', async () => {
  const cache = new DatasetCache(folder);
  const now = 1_795_000_000_000;
  const lay = (name: string, ageMs: number) => {
    writeFileSync(join(folder, name), 'x');
    const at = new Date(now - ageMs);
    utimesSync(join(folder, name), at, at);
  };
  lay('old.overfit-data', KEPT_MS + 1000);
  lay('new.overfit-data', KEPT_MS - 1000);
  lay('dead.part', PART_KEPT_MS + 1000);
  lay('going.part', PART_KEPT_MS - 1000);
  lay('notes.txt', KEPT_MS * 9);
  await cache.clean(now);
  expect(readdirSync(folder)).toEqual(['going.part', 'new.overfit-data', 'notes.txt']);
  await new DatasetCache(join(folder, 'nowhere')).clean(now);
});
