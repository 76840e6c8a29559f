// The checkpoint's container: everything that decides the steps to come, in one versioned array of bytes.
//
//   bytes  0…7   "OVFTCKPT"
//   bytes  8…11  version, u32 little-endian
//   bytes 12…15  CRC-32 of all bytes from 16 on
//   bytes 16…19  length of the header in bytes
//   then the header (JSON, see Header), the generator's words (u32 [624]), the epoch's order (i32) and the arrays, f32, little-endian.
//
// Version 1 had no order, progress or events: a run of then is continued as one that has none of them.
import { EngineError } from '../plan/index.ts';
import type { GeneratorState } from '../random/index.ts';
import type { ResolvedVariant, RunEvent } from '../spec/index.ts';
import { crc32, textDigest } from './digest.ts';
import type { ProgressState } from './progress.ts';

const MAGIC = 'OVFTCKPT';
const VERSION = 2;
const START = 20;
const MT_WORDS = 624;

export interface TrainingState {
  /** Fingerprint of the run it belongs to, from `runDigest`; null in files of version 1, which counted other fields. */
  readonly run: string | null;
  /** Updates taken. */
  readonly step: number;
  /** Step of the last evaluation; -1 before the first. */
  readonly evaluated: number;
  /** Adam's running products of its betas, f64; ones for other optimizers. */
  readonly powers: readonly [number, number];
  readonly generator: GeneratorState;
  /** The present epoch's order of the train data; null where it is as it lies. */
  readonly order: Int32Array | null;
  /** Schedule, early stopping, best step; null: as at the start. */
  readonly progress: ProgressState | null;
  /** Changes made so far, all at `step` or before. */
  readonly events: readonly RunEvent[];
  /** Parameters (`fc1.weight`), optimizer state (`fc1.weight.state1`) and running statistics by name. */
  readonly arrays: ReadonlyMap<string, Float32Array>;
}

interface Header {
  readonly run: string;
  readonly step: number;
  readonly evaluated: number;
  readonly powers: readonly [number, number];
  readonly generator: { readonly index: number; readonly cachedNormal: number | null };
  /** Values of the order; 0: none. */
  readonly order?: number;
  readonly progress?: ProgressState | null;
  readonly events?: readonly RunEvent[];
  readonly arrays: readonly { readonly name: string; readonly length: number }[];
}

/**
 * Fingerprint of what decides a run's numbers. How long it runs and how often it reports are left out, so that a run
 * can be continued beyond its end.
 */
export function runDigest(resolved: ResolvedVariant, initialization: string, seed: number): string {
  const { steps: _, epochs: __, evaluate_every: ___, checkpoint_every: ____, ...recipe } = resolved.recipe;
  const { variant, data, model } = resolved;
  return textDigest(JSON.stringify({ variant, seed, initialization, data, model, recipe }));
}

const refuse = (reason: string): EngineError =>
  new EngineError('BAD_CHECKPOINT', `this checkpoint cannot be continued: ${reason}`, { reason });

export function encodeCheckpoint(state: TrainingState): Uint8Array {
  const arrays = [...state.arrays].map(([name, values]) => ({ name, length: values.length }));
  const { step, evaluated, powers, order, progress, events } = state;
  const { index, cachedNormal } = state.generator;
  const header: Header = {
    run: state.run ?? '',
    step,
    evaluated,
    powers,
    generator: { index, cachedNormal },
    order: order?.length ?? 0,
    progress,
    events,
    arrays,
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const payload = [state.generator.mt, ...(order ? [order] : []), ...state.arrays.values()];
  const bytes = new Uint8Array(START + json.length + payload.reduce((sum, x) => sum + x.byteLength, 0));
  bytes.set(new TextEncoder().encode(MAGIC));
  const view = new DataView(bytes.buffer);
  view.setUint32(8, VERSION, true);
  view.setUint32(16, json.length, true);
  bytes.set(json, START);
  let at = START + json.length;
  for (const values of payload) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  view.setUint32(12, crc32(bytes.subarray(16)), true);
  return bytes;
}

/** @returns the container's version. */
function checkContainer(bytes: Uint8Array, view: DataView): number {
  if (bytes.length < START) throw refuse('it is cut off');
  if (new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) throw refuse('it is no checkpoint');
  const version = view.getUint32(8, true);
  if (version < 1 || version > VERSION)
    throw refuse(`it has version ${version}, this program reads versions 1 to ${VERSION}`);
  if (view.getUint32(12, true) !== crc32(bytes.subarray(16))) throw refuse('it is cut off or damaged');
  return version;
}

/**
 * Reads a container. What it says is trusted once its checksum fits and the run is the right one.
 * @param run fingerprint of the run that wants to continue.
 * @throws EngineError BAD_CHECKPOINT when the bytes are cut off, damaged, of another version, or of another run.
 */
export function decodeCheckpoint(bytes: Uint8Array, run: string): TrainingState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = checkContainer(bytes, view);
  const headerLength = view.getUint32(16, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(START, START + headerLength))) as Header;
  if (version > 1 && header.run !== run) throw refuse('it belongs to another experiment, variant or seed');
  let at = START + headerLength;
  const take = (length: number): ArrayBuffer => {
    const part = bytes.slice(at, at + 4 * length);
    at += 4 * length;
    return part.buffer;
  };
  const { step, evaluated, powers, generator, order = 0, progress = null, events = [] } = header;
  const mt = new Uint32Array(take(MT_WORDS));
  return {
    run: version > 1 ? header.run : null,
    step,
    evaluated,
    powers,
    generator: { ...generator, mt },
    order: order > 0 ? new Int32Array(take(order)) : null,
    progress,
    events,
    arrays: new Map(header.arrays.map(({ name, length }) => [name, new Float32Array(take(length))])),
  };
}
