// The training loop of a PyTorch script: batches, one update, what follows it, and when to look.
import type { GradientClippingSpec } from '../../spec/index.ts';
import { isChanged, type ScriptContext } from '../script/context.ts';
import { evaluationCondition, passesLines, stepPrint, watch } from '../script/report.ts';
import { comment, indent, pyBool, pyFloat, type Part } from '../script/text.ts';
import type { Regularization } from './penalties.ts';
import type { ScheduleText } from './schedule.ts';

export interface LoopParts {
  readonly events: readonly string[];
  readonly regularization: Regularization;
  readonly schedule: ScheduleText;
}

/** How the run's batches are gone through. */
export interface LoopShape {
  /** What stands before the loop: the loader, and how long the run is. */
  readonly definitions: Part;
  /** Python expression of the run's number of updates. */
  readonly totalSteps: string;
  /** Updates when they are known. */
  readonly steps: number | null;
  readonly kind: 'full batch' | 'epochs' | 'batches';
}

/** Mini-batches go by torch's DataLoader; full batches need none. */
export function loopShape(context: ScriptContext): LoopShape {
  const { recipe } = context.variant;
  const { steps } = context;
  if (recipe.batch_size === null)
    return {
      definitions: { imports: [], lines: [`steps = ${steps}  # full batch: every update sees all train data`] },
      totalSteps: 'steps',
      steps,
      kind: 'full batch',
    };
  const flags = [
    recipe.shuffle ? `, shuffle=${pyBool(true)}` : '',
    recipe.drop_last ? `, drop_last=${pyBool(true)}` : '',
  ].join('');
  const loader = `loader = DataLoader(TensorDataset(x_train, y_train), batch_size=${recipe.batch_size}${flags})`;
  const epochs = context.epochs;
  // Leaving two loops at once is clumsy, and so is ending a run in the middle of a pass.
  const flat = epochs === null || recipe.early_stopping !== null;
  const needsSteps =
    flat || recipe.schedule.type === 'OneCycleLR' || evaluationCondition(context, steps).includes('steps');
  const length =
    epochs === null
      ? [`steps = ${steps}`]
      : [`epochs = ${epochs}`, ...(needsSteps ? ['steps = epochs * len(loader)'] : [])];
  return {
    definitions: {
      imports: ['loader'],
      lines: [loader, ...length, ...(flat ? ['', ...passesLines(['yield from loader']), ''] : [])],
    },
    totalSteps: 'steps',
    steps,
    kind: flat ? 'batches' : 'epochs',
  };
}

const clippingLines = (clipping: GradientClippingSpec | null, variables: ReadonlyMap<string, string>): string[] => {
  if (clipping === null) return [];
  const variable = [...variables].find(([path]) => path.startsWith('recipe.gradient_clipping.'))?.[1];
  return clipping.type === 'norm'
    ? [`nn.utils.clip_grad_norm_(net.parameters(), ${variable ?? pyFloat(clipping.max_norm)})`]
    : [`nn.utils.clip_grad_value_(net.parameters(), ${variable ?? pyFloat(clipping.clip_value)})`];
};

/** Whether the loop does anything with the scores. */
export const usesScores = (context: ScriptContext, schedule: ScheduleText): boolean =>
  schedule.afterEvaluation !== null || context.variant.recipe.early_stopping !== null;

/** One update and what follows it, without the loop around it. */
function bodyLines(context: ScriptContext, shape: LoopShape, parts: LoopParts): string[] {
  const { recipe } = context.variant;
  const { regularization, schedule } = parts;
  const full = shape.kind === 'full batch';
  const augmented = recipe.augmentation.length > 0;
  const batch = augmented ? [`x = augment(${full ? 'x_train' : 'x'})`] : [];
  const [x, y] = full ? [augmented ? 'x' : 'x_train', 'y_train'] : ['x', 'y'];
  const objective = ['loss', ...regularization.penaltyNames].join(' + ');
  const condition = evaluationCondition(context, shape.steps);
  const moves = schedule.moves || isChanged(context, 'recipe.optimizer.lr');
  const then = watch(context, schedule.afterEvaluation).then;
  const afterEpoch =
    shape.kind === 'full batch'
      ? schedule.afterEpoch
      : shape.kind === 'batches' && schedule.afterEpoch.length > 0
        ? ['if step % len(loader) == 0:', ...indent(schedule.afterEpoch)]
        : [];
  return [
    ...parts.events,
    ...batch,
    `loss = loss_function(net(${x}), ${y})`,
    ...regularization.penalties,
    'optimizer.zero_grad()',
    objective === 'loss' ? 'loss.backward()' : `(${objective}).backward()`,
    ...clippingLines(recipe.gradient_clipping, regularization.variables),
    ...regularization.beforeUpdate,
    'optimizer.step()',
    ...regularization.afterUpdate,
    ...stepPrint([
      ['train_loss', 'loss.item()'],
      ...regularization.penaltyNames.map((x) => [x, `${x}.item()`] as const),
      ...(moves ? [['lr', 'optimizer.param_groups[0]["lr"]'] as const] : []),
    ]),
    ...schedule.afterUpdate,
    ...afterEpoch,
    ...(condition === '' ? then : [condition, ...indent(then)]),
  ];
}

export function loopPart(context: ScriptContext, shape: LoopShape, parts: LoopParts): Part {
  const body = bodyLines(context, shape, parts);
  const { first } = watch(context, parts.schedule.afterEvaluation);
  const every = isChanged(context, 'recipe.evaluate_every')
    ? [`evaluate_every = ${context.variant.recipe.evaluate_every}`]
    : [];
  const clipped = context.variant.recipe.gradient_clipping !== null;
  const imports = clipped ? (['json', 'nn'] as const) : (['json'] as const);
  const head = [...every, ...first];
  switch (shape.kind) {
    case 'full batch':
      return { imports, lines: [...head, 'for step in range(1, steps + 1):', ...indent(body)] };
    case 'batches':
      return { imports, lines: [...head, 'for step, (x, y) in zip(range(1, steps + 1), batches()):', ...indent(body)] };
    case 'epochs':
      return {
        imports,
        lines: [
          ...head,
          'step = 0',
          'for epoch in range(epochs):',
          ...indent(['for x, y in loader:', ...indent(['step += 1', ...body]), ...parts.schedule.afterEpoch]),
        ],
      };
    default:
      return shape.kind satisfies never;
  }
}

/** What gradient clipping does, said where the loop begins. */
export const clippingNote = (clipping: GradientClippingSpec | null): string[] => {
  if (clipping === null) return [];
  return comment(
    clipping.type === 'norm'
      ? `Gradients whose common norm is above ${clipping.max_norm} are scaled down to it.`
      : `Every entry of a gradient is cut to ±${clipping.clip_value}.`,
  );
};
