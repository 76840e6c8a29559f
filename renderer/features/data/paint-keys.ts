// Which key does what while the plane that is painted on has the keyboard.
import type { Tool } from '../../model/paint/tools.ts';
import type { Painter } from './painter.svelte.ts';

/** Shown in the tools' tooltips. */
export const TOOL_KEYS = {
  brush: 'B',
  put: 'P',
  select: 'S',
  jitter: 'J',
  magnet: 'M',
  erase: 'E',
} as const satisfies Record<Tool, string>;

export const ZOOM_IN = 0.8;
export const ZOOM_OUT = 1 / ZOOM_IN;

export type KeyPress = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'>;

const ARROWS: Readonly<Record<string, readonly [right: number, up: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** The tool that a letter chooses. */
export const toolOfKey = (key: string): Tool | null =>
  (Object.entries(TOOL_KEYS) as [Tool, string][]).find(([, x]) => x === key.toUpperCase())?.[0] ?? null;

/** @returns false when the key means nothing here and belongs to the window. */
export function keyDeed(painter: Painter, press: KeyPress): boolean {
  const { key, shiftKey, repeat } = press;
  const command = press.ctrlKey || press.metaKey;
  if (press.altKey) return false;
  const arrow = ARROWS[key];
  if (arrow) {
    painter.step(...arrow, shiftKey, command);
    return true;
  }
  if (command) {
    if (key.toLowerCase() !== 'a' || !painter.editable) return false;
    painter.selectAll();
    return true;
  }
  switch (key) {
    case '+':
    case '=':
      painter.view.zoom(ZOOM_IN);
      return true;
    case '-':
      painter.view.zoom(ZOOM_OUT);
      return true;
    case '0':
      painter.view.fit(painter.dots);
      return true;
    case 'Escape':
      return painter.escape();
    default:
      return painter.editable && editingKey(painter, key, shiftKey, repeat);
  }
}

function editingKey(painter: Painter, key: string, shift: boolean, repeat: boolean): boolean {
  switch (key) {
    case 'Enter':
    case ' ':
      painter.press(shift, repeat);
      return true;
    case 'Delete':
    case 'Backspace':
      painter.removeSelected();
      return true;
    default: {
      const tool = toolOfKey(key);
      if (tool) painter.choose(tool);
      const painted = Number(key) - 1;
      const isClass = painter.kind === 'class' && /^[1-9]$/.test(key) && painted < (painter.table?.classes ?? 0);
      if (isClass) painter.paintedClass = painted;
      return tool !== null || isClass;
    }
  }
}
