// torch.nn.init.trunc_normal_: normals of an interval, by drawing until all of them are inside.
// Until some release torch went through the inverse error function; 2.13 rejects, and so takes other draws.
import type { Generator } from './generator.ts';
import { normal } from './normal.ts';
import { uniform } from './uniform.ts';

export interface TruncatedNormal {
  readonly mean: number;
  /** Above 0. */
  readonly std: number;
  /** Ends of the interval, a ≤ b. */
  readonly a: number;
  readonly b: number;
}

/** Above this probability of the interval, normals are drawn; below it, uniforms that are kept as often as the density says. */
const LIKELY = 0.3;
/** torch would go on for ever. */
const MOST_PASSES = 1000;

/** Error function, to 1e-15: its series near 0, its continued fraction beyond. */
function errorFunction(x: number): number {
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  if (z < 2.5) {
    let [term, sum] = [z, z];
    for (let n = 1; n < 60; n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = z;
  for (let n = 80; n >= 1; n--) fraction = z + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-z * z) / (fraction * Math.sqrt(Math.PI)));
}

const below = (x: number): number => (1 + errorFunction(x / Math.SQRT2)) / 2;

function requirePasses(pass: number, { a, b }: TruncatedNormal): void {
  if (pass > MOST_PASSES)
    throw new RangeError(`a and b must hold more of the distribution: almost nothing of it is from ${a} to ${b}`);
}

/** Every pass draws as many normals as there are values; those outside take the new ones. */
function redrawOutside(generator: Generator, out: Float32Array, spec: TruncatedNormal): Float32Array {
  const { mean, std } = spec;
  const [low, high] = [Math.fround(spec.a), Math.fround(spec.b)];
  const isOutside = (x: number): boolean => x < low || x > high;
  normal(generator, out, mean, std);
  const fresh = new Float32Array(out.length);
  for (let pass = 1; out.some(isOutside); pass++) {
    requirePasses(pass, spec);
    normal(generator, fresh, mean, std);
    for (const [i, value] of out.entries()) if (isOutside(value)) out[i] = fresh[i] as number;
  }
  return out;
}

/** Every pass draws as many uniforms and as many acceptances as there are values. All arithmetic in f32. */
function rejectUniforms(generator: Generator, out: Float32Array, spec: TruncatedNormal): Float32Array {
  const f = Math.fround;
  const { mean, std, a, b } = spec;
  const mode = Math.max(a, Math.min(mean, b));
  const peak = f(-0.5 * ((mode - mean) / std) ** 2);
  const [mean32, std32] = [f(mean), f(std)];
  /** Logarithm of the density at a candidate, over the one at the mode. */
  const logDensity = (x: number): number => {
    const z = f(f(x - mean32) / std32);
    return f(f(f(z * z) * -0.5) - peak);
  };
  const pending = new Uint8Array(out.length).fill(1);
  const candidates = new Float32Array(out.length);
  const acceptances = new Float32Array(out.length);
  for (let pass = 1; pending.includes(1); pass++) {
    requirePasses(pass, spec);
    uniform(generator, candidates, a, b);
    uniform(generator, acceptances);
    for (const [i, candidate] of candidates.entries()) {
      if (pending[i] === 0) continue;
      out[i] = candidate;
      pending[i] = f(Math.log(acceptances[i] as number)) > logDensity(candidate) ? 1 : 0;
    }
  }
  return out;
}

/**
 * `torch.nn.init.trunc_normal_(out, mean, std, a, b)`.
 * @param out f32, filled and returned.
 * @throws RangeError when a > b, or when the interval holds so little of the distribution that drawing would not end.
 * @source golden: initialization.
 */
export function truncatedNormal(generator: Generator, out: Float32Array, spec: TruncatedNormal): Float32Array {
  const { mean, std, a, b } = spec;
  if (a > b) throw new RangeError(`a must be at most b, but a is ${a} and b is ${b}`);
  return below((b - mean) / std) - below((a - mean) / std) > LIKELY
    ? redrawOutside(generator, out, spec)
    : rejectUniforms(generator, out, spec);
}
