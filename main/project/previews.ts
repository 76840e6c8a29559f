// What runs were trained and tested on, as far as it is shown: each set of points, or sample of pictures, is stored once.
import * as v from 'valibot';
import type { DataPreview, ImageSample, PointSet } from '../../engine/spec/index.ts';
import { blob, bytesOf, damaged, floats, integers, json, text } from './codec.ts';
import type { ProjectDisk, Row, SqlValue } from './database.ts';

type Digest = ProjectDisk['digest'];

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(65_536));
const Shape = v.pipe(v.array(size), v.minLength(1), v.maxLength(4), v.readonly());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Rows = v.strictObject({ train: count, validation: count, test: count });

/** Columns of `data_previews` besides the digest. */
interface PreviewRow {
  readonly kind: DataPreview['kind'];
  readonly shape: string | null;
  readonly rows: string | null;
  readonly train: readonly [Uint8Array, Uint8Array];
  readonly validation: readonly [Uint8Array, Uint8Array] | null;
  readonly test: readonly [Uint8Array, Uint8Array] | null;
}

const points = ({ x, y }: PointSet) => [bytesOf(x), bytesOf(y)] as const;
const pictures = ({ pixels, labels }: ImageSample) => [bytesOf(pixels), bytesOf(labels)] as const;

function rowOf(preview: DataPreview): PreviewRow {
  switch (preview.kind) {
    case 'points': {
      const { kind, train, validation, test, rows } = preview;
      return {
        kind,
        shape: null,
        rows: rows === undefined ? null : JSON.stringify(rows),
        train: points(train),
        validation: validation && points(validation),
        test: test && points(test),
      };
    }
    case 'images': {
      const { kind, shape, rows, train, test } = preview;
      return {
        kind,
        shape: JSON.stringify(shape),
        rows: JSON.stringify(rows),
        train: pictures(train),
        validation: null,
        test: test && pictures(test),
      };
    }
    default:
      return preview satisfies never;
  }
}

/**
 * Equal previews have equal digests: over the byte lengths (u32) and the bytes of train x and y, test x and y; then, where there
 * are any, validation x and y, shape and rows. (Points without validation have the digest that version 1 gave them.)
 */
function digestOf({ shape, rows, train, validation, test }: PreviewRow, digest: Digest): string {
  const nothing = new Uint8Array();
  const words = (x: string | null) => (x === null ? [] : [new TextEncoder().encode(x)]);
  const parts = [...train, ...(test ?? [nothing, nothing]), ...(validation ?? []), ...words(shape), ...words(rows)];
  const lengths = Uint32Array.from(parts, (x) => x.byteLength);
  const whole = new Uint8Array(parts.reduce((sum, x) => sum + x.byteLength, lengths.byteLength));
  let offset = 0;
  for (const part of [new Uint8Array(lengths.buffer), ...parts]) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return digest(whole);
}

/** @returns the digest, and the values of every column in the table's order. */
export function encodePreview(
  preview: DataPreview,
  digest: Digest,
): { readonly digest: string; readonly values: readonly SqlValue[] } {
  const row = rowOf(preview);
  const own = digestOf(row, digest);
  const pair = (x: readonly [Uint8Array, Uint8Array] | null): readonly SqlValue[] => x ?? [null, null];
  return {
    digest: own,
    values: [own, row.kind, row.shape, row.rows, ...row.train, ...pair(row.validation), ...pair(row.test)],
  };
}

function decodeImages(row: Row): DataPreview {
  const [shape, rows] = [json(row, 'shape', Shape), json(row, 'rows', Rows)];
  if (shape === null || rows === null) throw damaged('shape', 'a shape, with rows');
  const pixelsOfOne = shape.reduce((product, x) => product * x, 1);
  const sample = (split: 'train' | 'test'): ImageSample => {
    const [pixels, labels] = [blob(row, `${split}_x`).slice(), integers(row, `${split}_y`)];
    if (pixels.length !== labels.length * pixelsOfOne) throw damaged(`${split}_x`, 'one picture per label');
    return { pixels, labels };
  };
  return { kind: 'images', shape, rows, train: sample('train'), test: row.test_x === null ? null : sample('test') };
}

function decodePoints(row: Row): DataPreview {
  const rows = json(row, 'rows', Rows);
  const set = (split: string): PointSet => ({ x: floats(row, `${split}_x`), y: floats(row, `${split}_y`) });
  return {
    kind: 'points',
    train: set('train'),
    validation: row.validation_x === null ? null : set('validation'),
    test: row.test_x === null ? null : set('test'),
    ...(rows !== null && { rows }),
  };
}

/** @throws LabError FILE_DAMAGED when it is not what was stored. */
export function decodePreview(row: Row, digest: Digest): DataPreview {
  const kind = text(row, 'kind');
  if (kind !== 'points' && kind !== 'images') throw damaged('kind', 'points or images');
  const preview = kind === 'images' ? decodeImages(row) : decodePoints(row);
  if (digestOf(rowOf(preview), digest) !== row.digest) throw damaged(kind, 'what was stored (the digest differs)');
  return preview;
}
