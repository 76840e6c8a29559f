// Every kernel with its number and how its threads touch each operand: what barriers and lifetimes are derived from.
import * as layout from '../kernels/cpu/assembly/layout.ts';

/** Operands of a record by their part in the op. `kept`, `sums`: see the dropout and penalty kernels. */
export type Role =
  'x' | 'y' | 'dy' | 'dx' | 'w' | 'b' | 'gw' | 'gb' | 'xT' | 'mask' | 'kept' | 'sums' | 'mW' | 'vW' | 'mB' | 'vB';

/** `own`: a thread touches only its share of the rows. `all`: it touches rows of others too. */
export type Access = 'own' | 'all';

export interface KernelDescription {
  readonly code: number;
  readonly reads: Readonly<Partial<Record<Role, Access>>>;
  readonly writes: Readonly<Partial<Record<Role, Access>>>;
}

const activation = (code: number): KernelDescription => ({ code, reads: { x: 'own' }, writes: { y: 'own' } });
const derivative = (code: number): KernelDescription => ({
  code,
  reads: { y: 'own', dy: 'own' },
  writes: { dx: 'own' },
});

export const KERNELS = {
  linear_forward: {
    code: layout.OP_LINEAR_FORWARD,
    reads: { x: 'all', w: 'own', b: 'own' },
    writes: { y: 'own' },
  },
  linear_grad_input: {
    code: layout.OP_LINEAR_GRAD_INPUT,
    reads: { dy: 'all', w: 'all' },
    writes: { dx: 'own' },
  },
  /** Also updates the parameter: gradient, penalties' gradients and optimizer in one pass over each block of rows. */
  linear_grad_weight: {
    code: layout.OP_LINEAR_GRAD_WEIGHT,
    reads: { dy: 'own', xT: 'all' },
    writes: { gw: 'own', gb: 'own', w: 'own', b: 'own', mW: 'own', vW: 'own', mB: 'own', vB: 'own' },
  },
  transpose: { code: layout.OP_TRANSPOSE, reads: { x: 'own' }, writes: { xT: 'all' } },
  relu_forward: activation(layout.OP_RELU_FORWARD),
  relu_backward: derivative(layout.OP_RELU_BACKWARD),
  tanh_forward: activation(layout.OP_TANH_FORWARD),
  tanh_backward: derivative(layout.OP_TANH_BACKWARD),
  sigmoid_forward: activation(layout.OP_SIGMOID_FORWARD),
  sigmoid_backward: derivative(layout.OP_SIGMOID_BACKWARD),
  dropout_forward: {
    code: layout.OP_DROPOUT_FORWARD,
    reads: { x: 'own', kept: 'all' },
    writes: { y: 'own', mask: 'own' },
  },
  dropout_backward: {
    code: layout.OP_DROPOUT_BACKWARD,
    reads: { dy: 'own', mask: 'own' },
    writes: { dx: 'own' },
  },
  /** Runs on one thread; on the last chunk it writes the step's row and may stop the run. */
  mse_forward: { code: layout.OP_MSE_FORWARD, reads: { x: 'all' }, writes: {} },
  mse_backward: { code: layout.OP_MSE_BACKWARD, reads: { x: 'own' }, writes: { dx: 'own' } },
  penalty_rows: { code: layout.OP_PENALTY_ROWS, reads: { w: 'own' }, writes: { sums: 'own' } },
  penalty_total: { code: layout.OP_PENALTY_TOTAL, reads: { sums: 'all' }, writes: {} },
} as const satisfies Record<string, KernelDescription>;

export type KernelName = keyof typeof KERNELS;
