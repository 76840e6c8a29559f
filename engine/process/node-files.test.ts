// Finding and reading CIFAR-10's files on a real file system, and every way in which that can fail.
import { chmodSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { named, ON_WINDOWS } from '../../test/config/skip.ts';
import { temporaryFolder } from '../../test/project/sample.ts';
import { nodeFileSource } from './node-files.ts';

const BATCHES = ['data_batch_1.bin', 'data_batch_2.bin', 'test_batch.bin'];

function folderWith(names: readonly string[], folder = temporaryFolder()): string {
  mkdirSync(folder, { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), name);
  return folder;
}
const names = async (path: string | null) => (await nodeFileSource(path).open('cifar10')).map((x) => x.name);

describe('what is read', () => {
  test('the batches of a folder, and nothing else that lies there', async () => {
    const folder = folderWith([...BATCHES, 'readme.html', 'batches.meta.txt', 'holiday.mp4', 'data_batch_6.bin']);
    const files = await nodeFileSource(folder).open('cifar10');
    expect(files.map((x) => x.name)).toEqual(BATCHES);
    expect(new TextDecoder().decode(files[2]?.bytes)).toBe('test_batch.bin');
  });

  test('one archive, given itself or by its folder', async () => {
    const folder = folderWith(['cifar-10-binary.tar.gz', 'notes.txt']);
    expect(await names(folder)).toEqual(['cifar-10-binary.tar.gz']);
    expect(await names(join(folder, 'cifar-10-binary.tar.gz'))).toEqual(['cifar-10-binary.tar.gz']);
  });

  test('the folder that the archive unpacks to, from the one above it', async () => {
    const folder = temporaryFolder();
    folderWith(BATCHES, join(folder, 'cifar-10-batches-bin'));
    writeFileSync(join(folder, 'cifar-10-binary.tar.gz'), 'both are there');
    expect(await names(folder)).toEqual(BATCHES);
  });
});

describe('what is refused, by name', () => {
  test('no place', async () => {
    await expect(names(null)).rejects.toMatchObject({ code: 'DATA_MISSING', details: { dataset: 'cifar10' } });
  });

  test('nothing at the place, or nothing of the data set', async () => {
    const missing = join(temporaryFolder(), 'nowhere');
    await expect(names(missing)).rejects.toMatchObject({ code: 'DATA_MISSING', details: { path: missing } });
    const folder = folderWith(['holiday.mp4']);
    await expect(names(folder)).rejects.toMatchObject({
      code: 'DATA_MISSING',
      message: expect.stringContaining('data_batch_1.bin'),
      details: { path: folder },
    });
    const two = folderWith(['a.tar.gz', 'b.tar.gz']);
    await expect(names(two)).rejects.toMatchObject({ code: 'DATA_MISSING' });
  });

  test('what is too large to belong to it, before it is read', async () => {
    const folder = folderWith(['data_batch_1.bin', 'x.tar.gz']);
    truncateSync(join(folder, 'data_batch_1.bin'), 65 * 2 ** 20);
    truncateSync(join(folder, 'x.tar.gz'), 513 * 2 ** 20);
    for (const path of [folder, join(folder, 'x.tar.gz')])
      await expect(names(path)).rejects.toMatchObject({ code: 'DATA_TOO_LARGE' });
  });

  test('a file that is a folder', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'test_batch.bin'));
    await expect(names(folder)).rejects.toMatchObject({
      code: 'DATA_ACCESS',
      details: { path: join(folder, 'test_batch.bin'), cause: 'EISDIR' },
    });
  });

  const unstoppable = ON_WINDOWS ?? (process.getuid?.() === 0 ? 'root may read everything' : null);
  test.skipIf(unstoppable !== null)(named('what may not be read', unstoppable), async () => {
    const folder = folderWith(BATCHES);
    chmodSync(join(folder, 'test_batch.bin'), 0);
    await expect(names(folder)).rejects.toMatchObject({ code: 'DATA_ACCESS', details: { cause: 'EACCES' } });
  });
});
