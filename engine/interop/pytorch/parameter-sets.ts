// How a PyTorch script says "these parameters": all, one layer's, the weights without the biases, or a list written out.
import type { ScriptContext, ScriptParameter } from '../script/context.ts';
import { pyList } from '../script/text.ts';

const expression = ({ layer, part }: ScriptParameter): string => `net.${layer.name}.${part}`;
const isWeight = ({ role }: ScriptParameter): boolean => role === 'weight';

/** Gathers the lists that the training loop needs, each defined once before it. */
export class ParameterSets {
  readonly #all: readonly ScriptParameter[];
  readonly #definitions = new Map<string, readonly string[]>();
  /** Expression of each set seen, so that the same set keeps its name. */
  readonly #known = new Map<string, string>();

  constructor({ parameters }: ScriptContext) {
    this.#all = parameters;
  }

  get definitions(): readonly string[] {
    return [...this.#definitions.values()].flat();
  }

  /** Whether "weights" and "the others" are told apart by their number of dimensions. */
  #byDimension(): boolean {
    return this.#all.every((x) => isWeight(x) === x.shape.length > 1);
  }

  /**
   * @param set some of the model's parameters, in its order.
   * @param purpose name for the list, when one has to be written out.
   * @returns a Python expression that can be iterated over again and again.
   */
  use(set: readonly ScriptParameter[], purpose: string): string {
    const key = set.map(expression).join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#find(set, purpose);
    this.#known.set(key, found);
    return found;
  }

  #find(set: readonly ScriptParameter[], purpose: string): string {
    if (set.length === this.#all.length) return 'net.parameters()';
    const layers = new Set(set.map((x) => x.layer));
    const [layer] = layers;
    if (layer !== undefined && layers.size === 1 && set.length === this.#all.filter((x) => x.layer === layer).length)
      return `net.${layer.name}.parameters()`;
    const weights = this.#all.filter(isWeight);
    const is = (other: readonly ScriptParameter[]): boolean =>
      set.length === other.length && set.every((x) => other.includes(x));
    if (this.#byDimension() && is(weights))
      return this.#define('weights', ['weights = [p for p in net.parameters() if p.ndim > 1]']);
    if (this.#byDimension() && is(this.#all.filter((x) => !isWeight(x))))
      return this.#define('biases', ['biases = [p for p in net.parameters() if p.ndim == 1]']);
    const [first = '', ...rest] = pyList(set.map(expression));
    if (set.length === 1) return first;
    let name = purpose;
    for (let i = 2; this.#definitions.has(name); i++) name = `${purpose}_${i}`;
    return this.#define(name, [`${name} = ${first}`, ...rest]);
  }

  #define(name: string, lines: readonly string[]): string {
    this.#definitions.set(name, lines);
    return name;
  }
}
