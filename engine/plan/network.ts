// A resolved variant as two programs, the training step and the evaluation: the data comes in, flows through the layers to the
// loss, and back. What each layer does is in emit/; here is only the order.
import { parameterTreatments } from '../ops/index.ts';
import { dataShape, elements, hasPixels, type LayerShape, type ResolvedVariant, type Shape } from '../spec/index.ts';
import { ProgramBuilder } from './builder.ts';
import { emitAugmentation } from './emit/augmentation.ts';
import { emitLayer, emitterOfLoss } from './emit/index.ts';
import type { Emitted, LayerContext, Value } from './emission.ts';
import type { Geometry } from './geometry.ts';
import { shareInPlace } from './in-place.ts';
import type { Buffer, Instruction, Share } from './instruction.ts';
import { makeArrays, optimizerStates, updateRows, updateWidth, type Arrays, type Parameter } from './parameters.ts';
import { penaltyFactors, updateInstruction } from './regularize.ts';

/** A value of the program that people may look at. */
export interface Traced {
  /** `fc1.output`, `dropout1.mask`, `fc1.output.gradient`, `input`, `target`. */
  readonly name: string;
  /** Per example. */
  readonly shape: Shape;
  readonly buffer: Buffer;
  /** Class indices instead of floats. */
  readonly isInteger?: boolean;
}

export interface Traces {
  /** In the order of computation, gradients last; only true to the end of the step where buffers share no places. */
  readonly train: readonly Traced[];
  readonly evaluate: readonly Traced[];
}

export interface Network {
  readonly train: readonly Instruction[];
  readonly evaluate: readonly Instruction[];
  readonly traces: Traces;
  readonly arrays: Arrays;
  /** Inputs of pictures by pixel value, f32 [channels][256]; null for other data. */
  readonly pixelTable: Buffer | null;
}

export interface NetworkOptions {
  readonly shapes: readonly LayerShape[];
  readonly trainGeometry: Geometry;
  readonly evaluateGeometry: Geometry;
  readonly split: 'rows' | 'blocks';
  /** Examples of a train batch at most. */
  readonly batch: number;
  readonly threads: number;
  /** Whether buffers may share places: off where someone looks at them afterwards. */
  readonly inPlace: boolean;
  /** Whether gradients stay whole after the step. */
  readonly keepGradients: boolean;
}

interface Parts extends NetworkOptions {
  readonly resolved: ResolvedVariant;
  readonly arrays: Arrays;
  readonly pixelTable: Buffer | null;
  /** Written once all of a batch's loss is known to be finite: no update goes before it. */
  readonly verdict: Buffer;
  /** The factor of clipping by norm. */
  readonly clip: Buffer;
}

const fact = (name: string, bytes = 64): Buffer => ({ name, bytes, persistent: true, perExample: false });

/** The batch's examples and what they should become. */
function emitGather(
  builder: ProgramBuilder,
  { resolved, pixelTable }: Parts,
): { readonly x: Value; readonly target: Buffer } {
  const { input, target } = dataShape(resolved.data);
  const features = elements(input);
  const x = builder.activation('input', features);
  if (pixelTable) {
    const [channels = 1, ...rest] = input;
    builder.emit(
      'gather_pixels',
      builder.each(features),
      { table: pixelTable, y: x },
      { channels, pixels: elements(rest) },
    );
  } else builder.emit('gather_values', builder.each(features), { y: x }, { features });
  const t = builder.activation('target', target.kind === 'values' ? elements(target.shape) : 1);
  if (target.kind === 'values') {
    const targets = elements(target.shape);
    builder.emit('gather_targets', builder.each(targets), { t }, { features: targets });
  } else builder.emit('gather_labels', builder.whole(1), { t }, {});
  return { x: { buffer: x, shape: input }, target: t };
}

