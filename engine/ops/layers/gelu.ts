// torch.nn.GELU: x·Φ(x) with Φ the normal distribution function (`none`), or its approximation with tanh (`tanh`).
import type { LayerOf } from '../../spec/index.ts';
import { erfc } from '../error-function.ts';
import { elementwise, type Curve } from './elementwise.ts';

/** ½·erfc(-x/√2). */
const share = (x: number): number => 0.5 * erfc(-x * Math.SQRT1_2);
const density = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

const exact: Curve = {
  value: (x) => x * share(x),
  slope: (x) => share(x) + x * density(x),
};

const ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;
const inner = (x: number): number => ROOT_TWO_OVER_PI * (x + CUBIC * x ** 3);

const approximation: Curve = {
  value: (x) => 0.5 * x * (1 + Math.tanh(inner(x))),
  slope(x) {
    const t = Math.tanh(inner(x));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * ROOT_TWO_OVER_PI * (1 + 3 * CUBIC * x * x);
  },
};

export const gelu = elementwise<LayerOf<'GELU'>>(({ approximate }) => (approximate === 'tanh' ? approximation : exact));
