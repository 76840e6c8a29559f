// A resolved variant as programs: the training step and the evaluation, op by op from the table in engine/ops.
import { l2Factors, OPS, type OpName } from '../ops/index.ts';
import { bernoulliThreshold, dropoutScale } from '../random/index.ts';
import { layerShapes, type LayerSpec, type RegularizationSpec, type ResolvedVariant } from '../spec/index.ts';
import type { Buffer, Fields, Instruction } from './instruction.ts';
import { KERNELS, type KernelName, type Role } from './kernel-table.ts';

/** Rounds up to whole vectors of four floats. */
export const padded = (count: number): number => Math.ceil(count / 4) * 4;

/** A trained array with what belongs to it, stored as rows of `stride` floats; the padding stays zero. */
export interface Parameter {
  /** torch's name, `fc1.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly value: Buffer;
  readonly gradient: Buffer;
  /** Momentum buffer (SGD) or first moment (Adam). */
  readonly state1: Buffer | undefined;
  /** Second moment (Adam). */
  readonly state2: Buffer | undefined;
}

export interface LinearLayer {
  readonly name: string;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
}

export interface Network {
  readonly train: readonly Instruction[];
  readonly evaluate: readonly Instruction[];
  readonly layers: readonly LinearLayer[];
  /** In torch's order: weight then bias, layer by layer. */
  readonly parameters: readonly Parameter[];
  /** Buffers of the dropout layers' draws. */
  readonly persistent: readonly Buffer[];
}

export interface NetworkSizes {
  /** Examples in the training data. */
  readonly examples: number;
  /** Floats between feature rows of an activation, in training and in evaluation. */
  readonly trainStride: number;
  readonly evaluateStride: number;
}

const OP_OF_LAYER = {
  Linear: 'linear',
  ReLU: 'relu',
  Tanh: 'tanh',
  Sigmoid: 'sigmoid',
  Dropout: 'dropout',
} as const satisfies Record<LayerSpec['type'], OpName>;

interface Step {
  readonly op: OpName;
  readonly name: string;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly linear: LinearLayer | undefined;
  readonly fields: Fields;
}

const floats = (name: string, count: number, persistent: boolean): Buffer => ({ name, bytes: 4 * count, persistent });

function makeParameter(name: string, shape: readonly number[], states: number): Parameter {
  const [rows, columns] = shape.length === 2 ? (shape as [number, number]) : [1, shape[0] as number];
  const stride = padded(columns);
  const buffer = (suffix: string): Buffer => floats(`${name}${suffix}`, rows * stride, true);
  return {
    name,
    shape,
    rows,
    columns,
    stride,
    value: buffer(''),
    gradient: buffer('.grad'),
    state1: states > 0 ? buffer('.state1') : undefined,
    state2: states > 1 ? buffer('.state2') : undefined,
  };
}

function optimizerStates(optimizer: ResolvedVariant['recipe']['optimizer']): number {
  switch (optimizer.type) {
    case 'SGD':
      return optimizer.momentum > 0 ? 1 : 0;
    case 'Adam':
      return 2;
    default:
      return optimizer satisfies never;
  }
}

function listSteps(resolved: ResolvedVariant): Step[] {
  const states = optimizerStates(resolved.recipe.optimizer);
  const shapes = layerShapes(resolved.model, resolved.data);
  const steps: Step[] = [];
  for (const [i, layer] of resolved.model.layers.entries()) {
    const [inFeatures, outFeatures] = [shapes[i]?.input[0] ?? 1, shapes[i]?.output[0] ?? 1];
    // torch draws nothing for p = 0 and passes the input on; so does the program.
    if (layer.type === 'Dropout' && layer.p === 0) continue;
    let linear: LinearLayer | undefined;
    let fields: Fields = {};
    if (layer.type === 'Linear') {
      linear = {
        name: layer.name,
        inFeatures,
        outFeatures,
        weight: makeParameter(`${layer.name}.weight`, [outFeatures, inFeatures], states),
        bias: layer.bias ? makeParameter(`${layer.name}.bias`, [outFeatures], states) : undefined,
      };
      fields = { inFeatures, inStride: padded(inFeatures) };
    } else if (layer.type === 'Dropout') {
      const { high, low } = bernoulliThreshold(1 - layer.p);
      fields = { scale: dropoutScale(layer.p), keepHigh: high, keepLow: low };
    }
    steps.push({ op: OP_OF_LAYER[layer.type], name: layer.name, inFeatures, outFeatures, linear, fields });
  }
  return steps;
}

