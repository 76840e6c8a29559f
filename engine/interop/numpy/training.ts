// The training loop of a NumPy script: batches, penalties, the optimizer's formulas, the learning rate, and when to look.
import { stepsPerEpoch, type RecipeSpec } from '../../spec/index.ts';
import { refused } from '../refusals.ts';
import { trainRowsOf, type ScriptContext, type ScriptParameter } from '../script/context.ts';
import { regularizedSets, type RegularizedSet, type Regularizer } from '../script/regularizers.ts';
import { evaluationCondition, passesLines, stepPrint, watch } from '../script/report.ts';
import { comment, indent, joinParts, pyFloat, pyList, type Part } from '../script/text.ts';
import { lossText } from './losses.ts';
import { weightName, type NumpyNet } from './net.ts';
import { optimizerText } from './optimizers.ts';
import type { Draws } from './random.ts';

/** A λ for each parameter: one number for all, or a list in the order of `parameters`. */
interface Lambda {
  readonly name: Regularizer;
  readonly value: number | readonly number[];
}

function lambdaOf(context: ScriptContext, name: Regularizer): Lambda | null {
  const sets = regularizedSets(context, name);
  const [only] = sets;
  if (only === undefined) return null;
  if (sets.length === 1 && only.parameters.length === context.parameters.length) return { name, value: only.value };
  const idle = name === 'max_norm' ? Infinity : 0;
  const value = (parameter: ScriptParameter): number =>
    sets.find((set: RegularizedSet) => set.parameters.includes(parameter))?.value ?? idle;
  return { name, value: context.parameters.map(value) };
}

const literal = (x: number): string => (x === Infinity ? 'np.inf' : pyFloat(x));

function define({ name, value }: Lambda, note: string): string[] {
  const head = comment(note);
  if (typeof value === 'number') return [...head, `${name} = ${literal(value)}`];
  const [first = '', ...rest] = pyList(value.map(literal));
  return [...head, `${name} = ${first}${rest.length === 0 ? '  # for each of the parameters' : ''}`, ...rest];
}

/** Expression of the λ of parameter `i`. */
const item = ({ name, value }: Lambda): string => (typeof value === 'number' ? name : `${name}[i]`);

