// Packs buffers with lifetimes into one arena: largest first, each at the lowest offset free during its life.
import type { Buffer } from './instruction.ts';
import type { Lifetime } from './phases.ts';

export const ALIGNMENT = 64;
export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

export interface Packing {
  /** Offset of each buffer from the arena's start, a multiple of ALIGNMENT. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  readonly bytes: number;
  /** No packing can be smaller: the largest sum of sizes in use during one phase. */
  readonly lowerBoundBytes: number;
}

const overlap = (a: Lifetime, b: Lifetime): boolean => a.first <= b.last && b.first <= a.last;

function lowerBound(lifetimes: ReadonlyMap<Buffer, Lifetime>): number {
  const inUse = new Map<number, number>();
  for (const [buffer, { first, last }] of lifetimes)
    for (let phase = first; phase <= last; phase++) inUse.set(phase, (inUse.get(phase) ?? 0) + aligned(buffer.bytes));
  return Math.max(0, ...inUse.values());
}

/** @param lifetimes of the buffers to pack; a buffer without size gets an offset too. */
export function packArena(lifetimes: ReadonlyMap<Buffer, Lifetime>): Packing {
  const offsets = new Map<Buffer, number>();
  const placed: { readonly start: number; readonly end: number; readonly life: Lifetime }[] = [];
  let bytes = 0;
  const bySize = [...lifetimes].sort(([a], [b]) => b.bytes - a.bytes);
  for (const [buffer, life] of bySize) {
    const size = aligned(buffer.bytes);
    let start = 0;
    const neighbours = placed.filter((x) => overlap(x.life, life)).sort((a, b) => a.start - b.start);
    for (const neighbour of neighbours) {
      if (start + size <= neighbour.start) break;
      start = Math.max(start, neighbour.end);
    }
    offsets.set(buffer, start);
    placed.push({ start, end: start + size, life });
    bytes = Math.max(bytes, start + size);
  }
  return { offsets, bytes, lowerBoundBytes: lowerBound(lifetimes) };
}