const parametersOf = (layers: readonly LinearLayer[]): Parameter[] =>
  layers.flatMap((layer) => (layer.bias ? [layer.weight, layer.bias] : [layer.weight]));

type Operands = Partial<Record<Role, Buffer>>;

function linearOperands(linear: LinearLayer): Operands {
  const { weight, bias } = linear;
  return {
    w: weight.value,
    gw: weight.gradient,
    ...(weight.state1 && { mW: weight.state1 }),
    ...(weight.state2 && { vW: weight.state2 }),
    ...(bias && { b: bias.value, gb: bias.gradient }),
    ...(bias?.state1 && { mB: bias.state1 }),
    ...(bias?.state2 && { vB: bias.state2 }),
  };
}

/** Keeps the operands that the kernel has a part for. */
function operandsFor(kernel: KernelName, all: Operands): Operands {
  const { reads, writes } = KERNELS[kernel];
  return Object.fromEntries(Object.entries(all).filter(([role]) => role in reads || role in writes));
}

/** Each value of the output depends on its own value of the input alone. */
const isElementwise = (op: OpName): boolean => OPS[op].gradient.every((kernel) => !('w' in KERNELS[kernel].writes));

/** The gradient is computed from the op's own output, which must survive until then. */
const keepsOutput = (op: OpName): boolean => OPS[op].gradient.some((kernel) => 'y' in KERNELS[kernel].reads);

function penaltyFields(regularization: RegularizationSpec): Fields {
  const { l1, l2, l2_form: form, biases } = regularization;
  const gradient = l2Factors(l2, form).gradient;
  return { l1Weight: l1, l2Weight: gradient, l1Bias: biases ? l1 : 0, l2Bias: biases ? gradient : 0 };
}

function penaltyProgram(layers: readonly LinearLayer[], regularization: RegularizationSpec): Instruction[] {
  const { l1, l2, l2_form: form, biases } = regularization;
  if (l1 === 0 && l2 === 0) return [];
  const penalized = parametersOf(layers.map((x) => (biases ? x : { ...x, bias: undefined })));
  const sums = penalized.map((p) => ({ name: `${p.name}.sums`, bytes: 16 * p.rows, persistent: false }));
  return OPS.l1_penalty.forward.flatMap((kernel) =>
    penalized.map((parameter, i): Instruction => {
      const operands = operandsFor(kernel, { w: parameter.value, sums: sums[i] as Buffer });
      return kernel === 'penalty_rows'
        ? { kernel, rows: parameter.rows, operands, fields: { inStride: parameter.stride } }
        : {
            kernel,
            rows: 1,
            operands,
            fields: { inFeatures: parameter.rows, l1Value: l1, l2Value: l2Factors(l2, form).value },
          };
    }),
  );
}

