// Writes a program into the arena as the records that the kernels read.
import * as layout from '../kernels/cpu/assembly/layout.ts';
import type { Buffer, Fields, Instruction } from './instruction.ts';
import { KERNELS, type KernelName, type Role } from './kernel-table.ts';
import type { Phases } from './phases.ts';

const ADDRESS_FIELD: Readonly<Record<Role, number>> = {
  x: layout.R_X,
  y: layout.R_Y,
  dy: layout.R_DY,
  dx: layout.R_DX,
  w: layout.R_W,
  b: layout.R_B,
  gw: layout.R_GW,
  gb: layout.R_GB,
  xT: layout.R_XT,
  mask: layout.R_MASK,
  kept: layout.R_KEPT,
  sums: layout.R_SUMS,
  mW: layout.R_M_W,
  vW: layout.R_V_W,
  mB: layout.R_M_B,
  vB: layout.R_V_B,
};

type Kind = 'i32' | 'u32' | 'f32' | 'f64';
const NUMBER_FIELD: Readonly<Record<keyof Fields, { readonly offset: number; readonly kind: Kind }>> = {
  inFeatures: { offset: layout.R_IN, kind: 'i32' },
  inStride: { offset: layout.R_IN_STRIDE, kind: 'i32' },
  scale: { offset: layout.R_SCALE, kind: 'f32' },
  keepHigh: { offset: layout.R_KEEP_HIGH, kind: 'u32' },
  keepLow: { offset: layout.R_KEEP_LOW, kind: 'u32' },
  l1Weight: { offset: layout.R_L1_W, kind: 'f32' },
  l1Bias: { offset: layout.R_L1_B, kind: 'f32' },
  l2Weight: { offset: layout.R_L2_W, kind: 'f32' },
  l2Bias: { offset: layout.R_L2_B, kind: 'f32' },
  l1Value: { offset: layout.R_P1, kind: 'f64' },
  l2Value: { offset: layout.R_P2, kind: 'f64' },
  lossFactor: { offset: layout.R_FACTOR1, kind: 'f32' },
};

function writeNumber(view: DataView, at: number, kind: Kind, value: number): void {
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

function encodeRecord(
  view: DataView,
  at: number,
  instruction: Instruction,
  barrier: boolean,
  addresses: Addresses,
): void {
  view.setInt32(at + layout.R_OP, KERNELS[instruction.kernel satisfies KernelName].code, true);
  view.setInt32(at + layout.R_BARRIER, barrier ? 1 : 0, true);
  view.setInt32(at + layout.R_ROWS, instruction.rows, true);
  view.setInt32(at + layout.R_X_IS_DATA, instruction.xIsData ? 1 : 0, true);
  for (const [role, buffer] of Object.entries(instruction.operands) as [Role, Buffer][])
    view.setUint32(at + ADDRESS_FIELD[role], addresses(buffer), true);
  for (const [name, value] of Object.entries(instruction.fields ?? {}) as [keyof Fields, number][])
    writeNumber(view, at + NUMBER_FIELD[name].offset, NUMBER_FIELD[name].kind, value);
}

export type Addresses = (buffer: Buffer) => number;

/** @param at address of the first record; each takes R_SIZE bytes, zeroed before. */
export function encodeProgram(
  view: DataView,
  at: number,
  program: readonly Instruction[],
  phases: Phases,
  addresses: Addresses,
): void {
  for (const [i, instruction] of program.entries()) {
    // The first record of a pass follows another pass over the same buffers.
    const barrier = i === 0 || phases.phaseOf[i] !== phases.phaseOf[i - 1];
    encodeRecord(view, at + i * layout.R_SIZE, instruction, barrier, addresses);
  }
}
