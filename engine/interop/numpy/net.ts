// The model of a NumPy script: forward with every value kept under its layer's name, backward by the chain rule from the last
// layer to the first, and the short form for evaluation.
import type { LayerSpec, LayerType } from '../../spec/index.ts';
import { refused } from '../refusals.ts';
import { parametersOf, type ScriptContext, type ScriptLayer, type ScriptParameter } from '../script/context.ts';
import { flowOf } from '../script/flow.ts';
import { comment } from '../script/text.ts';
import { HELPERS, type Helper } from './helpers.ts';
import { NUMPY_RULES, type Names, type NumpyRule } from './layer-rules.ts';
import type { Draws } from './random.ts';

/** A layer that does something in this run. */
export interface Station {
  readonly layer: ScriptLayer;
  readonly rule: NumpyRule<LayerSpec>;
  /** Positions of the stations it takes its inputs from; -1 is the data. */
  readonly sources: readonly number[];
}

const TAKEN: ReadonlySet<string> = new Set(
  `${Object.keys(HELPERS).join(' ')} linear shuffled normal normal_one box_muller waiting stream f32 loss loss_function
  learning_rate steps epochs epoch rows velocity mean square size w g i name data output error l1 l2 max_norm weight_decay
  decoupled_decay weights best waited scores parser penalty_l1 penalty_l2 start part order pixels classes read_cifar10 to_inputs
  mean_pixel std_pixel noisy_line shift stretch`.split(/\s+/),
);

/** Names that a script gives to other things than outputs of layers. */
export const clashes = (name: string): boolean =>
  TAKEN.has(name) ||
  /^d_|_(weight|bias|mask|kept|scale|mean|var|std|normalised|tanh|inner|slope|train|test|validation)$/.test(name);

const RANK_ONE: ReadonlySet<LayerType> = new Set(['LayerNorm', 'BatchNorm1d']);

function ruleOf({ spec, shape }: ScriptLayer): NumpyRule<LayerSpec> {
  const rule = NUMPY_RULES[spec.type] as NumpyRule<LayerSpec> | null;
  const what = `${JSON.stringify(spec.name)} (${spec.type})`;
  if (rule === null) throw refused(what, 'numpy_layer');
  if (RANK_ONE.has(spec.type) && shape.input.length !== 1) throw refused(what, 'numpy_normalises_features');
  return rule;
}

const DROPPING: ReadonlySet<LayerType> = new Set(['Dropout', 'AlphaDropout', 'GaussianDropout']);

/** With p = 0 a dropout does nothing and draws nothing. */
const idle = (spec: LayerSpec): boolean => DROPPING.has(spec.type) && 'p' in spec && spec.p === 0;

/**
 * The layers that the script writes, idle dropouts left out.
 * @throws InteropError UNSUPPORTED naming a layer.
 */
export function stationsOf({ layers }: ScriptContext): readonly Station[] {
  const stations: Station[] = [];
  const outputs: number[] = [];
  for (const layer of layers) {
    const sources = layer.shape.sources.map((source) => (source < 0 ? -1 : (outputs[source] ?? -1)));
    const rule = ruleOf(layer);
    if (idle(layer.spec)) outputs.push(sources[0] ?? -1);
    else outputs.push(stations.push({ layer, rule: plainWeights(layer, rule), sources }) - 1);
  }
  return stations;
}

/** A DropConnect layer with p = 0 is a Linear layer. */
const plainWeights = ({ spec }: ScriptLayer, rule: NumpyRule<LayerSpec>): NumpyRule<LayerSpec> =>
  spec.type === 'DropConnect' && spec.p === 0 ? (NUMPY_RULES.Linear as NumpyRule<LayerSpec>) : rule;

export const helpersOf = (stations: readonly Station[]): readonly Helper[] =>
  stations.flatMap(({ rule, layer: { spec } }) =>
    rule.helper === undefined || (spec.type === 'GELU' && spec.approximate === 'tanh') ? [] : [rule.helper],
  );

export const weightName = ({ layer, part }: ScriptParameter): string => `${layer.name}_${part}`;

export interface NumpyNet {
  readonly forward: readonly string[];
  readonly backward: readonly string[];
  /** Body of `predict(x)`. */
  readonly predict: readonly string[];
  /** The argument of `predict`. */
  readonly argument: string;
  /** Name of the model's output in training. */
  readonly output: string;
}

interface Wiring {
  readonly stations: readonly Station[];
  readonly draws: Draws;
  readonly batchRows: readonly number[];
  /** Name of a train batch. */
  readonly batch: string;
}

