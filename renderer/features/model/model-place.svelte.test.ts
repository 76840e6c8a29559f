// The model place over the fake lab: building with keys and presses, its views, and what it says of wrong models.
import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import regression from '../../../assets/examples/regression.json' with { type: 'json' };
import cnn from '../../../assets/examples/cnn.json' with { type: 'json' };
import { removeLayers, replaceLayers } from '../../model/network/network-edits.ts';
import { showing } from '../test-show.ts';
import LayerInspector from './LayerInspector.svelte';
import ModelPlace from './ModelPlace.svelte';
import './test-canvas.ts';

const show = showing(regression);

const list = (lab: Awaited<ReturnType<typeof show>>['lab']) =>
  lab.editor?.draft.model.layers.map((x) => (x.inputs ? `${x.name}(${x.inputs.join(' ')})` : x.name)).join(' ');
const chain = 'fc1 dropout1 relu1 fc2 dropout2 relu2 fc3';

const node = (id: string): HTMLButtonElement => {
  const found = document.querySelector<HTMLButtonElement>(`[data-node="${id}"]`);
  if (!found) throw new Error(`no layer ${id}`);
  return found;
};
function press(on: Element, key: string, rest: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...rest });
  on.dispatchEvent(event);
  flushSync();
  return event;
}
function click(on: Element, rest: MouseEventInit = {}): void {
  on.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ...rest }));
  flushSync();
}
const search = (): HTMLInputElement => {
  const found = document.querySelector<HTMLInputElement>('input[type=search]');
  if (!found) throw new Error('no search');
  return found;
};
function find(text: string): void {
  search().value = text;
  search().dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}

/** A clipboard event; jsdom has none of its own. */
function clipboard(kind: 'copy' | 'cut' | 'paste', on: Element, text = ''): string {
  const event = new Event(kind, { bubbles: true, cancelable: true });
  const held = { text };
  Object.defineProperty(event, 'clipboardData', {
    value: {
      getData: () => held.text,
      setData: (_: string, value: string) => {
        held.text = value;
      },
    },
  });
  on.dispatchEvent(event);
  flushSync();
  return held.text;
}

