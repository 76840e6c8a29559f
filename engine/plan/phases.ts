// Where threads must meet, and from when to when each buffer is in use. A phase is what runs between two barriers:
// within one, a fast thread may be at its end while a slow one is at its start, so lifetimes count in phases.
import { touches, type Buffer, type Instruction, type Share, type Touch } from './instruction.ts';

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
  readonly share: Share;
}

/** Threads divide both instructions in the same way. */
const sameShares = (a: Share, b: Share): boolean =>
  a.split === b.split && (a.split !== 'rows' || (a.rows === b.rows && a.granule === b.granule));

const overlap = (a: Buffer, b: Buffer): boolean => a === b || a.within?.buffer === b || b.within?.buffer === a;

function conflicts(a: PhaseTouch, b: PhaseTouch): boolean {
  if (!(a.writes || b.writes) || !overlap(a.buffer, b.buffer)) return false;
  if (a.buffer.isGate) return true;
  if (a.share.split === 'one' && b.share.split === 'one') return false;
  return !(a.access === 'own' && b.access === 'own' && sameShares(a.share, b.share));
}

/** A barrier goes before an instruction exactly when it conflicts with one since the last barrier. */
export function derivePhases(program: readonly Instruction[]): Phases {
  const phaseOf: number[] = [];
  const lifetimes = new Map<Buffer, Lifetime>();
  let phase = 0;
  let open: PhaseTouch[] = [];
  for (const step of program) {
    const own = touches(step).map((touch) => ({ ...touch, share: step }));
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
