// The hash against Node's own.
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { sha256 } from './sha256.ts';

it.each([0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000, 100_003])('hashes %i bytes as every SHA-256 does', (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 7919) >>> 3);
  expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
  const cut = length >>> 1;
  expect(sha256(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(sha256(bytes));
});

it('takes numbers as their bytes', () => {
  const values = Float32Array.of(1.5, -0, 3e-40);
  expect(sha256(values)).toBe(createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex'));
});
