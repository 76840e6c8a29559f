// Text form of structured-clone data for lines that carry only text: JSON in which typed arrays and odd numbers are tagged.
//
// Tags are objects with one key that starts with `$`: {"$f32": base64}, {"$number": "NaN"}. An ordinary key that starts
// with `$` gets one more `$` in front, so nothing that a person writes can be mistaken for a tag.
import { fromBase64, toBase64 } from './base64.ts';

export type CodecErrorCode =
  | 'TOO_LARGE'
  | 'TOO_DEEP'
  /** The value holds something that the text form has no word for (a function, a Map, undefined in a list). */
  | 'UNSUPPORTED'
  /** The text is no JSON, or a tag in it is wrong. */
  | 'MALFORMED';

export class CodecError extends Error {
  readonly code: CodecErrorCode;
  constructor(code: CodecErrorCode, message: string) {
    super(message);
    this.name = 'CodecError';
    this.code = code;
  }
}

export const MAX_DEPTH = 64;
/** Characters of text; 2²⁷ is half of what a V8 string can hold, and more than any answer of the lab. */
export const DEFAULT_MAX_LENGTH = 2 ** 27;

type Packable = Float32Array | Float64Array | Int32Array | Uint8Array;

interface Tag {
  readonly key: string;
  readonly bytesPerElement: number;
  is(value: unknown): value is Packable;
  unpack(buffer: ArrayBuffer): Packable;
}

/** Elements are little-endian, as on every platform that the lab runs on. */
const TAGS: readonly Tag[] = [
  {
    key: '$f32',
    bytesPerElement: 4,
    is: (x): x is Float32Array => x instanceof Float32Array,
    unpack: (b) => new Float32Array(b),
  },
  {
    key: '$f64',
    bytesPerElement: 8,
    is: (x): x is Float64Array => x instanceof Float64Array,
    unpack: (b) => new Float64Array(b),
  },
  {
    key: '$i32',
    bytesPerElement: 4,
    is: (x): x is Int32Array => x instanceof Int32Array,
    unpack: (b) => new Int32Array(b),
  },
  {
    key: '$u8',
    bytesPerElement: 1,
    is: (x): x is Uint8Array => x instanceof Uint8Array,
    unpack: (b) => new Uint8Array(b),
  },
];

const ODD_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

function packNumber(value: number): unknown {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { $number: Object.is(value, -0) ? '-0' : String(value) };
}

function packObject(value: object, depth: number): unknown {
  const tag = TAGS.find((t) => t.is(value));
  if (tag?.is(value)) return { [tag.key]: toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
  if (Array.isArray(value)) return value.map((element: unknown) => pack(element, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  // A parsed document may come from another realm: what matters is that nothing lies above its prototype.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new CodecError('UNSUPPORTED', `a ${value.constructor.name} cannot be sent as text`);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key.startsWith('$') ? `$${key}` : key, pack(field, depth + 1)]),
  );
}

function pack(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new CodecError('TOO_DEEP', `nested more than ${MAX_DEPTH} levels`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return packNumber(value);
    case 'object':
      return value === null ? null : packObject(value, depth);
    default:
      throw new CodecError('UNSUPPORTED', `a value of type ${typeof value} cannot be sent as text`);
  }
}

function unpackTag(key: string, content: unknown): unknown {
  if (typeof content === 'string') {
    if (key === '$number') {
      const number = ODD_NUMBERS.get(content);
      if (number !== undefined) return number;
    }
    const tag = TAGS.find((t) => t.key === key);
    const bytes = tag && fromBase64(content);
    if (tag && bytes && bytes.length % tag.bytesPerElement === 0) return tag.unpack(bytes.buffer as ArrayBuffer);
  }
  throw new CodecError('MALFORMED', `wrong content of a tag ${JSON.stringify(key.slice(0, 20))}`);
}

function unpack(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new CodecError('TOO_DEEP', `nested more than ${MAX_DEPTH} levels`);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element: unknown) => unpack(element, depth + 1));
  const entries = Object.entries(value);
  const [first] = entries;
  if (first && first[0].startsWith('$') && !first[0].startsWith('$$')) {
    if (entries.length !== 1) throw new CodecError('MALFORMED', 'a tag stands beside other keys');
    return unpackTag(first[0], first[1]);
  }
  // fromEntries defines own properties, so a key `__proto__` stays a plain key.
  return Object.fromEntries(
    entries.map(([key, field]) => {
      if (key.startsWith('$') && !key.startsWith('$$'))
        throw new CodecError('MALFORMED', 'a tag stands beside other keys');
      return [key.startsWith('$') ? key.slice(1) : key, unpack(field, depth + 1)];
    }),
  );
}

/**
 * @param value plain objects, lists, strings, booleans, null, any number, Float32Array, Float64Array, Int32Array,
 *   Uint8Array. A field that is undefined is left out.
 * @throws CodecError UNSUPPORTED, TOO_DEEP, or TOO_LARGE when the text is longer than `maxLength` characters.
 */
export function encode(value: unknown, maxLength = DEFAULT_MAX_LENGTH): string {
  const text = JSON.stringify(pack(value, 0));
  if (text.length > maxLength)
    throw new CodecError('TOO_LARGE', `${text.length} characters, more than the allowed ${maxLength}`);
  return text;
}

/**
 * The reverse of `encode`, for text from anywhere.
 * @throws CodecError TOO_LARGE (before parsing), TOO_DEEP or MALFORMED.
 */
export function decode(text: string, maxLength = DEFAULT_MAX_LENGTH): unknown {
  if (text.length > maxLength)
    throw new CodecError('TOO_LARGE', `${text.length} characters, more than the allowed ${maxLength}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CodecError('MALFORMED', 'not valid JSON');
  }
  return unpack(json, 0);
}
