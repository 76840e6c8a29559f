// How a PyTorch script measures: whole splits in evaluation mode, and one line per evaluation that people and programs can read.
import { dataShape } from '../../spec/index.ts';
import type { ScriptContext } from '../script/context.ts';
import { splitsOf } from '../script/data-files.ts';
import { indent, type Part } from '../script/text.ts';

/** Pictures go through the net in slices of this many, to bound memory. */
const SLICE = 500;

/** Points and tables at once. */
const EVALUATE_WHOLE = [
  '"""The loss over a whole split in evaluation mode: without dropout, without penalties."""',
  'net.eval()',
  'loss = loss_function(net(x), y).item()',
  'net.train()',
  'return loss',
];

function evaluateSlices(reduction: 'mean' | 'sum'): readonly string[] {
  const share = reduction === 'mean' ? ' * len(part)' : '';
  return [
    '"""Loss and accuracy over a whole split in evaluation mode: without dropout, without penalties."""',
    'net.eval()',
    'loss, right = 0.0, 0',
    '# Slices, because a DataLoader would draw random numbers and so shift every later mask.',
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
  const splits = splitsOf(context);
  const scores = classes
    ? [
        'scores = {}',
        `for split, x, y in (${splits.map((x) => `("${x}", x_${x}, y_${x})`).join(', ')}${splits.length === 1 ? ',' : ''}):`,
        '    scores[f"{split}_loss"], scores[f"{split}_accuracy"] = evaluate(x, y)',
      ]
    : ['scores = {', ...indent(splits.map((x) => `"${x}_loss": evaluate(x_${x}, y_${x}),`)), '}'];
  return {
    imports: ['json', 'torch'],
    lines: [
      '@torch.no_grad()',
      'def evaluate(x, y):',
      ...indent(classes ? evaluateSlices(recipe.loss.reduction) : EVALUATE_WHOLE),
      '',
      'def report(step):',
      ...indent([
        '"""Prints the scores after this many updates."""',
        ...scores,
        'if args.json:',
        '    print(json.dumps({"evaluation": step, **scores}))',
        'else:',
        `    texts = [f"{name.replace('_', ' ')} {value:.9g}" for name, value in scores.items()]`,
        '    print(f"step {step}: {\', \'.join(texts)}")',
        ...(returns ? ['return scores'] : []),
      ]),
    ],
  };
}
