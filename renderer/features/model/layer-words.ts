// How a layer is said in words: its shape, its problems in sentences, and where a new one would go.
import { DATA_INPUT, type Shape } from '../../../engine/spec/index.ts';
import type { LayerNode } from '../../model/network/diagram.ts';
import type { Words } from '../../state/context.ts';
import type { ModelBuilding } from '../../state/model-building.svelte.ts';

/** `300`, `6 × 28 × 28`; a question mark while it is not known. */
export const shapeWords = (shape: Shape | null, { t, translator }: Words): string =>
  shape === null ? t('building.unknownShape') : shape.map((x) => translator.format.integer(x)).join(' × ');

export const problemWords = ({ problems }: LayerNode, { translator }: Words): string | null =>
  problems.length === 0 ? null : [...new Set(problems.map((x) => translator.problem(x)))].join(' ');

export function placeWords({ place, edge }: ModelBuilding, { t }: Words): string {
  const called = (name: string) => (name === DATA_INPUT ? t('building.data') : name);
  if (edge) return t('building.goesBetween', { source: called(edge.source), target: called(edge.target) });
  switch (place.at) {
    case 'end':
      return t('building.goesEnd');
    case 'after':
      return t('building.goesAfter', { layer: called(place.name) });
    case 'before':
      return t('building.goesBefore', { layer: called(place.name) });
    case 'branch':
      return t('building.goesBeside', { layer: called(place.name) });
    default:
      return place satisfies never;
  }
}