interface Regularization {
  readonly definitions: readonly string[];
  /** Penalties and their gradients, once `gradients` is there. */
  readonly inLoss: readonly string[];
  readonly penalties: readonly ('penalty_l1' | 'penalty_l2')[];
  /** Lines within the loop over parameters, before and after the optimizer's. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function penaltyLines(lambda: Lambda, norm: string, slope: string, factor: string): string[] {
  const penalty = `penalty_${lambda.name}`;
  if (typeof lambda.value === 'number')
    return [
      `${penalty} = ${factor}${lambda.name} * sum(${norm} for w in parameters)`,
      `gradients = [g + ${lambda.name} * ${slope} for w, g in zip(parameters, gradients)]`,
    ];
  return [
    `${penalty} = ${factor}sum(each * ${norm} for each, w in zip(${lambda.name}, parameters))`,
    `gradients = [g + each * ${slope} for each, w, g in zip(${lambda.name}, parameters, gradients)]`,
  ];
}

function regularizationText(context: ScriptContext): Regularization {
  const { l1_method, l2_form } = context.variant.recipe.regularization;
  const [l1, l2, decay, norm] = (['l1', 'l2', 'decoupled_decay', 'max_norm'] as const).map((x) =>
    lambdaOf(context, x),
  ) as [Lambda | null, Lambda | null, Lambda | null, Lambda | null];
  const inLoss = l1_method === 'subgradient' ? l1 : null;
  const proximal = l1_method === 'proximal' ? l1 : null;
  const half = l2_form === 'half';
  return {
    definitions: [
      ...(inLoss
        ? define(
            inLoss,
            'λ of L1: λ·Σ|w| is added to the loss; it pulls every weight towards zero with the same force.',
          )
        : []),
      ...(proximal
        ? define(proximal, 'λ of L1, applied after each update: every weight moves lr·λ towards zero and stops there.')
        : []),
      ...(l2
        ? define(
            l2,
            `λ of L2: ${half ? '½·' : ''}λ·Σw² is added to the loss; it pulls each weight towards zero in proportion to its size.`,
          )
        : []),
      ...(decay
        ? define(decay, 'Every weight shrinks by the share lr·λ at each update, apart from the gradient.')
        : []),
      ...(norm ? define(norm, 'The most that the weights into one unit may amount to (their Euclidean norm).') : []),
    ],
    inLoss: [
      ...(inLoss ? penaltyLines(inLoss, 'np.abs(w).sum()', 'np.sign(w)', '') : []),
      ...(l2 ? penaltyLines(l2, '(w**2).sum()', half ? 'w' : '2 * w', half ? '0.5 * ' : '') : []),
    ],
    penalties: [...(inLoss ? (['penalty_l1'] as const) : []), ...(l2 ? (['penalty_l2'] as const) : [])],
    before: decay ? [`w *= 1 - lr * ${item(decay)}`] : [],
    after: [
      ...(proximal ? [`w[...] = np.sign(w) * np.maximum(np.abs(w) - lr * ${item(proximal)}, 0)`] : []),
      ...(norm
        ? [
            'if w.ndim > 1:',
            `    w *= np.minimum(1, ${item(norm)} / np.maximum(np.linalg.norm(w, axis=1, keepdims=True), 1e-30))`,
          ]
        : []),
    ],
  };
}

function clippingLines({ gradient_clipping: clipping }: RecipeSpec): string[] {
  if (clipping === null) return [];
  if (clipping.type === 'value') {
    const most = pyFloat(clipping.clip_value);
    return [`gradients = [np.clip(g, -${most}, ${most}) for g in gradients]`];
  }
  return [
    'size = math.sqrt(sum((g**2).sum() for g in gradients))',
    `gradients = [g * min(1.0, ${pyFloat(clipping.max_norm)} / (size + 1e-6)) for g in gradients]`,
  ];
}

/**
 * The learning rate of an update as a formula; empty when it never changes.
 * @throws InteropError UNSUPPORTED for schedules that are no formula of the step.
 */
function learningRate({ input, variant }: ScriptContext): string[] {
  const { recipe } = variant;
  const { schedule, warm_up: warmUp, optimizer } = recipe;
  if (schedule.type === 'constant' && warmUp === null) return [];
  if (schedule.type === 'OneCycleLR' || schedule.type === 'ReduceLROnPlateau')
    throw refused('recipe.schedule', 'numpy_schedule', schedule.type);
  if (schedule.type === 'CosineAnnealingLR' && warmUp !== null && schedule.eta_min > 0)
    throw refused('recipe.warm_up', 'numpy_warm_up');
  const trainRows = trainRowsOf(input, variant);
  const perEpoch = trainRows === null ? 'steps // epochs' : String(stepsPerEpoch(recipe, trainRows));
  const tick =
    'interval' in schedule && schedule.interval === 'epoch' && perEpoch !== '1'
      ? `(step - 1) // ${perEpoch}`
      : 'step - 1';
  const lines = [`lr = ${pyFloat(optimizer.lr)}`];
  switch (schedule.type) {
    case 'constant':
      break;
    case 'StepLR':
      lines.push(`lr *= ${pyFloat(schedule.gamma)} ** ((${tick}) // ${schedule.step_size})`);
      break;
    case 'ExponentialLR':
      lines.push(`lr *= ${pyFloat(schedule.gamma)} ** (${tick})`);
      break;
    case 'CosineAnnealingLR': {
      const low = pyFloat(schedule.eta_min);
      lines.push(`lr = ${low} + (lr - ${low}) * (1 + math.cos(math.pi * (${tick}) / ${schedule.T_max})) / 2`);
      break;
    }
    default:
      schedule satisfies never;
  }
  if (warmUp !== null) {
    const start = pyFloat(warmUp.start_factor);
    lines.push(`lr *= min(1.0, ${start} + (1 - ${start}) * (step - 1) / ${warmUp.steps})`);
  }
  return ['def learning_rate(step):', ...indent([...lines, 'return lr'])];
}

interface Batches {
  readonly definitions: readonly string[];
  readonly loop: string;
  /** Names of a batch's examples and targets. */
  readonly x: string;
  readonly y: string;
}

function batchesText(context: ScriptContext, draws: Draws): Batches {
  const { recipe } = context.variant;
  if (recipe.batch_size === null)
    return {
      definitions: [`steps = ${context.steps}`],
      loop: 'for step in range(1, steps + 1):',
      x: 'x_train',
      y: 'y_train',
    };
  const size = recipe.batch_size;
  if (recipe.shuffle) draws.use('order');
  const end = recipe.drop_last ? `len(x_train) - ${size - 1}` : 'len(x_train)';
  const perEpoch = recipe.drop_last ? `len(x_train) // ${size}` : `-(-len(x_train) // ${size})`;
  const order = recipe.shuffle
    ? ['order = shuffled(len(x_train))']
    : ["draw(2)  # torch's DataLoader draws a seed for every pass, even in order", 'order = np.arange(len(x_train))'];
  const pass = [
    ...order,
    `for start in range(0, ${end}, ${size}):`,
    `    rows = order[start : start + ${size}]`,
    '    yield x_train[rows], y_train[rows]',
  ];
  const length =
    context.epochs === null
      ? [`steps = ${context.steps}`]
      : [`epochs = ${context.epochs}`, `steps = epochs * (${perEpoch})`];
  return {
    definitions: [...length, '', ...passesLines(pass), ''],
    loop: 'for step, (x, y) in zip(range(1, steps + 1), batches()):',
    x: 'x',
    y: 'y',
  };
}

export const batchNames = ({ variant }: ScriptContext): { readonly x: string; readonly y: string } =>
  variant.recipe.batch_size === null ? { x: 'x_train', y: 'y_train' } : { x: 'x', y: 'y' };

export interface Training {
  /** Before the functions that measure. */
  readonly definitions: Part;
  readonly loop: Part;
}

/** Few enough weights, and nothing but `w -= lr * gradient`: then the update is written out weight by weight. */
const MOST_WRITTEN_OUT = 6;

export function trainingText(context: ScriptContext, net: NumpyNet, draws: Draws): Training {
  const { recipe } = context.variant;
  const { optimizer } = recipe;
  const regularization = regularizationText(context);
  const decay = lambdaOf(context, 'weight_decay');
  const { state, update } = optimizerText(optimizer, decay && item(decay));
  const rate = learningRate(context);
  const batches = batchesText(context, draws);
  const clipping = clippingLines(recipe);
  const names = context.parameters.map(weightName);
  const moving = rate.length > 0;

  const eachParameter = [...regularization.before, ...update, ...regularization.after];
  const simple =
    eachParameter.join() === 'w -= lr * g' &&
    regularization.inLoss.length + clipping.length === 0 &&
    names.length <= MOST_WRITTEN_OUT;
  const indexed = eachParameter.some((line) => line.includes('[i]'));
  const [firstGradient = '', ...moreGradients] = pyList(names.map((x) => `d_${x}`));
  const updateLines = simple
    ? names.map((x) => `${x} -= lr * d_${x}`)
    : [
        `gradients = ${firstGradient}`,
        ...moreGradients,
        ...regularization.inLoss,
        ...clipping,
        indexed ? 'for i, (w, g) in enumerate(zip(parameters, gradients)):' : 'for w, g in zip(parameters, gradients):',
        ...indent(eachParameter),
      ];

  const [firstParameter = '', ...moreParameters] = pyList(names);
  const decayNote =
    optimizer.type === 'AdamW'
      ? 'Weight decay: every weight shrinks by the share lr·weight_decay at each update, apart from the gradient.'
      : 'Weight decay: weight_decay·w is added to every gradient, which is L2 by way of the optimizer.';
  const definitions = [
    ...batches.definitions,
    ...(simple ? [] : [`parameters = ${firstParameter}`, ...moreParameters]),
    ...regularization.definitions,
    ...(decay ? define(decay, decayNote) : []),
    ...(simple ? [] : state),
    ...(moving ? ['', ...rate, ''] : [`lr = ${pyFloat(optimizer.lr)}`]),
  ];

  const watching = watch(context, null);
  const condition = evaluationCondition(context, context.steps);
  const loss = lossText(recipe.loss);
  const body = [
    ...(moving ? ['lr = learning_rate(step)'] : []),
    '# Forward',
    ...net.forward,
    `loss = loss_function(${net.output}, ${batches.y})`,
    '',
    '# Backward: the chain rule, from the loss to the first layer',
    `d_${net.output} = ${loss.gradient(net.output, batches.y)}`,
    ...net.backward,
    '',
    '# Update',
    ...updateLines,
    '',
    ...stepPrint([
      ['train_loss', 'loss'],
      ...regularization.penalties.map((x) => [x, x] as const),
      ...(moving ? [['lr', 'lr'] as const] : []),
    ]),
    ...(condition === '' ? watching.then : [condition, ...indent(watching.then)]),
  ];
  const usesMath = [...body, ...definitions].some((line) => line.includes('math.'));
  const imports = usesMath ? (['math', 'numpy', 'json'] as const) : (['numpy', 'json'] as const);
  return {
    definitions: { imports, lines: definitions },
    loop: joinParts([{ imports, lines: [...watching.first, batches.loop, ...indent(body)] }]),
  };
}