describe('the diagram', () => {
  it('shows every layer with its shapes and counts', async () => {
    const x = await show(ModelPlace, 'finished');
    expect(node('fc2').textContent).toContain('Linear');
    expect(node('fc2').textContent).toContain('gives 300');
    expect(x.text()).toContain('300 · 90,300 params');
  });

  it('is built with the keyboard alone, from nothing', async () => {
    const x = await show(ModelPlace, 'finished');
    x.lab.editor?.apply(replaceLayers([]));
    flushSync();
    x.button('Find a layer to add').click();
    flushSync();
    for (const kind of ['linear', 'dropout', 'relu', 'fc']) {
      expect(document.activeElement).toBe(search());
      find(kind);
      press(search(), 'Enter');
      const now = document.activeElement;
      expect(now?.getAttribute('data-node')).toBe(x.lab.building.current);
      if (now) press(now, 'Enter');
    }
    expect(list(x.lab)).toBe('fc1 dropout1 relu1 fc2');
  });

  it('is walked, reordered and cleared with keys', async () => {
    const x = await show(ModelPlace, 'finished');
    node('input').focus();
    press(node('input'), 'ArrowDown');
    expect(document.activeElement).toBe(node('fc1'));
    press(node('fc1'), 'ArrowDown');
    press(node('dropout1'), 'ArrowDown', { altKey: true });
    expect(list(x.lab)).toBe('fc1 relu1 dropout1 fc2 dropout2 relu2 fc3');
    expect(document.activeElement).toBe(node('dropout1'));
    press(node('dropout1'), 'Delete');
    expect(list(x.lab)).toBe('fc1 relu1 fc2 dropout2 relu2 fc3');
    expect(document.activeElement).toBe(node('relu1'));
    x.lab.editor?.undo();
    x.lab.editor?.undo();
    expect(list(x.lab)).toBe(chain);
  });

  it('copies and pastes layers through the clipboard', async () => {
    const x = await show(ModelPlace, 'finished');
    click(node('fc2'));
    click(node('dropout2'), { shiftKey: true });
    click(node('relu2'), { ctrlKey: true });
    expect([...x.lab.building.selected]).toEqual(['fc2', 'dropout2', 'relu2']);
    const text = clipboard('copy', node('relu2'));
    expect(JSON.parse(text)).toMatchObject({ format: 'overfit-layers' });
    clipboard('paste', node('relu2'), text);
    expect(list(x.lab)).toBe('fc1 dropout1 relu1 fc2 dropout2 relu2 fc4 dropout3 relu3 fc3');
    clipboard('cut', node('relu3'));
    expect(list(x.lab)).toBe(chain);
    clipboard('paste', node('relu2'), 'hello');
    expect(x.lab.notices.list[0]?.word(x.lab.preferences.translator)).toBe('The clipboard holds no layers.');
    clipboard('paste', node('relu2'), '[{"type": "Dropout", "name": "d", "p": 3}]');
    expect(x.lab.notices.list.at(-1)?.word(x.lab.preferences.translator)).toContain('cannot be pasted: p');
    expect(list(x.lab)).toBe(chain);
  });

  it('chooses with Shift and arrow keys, one more or back again', async () => {
    const x = await show(ModelPlace, 'finished');
    node('relu1').focus();
    click(node('relu1'));
    press(node('relu1'), 'ArrowDown', { shiftKey: true });
    press(node('fc2'), 'ArrowDown', { shiftKey: true });
    press(node('dropout2'), 'ArrowUp', { shiftKey: true });
    expect([...x.lab.building.selected]).toEqual(['relu1', 'fc2']);
    expect(document.activeElement).toBe(node('fc2'));
    press(node('fc2'), 'a', { ctrlKey: true });
    expect(x.lab.building.selected.size).toBe(7);
  });

  it('chooses what a frame touches, with Control besides what is chosen', async () => {
    const x = await show(ModelPlace, 'finished');
    const { building } = x.lab;
    const pane = document.querySelector('.svelte-flow__pane');
    const canvas = document.querySelector<HTMLElement>('.canvas');
    if (!pane || !canvas) throw new Error('no canvas');
    canvas.setPointerCapture = () => undefined;
    const point = (kind: string, clientX: number, clientY: number, rest: PointerEventInit = {}) => {
      const init = { bubbles: true, cancelable: true, isPrimary: true, pointerId: 1, clientX, clientY, ...rest };
      (kind === 'pointerdown' ? pane : canvas).dispatchEvent(new PointerEvent(kind, init));
      flushSync();
    };
    /** Where the library has its view here is its own affair: a frame holds all layers, or none. */
    const frame = (to: number, begin: PointerEventInit, end: PointerEventInit = {}) => {
      point('pointerdown', 8000, 8000, begin);
      point('pointermove', to, to);
      point('pointerup', to, to, end);
      return [...building.selected].join(' ');
    };
    const [ALL, NONE] = [-9000, 8100];
    expect(frame(ALL, {})).toBe('');
    expect(frame(ALL, { shiftKey: true })).toBe(chain);
    expect(document.activeElement).toBe(node('fc3'));
    expect(node('fc2').getAttribute('aria-pressed')).toBe('true');
    expect(frame(NONE, { shiftKey: true }, { ctrlKey: true })).toBe(chain);
    expect(frame(NONE, { shiftKey: true })).toBe('');
    click(node('relu1'));
    point('pointerdown', 8000, 8000, { shiftKey: true });
    point('pointermove', ALL, ALL);
    expect(node('fc2').getAttribute('aria-pressed')).toBe('true');
    press(document.body, 'Escape');
    point('pointerup', ALL, ALL);
    expect([...building.selected]).toEqual(['relu1']);
  });

  it('moves what is selected in one step, and says why it stays', async () => {
    const x = await show(ModelPlace, 'finished');
    const said = () => x.lab.notices.list.at(-1)?.word(x.lab.preferences.translator);
    click(node('fc2'));
    click(node('dropout2'), { shiftKey: true });
    press(node('dropout2'), 'ArrowUp', { altKey: true });
    expect(list(x.lab)).toBe('fc1 dropout1 fc2 dropout2 relu1 relu2 fc3');
    expect([...x.lab.building.selected]).toEqual(['fc2', 'dropout2']);
    x.lab.editor?.undo();
    flushSync();
    expect(list(x.lab)).toBe(chain);
    click(node('fc1'));
    press(node('fc1'), 'ArrowUp', { altKey: true });
    expect(said()).toBe('Nothing comes before the selected layers.');
    click(node('fc3'), { shiftKey: true });
    press(node('fc3'), 'ArrowUp', { altKey: true });
    expect(said()).toContain('not one piece');
    click(node('fc2'));
    x.lab.building.skip();
    flushSync();
    press(node('add1'), 'ArrowDown', { altKey: true });
    expect(said()).toContain('add1 stands where branches meet');
    click(node('fc2'));
    press(node('fc2'), 'ArrowDown', { altKey: true });
    expect(said()).toContain('Without them a branch into add1 would be empty');
    clipboard('cut', node('fc2'));
    expect(said()).toBe('Also removed, with nothing left to join: add1');
    expect(list(x.lab)).toBe('fc1 dropout1 relu1 dropout2 relu2 fc3');
  });

  it('pastes with a button where the clipboard may be read, else says how', async () => {
    const x = await show(ModelPlace, 'finished');
    const held = { text: '' };
    const clipboardOf = (readText: () => Promise<string>) => {
      Object.defineProperty(navigator, 'clipboard', { value: { readText }, configurable: true });
    };
    clipboardOf(() => Promise.resolve(held.text));
    click(node('fc2'));
    held.text = x.lab.building.copy() ?? '';
    x.button('Paste').click();
    await vi.waitFor(() => {
      expect(list(x.lab)).toBe('fc1 dropout1 relu1 fc2 fc4 dropout2 relu2 fc3');
    });
    clipboardOf(() => Promise.reject(new DOMException('Read permission denied.', 'NotAllowedError')));
    x.button('Paste').click();
    await vi.waitFor(() => {
      flushSync();
      expect(x.lab.notices.list.at(-1)?.word(x.lab.preferences.translator)).toContain('Press Ctrl+V');
    });
    expect(document.activeElement).toBe(node('fc4'));
    // And that works while nothing has the keyboard, too.
    clipboard('paste', document.body, held.text);
    expect(list(x.lab)).toBe('fc1 dropout1 relu1 fc2 fc4 fc5 dropout2 relu2 fc3');
    Reflect.deleteProperty(navigator, 'clipboard');
  });

  it('leads a skip around what is selected', async () => {
    const x = await show(ModelPlace, 'finished');
    click(node('fc2'));
    click(node('dropout2'), { ctrlKey: true });
    x.button('Lead a skip around (residual)').click();
    expect(list(x.lab)).toBe('fc1 dropout1 relu1 fc2 dropout2 add1(dropout2 relu1) relu2 fc3');
  });

  it('puts a layer before or beside the selected one', async () => {
    const x = await show(ModelPlace, 'finished');
    click(node('relu1'));
    x.lab.building.mode = 'before';
    flushSync();
    expect(x.text()).toContain('before relu1');
    x.button('Tanh').click();
    expect(list(x.lab)).toBe('fc1 dropout1 tanh1 relu1 fc2 dropout2 relu2 fc3');
    x.lab.building.mode = 'branch';
    flushSync();
    x.button('Linear').click();
    expect(list(x.lab)).toBe('fc1 dropout1 tanh1 fc4 relu1(tanh1) fc2 dropout2 relu2 fc3');
  });

  it('says at a layer what is wrong with it', async () => {
    const x = await show(ModelPlace, 'finished', 'en', cnn);
    x.lab.editor?.apply(removeLayers(['flatten']));
    flushSync();
    expect(node('fc1').textContent).toContain('This layer needs');
    expect(node('fc2').textContent).toContain('gives 84');
  });

  it('cannot be changed where nothing can be saved', async () => {
    const x = await show(ModelPlace, 'read-only');
    click(node('fc1'));
    press(node('fc1'), 'Delete');
    press(node('fc1'), 'ArrowDown', { altKey: true });
    expect(x.button('Linear').disabled).toBe(true);
    expect(list(x.lab)).toBe(chain);
  });

  it('leaves other keys alone', async () => {
    await show(ModelPlace, 'finished');
    expect(press(node('fc1'), 'Enter', { ctrlKey: true }).defaultPrevented).toBe(false);
    expect(press(node('fc1'), '?').defaultPrevented).toBe(false);
  });
});

