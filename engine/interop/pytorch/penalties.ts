// What regularizes besides the layers and the optimizer: penalties in the loss, decay before the update, proximal steps and
// norm limits after it. Each comes as a named λ before the loop and a few lines within it.
import { isChanged, type ScriptContext } from '../script/context.ts';
import { regularizedSets, type RegularizedSet, type Regularizer } from '../script/regularizers.ts';
import { comment, indent, pyFloat, type Import } from '../script/text.ts';
import type { ParameterSets } from './parameter-sets.ts';

export interface Regularization {
  readonly imports: readonly Import[];
  /** λs, each with a word on what it does. */
  readonly definitions: readonly string[];
  /** Lines that compute penalties, once the loss is there. */
  readonly penalties: readonly string[];
  /** Names of the penalties in the loss, as the lab reports them. */
  readonly penaltyNames: readonly ('penalty_l1' | 'penalty_l2')[];
  readonly beforeUpdate: readonly string[];
  readonly afterUpdate: readonly string[];
  /** Variables that events may set, by the field's path. */
  readonly variables: ReadonlyMap<string, string>;
}

interface Term {
  readonly set: RegularizedSet;
  /** The λ's name. */
  readonly variable: string;
  /** Expression of its parameters. */
  readonly parameters: string;
}

type Kind = Exclude<Regularizer, 'weight_decay'>;

function termsOf(context: ScriptContext, sets: ParameterSets, kind: Kind): readonly Term[] {
  return regularizedSets(context, kind).map((set) => ({
    set,
    variable: set.layer === null ? kind : `${kind}_${set.layer.name}`,
    parameters: sets.use(set.parameters, `${kind}_parameters`),
  }));
}

const define = (terms: readonly Term[], note: string): string[] =>
  terms.length === 0 ? [] : [...comment(note), ...terms.map(({ variable, set }) => `${variable} = ${value(set)}`)];

const value = ({ value: x }: RegularizedSet): string => (x === Infinity ? 'float("inf")  # no limit yet' : pyFloat(x));

/** One penalty as a sum over sets; each set on a line of its own when there are several. */
function penaltyLines(name: string, terms: readonly Term[], summand: string, factor: string): string[] {
  const texts = terms.map(
    ({ variable, parameters }) => `${factor}${variable} * sum(${summand} for p in ${parameters})`,
  );
  const [only] = texts;
  if (texts.length === 0) return [];
  if (texts.length === 1) return [`${name} = ${only}`];
  return [`${name} = (`, ...indent(texts.map((x, i) => (i === 0 ? x : `+ ${x}`))), ')'];
}

/** A loop over the parameters of each term, which changes them in place. */
const eachParameter = (terms: readonly Term[], body: (term: Term) => readonly string[]): string[] =>
  terms.flatMap((term) => [`for p in ${term.parameters}:`, ...indent(body(term))]);

/** Every dimension but the first, which counts a layer's units. */
function unitDimensions({ set }: Term): string {
  const ranks = new Set(set.parameters.map(({ shape }) => shape.length));
  if (ranks.size > 1) return 'tuple(range(1, p.ndim))';
  return ranks.has(2) ? '1' : '(1, 2, 3)';
}

const withoutGradient = (lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['with torch.no_grad():', ...indent(lines)];

export function regularizationText(context: ScriptContext, sets: ParameterSets): Regularization {
  const { l1_method, l2_form } = context.variant.recipe.regularization;
  const [l1, l2, decay, norm] = (['l1', 'l2', 'decoupled_decay', 'max_norm'] as const).map((kind) =>
    termsOf(context, sets, kind),
  ) as [Term[], Term[], Term[], Term[]];
  const proximal = l1_method === 'proximal';
  const inLoss = proximal ? [] : l1;

  const definitions = [
    ...define(
      inLoss,
      'l1 is the λ of L1: λ·Σ|w| is added to the loss. It pulls every weight towards zero with the same force, so weights that help little end at (almost) zero.',
    ),
    ...define(
      proximal ? l1 : [],
      'l1 is the λ of L1, applied after each update instead of in the loss: every weight moves lr·λ towards zero and stops there. That makes true zeros.',
    ),
    ...define(
      l2,
      `l2 is the λ of L2: ${l2_form === 'half' ? '½·' : ''}λ·Σw² is added to the loss. It pulls each weight towards zero in proportion to its size, so large weights cost most.`,
    ),
    ...define(
      decay,
      'decoupled_decay shrinks every weight by the share lr·λ at each update, apart from the gradient (as AdamW does).',
    ),
    ...define(
      norm,
      'max_norm is the most that the weights into one unit may amount to (their Euclidean norm); longer ones are scaled down.',
    ),
  ];

  const shrinking = eachParameter(decay, ({ variable }) => [`p.mul_(1 - lr * ${variable})`]);
  const soft = eachParameter(proximal ? l1 : [], ({ variable }) => [`p.copy_(F.softshrink(p, lr * ${variable}))`]);
  const limits = eachParameter(norm, (term) => [
    `norms = torch.linalg.vector_norm(p, dim=${unitDimensions(term)}, keepdim=True)`,
    `p.mul_((${term.variable} / norms).clamp(max=1))`,
  ]);
  const rate = shrinking.length + soft.length > 0 ? ['lr = optimizer.param_groups[0]["lr"]'] : [];
  const after = withoutGradient([...soft, ...limits]);

  const penalties = [
    ...penaltyLines('penalty_l1', inLoss, 'p.abs().sum()', ''),
    ...penaltyLines('penalty_l2', l2, 'p.square().sum()', l2_form === 'half' ? '0.5 * ' : ''),
  ];
  const variables = new Map(
    [...l1, ...l2, ...decay, ...norm]
      .filter(({ set }) => isChanged(context, set.path))
      .map(({ set, variable }) => [set.path, variable]),
  );
  return {
    imports: soft.length > 0 ? ['F', 'torch'] : ['torch'],
    definitions,
    penalties,
    penaltyNames: [
      ...(inLoss.length > 0 ? (['penalty_l1'] as const) : []),
      ...(l2.length > 0 ? (['penalty_l2'] as const) : []),
    ],
    beforeUpdate: [...rate, ...withoutGradient(shrinking)],
    afterUpdate: after,
    variables,
  };
}
