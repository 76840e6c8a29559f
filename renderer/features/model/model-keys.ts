// What keys do to the layer that has the keyboard, the same in the diagram and in the list; only how arrows walk differs.
import { DATA_INPUT } from '../../../engine/spec/index.ts';
import type { ModelBuilding } from '../../state/model-building.svelte.ts';

const ARROWS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'] as const;
type Arrow = (typeof ARROWS)[number];
const isArrow = (key: string): key is Arrow => (ARROWS as readonly string[]).includes(key);

export type Walk = (building: ModelBuilding, from: string, key: Arrow, extend: boolean) => void;

export const walkDiagram: Walk = (building, from, key, extend) => {
  building.walk(from, key, extend);
};

export const walkList: Walk = (building, from, key, extend) => {
  if (key === 'ArrowUp' || key === 'ArrowDown') building.step(from, key === 'ArrowUp' ? -1 : 1, extend);
};

/** Keys with Control or Command. */
function withControl(building: ModelBuilding, key: string): boolean {
  if (key === 'a') building.selectAll();
  else if (key === 'd') building.duplicate();
  else return false;
  return true;
}

function plain(building: ModelBuilding, event: KeyboardEvent, id: string, walk: Walk): boolean {
  const { key, shiftKey } = event;
  if (isArrow(key)) {
    walk(building, id, key, shiftKey);
    return true;
  }
  switch (key) {
    case 'Home':
    case 'End':
      building.step(id, key === 'Home' ? 'first' : 'last', shiftKey);
      return true;
    case 'Enter':
    case 'Insert':
    case '+':
      if (building.current !== id && !(id === DATA_INPUT && building.atData)) building.select(id);
      building.wantsFocus = 'search';
      return true;
    case 'Delete':
    case 'Backspace':
      building.remove();
      return true;
    case 'Escape':
      building.selectNone();
      return true;
    case 'F2':
      if (id === DATA_INPUT) return false;
      building.select(id);
      building.wantsFocus = 'name';
      return true;
    default:
      return false;
  }
}

/** @param id of what has the focus. @returns whether the key is used up. */
export function pressKey(building: ModelBuilding, event: KeyboardEvent, id: string, walk: Walk): boolean {
  if (event.ctrlKey || event.metaKey) return !event.altKey && withControl(building, event.key.toLowerCase());
  if (!event.altKey) return plain(building, event, id, walk);
  const earlier = event.key === 'ArrowUp' || event.key === 'ArrowLeft';
  if (!isArrow(event.key)) return false;
  building.move(earlier ? 'earlier' : 'later');
  return true;
}
