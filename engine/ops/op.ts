// What an op is: its shape rule, the kernels of its forward and backward pass, and its plain-TypeScript reference.
import type { KernelName } from '../plan/kernel-table.ts';

export const OP_NAMES = [
  'linear',
  'relu',
  'tanh',
  'sigmoid',
  'dropout',
  'mse_loss',
  'l1_penalty',
  'l2_penalty',
] as const;
export type OpName = (typeof OP_NAMES)[number];

/** At least one kernel: an op without a gradient does not compile. */
type Kernels = readonly [KernelName, ...KernelName[]];
type Reference = (...args: never[]) => unknown;

export interface OpRule {
  /** Features of the output, per example; `options.outFeatures` is for ops that choose it. */
  readonly outputFeatures: (inFeatures: number, options: { readonly outFeatures: number }) => number;
  /** Kernels of the forward pass in training, in order. */
  readonly forward: Kernels;
  /** Kernels in evaluation; none: the op is the identity there. */
  readonly evaluation: readonly KernelName[];
  /** Kernels that carry the output's gradient to the input and the parameters, in order. */
  readonly gradient: Kernels;
  /**
   * The same in double precision, row by row, as the formula reads: the standard that kernels are held to.
   * Arrays are row-major [batch, features].
   */
  readonly reference: { readonly forward: Reference; readonly backward: Reference };
}

export type Values = ArrayLike<number>;

/** Element of an array whose bounds the caller has established. */
export const at = (values: Values, index: number): number => values[index] as number;
