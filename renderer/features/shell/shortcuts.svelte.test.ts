import { describe, expect, it } from 'vitest';
import { PLACES } from '../../model/places.ts';
import { focusKind, placeFor, shortcutFor, type FocusKind } from './shortcuts.ts';

const press = (key: string, mods: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...mods,
});
const element = (html: string): Element => {
  const host = document.createElement('div');
  host.innerHTML = html;
  return host.firstElementChild ?? host;
};

describe('focusKind', () => {
  it.each<[string, FocusKind]>([
    ['<input type="text">', 'text'],
    ['<textarea></textarea>', 'text'],
    ['<input type="checkbox">', 'control'],
    ['<input type="range">', 'control'],
    ['<button>x</button>', 'control'],
    ['<div role="separator"></div>', 'control'],
    ['<main tabindex="-1"></main>', 'none'],
  ])('%s: %s', (html, kind) => {
    expect(focusKind(element(html))).toBe(kind);
  });
});

describe('shortcutFor', () => {
  it.each([
    ['runs from anywhere', press('Enter', { ctrlKey: true }), 'text', 'run'],
    ['takes ⌘ for Ctrl', press('Enter', { metaKey: true }), 'none', 'run'],
    ['leaves Space to a button', press(' '), 'control', null],
    ['pauses with Space elsewhere', press(' '), 'none', 'pauseOrResume'],
    ['leaves a full stop to a text', press('.'), 'text', null],
    ['steps with a full stop', press('.'), 'control', 'step'],
    ['stops', press('.', { ctrlKey: true }), 'text', 'stop'],
    ['saves as', press('S', { ctrlKey: true, shiftKey: true }), 'none', 'saveAs'],
    ['opens', press('o', { ctrlKey: true }), 'none', 'open'],
    ['takes from another project', press('O', { ctrlKey: true, shiftKey: true }), 'none', 'take'],
    ['leaves undo to a text', press('z', { ctrlKey: true }), 'text', null],
    ['undoes', press('z', { ctrlKey: true }), 'none', 'undo'],
    ['shows the list', press('?', { shiftKey: true }), 'none', 'help'],
    ['leaves Alt to the system', press('Enter', { ctrlKey: true, altKey: true }), 'none', null],
    ['knows no other key', press('q', { ctrlKey: true }), 'none', null],
  ] as const)('%s', (_, key, focus, action) => {
    expect(shortcutFor(key, focus)).toBe(action);
  });
});

describe('placeFor', () => {
  it('goes by the key itself, not by what Alt makes it write', () => {
    expect(placeFor({ ...press('¡', { altKey: true }), code: 'Digit1' })).toBe(PLACES[0]);
    expect(placeFor({ ...press('9', { altKey: true }), code: 'Digit9' })).toBeNull();
    expect(placeFor({ ...press('1'), code: 'Digit1' })).toBeNull();
    expect(placeFor({ ...press('1', { altKey: true, ctrlKey: true }), code: 'Digit1' })).toBeNull();
  });
});
