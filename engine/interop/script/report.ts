// How every script reports and when it looks: one line per evaluation for people, one JSON object for programs; and what is
// decided by the scores (early stopping, a plateau schedule).
import { dataShape } from '../../spec/index.ts';
import { isChanged, type ScriptContext } from './context.ts';
import { splitsOf } from './data-files.ts';
import { regularizedSets } from './regularizers.ts';
import { indent, pyFloat, pyList } from './text.ts';

/** What evaluation leaves out in this experiment, in words: `, without dropout and penalties`. */
export function leftOutWords(context: ScriptContext): string {
  const { model } = context.variant;
  const dropout = model.layers.some(
    (layer) => 'p' in layer && (layer.p > 0 || isChanged(context, `model.layers.${layer.name}.p`)),
  );
  const penalties = (['l1', 'l2'] as const).some((x) => regularizedSets(context, x).length > 0);
  const words = [...(dropout ? ['dropout'] : []), ...(penalties ? ['penalties'] : [])];
  return words.length === 0 ? '' : `, without ${words.join(' and ')}`;
}

/** `def report(step)`. @param returns whether the loop decides something by the scores. */
export function reportLines(context: ScriptContext, returns: boolean): string[] {
  const splits = splitsOf(context);
  const classes = dataShape(context.variant.data).target.kind === 'classes';
  const [firstSplit = '', ...moreSplits] = pyList(splits.map((x) => `("${x}", x_${x}, y_${x})`));
  const scores = classes
    ? [
        'scores = {}',
        `splits = ${firstSplit}`,
        ...moreSplits,
        'for split, x, y in splits:',
        '    scores[f"{split}_loss"], scores[f"{split}_accuracy"] = evaluate(x, y)',
      ]
    : ['scores = {', ...indent(splits.map((x) => `"${x}_loss": evaluate(x_${x}, y_${x}),`)), '}'];
  return [
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
  ];
}

/** Names of what a step prints, and the Python expressions of their values. */
export function stepPrint(entries: readonly (readonly [name: string, value: string])[]): string[] {
  const [first = '', ...rest] = pyList(
    [['step', 'step'], ...entries].map(([name, value]) => `"${name}": ${value}`),
    '{',
    '}',
  );
  if (rest.length === 0) return ['if args.json:', `    print(json.dumps(${first}))`];
  return ['if args.json:', ...indent([`row = ${first}`, ...rest, 'print(json.dumps(row))'])];
}

export interface Watch {
  /** Before the first update. */
  readonly first: readonly string[];
  /** At every later evaluation. */
  readonly then: readonly string[];
}

/**
 * What is done with the scores: nothing, a plateau schedule, early stopping, or both. The evaluation before the first update
 * counts like every other.
 * @param plateau the metric that a plateau schedule watches.
 */
export function watch(context: ScriptContext, plateau: string | null): Watch {
  const stopping = context.variant.recipe.early_stopping;
  if (stopping === null && plateau === null) return { first: ['report(0)'], then: ['report(step)'] };
  const ticks = plateau === null ? [] : [`scheduler.step(scores["${plateau}"])`];
  if (stopping === null) return { first: ['scores = report(0)', ...ticks], then: ['scores = report(step)', ...ticks] };
  const score = `scores["${stopping.metric}"]`;
  const margin = stopping.min_delta === 0 ? '' : pyFloat(stopping.min_delta);
  const better =
    stopping.metric === 'validation_loss'
      ? `${score} < best${margin && ` - ${margin}`}`
      : `${score} > best${margin && ` + ${margin}`}`;
  return {
    first: ['scores = report(0)', ...ticks, `best, waited = ${score}, 0`],
    then: [
      'scores = report(step)',
      ...ticks,
      `if ${better}:`,
      `    best, waited = ${score}, 0`,
      'else:',
      '    waited += 1',
      `if waited == ${stopping.patience}:`,
      '    break  # early stopping: more training would only fit the train data better',
    ],
  };
}

/**
 * `if step % 10 == 0:`; empty when every step is evaluated.
 * @param steps updates of the run, when they are known.
 */
export function evaluationCondition(context: ScriptContext, steps: number | null): string {
  const every = context.variant.recipe.evaluate_every;
  const changed = isChanged(context, 'recipe.evaluate_every');
  if (!changed && every === 1) return '';
  const always = !changed && steps !== null && steps % every === 0;
  return `if step % ${changed ? 'evaluate_every' : every} == 0${always ? '' : ' or step == steps'}:`;
}

/** A generator of batches without end, for loops that count updates. */
export const passesLines = (pass: readonly string[]): string[] => [
  'def batches():',
  ...indent(['"""Pass after pass over the train data."""', 'while True:', ...indent(pass)]),
];
