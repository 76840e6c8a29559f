// The place of the data over the fake lab: painting by pointer and keyboard, undo of whole strokes, the table, and what a data
// set that is no table offers.
import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { EXAMPLES } from '../../../assets/examples/index.ts';
import { parseExperiment, type ExperimentSpec, type TableSpec } from '../../../engine/spec/index.ts';
import { LabError } from '../../../main/contract/errors.ts';
import { showing } from '../test-show.ts';
import DataPlace from './DataPlace.svelte';
import { withoutPixels } from './test-page.ts';

const regression = parseExperiment(EXAMPLES['regression']);

const LINE: TableSpec = {
  type: 'table',
  x: [[-1], [0], [1]],
  y: [[-1], [0], [1]],
  validation_x: [],
  validation_y: [],
  test_x: [[0.5]],
  test_y: [[0.5]],
  shape: null,
  classes: null,
};
const CLASSES: TableSpec = {
  ...LINE,
  x: [
    [-1, 0],
    [0, 1],
    [1, 0],
  ],
  y: [[0], [1], [2]],
  test_x: [],
  test_y: [],
  classes: 3,
};

/** The regression example with another table, and a net that fits it. */
function withTable(data: TableSpec): ExperimentSpec {
  const layers = regression.model.layers.map((x) =>
    x.name === 'fc3' && x.type === 'Linear' ? { ...x, out_features: data.classes ?? 1 } : x,
  );
  const { loss } = parseExperiment(EXAMPLES['cnn']).recipe;
  const recipe = data.classes === null ? regression.recipe : { ...regression.recipe, loss };
  return parseExperiment({ ...regression, data, recipe, model: { ...regression.model, layers } });
}

withoutPixels();

async function show(source: unknown, scenario: 'empty' | 'read-only' = 'empty', language = 'en') {
  const shown = await showing(source)(DataPlace, scenario, language);
  const { lab } = shown;
  const plane = () => {
    const found = document.querySelector<HTMLElement>('[role=application]');
    if (!found) throw new Error('nothing to paint on');
    return found;
  };
  const editor = () => {
    if (!lab.editor) throw new Error('no experiment');
    return lab.editor;
  };
  return {
    ...shown,
    plane,
    editor,
    table: (): TableSpec => {
      const { data } = editor().draft;
      if (data.type !== 'table') throw new Error('no table');
      return data;
    },
    key(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
      plane().dispatchEvent(event);
      flushSync();
      return event;
    },
    /** Of the drawn area, whose unmeasured size is 568 × 350 px from (58, 10). */
    pointer(type: string, x: number, y: number, more: MouseEventInit = {}): void {
      plane().dispatchEvent(
        new MouseEvent(type, { clientX: 58 + x * 568, clientY: 10 + (1 - y) * 350, bubbles: true, button: 0, ...more }),
      );
      flushSync();
    },
    radio(label: string): void {
      const found = [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')].find(
        (x) => (x.getAttribute('aria-label') ?? x.closest('label')?.textContent)?.trim() === label,
      );
      if (!found) throw new Error(`no choice "${label}"`);
      found.click();
      flushSync();
    },
    said: () => [...document.querySelectorAll('[role=status]')].map((x) => x.textContent).join(' '),
  };
}

