// Protocol Buffers' wire format, as far as ONNX files need it: fields in, bytes out, and a strict reader that never trusts a
// length before it has looked whether the bytes are there.
import { badFile } from '../interop-error.ts';

/** How a field's value is stored. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const MOST_VARINT_BYTES = 10;
/** Field numbers are at most 29 bits wide. */
const MOST_FIELD = 0x1fff_ffff;

/** Gathers a message's fields; `finish` joins them. Fields with their default value are written too: callers leave them out. */
export class MessageWriter {
  readonly #parts: Uint8Array[] = [];

  /** @param value whole number; negative ones take ten bytes, as int32 and int64 do. */
  varint(field: number, value: number | bigint): this {
    this.#parts.push(encodeVarint(tag(field, WIRE.varint)), encodeVarint(BigInt.asUintN(64, BigInt(value))));
    return this;
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#parts.push(encodeVarint(tag(field, WIRE.fixed32)), bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#parts.push(encodeVarint(tag(field, WIRE.bytes)), encodeVarint(BigInt(value.length)), value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: MessageWriter): this {
    return this.bytes(field, value.finish());
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.#parts.reduce((sum, x) => sum + x.length, 0));
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}

const tag = (field: number, wire: number): bigint => BigInt(field * 8 + wire);

function encodeVarint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** One field as it was met; `number` is set for varint, `bytes` for all other kinds. */
export type Field =
  | { readonly field: number; readonly wire: typeof WIRE.varint; readonly value: bigint }
  | {
      readonly field: number;
      readonly wire: typeof WIRE.fixed64 | typeof WIRE.bytes | typeof WIRE.fixed32;
      readonly bytes: Uint8Array;
      /** Where the bytes stand in the file. */
      readonly at: number;
    };

/** A message within a file: its bytes and where they stand, so that an error can name the byte. */
export interface Message {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** Reads varints from a message from the front. */
class Cursor {
  readonly #message: Message;
  #next = 0;
  constructor(message: Message) {
    this.#message = message;
  }

  get ended(): boolean {
    return this.#next === this.#message.bytes.length;
  }

  /** Position in the file. */
  get at(): number {
    return this.#message.at + this.#next;
  }

  fail(reason: string): Error {
    return badFile(this.#message.file, `byte ${this.at}`, reason);
  }

  varint(): bigint {
    let value = 0n;
    for (let i = 0; i < MOST_VARINT_BYTES; i++) {
      const byte = this.#message.bytes[this.#next];
      if (byte === undefined) throw this.fail('a number is cut off');
      this.#next++;
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw this.fail('a number has more than ten bytes; this is no ONNX file, or a damaged one');
  }

  take(length: bigint): Uint8Array {
    const there = this.#message.bytes.length - this.#next;
    if (length > BigInt(there)) throw this.fail(`a field claims ${length} bytes, but only ${there} follow`);
    const start = this.#next;
    this.#next += Number(length);
    return this.#message.bytes.subarray(start, this.#next);
  }
}

/**
 * The fields of a message in their order.
 * @throws InteropError BAD_FILE naming the byte.
 */
export function* readFields(message: Message): Generator<Field> {
  const cursor = new Cursor(message);
  while (!cursor.ended) {
    const key = cursor.varint();
    const field = Number(key >> 3n);
    if (field < 1 || field > MOST_FIELD)
      throw cursor.fail('a field has no valid number; this is no ONNX file, or a damaged one');
    const wire = Number(key & 7n);
    switch (wire) {
      case WIRE.varint:
        yield { field, wire, value: cursor.varint() };
        break;
      case WIRE.bytes: {
        const length = cursor.varint();
        const { at } = cursor;
        yield { field, wire, bytes: cursor.take(length), at };
        break;
      }
      case WIRE.fixed64:
      case WIRE.fixed32: {
        const { at } = cursor;
        yield { field, wire, bytes: cursor.take(wire === WIRE.fixed64 ? 8n : 4n), at };
        break;
      }
      default:
        throw cursor.fail(`a field is stored in a way (${wire}) that is not in use`);
    }
  }
}

/**
 * Whole numbers of a repeated field, whether packed into one or each in a field of its own. No bigger ones than f64 holds exactly
 * mean anything here.
 * @param most numbers that can be right; reading stops at one more.
 * @throws InteropError BAD_FILE naming the byte.
 */
export function readVarints(field: Field, file: string, most: number): readonly number[] {
  if (field.wire === WIRE.varint) return [Number(field.value)];
  const cursor = new Cursor({ file, bytes: field.bytes, at: field.at });
  const values: number[] = [];
  while (!cursor.ended && values.length <= most) values.push(Number(cursor.varint()));
  return values;
}
