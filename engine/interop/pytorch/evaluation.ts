// How a PyTorch script measures: whole splits in evaluation mode, and one line per evaluation that people and programs can read.
import { dataShape } from '../../spec/index.ts';
import type { ScriptContext } from '../script/context.ts';
import { leftOutWords, reportLines } from '../script/report.ts';
import { indent, type Part } from '../script/text.ts';

/** Pictures go through the net in slices of this many, to bound memory. */
const SLICE = 500;

/** Points and tables at once. */
const evaluateWhole = (leftOut: string): readonly string[] => [
  `"""The loss over a whole split in evaluation mode${leftOut}."""`,
  'net.eval()',
  'loss = loss_function(net(x), y).item()',
  'net.train()',
  'return loss',
];

function evaluateSlices(reduction: 'mean' | 'sum', leftOut: string): readonly string[] {
  const share = reduction === 'mean' ? ' * len(part)' : '';
  return [
    `"""Loss and accuracy over a whole split in evaluation mode${leftOut}."""`,
    'net.eval()',
    'loss, right = 0.0, 0',
    '# Slices, because a DataLoader would draw random numbers and so shift all later draws.',
    `for start in range(0, len(x), ${SLICE}):`,
    ...indent([
      `part, labels = x[start : start + ${SLICE}], y[start : start + ${SLICE}]`,
      'scores = net(part)',
      `loss += loss_function(scores, labels).item()${share}`,
      'right += (scores.argmax(dim=1) == labels).sum().item()',
    ]),
    'net.train()',
    reduction === 'mean' ? 'return loss / len(x), right / len(x)' : 'return loss, right / len(x)',
  ];
}

/** @param returns whether the loop decides something by the scores. */
export function evaluationPart(context: ScriptContext, returns: boolean): Part {
  const { data, recipe } = context.variant;
  const classes = dataShape(data).target.kind === 'classes';
  const leftOut = leftOutWords(context);
  return {
    imports: ['json', 'torch'],
    lines: [
      '@torch.no_grad()',
      'def evaluate(x, y):',
      ...indent(classes ? evaluateSlices(recipe.loss.reduction, leftOut) : evaluateWhole(leftOut)),
      '',
      ...reportLines(context, returns),
    ],
  };
}