/** The penalties' values, before the step. */
function emitPenalties(builder: ProgramBuilder, { resolved, arrays }: Parts, penalties: Buffer): void {
  const penalized = arrays.parameters.flatMap((parameter) => {
    const factors = penaltyFactors(resolved, parameter.treatment);
    return factors.l1Value === 0 && factors.l2Value === 0 ? [] : [{ parameter, factors }];
  });
  const sums = penalized.map(({ parameter }) => ({
    ...fact(`${parameter.name}.sums`, 16 * parameter.rows),
    persistent: false,
  }));
  for (const [i, { parameter }] of penalized.entries())
    builder.emit(
      'penalty_rows',
      builder.across(parameter.rows, 12, 'first_chunk'),
      { w: parameter.value, sums: sums[i] as Buffer },
      { width: parameter.stride },
    );
  for (const [i, { parameter, factors }] of penalized.entries())
    builder.emit(
      'penalty_total',
      builder.one('first_chunk'),
      { sums: sums[i] as Buffer, penalties },
      { rows: parameter.rows, l1: factors.l1Value, l2: factors.l2Value },
    );
}

/** Emits one pass through the layers. */
function emitForward(
  builder: ProgramBuilder,
  parts: Parts,
  input: Value,
  more: Pick<LayerContext, 'draws' | 'keep' | 'prepare' | 'fusedUpdate' | 'scratch' | 'settle' | 'update'>,
): Emitted[] {
  const { resolved, shapes, arrays } = parts;
  const byName = new Map(arrays.parameters.map((p) => [p.name, p]));
  const stateByName = new Map(arrays.state.map((s) => [s.name, s]));
  const emitted: Emitted[] = [];
  for (const [i, layer] of resolved.model.layers.entries()) {
    const shape = shapes[i] as LayerShape;
    emitted.push(
      emitLayer({
        ...more,
        batch: parts.batch,
        layer,
        shape,
        builder,
        inputs: shape.sources.map((source) => emitted[source]?.output ?? input),
        previous: emitted[i - 1] ?? null,
        parameter: (name) => byName.get(`${layer.name}.${name}`),
        state: (name) => {
          const found = stateByName.get(`${layer.name}.${name}`);
          if (!found) throw new Error(`${layer.name} has no ${name}`);
          return found;
        },
      }),
    );
  }
  return emitted;
}

/** Which layers' inputs lead back to something that learns: only they need the gradient of their input. */
function learning(shapes: readonly LayerShape[]): boolean[] {
  const learns: boolean[] = [];
  for (const shape of shapes)
    learns.push(shape.parameterShapes.length > 0 || shape.sources.some((source) => source >= 0 && learns[source]));
  return learns;
}

/** Carries the loss's gradient back, layer by layer; gradients of one value that come from several layers add up. */
function emitBackward(
  builder: ProgramBuilder,
  { shapes }: Parts,
  emitted: readonly Emitted[],
  outputGradient: Buffer,
): Traced[] {
  const traced: Traced[] = [];
  const learns = learning(shapes);
  const gradients = new Map<number, Buffer>([[shapes.length - 1, outputGradient]]);
  // What computes a layer's parameter gradients waits until the gradient has passed on to the next layer that learns: both then
  // follow the same barrier, and the elementwise ops between need none.
  let waiting: (() => void)[] = [];
  for (let i = shapes.length - 1; i >= 0; i--) {
    const dy = gradients.get(i);
    const shape = shapes[i] as LayerShape;
    if (!dy || !learns[i]) continue;
    traced.push({ name: `${shape.name}.output.gradient`, shape: shape.output, buffer: dy });
    const wanted = shape.sources.map((source) => source >= 0 && learns[source] === true);
    const later: (() => void)[] = [];
    const { inputs } = (emitted[i] as Emitted).backward(dy, wanted, (emit) => later.push(emit));
    for (const [k, source] of shape.sources.entries()) {
      const dx = inputs[k];
      if (!dx || !wanted[k]) continue;
      const earlier = gradients.get(source);
      gradients.set(source, earlier ? emitSum(builder, shapes[source] as LayerShape, earlier, dx) : dx);
    }
    if (later.length > 0) {
      for (const emit of waiting) emit();
      waiting = later;
    }
  }
  for (const emit of waiting) emit();
  return traced;
}

