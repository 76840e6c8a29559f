// torch.linspace: not random, but the inputs under the random targets, and it needs the same fused arithmetic.
import { requireCount } from './arguments.ts';
import { fmaf } from './float32.ts';

/**
 * `torch.linspace(start, end, steps)` in f32: the first half counts up from `start`, the second down from `end`.
 * @returns f32 [steps].
 * @throws RangeError naming the argument.
 */
export function linspace(start: number, end: number, steps: number): Float32Array {
  const [first, last] = [Math.fround(start), Math.fround(end)];
  if (!Number.isFinite(first)) throw new RangeError(`start must be finite in f32, but is ${start}`);
  if (!Number.isFinite(last)) throw new RangeError(`end must be finite in f32, but is ${end}`);
  const out = new Float32Array(requireCount('steps', steps));
  if (steps === 1) return out.fill(first);
  const step = Math.fround(Math.fround(last - first) / Math.fround(steps - 1));
  const half = Math.floor(steps / 2);
  for (let i = 0; i < steps; i++) out[i] = i < half ? fmaf(step, i, first) : fmaf(-step, steps - 1 - i, last);
  return out;
}
