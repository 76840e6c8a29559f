// The loss of a batch: forward to one sum per block, backward to the gradient of the model's output.
import { elements, type LossSpec, type LossType } from '../../spec/index.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { Value } from '../emission.ts';
import type { Buffer } from '../instruction.ts';

export interface LossContext {
  readonly builder: ProgramBuilder;
  readonly loss: LossSpec;
  readonly output: Value;
  /** f32 [targets][examples], or i32 [examples] of class indices. */
  readonly target: Buffer;
  /** f64 [blocks]. */
  readonly sums: Buffer;
}

type LossEmitter = (context: LossContext) => { readonly forward: () => void; readonly backward: () => Buffer };

const mean = ({ reduction }: LossSpec): number => (reduction === 'mean' ? 1 : 0);

const mse: LossEmitter = ({ builder, loss, output, target, sums }) => {
  const targets = elements(output.shape);
  const y = output.buffer;
  return {
    forward: () => void builder.emit('mse_forward', builder.whole(1), { y, t: target, sums }, { targets }),
    backward: () => {
      const dx = builder.activation('loss.gradient', targets);
      builder.emit('mse_backward', builder.each(targets), { y, t: target, dx }, { targets, mean: mean(loss) });
      return dx;
    },
  };
};

const crossEntropy: LossEmitter = ({ builder, loss, output, target, sums }) => {
  const classes = elements(output.shape);
  const y = output.buffer;
  const numbers = { classes, smoothing: loss.type === 'CrossEntropyLoss' ? loss.label_smoothing : 0 };
  return {
    forward: () => void builder.emit('cross_entropy_forward', builder.whole(1), { y, t: target, sums }, numbers),
    backward: () => {
      const dx = builder.activation('loss.gradient', classes);
      builder.emit('cross_entropy_backward', builder.whole(1), { y, t: target, dx }, { ...numbers, mean: mean(loss) });
      return dx;
    },
  };
};

export const LOSS_EMITTERS: Partial<Record<LossType, LossEmitter>> = { MSELoss: mse, CrossEntropyLoss: crossEntropy };
