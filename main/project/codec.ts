// Between table rows and the values of the contract. Every stored value is checked when it is read: files may be hostile.
import * as v from 'valibot';
import {
  DocumentError,
  parseDraftText,
  PREVIEW_IMAGES,
  RUN_STATUSES,
  SCORES,
  SPLITS,
  type Checkpoint,
  type Evaluation,
  type ExperimentSpec,
  type FitAxis,
  type ParameterStatistics,
  type RunEvent,
  type RunStatus,
  type Scores,
  type Split,
} from '../../engine/spec/index.ts';
import {
  Certificate,
  Device,
  Failure,
  type EvaluationScores,
  type ExperimentEntry,
  type RunSummary,
} from '../contract/shapes.ts';
import { LabError } from '../contract/errors.ts';
import type { ProjectDisk, Row } from './database.ts';
import { decodeFit } from './fits.ts';

export const damaged = (column: string, expected: string) =>
  new LabError('FILE_DAMAGED', `${column} is not ${expected}`);

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

export const bytesOf = (values: Float32Array | Int32Array | Uint8Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Little-endian f32, copied so that it is aligned and owns its memory. */
export function floats(row: Row, column: string): Float32Array<ArrayBuffer> {
  const bytes = blob(row, column);
  if (bytes.byteLength % 4 !== 0) throw damaged(column, 'a list of f32');
  return new Float32Array(bytes.slice().buffer);
}
/** Little-endian i32, copied likewise. */
export function integers(row: Row, column: string): Int32Array<ArrayBuffer> {
  const bytes = blob(row, column);
  if (bytes.byteLength % 4 !== 0) throw damaged(column, 'a list of i32');
  return new Int32Array(bytes.slice().buffer);
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
      const spec = parseDraftText(source).document;
      this.#parsed.set(source, spec);
      return spec;
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      throw new LabError('FILE_DAMAGED', `document: ${error.message}`, { problems: error.problems });
    }
  }
}

export function json<S extends v.GenericSchema>(row: Row, column: string, schema: S): v.InferOutput<S> | null {
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

/** Rows of version 1 do not name the layer. */
const StoredFailure = v.strictObject({ ...Failure.entries, layer: v.optional(v.nullable(v.string()), null) });
const Weights = v.strictObject({ name: v.string(), digest: v.string() });

/** What a summary says besides its own row. */
export interface RunExtras {
  readonly final: EvaluationScores | null;
  readonly best: EvaluationScores | null;
  readonly eventCount: number;
}
export const NO_EXTRAS: RunExtras = { final: null, best: null, eventCount: 0 };

const nullable = <T>(row: Row, column: string, read: (row: Row, column: string) => T): T | null =>
  row[column] === null ? null : read(row, column);

/**
 * A run's row as the contract's summary.
 * @param view how the file is open: whether it may be written, and what becomes of statuses that say `live`.
 */
export function decodeRun(
  row: Row,
  extras: RunExtras,
  documents: DocumentCache,
  view: { readonly writable: boolean; readonly showStatus: (stored: RunStatus) => RunStatus },
): RunSummary {
  const shown = view.showStatus(status(row));
  return {
    id: text(row, 'id'),
    experimentId: text(row, 'experiment_id'),
    pressId: text(row, 'press_id'),
    number: integer(row, 'number'),
    variant: text(row, 'variant'),
    seed: integer(row, 'seed'),
    status: shown,
    step: integer(row, 'step'),
    totalSteps: nullable(row, 'total_steps', integer),
    rewinds: integer(row, 'rewinds'),
    createdAt: integer(row, 'created_at'),
    computeMs: real(row, 'compute_ms'),
    device: json(row, 'device', Device),
    failure: json(row, 'failure', StoredFailure),
    ...extras,
    dataDigest: nullable(row, 'data_digest', text),
    weights: json(row, 'weights', Weights),
    resumable: view.writable && isResumable(shown),
    experiment: documents.read(row),
  };
}

/** NULL is "no such score"; of a loss, it is NaN. */
function decodeScores(row: Row, split: Split): Scores {
  const score = (name: string) => nullable(row, `${split}_${name}`, real);
  return {
    loss: real(row, `${split}_loss`),
    accuracy: score('accuracy'),
    top5: score('top5'),
    mae: score('mae'),
    r2: score('r2'),
  };
}

export function decodeEvaluationScores(row: Row): EvaluationScores {
  return {
    step: integer(row, 'step'),
    train: decodeScores(row, 'train'),
    validation: integer(row, 'has_validation') === 1 ? decodeScores(row, 'validation') : null,
    test: integer(row, 'has_test') === 1 ? decodeScores(row, 'test') : null,
  };
}

/** Names of an evaluation's columns of scores, in the order of `scoreValues`. */
export const SCORE_COLUMNS = SPLITS.flatMap((split) => [
  ...(split === 'train' ? [] : [`has_${split}`]),
  ...SCORES.map((score) => `${split}_${score}`),
]);

export const scoreValues = (evaluation: Evaluation): (number | null)[] =>
  SPLITS.flatMap((split) => {
    const scores = evaluation[split];
    return [
      ...(split === 'train' ? [] : [scores === null ? 0 : 1]),
      ...SCORES.map((score) => (scores === null ? null : scores[score])),
    ];
  });

/**
 * @param parameters its statistics, which lie in a table of their own.
 * @param bareAxes where a fit lies that does not say so itself; without it, such a fit is checked and left out.
 */
export function decodeEvaluation(
  row: Row,
  parameters: readonly ParameterStatistics[],
  bareAxes: () => readonly FitAxis[] | null = () => null,
): Evaluation {
  const fit = row.fit === null ? null : decodeFit(blob(row, 'fit'), bareAxes);
  const confusion = nullable(row, 'confusion', integers);
  if (confusion && !Number.isInteger(Math.sqrt(confusion.length))) throw damaged('confusion', 'a square of counts');
  const predicted = nullable(row, 'predicted', integers);
  if (predicted && predicted.length > PREVIEW_IMAGES) throw damaged('predicted', `at most ${PREVIEW_IMAGES} classes`);
  return { ...decodeEvaluationScores(row), fit, confusion, predicted, parameters };
}

export const decodeStatistics = (row: Row): ParameterStatistics => ({
  name: text(row, 'name'),
  norm: real(row, 'norm'),
  gradientNorm: nullable(row, 'gradient_norm', real),
  zeros: real(row, 'zeros'),
});

export function decodeEvent(row: Row): RunEvent {
  const value = json(row, 'value', v.unknown());
  return { step: integer(row, 'step'), path: text(row, 'path'), value };
}

export function decodeCertificate(row: Row): Certificate {
  const certificate = json(row, 'certificate', Certificate);
  if (certificate === null) throw damaged('certificate', 'a certificate');
  return certificate;
}

type Digest = ProjectDisk['digest'];

/** @throws LabError FILE_DAMAGED when the bytes are not the ones that were stored. */
export function decodeCheckpoint(row: Row, digest: Digest): Checkpoint {
  const bytes = blob(row, 'bytes');
  if (digest(bytes) !== row.digest) throw damaged('bytes', 'what was stored (its digest differs)');
  return { step: integer(row, 'step'), bytes };
}
