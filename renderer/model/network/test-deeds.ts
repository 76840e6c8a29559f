// For tests: any edit that a person makes to a network, and how a document's layers are written in one line.
import fc from 'fast-check';
import type { ExperimentSpec, LayerSpec } from '../../../engine/spec/index.ts';
import type { Edit } from '../edits.ts';
import { copyText, readLayers, withFreshNames } from './clipboard.ts';
import { LAYER_TYPES } from './layer-kinds.ts';
import * as edits from './network-edits.ts';

export const list = ({ model }: ExperimentSpec) =>
  model.layers.map((x) => (x.inputs ? `${x.name}(${x.inputs.join(' ')})` : x.name)).join(' ');
export const insert =
  (place: edits.Place, type: LayerSpec['type']): Edit =>
  (document) =>
    edits.insertLayers(place, [edits.layerToInsert(document, type)])(document);
export const some = fc.nat();
export const place = fc.record({ at: fc.constantFrom('after', 'before', 'branch', 'end'), n: some });
type Deed = (document: ExperimentSpec) => ExperimentSpec;
const named = (document: ExperimentSpec, n: number): string =>
  document.model.layers[n % Math.max(1, document.model.layers.length)]?.name ?? 'input';
export const placed = (document: ExperimentSpec, { at, n }: { at: edits.Place['at']; n: number }): edits.Place =>
  at === 'end' ? { at } : { at, name: named(document, n) };
const kind = fc.constantFrom(...LAYER_TYPES);
/** Layers that stand behind each other in the list, or any two of them. */
const group = fc.oneof(
  fc.record({ from: some, count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ from: some, other: some }),
);
export const grouped = (
  document: ExperimentSpec,
  x: { from: number; count?: number; other?: number },
): ReadonlySet<string> => {
  if (x.other !== undefined) return new Set([named(document, x.from), named(document, x.other)]);
  const first = x.from % Math.max(1, document.model.layers.length);
  return new Set(document.model.layers.slice(first, first + (x.count ?? 1)).map((layer) => layer.name));
};

export const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ place, kind }).map(
    ({ place, kind }): Deed =>
      (x) =>
        insert(placed(x, place), kind)(x),
  ),
  some.map(
    (n): Deed =>
      (x) =>
        edits.removeLayers([named(x, n)])(x),
  ),
  fc.tuple(group, fc.constantFrom('earlier', 'later')).map(
    ([group, way]): Deed =>
      (x) =>
        edits.moveLayers(grouped(x, group), way)(x),
  ),
  fc.tuple(group, place).map(
    ([group, to]): Deed =>
      (x) =>
        edits.moveLayersTo(grouped(x, group), placed(x, to))(x),
  ),
  fc.tuple(some, some).map(
    ([a, b]): Deed =>
      (x) =>
        edits.connectLayers(named(x, a), named(x, b))(x),
  ),
  fc.tuple(some, fc.nat(2)).map(
    ([n, slot]): Deed =>
      (x) =>
        edits.disconnectLayer(named(x, n), slot)(x),
  ),
  fc.tuple(some, some).map(
    ([a, b]): Deed =>
      (x) =>
        edits.setLayerInput(named(x, a), 0, named(x, b))(x),
  ),
  fc.tuple(some, some).map(
    ([a, b]): Deed =>
      (x) =>
        edits.addSkip(new Set([named(x, a), named(x, b)]))(x),
  ),
  fc.tuple(some, fc.string()).map(
    ([n, to]): Deed =>
      (x) =>
        edits.renameLayer(named(x, n), to)(x),
  ),
  fc.tuple(some, kind).map(
    ([n, type]): Deed =>
      (x) =>
        edits.changeType(named(x, n), type)(x),
  ),
  fc.tuple(some, some, place).map(([a, b, to]): Deed => (x) => {
    const layers = readLayers(copyText(x, new Set([named(x, a), named(x, b)])));
    return layers ? edits.insertLayers(placed(x, to), withFreshNames(x, layers))(x) : x;
  }),
);
