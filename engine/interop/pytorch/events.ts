// Changes that were made while the run went on, as `if step == …:` lines at the top of the loop. A change from update s+1 on is
// made before that update. What a script cannot change during its run is refused by name.
import type { RunEvent } from '../../spec/index.ts';
import { refused } from '../refusals.ts';
import type { ScriptContext } from '../script/context.ts';
import { indent, pyBool, pyFloat, pyTuple } from '../script/text.ts';
import type { OptimizerText } from './optimizer.ts';

export interface Changeable {
  readonly optimizer: OptimizerText;
  /** Variables by the field's path. */
  readonly variables: ReadonlyMap<string, string>;
  /** Python names of layers with a p, by the layer's name. */
  readonly dropping: ReadonlyMap<string, string>;
}

/** Fields that decide nothing within the loop: the run's length is written where it is used. */
const ELSEWHERE: ReadonlySet<string> = new Set(['recipe.steps', 'recipe.epochs', 'recipe.checkpoint_every']);

/** Options of a parameter group that torch reads anew at every update. */
const GROUP_OPTIONS: ReadonlySet<string> = new Set([
  'lr',
  'momentum',
  'dampening',
  'nesterov',
  'betas',
  'eps',
  'alpha',
  'lr_decay',
]);

function literal({ path, value }: RunEvent): string {
  if (typeof value === 'number' && Number.isFinite(value)) return pyFloat(value);
  if (typeof value === 'boolean') return pyBool(value);
  if (value === null) return 'float("inf")';
  if (Array.isArray(value) && value.every((x) => typeof x === 'number')) return pyTuple(value.map(pyFloat));
  throw refused(path, 'change_value', JSON.stringify(value) ?? String(value));
}

const setInGroups = (option: string, value: string): string[] => [
  'for group in optimizer.param_groups:',
  `    group["${option}"] = ${value}`,
];

function optimizerLines(context: ScriptContext, event: RunEvent, option: string): string[] {
  const { optimizer, schedule } = context.variant.recipe;
  if (option === 'lr' && schedule.type === 'OneCycleLR') throw refused(event.path, 'change_one_cycle');
  if (option === 'momentum' && optimizer.type === 'RMSprop' && optimizer.momentum === 0)
    throw refused(event.path, 'change_rmsprop_momentum');
  return setInGroups(option, literal(event));
}

function lines(context: ScriptContext, event: RunEvent, changeable: Changeable): string[] {
  const { path } = event;
  const group = changeable.optimizer.decayGroups.get(path);
  if (group !== undefined)
    return changeable.optimizer.groups === 1
      ? setInGroups('weight_decay', literal(event))
      : [`optimizer.param_groups[${group}]["weight_decay"] = ${literal(event)}`];
  const variable = changeable.variables.get(path);
  if (variable !== undefined)
    return [`${variable} = ${variable === 'evaluate_every' ? String(event.value) : literal(event)}`];
  const layer = /^model\.layers\.([^.]+)\.p$/.exec(path)?.[1];
  const dropping = layer === undefined ? undefined : changeable.dropping.get(layer);
  if (dropping !== undefined) return [`net.${dropping}.p = ${literal(event)}`];
  const option = /^recipe\.optimizer\.(\w+)$/.exec(path)?.[1];
  if (option !== undefined && GROUP_OPTIONS.has(option) && option in context.variant.recipe.optimizer)
    return optimizerLines(context, event, option);
  throw refused(path, 'change_field');
}

/**
 * The lines at the top of the loop, one `if` for each step at which something was changed.
 * @throws InteropError UNSUPPORTED naming the field.
 */
export function eventLines(context: ScriptContext, changeable: Changeable): string[] {
  const bySteps = new Map<number, string[]>();
  for (const event of context.events) {
    if (ELSEWHERE.has(event.path)) continue;
    const at = bySteps.get(event.step) ?? [];
    bySteps.set(event.step, [...at, ...lines(context, event, changeable)]);
  }
  return [...bySteps].flatMap(([step, changes], i) => [
    `if step == ${step + 1}:${i === 0 ? '  # changed in the lab while the run went on' : ''}`,
    ...indent(changes),
  ]);
}
