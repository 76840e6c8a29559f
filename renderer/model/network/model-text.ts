// The model as text that can be edited: written plainly, and read back with every problem at its line.
import {
  DATA_INPUT,
  DocumentError,
  Layer,
  parseWith,
  type LayerSpec,
  type LayerType,
  type Problem,
} from '../../../engine/spec/index.ts';
import { freshLayer } from './layer-kinds.ts';
import { jsonLines, lineOf } from './json-lines.ts';

export type TextProblem =
  | { readonly line: number; readonly kind: 'field'; readonly problem: Problem }
  | { readonly line: number; readonly kind: 'syntax' | 'duplicate' | 'unknownKey'; readonly what: string }
  | { readonly line: number; readonly kind: 'noLayers' | 'tooMany' | 'reserved' };

export type ReadModel =
  | { readonly layers: readonly LayerSpec[]; readonly problems: readonly [] }
  | { readonly layers: null; readonly problems: readonly TextProblem[] };

const MOST_LAYERS = 1000;

/** Arguments without a default; a layer of each kind with only these shows what the defaults are. */
const REQUIRED = { out_features: 1, out_channels: 1, kernel_size: 1, output_size: 1, p: 0 } as const;
const DEFAULTS = new Map<LayerType, Readonly<Record<string, unknown>>>();

function defaultsOf(type: LayerType): Readonly<Record<string, unknown>> {
  const known = DEFAULTS.get(type);
  if (known) return known;
  const fresh = freshLayer(type, new Set());
  const required = Object.entries(REQUIRED).filter(([key]) => key in fresh);
  const {
    type: _type,
    name: _name,
    ...rest
  } = parseWith(Layer, { type, name: 'layer', ...Object.fromEntries(required) }, 'Layer');
  const defaults = Object.fromEntries(Object.entries(rest).filter(([key]) => !(key in REQUIRED)));
  DEFAULTS.set(type, defaults);
  return defaults;
}

/** Kind and name first, what it takes next, then its arguments without defaults: as one reads a layer. */
function inReadingOrder({ type, name, inputs, ...rest }: LayerSpec): object {
  const defaults = defaultsOf(type);
  const said = Object.entries(rest).filter(([key, value]) => !(key in defaults) || defaults[key] !== value);
  return { type, name, ...(inputs && { inputs }), ...Object.fromEntries(said) };
}

/** One line per layer, as long as it is short enough to be read. */
export function modelText(layers: readonly LayerSpec[]): string {
  if (layers.length === 0) return '{\n  "layers": []\n}\n';
  const lines = layers.map((layer) => {
    const entries = Object.entries(inReadingOrder(layer)).map(
      ([key, value]) => `${JSON.stringify(key)}: ${spaced(value)}`,
    );
    const short = `    { ${entries.join(', ')} }`;
    return short.length <= 100 ? short : `    {\n${entries.map((x) => `      ${x}`).join(',\n')}\n    }`;
  });
  return `{\n  "layers": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, x]) => `${JSON.stringify(key)}: ${spaced(x)}`)
    .join(', ')} }`;
}

const wrong = (...problems: readonly TextProblem[]): ReadModel => ({ layers: null, problems });

function syntaxProblem(text: string, error: unknown): TextProblem {
  const message = error instanceof Error ? error.message : String(error);
  const position = /position (\d+)/.exec(message)?.[1];
  const before = position === undefined ? text.trimEnd() : text.slice(0, Number(position));
  return { line: before.split('\n').length, kind: 'syntax', what: message.replace(/ \(line \d+ column \d+\)$/, '') };
}

/** A layer's problems, by the line of the field that is wrong. */
function readLayer(
  input: unknown,
  path: string,
  lines: ReadonlyMap<string, number>,
): { readonly layer: LayerSpec | null; readonly problems: readonly TextProblem[] } {
  try {
    return { layer: parseWith(Layer, input, 'Layer'), problems: [] };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return {
      layer: null,
      problems: error.problems.map((problem) => ({
        line: lineOf(lines, problem.path === '' ? path : `${path}.${problem.path}`),
        kind: 'field',
        problem,
      })),
    };
  }
}

export function readModelText(text: string): ReadModel {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return wrong(syntaxProblem(text, error));
  }
  const lines = jsonLines(text);
  if (typeof value !== 'object' || value === null || !('layers' in value) || !Array.isArray(value.layers))
    return wrong({ line: 1, kind: 'noLayers' });
  if (value.layers.length > MOST_LAYERS) return wrong({ line: lineOf(lines, 'layers'), kind: 'tooMany' });
  const unknown = Object.keys(value).filter((key) => key !== 'layers');
  const read = value.layers.map((layer: unknown, i) => readLayer(layer, `layers.${String(i)}`, lines));
  const layers = read.flatMap(({ layer }) => (layer ? [layer] : []));
  const seen = new Set<string>();
  const problems: TextProblem[] = [
    ...unknown.map((what) => ({ line: lineOf(lines, what), kind: 'unknownKey', what }) as const),
    ...read.flatMap((x) => x.problems),
  ];
  for (const [i, { layer }] of read.entries()) {
    if (layer === null) continue;
    const line = lineOf(lines, `layers.${String(i)}.name`);
    if (layer.name === DATA_INPUT) problems.push({ line, kind: 'reserved' });
    if (seen.has(layer.name)) problems.push({ line, kind: 'duplicate', what: layer.name });
    seen.add(layer.name);
  }
  return problems.length > 0 ? wrong(...problems) : { layers, problems: [] };
}
