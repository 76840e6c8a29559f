// What is dragged within the model place: a kind of layer from the palette, or a layer to another place.
import type { LayerType } from '../../../engine/spec/index.ts';
import { LAYER_TYPES } from '../../model/network/layer-kinds.ts';

const KIND = 'application/x-overfit-layer-kind';
const LAYER = 'application/x-overfit-layer';

export type Dragged =
  { readonly what: 'kind'; readonly type: LayerType } | { readonly what: 'layer'; readonly name: string };

export function startDrag(event: DragEvent, dragged: Dragged): void {
  const { dataTransfer } = event;
  if (!dataTransfer) return;
  dataTransfer.effectAllowed = 'copyMove';
  if (dragged.what === 'kind') dataTransfer.setData(KIND, dragged.type);
  else dataTransfer.setData(LAYER, dragged.name);
}

/** Whether what is over a place is ours; its content is told only when it is dropped. */
export const isOurs = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.some((x) => x === KIND || x === LAYER) ?? false;

export function dropped({ dataTransfer }: DragEvent): Dragged | null {
  const type = LAYER_TYPES.find((x) => x === dataTransfer?.getData(KIND));
  if (type) return { what: 'kind', type };
  const name = dataTransfer?.getData(LAYER) ?? '';
  return name === '' ? null : { what: 'layer', name };
}
