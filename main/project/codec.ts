// Between table rows and the values of the contract. Every stored value is checked when it is read: files may be hostile.
import * as v from 'valibot';
import {
  DocumentError,
  FIT_GRID_POINTS,
  parseExperimentText,
  RUN_STATUSES,
  type Checkpoint,
  type DataPoints,
  type Evaluation,
  type ExperimentSpec,
  type RunStatus,
} from '../../engine/spec/index.ts';
import {
  Device,
  Failure,
  type EvaluationRow,
  type ExperimentEntry,
  type Points,
  type RunSummary,
} from '../contract/shapes.ts';
import { LabError } from '../contract/errors.ts';
import type { ProjectDisk, Row } from './database.ts';

/** Documents longer than this are refused before they are loaded. A real one has a few kilobytes. */
export const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;
export const MAX_TEXT_BYTES = 10_000;

/** SQL that gives NULL in the place of a text that is longer than `maxBytes`, without loading it. */
const guarded = (column: string, maxBytes: number) =>
  `CASE WHEN octet_length(${column}) <= ${maxBytes} THEN ${column} END AS ${column}`;
const short = (column: string) => guarded(column, MAX_TEXT_BYTES);
const document = guarded('document', MAX_DOCUMENT_BYTES);

/** What to select of each table so that hostile lengths are met before they are allocated. */
export const COLUMNS = {
  meta: `${short('key')}, ${guarded('value', MAX_DOCUMENT_BYTES)}`,
  settings: `${short('key')}, ${guarded('value', MAX_DOCUMENT_BYTES)}`,
  experiments: `${short('id')}, position, revision, ${document}, created_at, updated_at`,
  experiment_history: `${short('experiment_id')}, revision, ${document}, saved_at`,
  data_points: `${short('digest')}, train_x, train_y, test_x, test_y`,
  runs: `number, ${short('id')}, ${short('experiment_id')}, ${short('variant')}, seed, status, step, total_steps, created_at,
    compute_ms, ${short('device')}, ${short('failure')}, ${short('points_digest')}, ${document}`,
  step_metrics: 'run, step, train_loss, penalty_l1, penalty_l2',
  evaluations: 'run, step, train_eval_loss, test_loss, fit',
  checkpoints: `run, step, ${short('digest')}, bytes`,
} as const;

const damaged = (column: string, expected: string) => new LabError('FILE_DAMAGED', `${column} is not ${expected}`);

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw damaged(column, 'a text of a sensible length');
  return value;
}
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw damaged(column, 'a whole number');
  return value;
}
/** SQLite has no NaN: it is stored as NULL. */
export function real(row: Row, column: string): number {
  const value = row[column];
  if (value === null) return NaN;
  if (typeof value !== 'number') throw damaged(column, 'a number');
  return value;
}
export function blob(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw damaged(column, 'a blob');
  return value;
}

export const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Little-endian f32, copied so that it is aligned and owns its memory. */
function floats(row: Row, column: string): Float32Array<ArrayBuffer> {
  const bytes = blob(row, column);
  if (bytes.byteLength % 4 !== 0) throw damaged(column, 'a list of f32');
  return new Float32Array(bytes.slice().buffer);
}

/** Parses stored documents, each different text once: runs mostly share theirs. */
export class DocumentCache {
  readonly #parsed = new Map<string, ExperimentSpec>();

  /** @throws LabError FILE_DAMAGED naming the fields that are wrong. */
  read(row: Row): ExperimentSpec {
    const source = text(row, 'document');
    const known = this.#parsed.get(source);
    if (known) return known;
    try {
      const spec = parseExperimentText(source);
      this.#parsed.set(source, spec);
      return spec;
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      throw new LabError('FILE_DAMAGED', `document: ${error.message}`, { problems: error.problems });
    }
  }
}

