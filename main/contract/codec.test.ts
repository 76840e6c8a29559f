// The text codec: whatever goes in comes out the same, and nothing else gets in.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from './base64.ts';
import { CodecError, decode, encode, MAX_DEPTH } from './codec.ts';

const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof CodecError) return error.code;
    throw error;
  }
  return 'none';
};

const typedArray = fc.oneof(
  fc.float32Array({ maxLength: 40 }),
  fc.float64Array({ maxLength: 40 }),
  fc.int32Array({ maxLength: 40 }),
  fc.uint8Array({ maxLength: 40 }),
);
const key = fc.oneof(fc.string(), fc.constantFrom('$f32', '$number', '$', '$$', '__proto__', 'constructor'));
const { value: message } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.double(),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    typedArray,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

/** An own `__proto__` field is invisible to a deep comparison, so compare as ordered pairs. */
const comparable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(comparable);
  if (ArrayBuffer.isView(value) || typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([k, x]) => [k, comparable(x)]));
};

describe('round trip', () => {
  test('every message comes back the same', () => {
    fc.assert(
      fc.property(message, (value) => {
        expect(comparable(decode(encode(value)))).toStrictEqual(comparable(value));
      }),
      { numRuns: 500 },
    );
  });

  test('numbers that JSON loses', () => {
    const values = [Number.NaN, Infinity, -Infinity, -0, 5e-324, Number.MAX_VALUE];
    const back = decode(encode(values)) as number[];
    for (const [i, value] of values.entries()) expect(Object.is(back[i], value)).toBe(true);
  });

  test('a typed array that is a window on a larger buffer sends only the window', () => {
    const window = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    expect(decode(encode({ window }))).toStrictEqual({ window: new Float32Array([1, 2]) });
  });

  test('a field without a value is left out', () => {
    expect(encode({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  test('base64 is the standard one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = toBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(text)).toStrictEqual(new Uint8Array(bytes));
      }),
    );
  });
});

describe('refusals', () => {
  test.each([
    ['no JSON', '{'],
    ['empty text', ''],
    ['an unknown tag', '{"$date":"2020"}'],
    ['a tag beside other keys', '{"$f32":"","x":1}'],
    ['a tag after other keys', '{"x":1,"$f32":""}'],
    ['a tag without text', '{"$f32":[1]}'],
    ['bytes that fill no whole element', '{"$f64":"AAAA"}'],
    ['characters outside base64', '{"$u8":"AA*="}'],
    ['characters outside ASCII', '{"$u8":"AAé="}'],
    ['base64 without padding', '{"$u8":"AA"}'],
    ['base64 with bits after its end', '{"$u8":"AB=="}'],
    ['a number that needs no tag', '{"$number":"1"}'],
  ])('%s is MALFORMED', (_, text) => {
    expect(codeOf(() => decode(text))).toBe('MALFORMED');
  });

  test('any text either decodes or is refused with a typed error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((s) => `{"$u8":${JSON.stringify(s)}}`),
        ),
        (text) => {
          codeOf(() => decode(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('text over the limit is refused before it is parsed', () => {
    expect(codeOf(() => decode('{'.repeat(101), 100))).toBe('TOO_LARGE');
    expect(codeOf(() => encode('x'.repeat(100), 100))).toBe('TOO_LARGE');
    expect(codeOf(() => encode('x'.repeat(98), 100))).toBe('none');
  });

  test('nesting beyond the limit is refused on both sides', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(codeOf(() => decode(nested(MAX_DEPTH + 1)))).toBe('none');
    expect(codeOf(() => decode(nested(MAX_DEPTH + 2)))).toBe('TOO_DEEP');
    expect(codeOf(() => decode(nested(1_000_000)))).toBe('TOO_DEEP');
    expect(codeOf(() => encode(JSON.parse(nested(MAX_DEPTH + 2))))).toBe('TOO_DEEP');
    const circle: unknown[] = [];
    circle.push(circle);
    expect(codeOf(() => encode(circle))).toBe('TOO_DEEP');
  });

  test.each([
    ['a function', () => 1],
    ['a Map', new Map()],
    ['a Date', new Date()],
    ['a bigint', 1n],
    ['undefined in a list', [undefined]],
    ['an unlisted typed array', new Int16Array(2)],
  ])('%s is UNSUPPORTED', (_, value) => {
    expect(codeOf(() => encode(value))).toBe('UNSUPPORTED');
  });
});