/** @throws DocumentError when the model's output does not fit the data. */
export function buildNetwork(resolved: ResolvedVariant, sizes: NetworkSizes): Network {
  const steps = listSteps(resolved);
  const layers = steps.flatMap((step) => (step.linear ? [step.linear] : []));
  const targets = steps.at(-1)?.outFeatures ?? 1;
  const persistent: Buffer[] = [];
  const penalty = penaltyFields(resolved.recipe.regularization);

  const evaluate: Instruction[] = [];
  const train: Instruction[] = penaltyProgram(layers, resolved.recipe.regularization);
  let evaluated: Buffer | undefined;
  let current: Buffer | undefined;
  const tape: { readonly step: Step; readonly operands: Operands; readonly isFirst: boolean }[] = [];

  for (const step of steps) {
    const input = (x: Buffer | undefined): Operands => (x ? { x } : {});
    for (const kernel of OPS[step.op].evaluation) {
      const inPlace = isElementwise(step.op) ? evaluated : undefined;
      const y = inPlace ?? floats(`${step.name}.y`, step.outFeatures * sizes.evaluateStride, false);
      const all = { ...(step.linear && linearOperands(step.linear)), ...input(evaluated), y };
      const operands = operandsFor(kernel, all);
      evaluate.push({ kernel, rows: step.outFeatures, operands, xIsData: !evaluated, fields: step.fields });
      evaluated = y;
    }
    // In place where nobody needs the input again: three activations of 20 × 300 fill the first-level cache.
    const before = tape.at(-1)?.step.op;
    const inPlace = before && isElementwise(step.op) && !keepsOutput(before) ? current : undefined;
    const y = inPlace ?? floats(`${step.name}.y`, step.outFeatures * sizes.trainStride, false);
    const all: Operands = { ...(step.linear && linearOperands(step.linear)), ...input(current), y };
    if (step.op === 'dropout') {
      all.mask = floats(`${step.name}.mask`, step.outFeatures * sizes.trainStride, false);
      // The kernel reads four bytes at a time, up to three beyond the last.
      all.kept = { name: `${step.name}.kept`, bytes: step.outFeatures * sizes.examples + 3, persistent: true };
      persistent.push(all.kept);
    }
    for (const kernel of OPS[step.op].forward) {
      const operands = operandsFor(kernel, all);
      train.push({ kernel, rows: step.outFeatures, operands, xIsData: !current, fields: step.fields });
    }
    tape.push({ step, operands: all, isFirst: !current });
    current = y;
  }

  const loss: Operands = current ? { x: current } : {};
  const lossEvaluated: Operands = evaluated ? { x: evaluated } : {};
  for (const kernel of OPS.mse_loss.evaluation)
    evaluate.push({ kernel, rows: 1, operands: lossEvaluated, xIsData: !evaluated });
  for (const kernel of OPS.mse_loss.forward) train.push({ kernel, rows: 1, operands: loss, xIsData: !current });

  let dy = floats('loss.dx', targets * sizes.trainStride, false);
  const lossFactor = 2 / (sizes.examples * targets);
  for (const kernel of OPS.mse_loss.gradient)
    train.push({ kernel, rows: targets, operands: { ...loss, dx: dy }, xIsData: !current, fields: { lossFactor } });

  // A layer's weight gradient waits until the gradient has passed on to the next linear layer: both then follow the
  // same barrier, and the elementwise ops between need none.
  let waiting: Instruction[] = [];
  const learns = (i: number): boolean => tape.slice(0, i).some(({ step }) => step.linear !== undefined);
  for (let i = tape.length - 1; i >= 0; i--) {
    const { step, operands: forward, isFirst } = tape[i] as (typeof tape)[number];
    const passesOn = learns(i);
    if (!step.linear && !passesOn) continue;
    const dx = isElementwise(step.op) ? dy : floats(`${step.name}.dx`, step.inFeatures * sizes.trainStride, false);
    const transposed = floats(`${step.name}.xT`, padded(step.inFeatures) * sizes.trainStride, false);
    const all: Operands = { ...forward, dy, dx, xT: transposed };
    const later: Instruction[] = [];
    for (const kernel of OPS[step.op].gradient) {
      if (kernel === 'linear_grad_input' && !passesOn) continue;
      const operands = operandsFor(kernel, all);
      if (kernel === 'linear_grad_weight')
        later.push({ kernel, rows: step.outFeatures, operands, fields: { ...step.fields, ...penalty } });
      else if (kernel === 'linear_grad_input')
        // Its depth is the layer's output.
        train.push({
          kernel,
          rows: step.inFeatures,
          operands,
          fields: { ...step.fields, inFeatures: step.outFeatures },
        });
      else train.push({ kernel, rows: step.inFeatures, operands, xIsData: isFirst, fields: step.fields });
    }
    if (step.linear) {
      train.push(...waiting);
      waiting = later;
    }
    dy = dx;
  }
  train.push(...waiting);
  return { train, evaluate, layers, parameters: parametersOf(layers), persistent };
}
