// A run of the lab in plain NumPy: forward and backward written out as a from-scratch tutorial does, with PyTorch's random
// numbers rebuilt in a few lines, so that it prints the lab's losses without PyTorch. For dense nets; what goes beyond is
// refused by name.
import { dataShape } from '../../spec/index.ts';
import { refused } from '../refusals.ts';
import {
  scriptContext,
  trainRowsOf,
  type ScriptContext,
  type ScriptFiles,
  type ScriptInput,
} from '../script/context.ts';
import { dataFile } from '../script/data-files.ts';
import { scriptHead } from '../script/head.ts';
import { layOut } from '../script/layout.ts';
import { leftOutWords, reportLines } from '../script/report.ts';
import { fileSlug, importLines, indent, joinParts, type Part } from '../script/text.ts';
import { batchRows, dataPart } from './data.ts';
import { weightsPart } from './initialization.ts';
import { HELPERS, type Helper } from './helpers.ts';
import { lossText } from './losses.ts';
import { clashes, helpersOf, netText, stationsOf, type NumpyNet } from './net.ts';
import { Draws } from './random.ts';
import { batchNames, trainingText } from './training.ts';

/** Pictures go through the net in slices of this many, to bound memory. */
const SLICE = 500;

function requireWritable({ variant: { recipe }, events }: ScriptContext): void {
  const [event] = events;
  if (event !== undefined) throw refused(event.path, 'numpy_changed');
  if (recipe.augmentation.length > 0) throw refused('recipe.augmentation', 'numpy_augmentation');
}

function measuringPart(context: ScriptContext, net: NumpyNet): Part {
  const { data, recipe } = context.variant;
  const classes = dataShape(data).target.kind === 'classes';
  const leftOut = leftOutWords(context);
  const evaluate = classes
    ? [
        'def evaluate(x, y):',
        ...indent([
          `"""Loss and accuracy over a whole split${leftOut}."""`,
          `scores = np.concatenate([predict(x[i : i + ${SLICE}]) for i in range(0, len(x), ${SLICE})])`,
          'return loss_function(scores, y), (scores.argmax(axis=1) == y).mean()',
        ]),
      ]
    : [
        'def evaluate(x, y):',
        ...indent([`"""The loss over a whole split${leftOut}."""`, 'return loss_function(predict(x), y)']),
      ];
  return {
    imports: ['json', 'numpy'],
    lines: [
      `def predict(${net.argument}):`,
      ...indent(['"""The net in evaluation: every unit takes part."""', ...net.predict]),
      '',
      'def loss_function(output, y):',
      ...indent(lossText(recipe.loss).body),
      '',
      ...evaluate,
      '',
      ...reportLines(context, recipe.early_stopping !== null),
    ],
  };
}

export const ROUNDING: Part = {
  imports: ['numpy'],
  lines: [
    'def f32(x):',
    '    """Rounded to float32, as the lab\'s numbers are, and back to float64."""',
    '    return np.asarray(x, np.float32).astype(float)',
  ],
};

const section = (title: string, part: Part): Part => ({
  imports: part.imports,
  lines: ['', `# --- ${title} ---`, ...part.lines],
});

/**
 * @returns `<experiment>-<variant>-numpy.py`, and the data file that it reads when there is one.
 * @throws InteropError UNSUPPORTED naming the layer or field that a NumPy script does not have, MISSING_DATA without the
 * pictures; DocumentError when the variant does not exist.
 */
export function numpyScript(input: ScriptInput): ScriptFiles {
  const context = scriptContext(input, clashes);
  requireWritable(context);
  const { recipe } = context.variant;
  const stations = stationsOf(context);
  const draws = new Draws();
  const { x: batch } = batchNames(context);
  const net = netText({
    stations,
    draws,
    batch,
    batchRows: batchRows(context.variant, trainRowsOf(input, context.variant)),
  });
  const file = dataFile(context);
  const dataLines = dataPart(context, file?.name ?? null, draws);
  const weights = weightsPart(context, draws);
  const training = trainingText(context, net, draws);
  const measuring = measuringPart(context, net);

  const helpers = new Set<Helper>([...helpersOf(stations), ...lossText(recipe.loss).helpers]);
  const functions = joinParts(
    [...helpers].map((x) => ({ imports: HELPERS[x].imports, lines: ['', ...HELPERS[x].lines] })),
  );
  const name = `${fileSlug(input.experiment.name)}-${fileSlug(input.variant)}-numpy.py`;
  const head = scriptHead(context, name, file?.name ?? null, [
    'Forward and backward are written out by hand, in float64: rounding is then far below what is looked at, and only random draws are rounded to float32, as in the lab. So the losses are those of the lab, whose float32 adds up to a difference in about the sixth digit, more in long runs that amplify it.',
  ]);
  const rest = joinParts([
    functions,
    section('Data', dataLines),
    section('First weights', weights),
    section('Training', training.definitions),
    measuring,
    training.loop,
  ]);
  const drawing = draws.part(input.seed);
  const rounds = [...drawing.lines, ...rest.lines].some((line) => line.includes('f32('));
  const body = joinParts([head.part, drawing, ...(rounds ? [ROUNDING] : []), rest]);
  // math is imported where a formula uses it, wherever that is.
  const math = body.lines.some((line) => /\bmath\./.test(line)) ? (['math'] as const) : [];
  const imports = [...body.imports.filter((x) => x !== 'math'), ...math];
  const text = layOut([...head.doc, '', ...importLines(imports), '', ...body.lines]);
  return {
    files: new Map<string, string | Uint8Array>([
      [name, text],
      ...(file === null ? [] : [[file.name, file.bytes] as const]),
    ]),
  };
}
