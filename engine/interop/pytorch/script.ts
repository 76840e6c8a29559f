// A run of the lab as one PyTorch script: data, model, training loop, and the same losses printed. It holds only what this
// experiment uses, in the order in which PyTorch's one generator must be asked, so that the numbers are the lab's.
import type { LossSpec } from '../../spec/index.ts';
import { isChanged, scriptContext, type ScriptContext, type ScriptFiles, type ScriptInput } from '../script/context.ts';
import { dataFile } from '../script/data-files.ts';
import { scriptHead } from '../script/head.ts';
import { layOut } from '../script/layout.ts';
import { fileSlug, importLines, joinParts, keyword, pyCall, pyFloat, type Part } from '../script/text.ts';
import { augmentationText } from './augmentation.ts';
import { dataPart } from './data.ts';
import { evaluationPart } from './evaluation.ts';
import { eventLines } from './events.ts';
import { netLines } from './initialization.ts';
import { clippingNote, loopPart, loopShape, usesScores } from './loop.ts';
import { netText } from './net.ts';
import { optimizerText } from './optimizer.ts';
import { ParameterSets } from './parameter-sets.ts';
import { regularizationText } from './penalties.ts';
import { scheduleText } from './schedule.ts';

function lossText(loss: LossSpec): string {
  const reduction = keyword('reduction', loss.reduction, 'mean', (x) => `"${x}"`);
  const call = (...args: readonly (string | undefined)[]): string => pyCall(`nn.${loss.type}`, [...args, reduction]);
  switch (loss.type) {
    case 'SmoothL1Loss':
      return call(keyword('beta', loss.beta, 1, pyFloat));
    case 'HuberLoss':
      return call(keyword('delta', loss.delta, 1, pyFloat));
    case 'CrossEntropyLoss':
      return call(keyword('label_smoothing', loss.label_smoothing, 0, pyFloat));
    case 'MSELoss':
    case 'L1Loss':
    case 'NLLLoss':
    case 'BCEWithLogitsLoss':
      return call();
    default:
      return loss satisfies never;
  }
}

/** Values of gradient clipping that events set get a name; all others stand where they are used. */
function clippingVariable(context: ScriptContext): {
  readonly lines: readonly string[];
  readonly entries: readonly [string, string][];
} {
  const clipping = context.variant.recipe.gradient_clipping;
  if (clipping === null) return { lines: [], entries: [] };
  const field = clipping.type === 'norm' ? 'max_norm' : 'clip_value';
  const path = `recipe.gradient_clipping.${field}`;
  if (!isChanged(context, path)) return { lines: [], entries: [] };
  const value = clipping.type === 'norm' ? clipping.max_norm : clipping.clip_value;
  return { lines: [`clip_at = ${pyFloat(value)}`], entries: [[path, 'clip_at']] };
}

/** What is drawn from the one stream, in order, in words. */
function streamOrder({ variant: { data, model, recipe } }: ScriptContext): string {
  const masks = model.layers.some((layer) => 'p' in layer && layer.p > 0);
  const order = [
    ...(data.type === 'linear_noise' ? ['data'] : []),
    'weights',
    ...(recipe.batch_size === null ? [] : ['batches']),
    ...(masks ? ['masks'] : []),
  ];
  return order.join(', ');
}

const section = (title: string, part: Part): Part =>
  part.lines.length === 0 ? part : { imports: part.imports, lines: ['', `# --- ${title} ---`, ...part.lines] };

/**
 * @returns `<experiment>-<variant>.py`, and the data file that it reads when there is one.
 * @throws InteropError UNSUPPORTED naming a change or a layer that no script can express, MISSING_DATA without the pictures;
 * DocumentError when the variant does not exist.
 */
export function pytorchScript(input: ScriptInput): ScriptFiles {
  const context = scriptContext(input);
  const { recipe } = context.variant;
  const file = dataFile(context);
  const net = netText(context);
  const shape = loopShape(context);
  const sets = new ParameterSets(context);
  const regularization = regularizationText(context, sets);
  const optimizer = optimizerText(context, sets);
  const schedule = scheduleText(context, shape.totalSteps);
  const clipping = clippingVariable(context);
  const variables = new Map([...regularization.variables, ...clipping.entries]);
  if (isChanged(context, 'recipe.evaluate_every')) variables.set('recipe.evaluate_every', 'evaluate_every');
  const events = eventLines(context, { optimizer, variables, dropping: net.dropping });
  const augmentation = augmentationText(recipe.augmentation);

  const training: Part = joinParts([
    shape.definitions,
    {
      imports: ['nn'],
      lines: [`loss_function = ${lossText(recipe.loss)}`, ...regularization.definitions, ...sets.definitions],
    },
    { imports: regularization.imports, lines: optimizer.lines },
    { imports: [], lines: [...schedule.definitions, ...clippingNote(recipe.gradient_clipping), ...clipping.lines] },
  ]);
  const name = `${fileSlug(input.experiment.name)}-${fileSlug(input.variant)}.py`;
  const head = scriptHead(context, name, file?.name ?? null, [
    'The lab computes what PyTorch 2.13 computes on the CPU, so these are the losses of the run in the lab. Long runs can part in the last digits where a processor adds in another order.',
  ]);
  const body = joinParts([
    head.part,
    {
      imports: ['torch'],
      lines: [
        'torch.set_num_threads(1)  # sums in one fixed order: the same digits in every run',
        `torch.manual_seed(${input.seed})  # everything random comes from here: ${streamOrder(context)}`,
      ],
    },
    net.classes,
    section('Data', dataPart(context, file?.name ?? null)),
    section('Model', netLines(context, net.construction)),
    section('Training', training),
    augmentation,
    evaluationPart(context, usesScores(context, schedule)),
    loopPart(context, shape, { events, regularization: { ...regularization, variables }, schedule }),
  ]);
  const text = layOut([...head.doc, '', ...importLines(body.imports), '', ...body.lines]);
  return {
    files: new Map<string, string | Uint8Array>([
      [name, text],
      ...(file === null ? [] : [[file.name, file.bytes] as const]),
    ]),
  };
}
