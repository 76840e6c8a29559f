// Where threads must meet, and from when to when each buffer is in use. A phase is what runs between two barriers:
// within one, a fast thread may be at its end while a slow one is at its start, so lifetimes count in phases.
import { touches, type Buffer, type Instruction, type Touch } from './instruction.ts';

export interface Lifetime {
  readonly first: number;
  readonly last: number;
}

export interface Phases {
  /** Phase of each instruction. */
  readonly phaseOf: readonly number[];
  readonly lifetimes: ReadonlyMap<Buffer, Lifetime>;
}

interface PhaseTouch extends Touch {
  readonly rows: number;
}

function conflicts(a: PhaseTouch, b: PhaseTouch): boolean {
  if (a.buffer !== b.buffer || !(a.writes || b.writes)) return false;
  return !(a.access === 'own' && b.access === 'own' && a.rows === b.rows);
}

/** A barrier goes before an instruction exactly when it conflicts with one since the last barrier. */
export function derivePhases(program: readonly Instruction[]): Phases {
  const phaseOf: number[] = [];
  const lifetimes = new Map<Buffer, Lifetime>();
  let phase = 0;
  let open: PhaseTouch[] = [];
  for (const instruction of program) {
    const own = touches(instruction).map((touch) => ({ ...touch, rows: instruction.rows }));
    if (own.some((a) => open.some((b) => conflicts(a, b)))) {
      phase += 1;
      open = [];
    }
    open.push(...own);
    phaseOf.push(phase);
    for (const { buffer } of own) lifetimes.set(buffer, { first: lifetimes.get(buffer)?.first ?? phase, last: phase });
  }
  return { phaseOf, lifetimes };
}
