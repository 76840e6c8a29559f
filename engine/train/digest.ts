// Short fingerprints: of a run's description, so that a checkpoint knows where it belongs, and of bytes, so that damage shows.

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** FNV-1a, 64 bits, of the text's UTF-16 units, as 16 hexadecimal digits. For telling apart, not for security. */
export function textDigest(text: string): string {
  let hash = OFFSET;
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * PRIME);
  return hash.toString(16).padStart(16, '0');
}

/** Row k, byte b: the CRC of b followed by k zero bytes; eight rows let eight bytes be taken at once. */
const CRC_ROWS = 8;
const CRC_TABLE = new Uint32Array(CRC_ROWS * 256);
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  CRC_TABLE[byte] = crc;
}
for (let i = 256; i < CRC_TABLE.length; i++) {
  const before = CRC_TABLE[i - 256] as number;
  CRC_TABLE[i] = (before >>> 8) ^ (CRC_TABLE[before & 0xff] as number);
}

/** CRC-32 (as in zip and png), eight bytes at a time: a checkpoint of a megabyte must not hold up the training. */
export function crc32(bytes: Uint8Array): number {
  const table = CRC_TABLE;
  const at = (i: number): number => bytes[i] as number;
  const row = (k: number, byte: number): number => table[k * 256 + byte] as number;
  let crc = 0xffffffff;
  let i = 0;
  for (; i + CRC_ROWS <= bytes.length; i += CRC_ROWS) {
    crc ^= at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24);
    crc =
      row(7, crc & 0xff) ^
      row(6, (crc >>> 8) & 0xff) ^
      row(5, (crc >>> 16) & 0xff) ^
      row(4, crc >>> 24) ^
      row(3, at(i + 4)) ^
      row(2, at(i + 5)) ^
      row(1, at(i + 6)) ^
      row(0, at(i + 7));
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ row(0, (crc ^ at(i)) & 0xff);
  return ~crc >>> 0;
}
