// The error function in double precision, which JavaScript lacks and GELU needs.

/** Below this the series is exact to rounding, above it the continued fraction converges fast. */
const MEET = 1.5;
const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/** erf(x) = 2/√π·exp(-x²)·Σ 2ⁿx²ⁿ⁺¹/(1·3·…·(2n+1)): all terms of one sign, so nothing cancels. */
function series(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
}

/** erfc(x) = exp(-x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))), from the inside out. */
function fraction(x: number): number {
  let tail = x;
  for (let n = 120; n > 0; n--) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}

/** Complementary error function, 1 - erf(x), relatively right for large x too. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (Math.abs(x) < MEET) return 1 - series(x);
  return x > 0 ? fraction(x) : 2 - fraction(-x);
}

export function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  return Math.abs(x) < MEET ? series(x) : Math.sign(x) * (1 - fraction(Math.abs(x)));
}