describe('templates', () => {
  it('stand where there are no layers, and one can be undone', async () => {
    const x = await show(ModelPlace, 'finished');
    x.lab.editor?.apply(replaceLayers([]));
    flushSync();
    expect(x.text()).toContain('No layers yet');
    expect(x.text()).not.toContain('LeNet');
    x.button('Linear model').click();
    flushSync();
    expect(list(x.lab)).toBe('fc1');
    expect(x.lab.editor?.problems).toEqual([]);
  });
});

describe('the list', () => {
  it('walks and moves with keys', async () => {
    const x = await show(ModelPlace, 'finished');
    x.lab.building.view = 'list';
    flushSync();
    node('fc1').focus();
    press(node('fc1'), 'ArrowDown');
    expect(document.activeElement).toBe(node('dropout1'));
    press(node('dropout1'), 'ArrowUp', { altKey: true });
    expect(list(x.lab)).toBe('dropout1 fc1 relu1 fc2 dropout2 relu2 fc3');
    press(node('dropout1'), 'End');
    expect(document.activeElement).toBe(node('fc3'));
  });

  it('chooses from one row to another, and pastes there', async () => {
    const x = await show(ModelPlace, 'finished');
    x.lab.building.view = 'list';
    flushSync();
    click(node('fc1'));
    click(node('relu1'), { shiftKey: true });
    const text = clipboard('cut', node('relu1'));
    expect(list(x.lab)).toBe('fc2 dropout2 relu2 fc3');
    press(node('fc2'), 'ArrowDown', { shiftKey: true });
    expect([...x.lab.building.selected]).toEqual(['fc2', 'dropout2']);
    clipboard('paste', node('dropout2'), text);
    expect(list(x.lab)).toBe('fc2 dropout2 fc1 dropout1 relu1 relu2 fc3');
    x.lab.building.moveTo('relu1', { at: 'end' });
    expect(list(x.lab)).toBe('fc2 dropout2 relu2 fc3 fc1 dropout1 relu1');
  });
});

