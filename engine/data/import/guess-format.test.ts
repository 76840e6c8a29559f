// Which reader a file is for, whatever it is called where its first bytes say more.
import { zipSync } from 'fflate';
import { encode as encodePng } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { gzipped, idxOf, sources, tarOf } from '../../../test/fixtures/import-files.ts';
import { writeNpy } from '../../interop/npy.ts';
import { guessFormat } from './guess-format.ts';

const text = (x: string): Uint8Array => new TextEncoder().encode(x);
const npy = writeNpy({ dtype: 'U8', shape: [1], bytes: Uint8Array.of(1) });
const idx = idxOf([2], Uint8Array.of(1, 2));
const png = encodePng({ width: 1, height: 1, channels: 1, depth: 8, data: Uint8Array.of(1) });

describe('the format of a file', () => {
  it.each<[string, Uint8Array, string | null]>([
    ['table.csv', text('a,b\n1,2\n'), 'csv'],
    ['table', text('a\tb\n'), 'csv'],
    ['x.npy', npy, 'arrays'],
    ['renamed.csv', npy, 'arrays'],
    ['x.npz', zipSync({ 'x.npy': npy }), 'arrays'],
    ['pictures.zip', zipSync({ 'a/1.png': png }), 'images'],
    ['a/1.png', png, 'images'],
    ['train-labels-idx1-ubyte', idx, 'idx'],
    ['train-labels-idx1-ubyte.gz', gzipped(idx), 'idx'],
    ['data_batch_1.bin', new Uint8Array(3073), 'cifar'],
    ['train.bin', new Uint8Array(3074), 'cifar'],
    ['cifar-10-binary.tar.gz', gzipped(tarOf([])), 'cifar'],
    ['empty.csv', new Uint8Array(), null],
    ['noise.dat', Uint8Array.of(9, 0, 3, 7, 200), null],
  ])('%s', async (name, bytes, want) => {
    expect(await guessFormat(sources({ [name]: bytes }))).toBe(want);
  });

  it('is none when there is no file', async () => {
    expect(await guessFormat([])).toBeNull();
  });
});
