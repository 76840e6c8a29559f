// The program before addresses: kernels applied to named buffers.
import { KERNELS, type Access, type KernelName, type Role } from './kernel-table.ts';

export interface Buffer {
  readonly name: string;
  readonly bytes: number;
  /** Keeps its contents between steps; others share the pool by their lifetimes. */
  readonly persistent: boolean;
}

/** Numbers of a record that are no addresses; see assembly/layout.ts. */
export interface Fields {
  readonly inFeatures?: number;
  /** Floats between rows of a weight or of a transposed input. */
  readonly inStride?: number;
  /** Dropout: factor of a kept unit, and the probability of keeping as the words of ceil(keep·2^53). */
  readonly scale?: number;
  readonly keepHigh?: number;
  readonly keepLow?: number;
  /** Factors of sign(w) and of w in the penalties' gradients. */
  readonly l1Weight?: number;
  readonly l1Bias?: number;
  readonly l2Weight?: number;
  readonly l2Bias?: number;
  /** Factors of Σ|w| and Σw² in the penalties. */
  readonly l1Value?: number;
  readonly l2Value?: number;
  /** Loss gradient: 2/N. */
  readonly lossFactor?: number;
}

export interface Instruction {
  readonly kernel: KernelName;
  /** Rows that threads share out. */
  readonly rows: number;
  readonly operands: Readonly<Partial<Record<Role, Buffer>>>;
  /** x is the data set's current chunk. */
  readonly xIsData?: boolean;
  readonly fields?: Fields;
}

export interface Touch {
  readonly buffer: Buffer;
  readonly access: Access;
  readonly writes: boolean;
}

/** Buffers that an instruction touches, with how. */
export function touches(instruction: Instruction): Touch[] {
  const { reads, writes } = KERNELS[instruction.kernel];
  const list = (accesses: Readonly<Partial<Record<Role, Access>>>, isWrite: boolean): Touch[] =>
    (Object.entries(accesses) as [Role, Access][]).flatMap(([role, access]) => {
      const buffer = instruction.operands[role];
      return buffer ? [{ buffer, access, writes: isWrite }] : [];
    });
  return [...list(reads, false), ...list(writes, true)];
}
