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

const evaluateSlices = (leftOut: string): readonly string[] => [
  `"""Loss and accuracy over a whole split in evaluation mode${leftOut}."""`,
  'net.eval()',
  '# In slices, but without a DataLoader: that would draw random numbers and so shift all later draws.',
  `scores = torch.cat([net(x[i : i + ${SLICE}]) for i in range(0, len(x), ${SLICE})])`,
  'net.train()',
  'return loss_function(scores, y).item(), (scores.argmax(dim=1) == y).sum().item() / len(y)',
];

/** @param returns whether the loop decides something by the scores. */
export function evaluationPart(context: ScriptContext, returns: boolean): Part {
  const { data } = context.variant;
  const classes = dataShape(data).target.kind === 'classes';
  const leftOut = leftOutWords(context);
  return {
    imports: ['json', 'torch'],
    lines: [
      '@torch.no_grad()',
      'def evaluate(x, y):',
      ...indent(classes ? evaluateSlices(leftOut) : evaluateWhole(leftOut)),
      '',
      ...reportLines(context, returns),
    ],
  };
}
