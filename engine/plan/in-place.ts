// Lets an instruction write where it reads, when nobody needs the input any more: activations then stay in the first-level cache.
import { touches, withBuffers, type Buffer, type Instruction } from './instruction.ts';
import { KERNELS, type KernelDescription } from './kernel-table.ts';

/** Position of the last instruction that touches each buffer. */
function lastTouches(program: readonly Instruction[]): Map<Buffer, number> {
  const last = new Map<Buffer, number>();
  for (const [i, step] of program.entries()) for (const { buffer } of touches(step)) last.set(buffer, i);
  return last;
}

/** The inputs and outputs that may share their place: if the kernel allows it and their sizes are equal. */
function candidates(step: Instruction): readonly (readonly [Buffer, Buffer])[] {
  const { inPlace }: KernelDescription = KERNELS[step.kernel];
  return inPlace.flatMap(([from, to]) => {
    const [input, output] = [step.operands[from], step.operands[to]];
    return input && output && !input.persistent && input !== output && input.bytes === output.bytes
      ? [[input, output] as const]
      : [];
  });
}

/** The same program with fewer buffers. Every buffer is written by one instruction or one group of them before it is read. */
export function shareInPlace(program: readonly Instruction[]): Instruction[] {
  const last = lastTouches(program);
  const replaced = new Map<Buffer, Buffer>();
  const current = (buffer: Buffer): Buffer => {
    let found = buffer;
    for (let next = replaced.get(found); next; next = replaced.get(found)) found = next;
    return found;
  };
  return program.map((step, i) => {
    const pair = candidates(step).find(([input]) => last.get(input) === i);
    if (pair) {
      const [input, output] = pair;
      const place = current(input);
      replaced.set(output, place);
      last.set(place, last.get(output) ?? i);
    }
    return withBuffers(step, current);
  });
}
