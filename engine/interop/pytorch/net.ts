// The model of a PyTorch script: a named nn.Sequential where layers follow one another, else a module with a `forward`.
import type { LayerSpec } from '../../spec/index.ts';
import { isChanged, type ScriptContext, type ScriptLayer } from '../script/context.ts';
import { flowOf } from '../script/flow.ts';
import {
  breakCall,
  comment,
  indent,
  joinParts,
  plain,
  pyCall,
  pyFloat,
  type Import,
  type Part,
} from '../script/text.ts';
import { LAYER_NOTES, layerText } from './layer-texts.ts';
import { OWN_LAYERS, type OwnLayer } from './own-layers.ts';

/** One line of the model: a layer, or two that the script writes as one. */
interface Module {
  readonly layer: ScriptLayer;
  /** The constructor; null for what `forward` does without a module. */
  readonly text: string | null;
  readonly own: OwnLayer | null;
  /** Positions of the modules it takes its inputs from; -1 is the data. */
  readonly sources: readonly number[];
}

const pPath = (layer: LayerSpec): string => `model.layers.${layer.name}.p`;

/** With p = 0 for the whole run a dropout does nothing and draws nothing. */
const idle = (context: ScriptContext, layer: LayerSpec): boolean =>
  'p' in layer && layer.p === 0 && !isChanged(context, pPath(layer));

const isPrinted = (layer: LayerSpec | undefined): layer is Extract<LayerSpec, { type: 'Dropout' }> =>
  layer?.type === 'Dropout' && layer.gradient === 'as_printed';

/** Whether a Sigmoid is written together with the dropout after it, which alone it feeds (a rule of documents). */
function belongsToPrinted(context: ScriptContext, position: number): boolean {
  const next = context.layers[position + 1]?.spec;
  return isPrinted(next) && !idle(context, next);
}

function moduleOf(context: ScriptContext, layer: ScriptLayer, sources: readonly number[]): Module {
  const { spec, shape } = layer;
  if (spec.type === 'Add' || spec.type === 'Concat') return { layer, text: null, own: null, sources };
  if (isPrinted(spec) && !idle(context, spec))
    return { layer, text: `SigmoidDropoutAsPrinted(p=${pyFloat(spec.p)})`, own: 'SigmoidDropoutAsPrinted', sources };
  if (spec.type === 'DropConnect' && idle(context, spec))
    return {
      layer,
      text: layerText({ ...spec, type: 'Linear' } as Extract<LayerSpec, { type: 'Linear' }>, shape),
      own: null,
      sources,
    };
  const own = spec.type === 'GaussianDropout' || spec.type === 'DropConnect' ? spec.type : null;
  return { layer, text: layerText(spec, shape), own, sources };
}

const LEFT_OUT: ReadonlySet<string> = new Set(['Dropout', 'Dropout2d', 'AlphaDropout', 'GaussianDropout']);

/** The layers that the script writes, with idle dropouts left out and `sources` pointing past them. */
function modulesOf(context: ScriptContext): readonly Module[] {
  const modules: Module[] = [];
  /** Of each layer of the document: the module that gives its output. */
  const outputs: number[] = [];
  for (const [position, layer] of context.layers.entries()) {
    const sources = layer.shape.sources.map((source) => (source < 0 ? -1 : (outputs[source] ?? -1)));
    const absorbed = layer.spec.type === 'Sigmoid' && belongsToPrinted(context, position);
    if (absorbed || (LEFT_OUT.has(layer.spec.type) && idle(context, layer.spec))) outputs.push(sources[0] ?? -1);
    else outputs.push(modules.push(moduleOf(context, layer, sources)) - 1);
  }
  return modules;
}

const isChain = (modules: readonly Module[]): boolean =>
  modules.every(({ text, sources }, i) => text !== null && sources.length === 1 && sources[0] === i - 1);

/** How deep layers stand in a function that makes a net. */
const NOTE_LEVELS = 3;
/** Longer constructors get one line per argument. */
const LONGEST_LAYER = 86;

