// Which key does what. Plain keys act only while nothing has the focus that needs them itself.

import { PLACES, type Place } from '../../model/places.ts';

export const SHORTCUTS = [
  { action: 'run', keys: ['Ctrl', 'Enter'], message: 'shortcuts.run' },
  { action: 'pauseOrResume', keys: ['Space'], message: 'shortcuts.pause' },
  { action: 'step', keys: ['.'], message: 'shortcuts.step' },
  { action: 'undoStep', keys: [','], message: 'live.undo' },
  { action: 'stop', keys: ['Ctrl', '.'], message: 'shortcuts.stop' },
  { action: 'open', keys: ['Ctrl', 'O'], message: 'shortcuts.openProject' },
  { action: 'saveAs', keys: ['Ctrl', 'Shift', 'S'], message: 'shortcuts.saveAs' },
  { action: 'take', keys: ['Ctrl', 'Shift', 'O'], message: 'take.shortcut' },
  { action: 'place', keys: ['Alt', '1'], message: 'shortcuts.place' },
  { action: 'undo', keys: ['Ctrl', 'Z'], message: 'shortcuts.undo' },
  { action: 'redo', keys: ['Ctrl', 'Shift', 'Z'], message: 'shortcuts.redo' },
  { action: 'help', keys: ['?'], message: 'shortcuts.help' },
] as const;
export type ShortcutAction = Exclude<(typeof SHORTCUTS)[number]['action'], 'place'>;

interface KeyPress {
  readonly key: string;
  /** Which key it is on the keyboard: with Alt, a digit may write something else. */
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** What has the keyboard: text is being typed, a control that uses Space and Enter itself, or nothing of the kind. */
export type FocusKind = 'text' | 'control' | 'none';

export function focusKind(element: Element | null): FocusKind {
  if (!element) return 'none';
  if (element.matches('input:not([type=checkbox], [type=radio], [type=range]), textarea, [contenteditable=true]'))
    return 'text';
  return element.matches(
    'button, input, select, a[href], summary, [role=menuitem], [role=option], [role=separator], [role=slider]',
  )
    ? 'control'
    : 'none';
}

/** @returns the action of a key press, or null when it belongs to the focused element or to nobody. */
export function shortcutFor(press: KeyPress, focus: FocusKind): ShortcutAction | null {
  if (press.altKey) return null;
  const key = press.key.toLowerCase();
  if (press.ctrlKey || press.metaKey) {
    switch (key) {
      case 'enter':
        return 'run';
      case '.':
        return 'stop';
      case 'o':
        return press.shiftKey ? 'take' : 'open';
      case 's':
        return press.shiftKey ? 'saveAs' : null;
      case 'z':
        // A text field undoes its own typing.
        return focus === 'text' ? null : press.shiftKey ? 'redo' : 'undo';
      case 'y':
        return focus === 'text' ? null : 'redo';
      default:
        return null;
    }
  }
  if (focus === 'text') return null;
  if (key === '?') return 'help';
  if (key === '.') return 'step';
  if (key === ',') return 'undoStep';
  return key === ' ' && focus === 'none' ? 'pauseOrResume' : null;
}

/** @returns the place that Alt and a digit lead to, whatever has the focus. */
export function placeFor(press: KeyPress): Place | null {
  if (!press.altKey || press.ctrlKey || press.metaKey || press.shiftKey) return null;
  const digit = /^Digit([1-9])$/.exec(press.code ?? '')?.[1];
  return PLACES[Number(digit) - 1] ?? null;
}
