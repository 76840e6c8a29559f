// How a layer becomes instructions: forward, and backward as a closure over what the forward pass left behind.
import type { LayerShape, LayerSpec, Shape } from '../spec/index.ts';
import type { ProgramBuilder } from './builder.ts';
import type { Buffer, Instruction } from './instruction.ts';
import type { Parameter, StoredArray } from './parameters.ts';

/** A layer's input or output: [elements][examples] per block, elements in the order of the shape. */
export interface Value {
  readonly buffer: Buffer;
  readonly shape: Shape;
}

export interface Gradients {
  /** Of each input; null where it was not wanted. */
  readonly inputs: readonly (Buffer | null)[];
}

export interface Emitted {
  readonly output: Value;
  /** What the layer multiplied by, where it drew something. */
  readonly mask?: Value;
  /**
   * Emits what carries the output's gradient to the inputs, and puts what computes the parameters' gradients in `later`: it
   * waits until the gradient has passed on, so that both follow the same barrier. Not called in evaluation.
   * @param wanted which inputs' gradients are needed.
   */
  backward(dy: Buffer, wanted: readonly boolean[], later: (emit: () => void) => void): Gradients;
  /** Of a Sigmoid: takes its derivative at another value than its output (the tutorial's way, see Dropout `as_printed`). */
  readonly derivativeAt?: (value: Buffer) => void;
}

export interface LayerContext<L extends LayerSpec = LayerSpec> {
  readonly layer: L;
  readonly shape: LayerShape;
  readonly builder: ProgramBuilder;
  readonly inputs: readonly Value[];
  /** What emitted the layer before, for the one case that changes it. */
  readonly previous: Emitted | null;
  parameter(name: 'weight' | 'bias'): Parameter | undefined;
  state(name: 'running_mean' | 'running_var'): StoredArray;
  /** A buffer that keeps its contents from the first chunk of a batch to the last. */
  keep(name: string, bytes: number): Buffer;
  /** Emits what is done once before a batch, with the parameters of the step. */
  prepare(emit: () => void): void;
  /** Examples of a batch at most. */
  readonly batch: number;
  /** What is drawn before a batch, for all of it, in the order of the calls. */
  draws(name: string, bytes: number, emit: (buffer: Buffer) => void): Buffer;
  /**
   * The update of a parameter, to be run by its gradient's kernel where that is possible; null where the update is an
   * instruction of its own (clipping by norm).
   * @param gradient where the kernel leaves the gradient.
   */
  fusedUpdate(parameter: Parameter, gradient: Buffer): Instruction | null;
  /** Memory of every thread for gradients that only a fused update reads; null where gradients must stay whole. */
  scratch(name: string, bytesPerThread: number): Buffer | null;
  /** Emits what changes state without a gradient: after the batch's loss is known to be finite. */
  settle(emit: (verdict: Buffer) => void): void;
  /** Adds the update of a parameter as an instruction of its own, after its gradient. */
  update(parameter: Parameter): void;
}

export type Emitter<L extends LayerSpec> = (context: LayerContext<L>) => Emitted;
