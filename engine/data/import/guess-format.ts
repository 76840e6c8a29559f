// Which reader some files are for: by their first bytes where these say it, else by their names.
import { isGzip, unpacked } from './inflate.ts';
import { readStart, type ImportSource } from './source.ts';

export type ImportFormat = 'csv' | 'arrays' | 'idx' | 'cifar' | 'images';

const starts = (bytes: Uint8Array, text: string): boolean => [...text].every((x, i) => bytes[i] === x.charCodeAt(0));

/** Enough for every magic number. */
const START_BYTES = 16;
/** A .gz is only looked into. */
const LOOK_BYTES = 2 ** 32;

/**
 * @returns null when nothing is known of them.
 * @throws what the sources throw; ImportError when a .gz cannot be unpacked.
 */
export async function guessFormat(sources: readonly ImportSource[]): Promise<ImportFormat | null> {
  const [first] = sources;
  if (!first) return null;
  const { name } = first;
  if (/\.(png|jpe?g)$/i.test(name)) return 'images';
  if (/(^|\/)(data_batch_\d|test_batch|train|test)\.bin$/i.test(name)) return 'cifar';
  const raw = await readStart(first.open(), START_BYTES);
  if (/\.(tgz|tar\.gz|tar)$/i.test(name)) return 'cifar';
  const start = isGzip(raw) ? await readStart(unpacked(first, {}, LOOK_BYTES), START_BYTES) : raw;
  if (starts(start, '\x93NUMPY')) return 'arrays';
  if (starts(start, 'PK')) return /\.npz$/i.test(name) ? 'arrays' : 'images';
  if (start[0] === 0 && start[1] === 0 && (start[3] === 1 || start[3] === 3)) return 'idx';
  return start.length > 0 && !start.includes(0) && !isGzip(raw) ? 'csv' : null;
}
