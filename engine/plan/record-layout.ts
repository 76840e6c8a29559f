// Where a kernel's numbers and operands lie in its record: header, then numbers, then operands, each aligned to its size, so
// that kernels with the same numbers find them in the same places.
// build.mjs writes these offsets for the kernels, encode.ts writes records by them.
import { KERNELS, type KernelDescription, type KernelName, type NumberKind } from './kernel-table.ts';

/** Bytes of the header; equals R_HEADER of the kernels' layout. */
export const HEADER_BYTES = 32;

const SIZE: Readonly<Record<NumberKind, number>> = { i32: 4, u32: 4, f32: 4, f64: 8 };

export interface RecordLayout {
  readonly operands: ReadonlyMap<string, number>;
  readonly numbers: ReadonlyMap<string, { readonly offset: number; readonly kind: NumberKind }>;
  /** Whole record, a multiple of 8. */
  readonly bytes: number;
}

function layOut({ reads, writes, numbers }: KernelDescription): RecordLayout {
  let end = HEADER_BYTES;
  const take = (bytes: number): number => {
    const offset = Math.ceil(end / bytes) * bytes;
    end = offset + bytes;
    return offset;
  };
  const placed = new Map(Object.entries(numbers).map(([name, kind]) => [name, { offset: take(SIZE[kind]), kind }]));
  const roles = new Set([...Object.keys(reads), ...Object.keys(writes)]);
  const operands = new Map([...roles].map((role) => [role, take(4)]));
  return { operands, numbers: placed, bytes: Math.ceil(end / 8) * 8 };
}

const NAMES = Object.keys(KERNELS) as KernelName[];

export const RECORDS = Object.fromEntries(NAMES.map((name) => [name, layOut(KERNELS[name])])) as Readonly<
  Record<KernelName, RecordLayout>
>;

/** Number of a kernel in records, from 1. */
export const codeOf = (name: KernelName): number => NAMES.indexOf(name) + 1;

const constant = (name: string): string => name.toUpperCase();
const camel = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** AssemblyScript: one constant per operand and number of every kernel, `LINEAR_FORWARD_X`. */
export function recordsSource(): string {
  const lines = ['// Written by engine/kernels/cpu/build.mjs from engine/plan/kernel-table.ts.'];
  for (const name of NAMES) {
    const { operands, numbers } = RECORDS[name];
    const offsets = [...operands, ...[...numbers].map(([key, { offset }]) => [key, offset] as const)];
    for (const [key, offset] of offsets) lines.push(`export const ${constant(`${name}_${key}`)} = ${offset};`);
  }
  return `${lines.join('\n')}\n`;
}

/** AssemblyScript: calls the kernel of a record's code. */
export function dispatchSource(): string {
  const lines = [
    '// Written by engine/kernels/cpu/build.mjs from engine/plan/kernel-table.ts.',
    ...NAMES.map((name) => `import { ${camel(name)} } from '../assembly/${KERNELS[name].file}';`),
    '',
    '/** Rows [first, last) of blocks [from, to). */',
    'export function dispatch(op: i32, record: usize, first: i32, last: i32, from: i32, to: i32): void {',
    '  switch (op) {',
    ...NAMES.flatMap((name) => [
      `    case ${codeOf(name)}:`,
      `      ${camel(name)}(record, first, last, from, to);`,
      '      break;',
    ]),
    '    default:',
    '      unreachable();',
    '  }',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}