function emitSum(builder: ProgramBuilder, shape: LayerShape, x: Buffer, z: Buffer): Buffer {
  const count = elements(shape.output);
  const y = builder.activation(`${shape.name}.output.gradient`, count);
  builder.emit('add_values', builder.each(count), { x, z, y }, {});
  return y;
}

function emitLoss(builder: ProgramBuilder, parts: Parts, output: Value, target: Buffer, penalties: Buffer) {
  const { loss } = parts.resolved.recipe;
  const sums = builder.blockSums('loss.sums');
  const emitter = emitterOfLoss({ builder, loss, output, target, sums });
  emitter.forward();
  const isClasses = dataShape(parts.resolved.data).target.kind === 'classes';
  builder.emit(
    'loss_total',
    builder.one(),
    { sums, penalties, verdict: parts.verdict },
    { targets: isClasses ? 1 : elements(output.shape), mean: loss.reduction === 'mean' ? 1 : 0 },
  );
  return emitter;
}

/** A program with the values in it. */
interface Traceable {
  readonly steps: readonly Instruction[];
  readonly traced: readonly Traced[];
}

function trainProgram(parts: Parts): Traceable {
  const { resolved, trainGeometry, split } = parts;
  const builder = new ProgramBuilder('train', trainGeometry, split);
  const before: Instruction[] = [];
  const beforehand = (emit: () => void): void => {
    const from = builder.steps.length;
    emit();
    before.push(...builder.steps.splice(from));
  };
  const penalties = fact('penalties');
  const { gradient_clipping: clipping } = resolved.recipe;
  const maxNorm = clipping?.type === 'norm' ? clipping.max_norm : null;
  const separate: Parameter[] = [];
  const settling: ((verdict: Buffer) => void)[] = [];
  emitPenalties(builder, parts, penalties);
  const gathered = emitGather(builder, parts);
  const draws: LayerContext['draws'] = (name, bytes, emit) => {
    // A kernel may read whole words, up to three bytes beyond the last.
    const buffer = fact(name, bytes + 3);
    beforehand(() => emit(buffer));
    return buffer;
  };
  const { augmentation } = resolved.recipe;
  const x = emitAugmentation(augmentation, gathered.x, { builder, batch: parts.batch, draws });
  const { target } = gathered;
  const emitted = emitForward(builder, parts, x, {
    keep: (name, bytes) => fact(name, bytes),
    draws,
    prepare: beforehand,
    fusedUpdate(parameter, gradient) {
      if (maxNorm === null) return updateOf(builder, parts, parameter, gradient);
      separate.push(parameter);
      return null;
    },
    scratch(name, bytesPerThread) {
      const isOneChunk = parts.batch <= trainGeometry.stride * trainGeometry.blocks;
      if (!isOneChunk || maxNorm !== null || parts.keepGradients) return null;
      return { name, bytes: bytesPerThread * parts.threads, persistent: false, perExample: false };
    },
    settle: (emit) => settling.push(emit),
    update: (parameter) => {
      if (maxNorm === null) builder.steps.push(updateOf(builder, parts, parameter));
      else separate.push(parameter);
    },
  });
  const output = (emitted.at(-1) as Emitted).output;
  const loss = emitLoss(builder, parts, output, target, penalties);
  const gradients = emitBackward(builder, parts, emitted, loss.backward());
  for (const emit of settling) emit(parts.verdict);
  if (maxNorm !== null) emitClipping(builder, parts, separate, maxNorm);
  const steps = [...before, ...builder.steps];
  return {
    steps: parts.inPlace ? shareInPlace(steps) : steps,
    traced: [...tracedForward(parts, x, target, emitted), ...gradients],
  };
}