describe('painting by keyboard', () => {
  it('puts a point at the crosshair, says where and how many, and undoes it', async () => {
    const x = await show(withTable(LINE));
    x.key('p');
    x.key('ArrowRight', { shiftKey: true });
    x.key('ArrowRight', { shiftKey: true });
    expect(x.key('Enter').defaultPrevented).toBe(true);
    expect(x.table().x).toHaveLength(4);
    expect(x.table().x[3]?.[0]).toBeCloseTo((48 / 568) * 2.32, 1);
    expect(x.said()).toMatch(/x 0\.19\d+, y 0\. 5 points\./);
    x.editor().undo();
    flushSync();
    expect(x.table().x).toHaveLength(3);
    expect(x.plane().getAttribute('aria-label')).toMatch(/^4 points/);
  });

  it('is one stroke while the key is held down', async () => {
    const x = await show(withTable(LINE));
    x.key('Enter');
    x.key('Enter', { repeat: true });
    x.key('Enter', { repeat: true });
    expect(x.table().x).toHaveLength(3 + 3 * 3);
    x.key('Enter');
    x.editor().undo();
    expect(x.table().x).toHaveLength(3 + 3 * 3);
    x.editor().undo();
    expect(x.table().x).toHaveLength(3);
  });

  it('goes into the split that was chosen', async () => {
    const x = await show(withTable(LINE));
    x.radio('Validation');
    x.key('p');
    x.key(' ');
    expect([x.table().x.length, x.table().validation_x.length]).toEqual([3, 1]);
    expect(x.text()).toMatch(/Train: 3.*Validation: 1.*Test: 1/);
  });

  it('selects, moves in one step of undo, lets go, and removes', async () => {
    const x = await show(withTable(LINE));
    x.key('a', { ctrlKey: true });
    expect(x.text()).toMatch(/4 selected/);
    x.key('ArrowUp');
    x.key('ArrowUp');
    const raised = x.table().y[0]?.[0] ?? 0;
    expect(raised).toBeGreaterThan(-1);
    x.editor().undo();
    flushSync();
    expect(x.table().y).toEqual(LINE.y);
    x.key('a', { ctrlKey: true });
    x.key('Escape');
    expect(x.text()).not.toMatch(/\d selected/);
    // Nothing is left to leave: the key belongs to the window.
    expect(x.key('Escape').defaultPrevented).toBe(false);
    x.key('a', { ctrlKey: true });
    x.key('Delete');
    expect(x.table().x).toEqual([]);
    expect(x.text()).toMatch(/no train points yet/);
    // Painting goes on from the empty plane.
    x.key('p');
    x.key('Enter');
    expect(x.editor().good.data).toMatchObject({ x: [[0]], y: [[0]], test_x: [] });
  });

  it('selects by a rectangle from corner to corner', async () => {
    const x = await show(withTable(LINE));
    x.key('s');
    for (let i = 0; i < 9; i++) x.key('ArrowLeft', { shiftKey: true });
    for (let i = 0; i < 9; i++) x.key('ArrowDown', { shiftKey: true });
    x.key('Enter');
    for (let i = 0; i < 7; i++) x.key('ArrowRight', { shiftKey: true });
    for (let i = 0; i < 7; i++) x.key('ArrowUp', { shiftKey: true });
    x.key('Enter');
    expect(x.text()).toMatch(/2 selected/);
    x.choose('Split of the selected points', 'test');
    expect([x.table().x, x.table().test_x]).toEqual([[[1]], [[-1], [0], [0.5]]]);
  });

  it('leaves the window its own keys', async () => {
    const x = await show(withTable(LINE));
    for (const own of [{ key: 'Enter', ctrlKey: true }, { key: 'z', ctrlKey: true }, { key: '?' }, { key: 'Tab' }])
      expect(x.key(own.key, own).defaultPrevented).toBe(false);
    expect(x.table()).toEqual(LINE);
  });
});

describe('painting by pointer', () => {
  it('sprays along the way; the whole stroke is one undo', async () => {
    const x = await show(withTable(LINE));
    x.pointer('pointerdown', 0.2, 0.5);
    x.pointer('pointermove', 0.4, 0.5);
    x.pointer('pointermove', 0.6, 0.5);
    // Nothing has gone to the document before the stroke ends.
    expect(x.table().x).toHaveLength(3);
    x.pointer('pointerup', 0.6, 0.5);
    expect(x.table().x).toHaveLength(3 + 9);
    x.editor().undo();
    expect(x.table()).toEqual(LINE);
    x.editor().redo();
    expect(x.table().x).toHaveLength(12);
  });

  it('is forgotten when the stroke is broken off', async () => {
    const x = await show(withTable(LINE));
    x.pointer('pointerdown', 0.2, 0.5);
    x.pointer('pointercancel', 0.2, 0.5);
    expect([x.table(), x.editor().canUndo]).toEqual([LINE, false]);
  });

  it('drags what is selected, and a click beside it lets it go', async () => {
    const x = await show(withTable(LINE));
    x.radio('Select');
    x.pointer('pointerdown', 0.5, 0.5);
    x.pointer('pointermove', 0.5, 0.75);
    x.pointer('pointerup', 0.5, 0.75);
    expect(x.table().y[1]?.[0]).toBeCloseTo(0.58, 1);
    expect(x.text()).toMatch(/1 selected/);
    x.pointer('pointerdown', 0.1, 0.9);
    x.pointer('pointerup', 0.1, 0.9);
    expect(x.text()).not.toMatch(/\d selected/);
  });

  it('erases, jitters and pulls only near the pointer', async () => {
    const x = await show(withTable(LINE));
    x.radio('Erase');
    x.pointer('pointerdown', 0.5, 0.5);
    x.pointer('pointerup', 0.5, 0.5);
    expect(x.table().x).toEqual([[-1], [1]]);
    x.radio('Jitter');
    x.pointer('pointerdown', 0.93, 0.93);
    x.pointer('pointerup', 0.93, 0.93);
    const [first, shaken] = x.table().x;
    expect([first, x.table().x.length]).toEqual([[-1], 2]);
    expect(shaken).not.toEqual([1]);
  });

  it('says when a split is full, and loses nothing', async () => {
    const rows = Array.from({ length: 9_999 }, (_, i) => [i % 7]);
    const x = await show(withTable({ ...LINE, x: rows, y: rows }));
    x.pointer('pointerdown', 0.5, 0.5);
    x.pointer('pointerup', 0.5, 0.5);
    expect(x.table().x).toHaveLength(10_000);
    expect(document.querySelector('[role=alert]')?.textContent).toMatch(
      /Train holds 10,000 points.*2 points were left out/,
    );
    expect(x.table().x.slice(0, 9_999)).toEqual(rows);
  });

  it('does nothing in a project that can only be read', async () => {
    const x = await show(withTable(LINE), 'read-only');
    x.pointer('pointerdown', 0.5, 0.5);
    x.pointer('pointerup', 0.5, 0.5);
    x.key('Enter');
    expect(x.table()).toEqual(LINE);
    expect(document.querySelector('[aria-label=Tool]')).toBeNull();
  });
});

