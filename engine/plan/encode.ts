// Writes a program into the arena as the records that the kernels read.
import * as layout from '../kernels/cpu/assembly/layout.ts';
import { fusedIn, type Buffer, type Instruction, type Split, type When } from './instruction.ts';
import { KERNELS, type KernelDescription, type NumberKind } from './kernel-table.ts';
import type { Phases } from './phases.ts';
import { codeOf, RECORDS } from './record-layout.ts';

export type Addresses = (buffer: Buffer) => number;

const SPLIT: Readonly<Record<Split, number>> = {
  rows: layout.SPLIT_ROWS,
  blocks: layout.SPLIT_BLOCKS,
  one: layout.SPLIT_ONE,
};
const WHEN: Readonly<Record<When, number>> = {
  always: layout.WHEN_ALWAYS,
  first_chunk: layout.WHEN_FIRST_CHUNK,
  last_chunk: layout.WHEN_LAST_CHUNK,
};

const recordBytes = (step: Instruction): number => RECORDS[step.kernel].bytes;

/** Bytes of the records that a program runs by itself. */
export const ownBytes = (program: readonly Instruction[]): number =>
  program.reduce((sum, step) => sum + recordBytes(step), 0);

/** Bytes of a program's records, those of fused instructions included. */
export const programBytes = (program: readonly Instruction[]): number =>
  program.reduce((sum, step) => sum + recordBytes(step) + programBytes(fusedIn(step)), 0);

function writeNumber(view: DataView, at: number, kind: NumberKind, value: number): void {
  switch (kind) {
    case 'i32':
      view.setInt32(at, value, true);
      break;
    case 'u32':
      view.setUint32(at, value, true);
      break;
    case 'f32':
      view.setFloat32(at, value, true);
      break;
    case 'f64':
      view.setFloat64(at, value, true);
      break;
    default:
      kind satisfies never;
  }
}

/** Bytes of the records from `i` on that threads run block by block: as many as share blocks without meeting in between. */
function groupBytes(program: readonly Instruction[], phaseOf: readonly number[], i: number): number {
  let bytes = 0;
  for (let k = i; k < program.length; k++) {
    const step = program[k] as Instruction;
    if (k > i && (step.split !== 'blocks' || program[i]?.split !== 'blocks' || phaseOf[k] !== phaseOf[i])) break;
    bytes += recordBytes(step);
  }
  return bytes;
}

interface Place {
  readonly at: number;
  readonly barrier: boolean;
  readonly groupBytes: number;
}

/** Where the records of fused instructions go: behind the program's own. */
interface Cursor {
  next: number;
}

function encodeRecord(view: DataView, step: Instruction, place: Place, cursor: Cursor, addresses: Addresses): void {
  const { at } = place;
  const record = RECORDS[step.kernel];
  const { optional }: KernelDescription = KERNELS[step.kernel];
  view.setInt32(at + layout.R_OP, codeOf(step.kernel), true);
  view.setInt32(at + layout.R_BYTES, record.bytes, true);
  view.setInt32(at + layout.R_BARRIER, place.barrier ? 1 : 0, true);
  view.setInt32(at + layout.R_WHEN, WHEN[step.when], true);
  view.setInt32(at + layout.R_SPLIT, SPLIT[step.split], true);
  view.setInt32(at + layout.R_ROWS, step.rows, true);
  view.setInt32(at + layout.R_GRANULE, step.granule, true);
  view.setInt32(at + layout.R_GROUP_BYTES, place.groupBytes, true);
  for (const [role, offset] of record.operands) {
    const buffer = step.operands[role];
    if (!buffer && !optional.includes(role)) throw new Error(`${step.kernel} lacks ${role}`);
    view.setUint32(at + offset, buffer ? addresses(buffer) : 0, true);
  }
  for (const [name, { offset, kind }] of record.numbers) {
    const value = step.numbers[name];
    if (value === undefined) throw new Error(`${step.kernel} lacks ${name}`);
    if (typeof value === 'number') writeNumber(view, at + offset, kind, value);
    else {
      const fused = { at: cursor.next, barrier: false, groupBytes: recordBytes(value) };
      cursor.next += recordBytes(value);
      encodeRecord(view, value, fused, cursor, addresses);
      view.setUint32(at + offset, fused.at, true);
    }
  }
}

/** @param at address of the first record; the program takes `programBytes`. */
export function encodeProgram(
  view: DataView,
  at: number,
  program: readonly Instruction[],
  { phaseOf }: Phases,
  addresses: Addresses,
): void {
  const cursor = { next: at + ownBytes(program) };
  let next = at;
  for (const [i, step] of program.entries()) {
    // Before the first record of a pass, all threads have met anyway.
    const barrier = i > 0 && phaseOf[i] !== phaseOf[i - 1];
    encodeRecord(view, step, { at: next, barrier, groupBytes: groupBytes(program, phaseOf, i) }, cursor, addresses);
    next += recordBytes(step);
  }
}
