// Models that the gallery shows besides the examples' own: none, one that does not fit, one with branches, a very long one.
import { Layer, parseWith } from '../../engine/spec/index.ts';
import type { Edit } from '../../renderer/model/edits.ts';
import { removeLayers, replaceLayers, setLayerPenalty, useModel } from '../../renderer/model/network/network-edits.ts';
import { templateFor } from '../../renderer/model/network/templates.ts';

const LONG = 200;

const long: Edit = (document) => {
  const layers = Array.from({ length: LONG / 2 }, (_, i) => [
    { type: 'Linear', name: `fc${String(i + 1)}`, out_features: i === LONG / 2 - 1 ? 1 : 64 },
    ...(i === LONG / 2 - 1 ? [] : [{ type: 'ReLU', name: `relu${String(i + 1)}` }]),
  ]).flat();
  return useModel(layers.map((x) => parseWith(Layer, x, 'Layer')))(document);
};

export const MODEL_STATES: Readonly<Record<string, Edit>> = {
  empty: replaceLayers([]),
  wrong: (document) => setLayerPenalty('fc3', 'l1', 0.01)(removeLayers(['flatten', 'fc2'])(document)),
  resnet: (document) => useModel(templateFor('resnet', document).layers ?? [])(document),
  huge: long,
};