describe('code', () => {
  it('is asked for, and says what is wrong instead', async () => {
    const x = await show(ModelPlace, 'finished');
    x.lab.building.view = 'code';
    flushSync();
    x.environment.pass(0);
    await vi.waitFor(() => {
      flushSync();
      expect(document.querySelector('pre')?.textContent).toContain('nn.Sequential');
    });
    x.lab.editor?.apply(removeLayers(['fc3']));
    flushSync();
    x.environment.pass(200);
    await vi.waitFor(() => {
      flushSync();
      expect(x.text()).toContain('The model does not fit together yet');
    });
  });
});

describe('JSON', () => {
  it('changes the model while it is right, and names the line while it is not', async () => {
    const x = await show(ModelPlace, 'finished');
    x.lab.building.view = 'json';
    flushSync();
    const area = document.querySelector('textarea');
    if (!area) throw new Error('no text');
    const type = (text: string) => {
      area.value = text;
      area.dispatchEvent(new Event('input', { bubbles: true }));
      flushSync();
    };
    const right = area.value;
    type(right.replace('"name": "relu1"', '"name": "middle"'));
    expect(list(x.lab)).toBe('fc1 dropout1 middle fc2 dropout2 relu2 fc3');
    type(right.replace('"p": 0', '"p": 7'));
    expect(x.text()).toContain('Line 4: p: Enter');
    expect(list(x.lab)).toBe('fc1 dropout1 middle fc2 dropout2 relu2 fc3');
    type(right.replace('[', '[,'));
    expect(x.text()).toContain('This is not JSON yet');
    area.dispatchEvent(new Event('blur'));
    x.lab.editor?.undo();
    flushSync();
    expect(area.value).toBe(right);
  });
});

describe('the analysis', () => {
  it('has totals, and its rows select layers', async () => {
    const x = await show(ModelPlace, 'finished');
    x.button('Analysis').click();
    flushSync();
    expect(x.text()).toContain('In all');
    expect(x.text()).toContain('91,201');
    x.button('fc2').click();
    expect(x.lab.building.current).toBe('fc2');
  });
});

describe('the layer’s inspector', () => {
  const inspect = async (layer: string) => {
    const x = await show(LayerInspector, 'finished');
    x.lab.building.select(layer);
    flushSync();
    return x;
  };

  it('renames everywhere, and refuses what cannot be a name', async () => {
    const x = await inspect('dropout1');
    const name = x.labelled('Name');
    const say = (text: string) => {
      name.value = text;
      name.dispatchEvent(new Event('change', { bubbles: true }));
      flushSync();
    };
    say('fc1');
    expect(x.text()).toContain('Another layer is called so.');
    say('drop');
    expect(list(x.lab)).toBe('fc1 drop relu1 fc2 dropout2 relu2 fc3');
    expect(x.lab.editor?.problems).toEqual([]);
  });

  it('changes the kind, the arguments and the penalties', async () => {
    const x = await inspect('fc1');
    x.type('Units', '7');
    x.type('L1 (λ₁)', '0.5');
    expect(x.lab.editor?.draft.model.layers[0]).toMatchObject({ out_features: 7, regularization: { l1: 0.5 } });
    expect(x.text()).toContain('L + 0.5·Σ|w|');
    x.choose('Type', 'DropConnect');
    expect(x.lab.editor?.draft.model.layers[0]).toMatchObject({
      type: 'DropConnect',
      name: 'dropconnect1',
      out_features: 7,
    });
  });

  it('sets the inputs of a layer that joins branches', async () => {
    const x = await inspect('fc2');
    x.lab.building.skip();
    flushSync();
    expect(x.lab.building.current).toBe('add1');
    x.choose('Input 2', 'fc1');
    expect(list(x.lab)).toContain('add1(fc2 fc1)');
    x.button('Remove input 2').click();
    flushSync();
    x.button('One more input').click();
    expect(list(x.lab)).toContain('add1(fc2 relu1)');
  });

  it('offers the width that the data need', async () => {
    const x = await inspect('fc3');
    x.type('Units', '5');
    x.button('Make it 1, as the data need').click();
    expect(x.lab.editor?.draft.model.layers.at(-1)).toMatchObject({ out_features: 1 });
  });
});
