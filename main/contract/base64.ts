// Strict base64 over plain typed arrays: the same bytes and the same refusals in the window, in Node and in a worker.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODE_OF = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const INVALID = 255;
const VALUE_OF = new Uint8Array(128).fill(INVALID);
for (const [value, code] of CODE_OF.entries()) VALUE_OF[code] = value;
const PAD = '='.charCodeAt(0);

/** @returns RFC 4648 base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  const whole = Math.floor(bytes.length / 3) * 3;
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  const at = (i: number) => bytes[i] ?? 0;
  const put = (position: number, triple: number) => {
    text[position] = CODE_OF[triple >> 18] ?? 0;
    text[position + 1] = CODE_OF[(triple >> 12) & 63] ?? 0;
    text[position + 2] = CODE_OF[(triple >> 6) & 63] ?? 0;
    text[position + 3] = CODE_OF[triple & 63] ?? 0;
  };
  let out = 0;
  for (let i = 0; i < bytes.length; i += 3, out += 4) put(out, (at(i) << 16) | (at(i + 1) << 8) | at(i + 2));
  const rest = bytes.length - whole;
  if (rest > 0) text[text.length - 1] = PAD;
  if (rest === 1) text[text.length - 2] = PAD;
  return new TextDecoder().decode(text);
}

/** @returns null when the text is not canonical padded base64. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let out = 0;
  for (let i = 0; i < text.length; i += 4) {
    let quad = 0;
    for (let j = i; j < i + 4; j++) {
      // Codes above 127 miss the table, as do characters outside the alphabet.
      const value = j < digits ? (VALUE_OF[text.charCodeAt(j)] ?? INVALID) : 0;
      if (value === INVALID) return null;
      quad = (quad << 6) | value;
    }
    // Writes past the end of a typed array are dropped, which is what padding means.
    bytes[out++] = quad >> 16;
    bytes[out++] = (quad >> 8) & 255;
    bytes[out++] = quad & 255;
    if (i + 4 === text.length && padding > 0 && (quad & (padding === 2 ? 0xffff : 0xff)) !== 0) return null;
  }
  return bytes;
}