/** The examples and every layer's output, with its mask where it has one. */
function tracedForward({ shapes, resolved }: Parts, x: Value, target: Buffer, emitted: readonly Emitted[]): Traced[] {
  const { target: kind } = dataShape(resolved.data);
  const isClasses = kind.kind === 'classes';
  return [
    { name: 'input', shape: x.shape, buffer: x.buffer },
    { name: 'target', shape: isClasses ? [1] : kind.shape, buffer: target, isInteger: isClasses },
    ...emitted.flatMap(({ output, mask }, i): Traced[] => {
      const { name } = shapes[i] as LayerShape;
      const outputs = { name: `${name}.output`, ...output };
      return mask ? [{ name: `${name}.mask`, ...mask }, outputs] : [outputs];
    }),
  ];
}

/** Gradients are completed and measured, limited together, then used. */
function emitClipping(builder: ProgramBuilder, parts: Parts, parameters: readonly Parameter[], maxNorm: number): void {
  const { resolved, arrays, clip } = parts;
  for (const parameter of parameters) {
    const { l1Gradient: l1, l2Gradient: l2 } = penaltyFactors(resolved, parameter.treatment);
    builder.emit(
      'gradient_finish',
      lastChunk(builder, parameter),
      { w: parameter.value, g: parameter.gradient, norms: parameter.norms },
      { width: updateWidth(parameter), l1, l2 },
    );
  }
  const { norms } = arrays;
  builder.emit('clip_total', builder.one('last_chunk'), { norms, clip }, { count: norms.bytes / 8, maxNorm });
  for (const parameter of parameters) builder.steps.push(updateOf(builder, parts, parameter));
}

const lastChunk = (builder: ProgramBuilder, parameter: Parameter): Share =>
  builder.across(updateRows(parameter), 12, 'last_chunk');

const updateOf = (
  builder: ProgramBuilder,
  parts: Parts,
  parameter: Parameter,
  gradient = parameter.gradient,
): Instruction => updateInstruction(parts.resolved, parameter, gradient, parts, lastChunk(builder, parameter));

function evaluateProgram(parts: Parts): Traceable {
  const builder = new ProgramBuilder('evaluate', parts.evaluateGeometry, parts.split);
  const { x, target } = emitGather(builder, parts);
  const refuse = (): never => {
    throw new Error('nothing is drawn or updated in evaluation');
  };
  const before: Instruction[] = [];
  const emitted = emitForward(builder, parts, x, {
    keep: (name, bytes) => fact(name, bytes),
    prepare(emit) {
      const from = builder.steps.length;
      emit();
      before.push(...builder.steps.splice(from));
    },
    draws: refuse,
    fusedUpdate: refuse,
    scratch: refuse,
    settle: refuse,
    update: refuse,
  });
  const output = (emitted.at(-1) as Emitted).output;
  const targets = elements(output.shape);
  builder.emit('store_outputs', builder.each(targets), { x: output.buffer }, { features: targets });
  emitLoss(builder, parts, output, target, fact('penalties'));
  const steps = [...before, ...builder.steps];
  return {
    steps: parts.inPlace ? shareInPlace(steps) : steps,
    traced: tracedForward(parts, x, target, emitted),
  };
}

export function buildNetwork(resolved: ResolvedVariant, options: NetworkOptions): Network {
  const arrays = makeArrays(options.shapes, parameterTreatments(resolved), optimizerStates(resolved.recipe));
  const pixelTable = hasPixels(resolved.data)
    ? fact('pixel.table', (dataShape(resolved.data).input[0] ?? 1) * 256 * 4)
    : null;
  const parts: Parts = {
    ...options,
    resolved,
    arrays,
    pixelTable,
    verdict: { ...fact('verdict'), isGate: true },
    clip: fact('clip'),
  };
  const [train, evaluate] = [trainProgram(parts), evaluateProgram(parts)];
  return {
    train: train.steps,
    evaluate: evaluate.steps,
    traces: { train: train.traced, evaluate: evaluate.traced },
    arrays,
    pixelTable,
  };
}