describe('classes', () => {
  it('are painted by their key, one more is added, one is removed with its points', async () => {
    const x = await show(withTable(CLASSES));
    x.key('p');
    x.key('3');
    x.key('Enter');
    expect(x.table().y.at(-1)).toEqual([2]);
    x.button('Add a class').click();
    flushSync();
    expect(x.table().classes).toBe(4);
    // The model gives a score for each of them at once.
    expect(x.editor().problems).toEqual([]);
    expect(x.editor().good.model.layers.at(-1)).toMatchObject({ out_features: 4 });
    x.radio('Class 0');
    x.button('Remove class 0').click();
    flushSync();
    expect(x.table()).toMatchObject({ classes: 3, y: [[0], [1], [1]] });
  });

  it('of what is selected can be changed', async () => {
    const x = await show(withTable(CLASSES));
    x.key('a', { ctrlKey: true });
    x.choose('Class of the selected points', '1');
    expect(x.table().y).toEqual([[1], [1], [1]]);
  });

  it('are counted per split', async () => {
    const x = await show(withTable(CLASSES));
    x.radio('Classes');
    expect(x.text()).toMatch(/Class 2 1 33\.3%/);
  });
});

describe('the range', () => {
  it('is typed, zoomed by keys, and fitted again', async () => {
    const x = await show(withTable(LINE));
    expect(x.labelled('x from').value).toBe('-1.16');
    x.type('x from', '-4');
    x.key('0');
    expect(x.labelled('x to').value).toBe('1.16');
    x.key('-');
    expect(x.labelled('x to').value).toBe('1.45');
    x.type('x from', '9');
    expect(x.labelled('x to').value).toBe('1.45');
  });
});

describe('the table', () => {
  it('has every cell, says what is wrong at its place, and painting waits until it is right', async () => {
    const x = await show(withTable(LINE));
    x.radio('Table');
    const cell = x.type('y of row 2', 'two');
    expect(cell.getAttribute('aria-invalid')).toBe('true');
    expect(x.described(cell)[0]).toMatch(/number/);
    x.radio('Paint');
    expect(x.text()).toMatch(/A cell of the table holds no number/);
    x.key('Enter');
    expect(x.table().x).toHaveLength(3);
    x.radio('Table');
    x.type('y of row 2', '0.25');
    expect(x.table().y[1]).toEqual([0.25]);
  });

  it('gets rows and loses them', async () => {
    const x = await show(withTable(LINE));
    x.radio('Table');
    x.choose('Split of the new row', 'validation');
    x.button('Add a row').click();
    flushSync();
    expect(x.table().validation_x).toEqual([[1]]);
    x.button('Remove row 1').click();
    flushSync();
    expect(x.table().x).toEqual([[0], [1]]);
  });

  it('holds only the rows on the screen, and says how many there are', async () => {
    const x = await show({ ...regression, data: { ...regression.data, points: 100_000 } });
    await vi.waitFor(() => {
      expect(x.text()).toMatch(/200,000 rows/);
    });
    x.radio('Table');
    const table = document.querySelector('[role=table]');
    expect(table?.getAttribute('aria-rowcount')).toBe('200001');
    expect(document.querySelectorAll('[role=row]').length).toBeLessThan(40);
    expect(document.querySelector('[role=table] input')).toBeNull();
  });
});

