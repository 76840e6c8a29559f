// The loss of a batch: forward to one sum per block, backward to the gradient of the model's output. An exhaustive table.
import type { LossOf } from '../../ops/index.ts';
import { elements, type LossSpec, type LossType } from '../../spec/index.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { Value } from '../emission.ts';
import type { Buffer, Share } from '../instruction.ts';

export interface LossContext<L extends LossSpec = LossSpec> {
  readonly builder: ProgramBuilder;
  readonly loss: L;
  readonly output: Value;
  /** f32 [targets][examples], or i32 [examples] of class indices. */
  readonly target: Buffer;
  /** f64 [blocks]. */
  readonly sums: Buffer;
}

interface EmittedLoss {
  readonly forward: () => void;
  /** @returns the gradient of the model's output. */
  readonly backward: () => Buffer;
}

type LossEmitter<L extends LossSpec> = (context: LossContext<L>) => EmittedLoss;

/** Emits the kernels of one loss. `size`: values of an output, or classes. */
interface LossKernels {
  readonly forward: (
    share: Share,
    operands: { readonly y: Buffer; readonly t: Buffer; readonly sums: Buffer },
    size: number,
  ) => void;
  readonly backward: (
    share: Share,
    operands: { readonly y: Buffer; readonly t: Buffer; readonly dx: Buffer },
    size: number,
    mean: number,
  ) => void;
}

/** @param rows whether threads can share the gradient's rows. */
const emitter =
  <L extends LossSpec>(rows: 'each' | 'whole', kernels: (context: LossContext<L>) => LossKernels): LossEmitter<L> =>
  (context) => {
    const { builder, loss, output, target: t, sums } = context;
    const { forward, backward } = kernels(context);
    const size = elements(output.shape);
    const y = output.buffer;
    return {
      forward: () => forward(builder.whole(1), { y, t, sums }, size),
      backward: () => {
        const dx = builder.activation('loss.gradient', size);
        const share = rows === 'each' ? builder.each(size) : builder.whole(1);
        backward(share, { y, t, dx }, size, loss.reduction === 'mean' ? 1 : 0);
        return dx;
      },
    };
  };

const LOSS_EMITTERS: { readonly [T in LossType]: LossEmitter<LossOf<T>> } = {
  MSELoss: emitter('each', ({ builder }) => ({
    forward: (share, operands, targets) => builder.emit('mse_forward', share, operands, { targets }),
    backward: (share, operands, targets, mean) => builder.emit('mse_backward', share, operands, { targets, mean }),
  })),
  L1Loss: emitter('each', ({ builder }) => ({
    forward: (share, operands, targets) => builder.emit('l1_forward', share, operands, { targets }),
    backward: (share, operands, targets, mean) => builder.emit('l1_backward', share, operands, { targets, mean }),
  })),
  SmoothL1Loss: emitter('each', ({ builder, loss: { beta } }) => ({
    forward: (share, operands, targets) => builder.emit('smooth_l1_forward', share, operands, { targets, beta }),
    backward: (share, operands, targets, mean) =>
      builder.emit('smooth_l1_backward', share, operands, { targets, mean, beta }),
  })),
  HuberLoss: emitter('each', ({ builder, loss: { delta } }) => ({
    forward: (share, operands, targets) => builder.emit('huber_forward', share, operands, { targets, delta }),
    backward: (share, operands, targets, mean) =>
      builder.emit('huber_backward', share, operands, { targets, mean, delta }),
  })),
  CrossEntropyLoss: emitter('whole', ({ builder, loss: { label_smoothing: smoothing } }) => ({
    forward: (share, operands, classes) =>
      builder.emit('cross_entropy_forward', share, operands, { classes, smoothing }),
    backward: (share, operands, classes, mean) =>
      builder.emit('cross_entropy_backward', share, operands, { classes, smoothing, mean }),
  })),
  NLLLoss: emitter('each', ({ builder }) => ({
    forward: (share, operands, classes) => builder.emit('nll_forward', share, operands, { classes }),
    backward: (share, { t, dx }, classes, mean) => builder.emit('nll_backward', share, { t, dx }, { classes, mean }),
  })),
  BCEWithLogitsLoss: emitter('each', ({ builder }) => ({
    forward: (share, operands, targets) => builder.emit('bce_with_logits_forward', share, operands, { targets }),
    backward: (share, operands, targets, mean) =>
      builder.emit('bce_with_logits_backward', share, operands, { targets, mean }),
  })),
};

export const emitterOfLoss = (context: LossContext): EmittedLoss =>
  (LOSS_EMITTERS[context.loss.type] as LossEmitter<LossSpec>)(context);