const namesOf = ({ layer }: Station, x: readonly string[], { draws, batchRows }: Wiring): Names => ({
  out: layer.name,
  x,
  d: `d_${layer.name}`,
  shape: layer.shape,
  weight: `${layer.name}_weight`,
  bias: `${layer.name}_bias`,
  draws,
  batchRows,
});

const trainingInputs = ({ sources }: Station, { stations, batch }: Wiring): readonly string[] =>
  sources.map((source) => (source < 0 ? batch : (stations[source]?.layer.name ?? batch)));

function forwardLines(wiring: Wiring): string[] {
  const noted = new Set<string>();
  return wiring.stations.flatMap((station) => {
    const { note } = station.rule;
    const said = note === undefined || noted.has(note) ? [] : comment(note, 1);
    if (note !== undefined) noted.add(note);
    const { spec } = station.layer;
    const names = namesOf(station, trainingInputs(station, wiring), wiring);
    const value = station.rule.train?.(spec, names) ?? station.rule.evaluate(spec, names);
    return [...said, ...(station.rule.prepare?.(spec, names) ?? []), `${names.out} = ${value}`];
  });
}

/** The tutorial's gradient of a dropout right after a sigmoid: the mask is forgotten, and the slope taken after masking. */
const printedNote = (dropout: string, sigmoid: string): string[] =>
  comment(
    `As the tutorial prints it: the slope is taken at ${dropout}, masked and scaled already. The chain rule says d_${dropout} * ${dropout}_mask * ${sigmoid} * (1 - ${sigmoid}).`,
    1,
  );

function backwardLines(wiring: Wiring): string[] {
  const { stations } = wiring;
  const lines: string[] = [];
  const begun = new Set<number>();
  /** Adds a contribution to the gradient at a station's output. */
  const contribute = (source: number, value: string): void => {
    const target = `d_${stations[source]?.layer.name ?? ''}`;
    lines.push(begun.has(source) ? `${target} = ${target} + ${value}` : `${target} = ${value}`);
    begun.add(source);
  };
  /** Sigmoids whose slope was taken along with the dropout after them. */
  const taken = new Map<number, Station>();
  for (let position = stations.length - 1; position >= 0; position--) {
    const station = stations[position] as Station;
    const { spec } = station.layer;
    const [source = -1] = station.sources;
    if (spec.type === 'Dropout' && spec.gradient === 'as_printed') {
      taken.set(source, station);
      continue;
    }
    const printed = taken.get(position);
    const inputs = trainingInputs(station, wiring);
    if (printed !== undefined) {
      if (source < 0) continue;
      lines.push(...printedNote(printed.layer.name, station.layer.name));
      contribute(source, `d_${printed.layer.name} * ${printed.layer.name} * (1 - ${printed.layer.name})`);
      continue;
    }
    const backward = station.rule.backward(spec, namesOf(station, inputs, wiring));
    lines.push(...backward.lines);
    for (const part of ['weight', 'bias'] as const)
      if (backward[part] !== undefined) lines.push(`d_${station.layer.name}_${part} = ${backward[part]}`);
    for (const [i, input] of station.sources.entries()) if (input >= 0) contribute(input, backward.inputs[i] ?? '');
  }
  return lines;
}

function predictLines(wiring: Wiring): { readonly argument: string; readonly lines: readonly string[] } {
  const { parameter, variable } = flowOf(wiring.stations.map(({ layer, sources }) => ({ name: layer.name, sources })));
  const lines: string[] = [];
  const last = wiring.stations.length - 1;
  for (const [i, station] of wiring.stations.entries()) {
    const inputs = station.sources.map(variable);
    const value = station.rule.evaluate(station.layer.spec, namesOf(station, inputs, wiring));
    const target = variable(i);
    if (i === last) lines.push(`return ${value}`);
    else if (value !== target) lines.push(`${target} = ${value}`);
  }
  return { argument: parameter, lines };
}

export function netText(wiring: Wiring): NumpyNet {
  const { argument, lines } = predictLines(wiring);
  return {
    forward: forwardLines(wiring),
    backward: backwardLines(wiring),
    predict: lines,
    argument,
    output: wiring.stations.at(-1)?.layer.name ?? wiring.batch,
  };
}

/** Trained parameters in order, by their Python names. */
export const weightNames = (context: ScriptContext): readonly string[] => parametersOf(context.layers).map(weightName);