function json<S extends v.GenericSchema>(row: Row, column: string, schema: S): v.InferOutput<S> | null {
  if (row[column] === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text(row, column));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw damaged(column, 'JSON');
  }
  const result = v.safeParse(schema, value);
  if (!result.success) throw damaged(column, 'what it should be');
  return result.output;
}

function status(row: Row): RunStatus {
  const stored = RUN_STATUSES.find((x) => x === row.status);
  if (stored === undefined) throw damaged('status', 'a known status');
  return stored;
}

export function decodeExperiment(row: Row, documents: DocumentCache): ExperimentEntry {
  return { id: text(row, 'id'), revision: integer(row, 'revision'), document: documents.read(row) };
}

const RESUMABLE: ReadonlySet<RunStatus> = new Set(['stopped', 'interrupted']);
/** With no checkpoint it starts over; its steps come out the same. */
export const isResumable = (stored: RunStatus): boolean => RESUMABLE.has(stored);

/**
 * A run's row as the contract's summary.
 * @param final the latest evaluation's row.
 * @param view how the file is open: whether it may be written, and what becomes of statuses that say `live`.
 */
export function decodeRun(
  row: Row,
  final: Evaluation | null,
  documents: DocumentCache,
  view: { readonly writable: boolean; readonly showStatus: (stored: RunStatus) => RunStatus },
): RunSummary {
  const shown = view.showStatus(status(row));
  return {
    id: text(row, 'id'),
    experimentId: text(row, 'experiment_id'),
    number: integer(row, 'number'),
    variant: text(row, 'variant'),
    seed: integer(row, 'seed'),
    status: shown,
    step: integer(row, 'step'),
    totalSteps: integer(row, 'total_steps'),
    createdAt: integer(row, 'created_at'),
    computeMs: real(row, 'compute_ms'),
    device: json(row, 'device', Device),
    failure: json(row, 'failure', Failure),
    final: final && { step: final.step, trainLoss: final.train_eval_loss, testLoss: final.test_loss },
    resumable: view.writable && isResumable(shown),
    experiment: documents.read(row),
  };
}

export function decodeEvaluation(row: Row): v.InferOutput<typeof EvaluationRow> {
  const fit = row.fit === null ? null : floats(row, 'fit');
  if (fit && fit.length !== FIT_GRID_POINTS) throw damaged('fit', `a list of ${FIT_GRID_POINTS} f32`);
  return {
    step: integer(row, 'step'),
    train_eval_loss: real(row, 'train_eval_loss'),
    test_loss: real(row, 'test_loss'),
    fit,
  };
}

type Digest = ProjectDisk['digest'];

/** @throws LabError FILE_DAMAGED when the bytes are not the ones that were stored. */
export function decodeCheckpoint(row: Row, digest: Digest): Checkpoint {
  const bytes = blob(row, 'bytes');
  if (digest(bytes) !== row.digest) throw damaged('bytes', 'what was stored (its digest differs)');
  return { step: integer(row, 'step'), bytes };
}

/** Equal points have equal digests: over the four lengths (u32) and the four blobs. */
export function pointsDigest(points: DataPoints, digest: Digest): string {
  const parts = [points.train.x, points.train.y, points.test.x, points.test.y].map(bytesOf);
  const lengths = Uint32Array.from(parts, (x) => x.byteLength);
  const whole = new Uint8Array(parts.reduce((sum, x) => sum + x.byteLength, lengths.byteLength));
  let offset = 0;
  for (const part of [new Uint8Array(lengths.buffer), ...parts]) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return digest(whole);
}

/** @throws LabError FILE_DAMAGED when the points are not the ones that were stored. */
export function decodePoints(row: Row, digest: Digest): v.InferOutput<typeof Points> {
  const points = {
    train: { x: floats(row, 'train_x'), y: floats(row, 'train_y') },
    test: { x: floats(row, 'test_x'), y: floats(row, 'test_y') },
  };
  if (pointsDigest(points, digest) !== row.digest) throw damaged('points', 'what was stored (the digest differs)');
  return points;
}
