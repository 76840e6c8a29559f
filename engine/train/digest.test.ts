// The CRC is the common one, whatever the length: checkpoints of earlier versions must stay readable.
import fc from 'fast-check';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { crc32, textDigest } from './digest.ts';

it('is CRC-32 by its check value', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array())).toBe(0);
});

it('equals zlib’s for any bytes, at any offset of their buffer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(7), (bytes, skip) => {
      expect(crc32(bytes.subarray(skip))).toBe(zlibCrc32(bytes.subarray(skip)));
    }),
  );
});

it('tells texts apart', () => {
  expect(textDigest('p=0.5')).toMatch(/^[0-9a-f]{16}$/);
  expect(textDigest('p=0.5')).not.toBe(textDigest('p=0.6'));
});
