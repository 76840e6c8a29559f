// Where the first weights of a PyTorch script come from: the nets that the document initialises before, then its own net with
// torch's defaults, then the initialisations that the document asks for, layer by layer, weight before bias.
import type { InitializerSpec, LayerSpec, ResolvedVariant } from '../../spec/index.ts';
import { scriptLayers, type ScriptContext, type ScriptLayer } from '../script/context.ts';
import { comment, indent, keyword, plain, pyCall, pyFloat, type Part } from '../script/text.ts';
import { layerText } from './layer-texts.ts';

function initCall(init: InitializerSpec, target: string): string {
  const call = (...args: readonly (string | undefined)[]): string => pyCall(`nn.init.${init.type}_`, [target, ...args]);
  switch (init.type) {
    case 'uniform':
      return call(`a=${pyFloat(init.a)}`, `b=${pyFloat(init.b)}`);
    case 'normal':
      return call(`mean=${pyFloat(init.mean)}`, `std=${pyFloat(init.std)}`);
    case 'trunc_normal':
      return call(
        `mean=${pyFloat(init.mean)}`,
        `std=${pyFloat(init.std)}`,
        `a=${pyFloat(init.a)}`,
        `b=${pyFloat(init.b)}`,
      );
    case 'constant':
      return call(`val=${pyFloat(init.val)}`);
    case 'zeros':
    case 'ones':
      return call();
    case 'xavier_uniform':
    case 'xavier_normal':
      return call(keyword('gain', init.gain, 1, pyFloat));
    case 'kaiming_uniform':
    case 'kaiming_normal':
      return call(
        keyword('a', init.a, 0, pyFloat),
        keyword('mode', init.mode, 'fan_in', (x) => `"${x}"`),
        keyword('nonlinearity', init.nonlinearity, 'leaky_relu', (x) => `"${x}"`),
      );
    default:
      return init satisfies never;
  }
}

/** The document's own initialisations of some layers, which stand under `owner` (`net.fc1`). */
function initLines(layers: readonly ScriptLayer[], owner: (layer: ScriptLayer, position: number) => string): string[] {
  return layers.flatMap((layer, position) => {
    const init = 'init' in layer.spec ? layer.spec.init : undefined;
    return (['weight', 'bias'] as const).flatMap((part) => {
      const chosen = init?.[part];
      const exists = layer.shape.parameterShapes.some(({ name }) => name === part);
      return chosen === undefined || !exists ? [] : [initCall(chosen, `${owner(layer, position)}.${part}`)];
    });
  });
}

const DRAWS: ReadonlySet<string> = new Set(['Linear', 'Conv2d', 'DropConnect']);
const FIXED: ReadonlySet<string> = new Set(['constant', 'zeros', 'ones']);

/** Whether making a layer takes random numbers. */
function draws({ spec }: ScriptLayer): boolean {
  const init = 'init' in spec ? spec.init : undefined;
  return DRAWS.has(spec.type) || [init?.weight, init?.bias].some((x) => x !== undefined && !FIXED.has(x.type));
}

/** A DropConnect layer draws the weights of a Linear layer. */
const plainLayer = ({ spec, shape }: ScriptLayer): string =>
  layerText(
    (spec.type === 'DropConnect' ? { ...spec, type: 'Linear' } : spec) as Exclude<
      LayerSpec,
      { type: 'Add' | 'Concat' }
    >,
    shape,
  );

/** Everything about a model that decides which random numbers its weights take. */
const drawingText = (layers: readonly ScriptLayer[]): string =>
  [...layers.filter(draws).map(plainLayer), ...initLines(layers.filter(draws), (_, i) => String(i))].join('\n');

interface EarlierNets {
  readonly names: readonly string[];
  readonly layers: readonly ScriptLayer[];
  readonly drawing: string;
}

/** Earlier variants, neighbours that draw alike together. */
function earlierNets(variants: readonly ResolvedVariant[]): readonly EarlierNets[] {
  const nets: EarlierNets[] = [];
  for (const variant of variants) {
    const layers = scriptLayers(variant);
    const drawing = drawingText(layers);
    const last = nets.at(-1);
    if (last?.drawing === drawing) nets[nets.length - 1] = { ...last, names: [...last.names, variant.variant] };
    else nets.push({ names: [variant.variant], layers, drawing });
  }
  return nets;
}

const listed = (names: readonly string[]): string => names.map(plain).join(', ');

/** Nets of another shape than the own one are only drawn, never used. */
function drawnOnly({ names, layers }: EarlierNets): string[] {
  const drawing = layers.filter(draws);
  const made = [`earlier = [`, ...indent(drawing.map((layer) => `${plainLayer(layer)},`)), `]`];
  const repeated = [...made, ...initLines(drawing, (_, i) => `earlier[${i}]`)];
  const head = comment(`For ${listed(names)}.`);
  return names.length === 1
    ? [...head, ...repeated]
    : [...head, `for _ in range(${names.length}):`, ...indent(repeated)];
}

/**
 * The lines that end with `net` having its first weights.
 * @param construction the expression that makes the net.
 */
export function netLines(context: ScriptContext, construction: Part): Part {
  const own = initLines(context.layers, ({ name }) => `net.${name}`);
  const [first, ...rest] = construction.lines;
  const made = [`net = ${first}`, ...rest];
  const earlier = earlierNets(context.earlier);
  if (earlier.length === 0) return { imports: construction.imports, lines: [...made, ...own] };

  const head = comment(
    'The lab draws the first weights of variants one after another, as a script with several nets does.',
  );
  const likeOwn = drawingText(context.layers);
  if (earlier.every(({ drawing }) => drawing !== likeOwn))
    return { imports: construction.imports, lines: [...head, ...earlier.flatMap(drawnOnly), '', ...made, ...own] };

  const body = own.length === 0 ? [`return ${first}`, ...rest] : [...made, ...own, 'return net'];
  const before = earlier.flatMap((nets) => {
    if (nets.drawing !== likeOwn) return drawnOnly(nets);
    const note = `  # for ${listed(nets.names)}`;
    return nets.names.length === 1
      ? [`make_net()${note}`]
      : [`for _ in range(${nets.names.length}):${note}`, '    make_net()'];
  });
  return {
    imports: construction.imports,
    lines: ['def make_net():', ...indent(body), '', '', ...head, ...before, 'net = make_net()'],
  };
}