describe('other data', () => {
  it('are looked at, and taken over as exactly the same points; that can be undone', async () => {
    const x = await show(regression);
    await vi.waitFor(() => {
      expect(x.button('Edit these points').disabled).toBe(false);
    });
    const drawn = x.lab.preview;
    x.button('Edit these points').click();
    flushSync();
    if (drawn?.kind !== 'points') throw new Error('no points');
    expect(Float32Array.from(x.table().x.flat())).toEqual(drawn.train.x);
    expect(Float32Array.from(x.table().test_y.flat())).toEqual(drawn.test?.y);
    x.editor().undo();
    flushSync();
    expect(x.editor().good.data.type).toBe('linear_noise');
  });

  it('are not taken over while those of the data before are still shown', async () => {
    const x = await show(regression);
    await vi.waitFor(() => {
      expect(x.button('Edit these points').disabled).toBe(false);
    });
    x.client.holdNext('data.preview');
    x.editor().apply((document) => ({ ...document, data: { ...document.data, noise: 0 } as never }));
    flushSync();
    x.environment.pass(200);
    expect(x.button('Edit these points').disabled).toBe(true);
    x.button('Edit these points').click();
    flushSync();
    expect(x.editor().good.data.type).toBe('linear_noise');
  });

  it('that are too many stay as they are', async () => {
    const x = await show({ ...regression, data: { ...regression.data, points: 20_000 } });
    await vi.waitFor(() => {
      expect(x.text()).toMatch(/at most 10,000 rows per split/);
    });
    expect(x.button('Edit these points').disabled).toBe(true);
  });

  it('of pictures are pictures and classes', async () => {
    const x = await show(EXAMPLES['cnn'], 'empty', 'zh-CN');
    await vi.waitFor(() => {
      expect(document.querySelectorAll('li canvas')).toHaveLength(40);
    });
    x.radio('类别');
    expect(x.text()).toMatch(/统计自 4,000 个中的前 40 个/);
  });

  it('that lie in files say so', async () => {
    const x = await show({ ...parseExperiment(EXAMPLES['cnn']), data: { type: 'cifar10' } });
    expect(x.text()).toMatch(/lie in files that the app was not given/);
  });

  it('that cannot be drawn can be asked for again', async () => {
    const shown = showing(regression);
    const { lab, client, text, button } = await shown(DataPlace, 'empty');
    await vi.waitFor(() => {
      expect(lab.preview).not.toBeNull();
    });
    lab.preview = null;
    client.failNext('data.preview', new LabError('ENGINE_LOST', 'gone'));
    await lab.refreshPreview('experiment-1', { ...regression, seed: 77 });
    flushSync();
    expect(text()).toMatch(/could not be drawn/);
    button('Try again').click();
    await vi.waitFor(() => {
      expect(text()).toMatch(/40 rows/);
    });
  });

  it('of which only a part is at hand say so where it is counted', async () => {
    const x = await show(regression);
    await vi.waitFor(() => {
      expect(x.lab.preview?.kind).toBe('points');
    });
    if (x.lab.preview?.kind !== 'points') throw new Error('no points');
    x.lab.preview = { ...x.lab.preview, rows: { train: 5000, validation: 0, test: 20 } };
    flushSync();
    x.radio('Columns');
    expect(x.text()).toMatch(/Counted among the 40 of 5,020 rows at hand/);
  });

  it('have columns with their figures', async () => {
    const x = await show(withTable(LINE));
    x.radio('Columns');
    expect(x.text()).toMatch(/count 4mean 0\.125sd \(n−1\) 0\.854min −1max 1/);
    expect(document.querySelector('caption')?.textContent).toBe('How often the values of x come');
  });
});

it('the points are exported as they are now, to where the person says', async () => {
  const x = await show(withTable(LINE));
  x.key('Enter');
  x.button('Export data…').click();
  flushSync();
  await vi.waitFor(() => {
    x.button('Choose where…').click();
  });
  await vi.waitFor(() => {
    expect(x.lab.files.chooser).toMatchObject({ kind: 'csv', suggestedName: 'regression-points.csv' });
  });
  x.lab.files.closeChooser({ handle: 'here', name: 'mine.csv' });
  await vi.waitFor(() => {
    const methods = x.client.calls.map(({ method }) => method);
    expect(methods.indexOf('data.export')).toBeGreaterThan(methods.lastIndexOf('experiment.update'));
    expect(x.client.calls.find(({ method }) => method === 'data.export')?.input).toEqual({
      experimentId: 'experiment-1',
      format: 'csv',
      destination: 'here',
      replace: false,
    });
  });
});
