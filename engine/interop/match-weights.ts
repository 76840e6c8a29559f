// Finds a model's arrays among those of a file: by torch's names, with or without a prefix, else by order and shape.
import { layerShapes, shapeText, type DataSpec, type ModelSpec, type Shape } from '../spec/index.ts';
import { InteropError } from './interop-error.ts';
import type { NamedArray, NamedArrays } from './named-arrays.ts';

/** Counters that torch saves with BatchNorm and that nothing here uses. */
const IGNORED = /(^|\.)num_batches_tracked$/;
/** Where a file has more than one array too many, this many are named. */
const MOST_NAMED = 8;
/** More prefixes than this are not tried: a file holds one model, perhaps an averaged copy of it. */
const MOST_PREFIXES = 16;

interface Wanted {
  readonly layer: string;
  /** Within the layer: `weight`, `running_mean`. */
  readonly part: string;
  readonly name: string;
  readonly shape: Shape;
}

/** Every array of a model, in order: trained values, then running statistics, layer by layer. */
export function modelArrays(model: ModelSpec, data: DataSpec): readonly Wanted[] {
  return layerShapes(model, data).flatMap(({ name: layer, parameterShapes, state }) =>
    [...parameterShapes, ...state].map(({ name: part, shape }) => ({ layer, part, name: `${layer}.${part}`, shape })),
  );
}

const sameShape = (a: Shape, b: Shape): boolean => a.join() === b.join();
const split = (name: string): { readonly module: string; readonly part: string } => {
  const dot = name.lastIndexOf('.');
  return { module: dot < 0 ? '' : name.slice(0, dot), part: name.slice(dot + 1) };
};

/** The arrays under one prefix (`module.`, `net.`), without it. */
function withoutPrefix(arrays: NamedArrays, prefix: string): NamedArrays {
  return new Map([...arrays].map(([name, x]) => [name.startsWith(prefix) ? name.slice(prefix.length) : name, x]));
}

/** What may stand before the model's own names; the empty prefix first. */
function prefixes(wanted: readonly Wanted[], arrays: NamedArrays): readonly string[] {
  const [first] = wanted;
  if (first === undefined) return [''];
  const found = [...arrays.keys()].filter((name) => name.endsWith(`.${first.name}`));
  return ['', ...found.slice(0, MOST_PREFIXES).map((name) => name.slice(0, -first.name.length))];
}

interface Matching {
  readonly found: ReadonlyMap<string, NamedArray>;
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly wrongShape: readonly string[];
}

function matchByName(wanted: readonly Wanted[], arrays: NamedArrays): Matching {
  const found = new Map<string, NamedArray>();
  const [missing, wrongShape]: [string[], string[]] = [[], []];
  for (const { name, shape } of wanted) {
    const array = arrays.get(name);
    if (array === undefined) missing.push(name);
    else if (!sameShape(array.shape, shape))
      wrongShape.push(`${name} is ${shapeText(array.shape)}, not ${shapeText(shape)}`);
    else found.set(name, array);
  }
  const expected = new Set(wanted.map((x) => x.name));
  return { found, missing, wrongShape, unexpected: [...arrays.keys()].filter((name) => !expected.has(name)) };
}

const faults = ({ missing, unexpected, wrongShape }: Matching): number =>
  missing.length + unexpected.length + wrongShape.length;

/** A numbered module (`0`, `features.10`) comes after those with smaller numbers, whatever the file's order. */
function inModuleOrder(modules: readonly string[]): readonly string[] {
  const numbers = modules.map((module) => /(?:^|\.)(\d+)$/.exec(module)?.[1]);
  const stems = new Set(modules.map((module) => module.replace(/\d+$/, '')));
  if (numbers.includes(undefined) || stems.size !== 1) return modules;
  return modules
    .map((module, i) => ({ module, number: Number(numbers[i]) }))
    .sort((a, b) => a.number - b.number)
    .map((x) => x.module);
}

/** Groups in the order of their first member. */
function grouped<T>(items: Iterable<T>, key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** Modules of a file against layers of the model, one after another; null unless every name within and every shape agrees. */
function matchByOrder(wanted: readonly Wanted[], arrays: NamedArrays): ReadonlyMap<string, NamedArray> | null {
  const layers = [...grouped(wanted, (x) => x.layer).values()];
  const modules = grouped(arrays.keys(), (name) => split(name).module);
  if (layers.length !== modules.size) return null;
  const found = new Map<string, NamedArray>();
  for (const [i, module] of inModuleOrder([...modules.keys()]).entries()) {
    const layer = layers[i] ?? [];
    const names = modules.get(module) ?? [];
    if (names.length !== layer.length) return null;
    for (const { part, name, shape } of layer) {
      const array = arrays.get(module === '' ? part : `${module}.${part}`);
      if (array === undefined || !sameShape(array.shape, shape)) return null;
      found.set(name, array);
    }
  }
  return found;
}

/** Arrays without any names that say something (ONNX: `onnx::Gemm_12`): one after another, when every shape agrees. */
function matchByShape(wanted: readonly Wanted[], arrays: NamedArrays): ReadonlyMap<string, NamedArray> | null {
  if (wanted.length !== arrays.size) return null;
  const found = [...arrays.values()].map((array, i) => ({ array, as: wanted[i] }));
  return found.every(({ array, as }) => as !== undefined && sameShape(array.shape, as.shape))
    ? new Map(found.map(({ array, as }) => [as?.name ?? '', array]))
    : null;
}

const listed = (what: string, names: readonly string[]): string[] => {
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return [`${what}: ${names.slice(0, MOST_NAMED).join(', ')}${more}`];
};

/**
 * The arrays of `model` out of those that a file holds, under the model's own names and in its order.
 * Accepted: torch's state_dict names (`fc1.weight`), the same with one prefix (`module.fc1.weight`), modules under other names
 * or numbers in the model's order (`0.weight`, `2.weight`), and nameless arrays in the model's order.
 * @throws InteropError WRONG_WEIGHTS listing what is missing, unexpected or of the wrong shape.
 * @throws DocumentError when the model itself does not fit the data.
 */
export function matchWeights(model: ModelSpec, data: DataSpec, arrays: NamedArrays): NamedArrays {
  const wanted = modelArrays(model, data);
  const offered = new Map([...arrays].filter(([name]) => !IGNORED.test(name)));
  const named = prefixes(wanted, offered).map((prefix) => matchByName(wanted, withoutPrefix(offered, prefix)));
  const best = named.reduce((a, b) => (faults(b) < faults(a) ? b : a));
  // Once a single name is known, names are what counts: an array under a wrong name is a mistake, not another way of naming.
  const nameless = best.found.size + best.wrongShape.length === 0;
  const inOrder = nameless ? (matchByOrder(wanted, offered) ?? matchByShape(wanted, offered)) : null;
  const found = faults(best) === 0 ? best.found : inOrder;
  if (found !== null) return new Map(wanted.map(({ name }) => [name, found.get(name) as NamedArray]));
  const { missing, unexpected, wrongShape } = best;
  const lists = [
    ...listed('missing', missing),
    ...listed('unexpected', unexpected),
    ...listed('wrong shape', wrongShape),
  ];
  throw new InteropError('WRONG_WEIGHTS', `the weights do not fit the model: ${lists.join('; ')}`, {
    missing,
    unexpected,
    wrongShape,
  });
}
