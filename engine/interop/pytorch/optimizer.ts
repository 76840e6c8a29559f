// The optimizer of a PyTorch script: torch.optim's own, with its defaults left out, and parameter groups only where they are needed.
import type { OptimizerSpec } from '../../spec/index.ts';
import type { ScriptContext } from '../script/context.ts';
import { regularizedSets } from '../script/regularizers.ts';
import { breakCall, comment, indent, keyword, pyBool, pyFloat, pyTuple } from '../script/text.ts';
import type { ParameterSets } from './parameter-sets.ts';

const number = (name: string, value: number, fallback: number) => keyword(name, value, fallback, pyFloat);
const betas = (value: readonly [number, number]): string | undefined =>
  value[0] === 0.9 && value[1] === 0.999 ? undefined : `betas=${pyTuple(value.map(pyFloat))}`;

/** Keyword arguments besides `weight_decay`, torch's defaults left out. */
function options(optimizer: OptimizerSpec): readonly (string | undefined)[] {
  const lr = `lr=${pyFloat(optimizer.lr)}`;
  switch (optimizer.type) {
    case 'SGD':
      return [
        lr,
        number('momentum', optimizer.momentum, 0),
        number('dampening', optimizer.dampening, 0),
        keyword('nesterov', optimizer.nesterov, false, pyBool),
      ];
    case 'Adam':
    case 'AdamW':
      return [lr, betas(optimizer.betas), number('eps', optimizer.eps, 1e-8)];
    case 'RMSprop':
      return [
        lr,
        number('alpha', optimizer.alpha, 0.99),
        number('eps', optimizer.eps, 1e-8),
        number('momentum', optimizer.momentum, 0),
        keyword('centered', optimizer.centered, false, pyBool),
      ];
    case 'Adagrad':
      return [
        lr,
        number('lr_decay', optimizer.lr_decay, 0),
        number('initial_accumulator_value', optimizer.initial_accumulator_value, 0),
        number('eps', optimizer.eps, 1e-10),
      ];
    default:
      return optimizer satisfies never;
  }
}

/** torch's own default of weight_decay. */
const defaultDecay = (optimizer: OptimizerSpec): number => (optimizer.type === 'AdamW' ? 0.01 : 0);

function decayNote({ type }: OptimizerSpec): string {
  if (type === 'AdamW')
    return 'weight_decay shrinks every weight by the share lr·weight_decay at each update, apart from the gradient.';
  if (type === 'SGD')
    return 'weight_decay adds weight_decay·w to every gradient: L2, by way of the optimizer. Weights that the data do not hold up shrink.';
  return `weight_decay adds weight_decay·w to every gradient: L2, by way of the optimizer. ${type} then divides it by the gradient's running size like the rest, so weights with large gradients shrink less.`;
}

export interface OptimizerText {
  readonly lines: readonly string[];
  readonly groups: number;
  /** Which parameter group a field of the document sets, by its path. */
  readonly decayGroups: ReadonlyMap<string, number>;
}

/** @param sets names lists of parameters where the groups need them. */
export function optimizerText(context: ScriptContext, sets: ParameterSets): OptimizerText {
  const { optimizer } = context.variant.recipe;
  const decaying = regularizedSets(context, 'weight_decay');
  const still = context.parameters.filter((x) => !decaying.some((set) => set.parameters.includes(x)));
  const given = options(optimizer).filter((x) => x !== undefined);
  const call = `torch.optim.${optimizer.type}`;
  const note = decaying.length > 0 ? comment(decayNote(optimizer)) : [];

  const [only] = decaying;
  if (decaying.length === 0 || (decaying.length === 1 && still.length === 0 && only !== undefined)) {
    const decay = keyword('weight_decay', only?.value ?? 0, defaultDecay(optimizer), pyFloat);
    const args = ['net.parameters()', ...given, ...(decay === undefined ? [] : [decay])].join(', ');
    return {
      lines: [...note, ...breakCall(`optimizer = ${call}(${args})`)],
      groups: 1,
      decayGroups: new Map(only === undefined ? [] : [[only.path, 0]]),
    };
  }
  const groups = decaying.map(({ layer, value, parameters }) => {
    const purpose = layer === null ? 'decaying' : `${layer.name}_decaying`;
    return `{"params": ${sets.use(parameters, purpose)}, "weight_decay": ${pyFloat(value)}},`;
  });
  if (still.length > 0) groups.push(`{"params": ${sets.use(still, 'not_decaying')}, "weight_decay": 0.0},`);
  return {
    lines: [
      ...note,
      `optimizer = ${call}(`,
      ...indent(['[', ...indent(groups), '],', ...given.map((x) => `${x},`)]),
      ')',
    ],
    groups: groups.length,
    decayGroups: new Map(decaying.map(({ path }, group) => [path, group])),
  };
}
