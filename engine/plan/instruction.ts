// The program before addresses: kernels applied to named buffers, typed by the kernel table.
import { KERNELS, type Access, type KernelDescription, type KernelName } from './kernel-table.ts';

export interface Buffer {
  readonly name: string;
  /** Size of all of it; of an activation, for one block of examples times the blocks of a chunk. */
  readonly bytes: number;
  /** Keeps its contents between steps; others share the pool by their lifetimes. */
  readonly persistent: boolean;
  /** Holds values of examples, block after block: threads that share blocks touch only their own. */
  readonly perExample: boolean;
  /** Threads must meet between its write and its reads, even where one of them does both: there they may be told to stop. */
  readonly isGate?: boolean;
  /** Lies within another buffer. */
  readonly within?: { readonly buffer: Buffer; readonly offset: number };
}

/** Threads share the rows of all blocks, or the blocks, or the first thread does it alone. */
export type Split = 'rows' | 'blocks' | 'one';
export type When = 'always' | 'first_chunk' | 'last_chunk';

/** How threads share an instruction. */
export interface Share {
  readonly split: Split;
  readonly rows: number;
  /** Rows that stay together. */
  readonly granule: number;
  readonly when: When;
}

type Keys<T> = keyof T & string;
type RoleOf<K extends KernelName> = Keys<(typeof KERNELS)[K]['reads']> | Keys<(typeof KERNELS)[K]['writes']>;
type OptionalOf<K extends KernelName> = (typeof KERNELS)[K]['optional'][number];
export type Operands<K extends KernelName> = {
  readonly [R in Exclude<RoleOf<K>, OptionalOf<K>>]: Buffer;
} & { readonly [R in OptionalOf<K> & string]?: Buffer | undefined };
export type Numbers<K extends KernelName> = {
  readonly [N in Keys<(typeof KERNELS)[K]['numbers']>]: number | Instruction;
};

export interface Instruction extends Share {
  readonly kernel: KernelName;
  readonly operands: Readonly<Record<string, Buffer>>;
  /** A number of the record; an instruction stands for the address of its own record, which the kernel runs itself. */
  readonly numbers: Readonly<Record<string, number | Instruction>>;
}

/** Leaves out operands that are not given. */
export function instruction<K extends KernelName>(
  kernel: K,
  share: Share,
  operands: Operands<K>,
  numbers: Numbers<K>,
): Instruction {
  const given = Object.entries(operands as Record<string, Buffer | undefined>).filter(
    ([, buffer]) => buffer !== undefined,
  );
  return { ...share, kernel, operands: Object.fromEntries(given) as Record<string, Buffer>, numbers };
}

/** The instructions that an instruction's kernel runs itself. */
export const fusedIn = ({ numbers }: Instruction): Instruction[] =>
  Object.values(numbers).filter((x): x is Instruction => typeof x !== 'number');

export interface Touch {
  readonly buffer: Buffer;
  readonly access: Access;
  readonly writes: boolean;
}

/** What threads that share blocks touch of a buffer: an example's values are their own, anything else is everybody's. */
const accessIn = (split: Split, buffer: Buffer, access: Access): Access =>
  split === 'blocks' ? (buffer.perExample ? 'own' : 'all') : access;

/** Buffers that an instruction touches, with how. */
export function touches(step: Instruction): Touch[] {
  const { reads, writes }: KernelDescription = KERNELS[step.kernel];
  const list = (accesses: Readonly<Record<string, Access>>, isWrite: boolean): Touch[] =>
    Object.entries(accesses).flatMap(([role, access]) => {
      const buffer = step.operands[role];
      return buffer ? [{ buffer, access: accessIn(step.split, buffer, access), writes: isWrite }] : [];
    });
  return [...list(reads, false), ...list(writes, true), ...fusedIn(step).flatMap(touches)];
}

/** The same instruction over other buffers. */
export function withBuffers(step: Instruction, replace: (buffer: Buffer) => Buffer): Instruction {
  return {
    ...step,
    operands: Object.fromEntries(Object.entries(step.operands).map(([role, buffer]) => [role, replace(buffer)])),
    numbers: Object.fromEntries(
      Object.entries(step.numbers).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : withBuffers(value, replace),
      ]),
    ),
  };
}