/** A note where a kind of regularizing layer first appears, and the lab's name where Python needed another one. */
function notesOf(modules: readonly Module[]): readonly (readonly string[])[] {
  const noted = new Set<string>();
  return modules.map(({ layer: { spec, name }, own }) => {
    const note = own === null && 'p' in spec && spec.p === 0 ? undefined : LAYER_NOTES[spec.type];
    const first = note !== undefined && own === null && !noted.has(note);
    if (first) noted.add(note);
    return [
      ...(first ? comment(note, NOTE_LEVELS) : []),
      ...(name === spec.name ? [] : comment(`"${plain(spec.name)}" in the lab`, NOTE_LEVELS)),
    ];
  });
}

function sequential(modules: readonly Module[]): Part {
  const notes = notesOf(modules);
  const entries = modules.flatMap(({ layer, text }, i) => {
    const lines = breakCall(`${layer.name}=${text}`, LONGEST_LAYER);
    return [...(notes[i] ?? []), ...lines.slice(0, -1), `${lines.at(-1)},`];
  });
  return {
    imports: ['nn', 'OrderedDict'],
    lines: ['nn.Sequential(', ...indent(['OrderedDict(', ...indent(entries), ')']), ')'],
  };
}

function forwardLines(modules: readonly Module[]): { readonly parameter: string; readonly lines: readonly string[] } {
  const { parameter, variable } = flowOf(modules.map(({ layer, sources }) => ({ name: layer.name, sources })));
  const lines = modules.map(({ layer, sources }, i) => {
    const inputs = sources.map(variable);
    const { type } = layer.spec;
    const value =
      type === 'Add'
        ? inputs.join(' + ')
        : type === 'Concat'
          ? `torch.cat([${inputs.join(', ')}], dim=1)`
          : `self.${layer.name}(${inputs.join(', ')})`;
    return i === modules.length - 1 ? `return ${value}` : `${variable(i)} = ${value}`;
  });
  return { parameter, lines };
}

function netClass(modules: readonly Module[]): Part {
  const notes = notesOf(modules);
  const { parameter, lines } = forwardLines(modules);
  const constructors = modules.flatMap(({ layer, text }, i) =>
    text === null ? [] : [...(notes[i] ?? []), ...breakCall(`self.${layer.name} = ${text}`, LONGEST_LAYER)],
  );
  const imports: Import[] = modules.some(({ layer }) => layer.spec.type === 'Concat') ? ['nn', 'torch'] : ['nn'];
  return {
    imports,
    lines: [
      'class Net(nn.Module):',
      ...indent(['def __init__(self):', ...indent(['super().__init__()', ...constructors])]),
      '',
      ...indent([`def forward(self, ${parameter}):`, ...indent(lines)]),
    ],
  };
}

export interface NetText {
  /** Classes that come before everything else. */
  readonly classes: Part;
  /** The expression that makes the net, and so draws its weights. */
  readonly construction: Part;
  /** Python names of layers whose p can be set during the run, by their own names. */
  readonly dropping: ReadonlyMap<string, string>;
}

/** @throws InteropError UNSUPPORTED naming a layer that cannot be written. */
export function netText(context: ScriptContext): NetText {
  const modules = modulesOf(context);
  const owns = [...new Set(modules.flatMap(({ own }) => (own === null ? [] : [own])))];
  const changes = modules.some(({ layer }) => isChanged(context, pPath(layer.spec)));
  const classes = owns.map((own) => OWN_LAYERS[own](changes));
  const chain = isChain(modules);
  if (!chain) classes.push(netClass(modules));
  return {
    classes: joinParts(classes),
    construction: chain ? sequential(modules) : { imports: [], lines: [pyCall('Net', [])] },
    dropping: new Map(
      modules.filter(({ layer }) => 'p' in layer.spec).map(({ layer }) => [layer.spec.name, layer.name] as const),
    ),
  };
}
