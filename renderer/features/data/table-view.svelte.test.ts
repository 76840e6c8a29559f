// A table of one's own over the fake lab: begun, walked and filled as a spreadsheet, its columns changed, and what is wrong in it.
import { flushSync, tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../../assets/examples/index.ts';
import { parseExperiment, type TableSpec } from '../../../engine/spec/index.ts';
import { createTable, FIRST_PLAN, type TablePlan } from '../../model/table-plan.ts';
import Inspector from '../inspector/Inspector.svelte';
import { showing } from '../test-show.ts';
import DataPlace from './DataPlace.svelte';
import { withoutPixels } from './test-page.ts';

const regression = parseExperiment(EXAMPLES['regression']);
const withTable = (more: Partial<TablePlan> = {}) => createTable({ ...FIRST_PLAN, ...more })(regression);
const show = showing(regression);
type Shown = Awaited<ReturnType<typeof show>>;

withoutPixels();

const tableOf = ({ lab }: Shown): TableSpec => {
  const data = lab.editor?.draft.data;
  if (data?.type !== 'table') throw new Error('no table');
  return data;
};
const cell = (row: number, column: number): HTMLInputElement => {
  const found = document.querySelector<HTMLInputElement>(`[data-cell="${String(row)} ${String(column)}"] input`);
  if (!found) throw new Error(`no cell ${String(row)} ${String(column)}`);
  return found;
};
const where = () => document.activeElement?.closest<HTMLElement>('[data-cell]')?.dataset['cell'];
async function press(key: string, rest: KeyboardEventInit = {}): Promise<void> {
  document.activeElement?.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...rest }),
  );
  flushSync();
  for (let i = 0; i < 4; i++) await tick();
}
function type(text: string): void {
  const now = document.activeElement;
  if (!(now instanceof HTMLInputElement)) throw new Error('no cell has the focus');
  now.value = text;
  now.setSelectionRange(text.length, text.length);
  now.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}
async function paste(text: string): Promise<void> {
  const event = new Event('paste', { bubbles: true, cancelable: true });
  Object.defineProperty(event, 'clipboardData', { value: { getData: () => text } });
  document.activeElement?.dispatchEvent(event);
  flushSync();
  for (let i = 0; i < 4; i++) await tick();
}

describe('a new table', () => {
  it('is begun with numbers of columns and rows, names and a kind of target', async () => {
    const x = await show(Inspector, 'finished');
    x.button('New table…').click();
    flushSync();
    x.type('Inputs', '4');
    x.type('Name of x₁', 'age');
    x.type('Rows: Train', '6');
    x.type('Rows: Test', '0');
    x.type('Inputs', 'many');
    expect(x.text()).toContain('Enter a whole number from 1 to 200.');
    expect(x.button('Create').disabled).toBe(true);
    x.type('Inputs', '3');
    x.labelled('A class').click();
    flushSync();
    x.type('Classes', '3');
    x.button('Create').click();
    flushSync();
    expect(tableOf(x)).toMatchObject({ classes: 3, features: 3, names: ['age', '', '', ''], test_x: [] });
    expect(tableOf(x).x).toHaveLength(6);
    expect(x.lab.place).toBe('data');
    expect(x.lab.editor?.problems).toEqual([]);
    x.lab.editor?.undo();
    expect(x.lab.editor?.draft.data).toEqual(regression.data);
  });
});

describe('cells', () => {
  it('are walked with Enter, Tab and arrow keys, and typed over', async () => {
    const x = await show(DataPlace, 'finished', 'en', withTable());
    cell(0, 0).focus();
    type('1.5');
    await press('Enter');
    expect(where()).toBe('1 0');
    await press('Tab');
    await press('ArrowRight');
    await press('ArrowRight');
    expect(where()).toBe('1 3');
    type('7');
    await press('ArrowRight');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Remove row 2');
    await press('ArrowLeft');
    await press('Tab');
    expect(where()).toBe('2 0');
    await press('Tab', { shiftKey: true });
    expect(where()).toBe('1 3');
    await press('ArrowUp');
    expect(where()).toBe('0 3');
    await press('ArrowUp');
    expect(where()).toBe('0 3');
    expect(tableOf(x).x[0]).toEqual([1.5, 0, 0]);
    expect(tableOf(x).y.slice(0, 2)).toEqual([[0], [7]]);
    await press('z', { ctrlKey: true });
    expect(tableOf(x).y[1]).toEqual([0]);
    expect(where()).toBe('0 3');
    await press('y', { ctrlKey: true });
    expect(tableOf(x).y[1]).toEqual([7]);
  });

  it('keep the arrows inside a text that is being typed', async () => {
    await show(DataPlace, 'finished', 'en', withTable());
    cell(0, 1).focus();
    type('12');
    await press('ArrowLeft');
    expect(where()).toBe('0 1');
    cell(0, 1).setSelectionRange(0, 0);
    await press('ArrowLeft');
    expect(where()).toBe('0 0');
  });

  it('take a block from a spreadsheet in one step, names above it too, and say what had no room', async () => {
    const x = await show(DataPlace, 'finished', 'en', withTable());
    cell(8, 2).focus();
    await paste('height\tprice\tmore\n1\t2\t3\n4\t5\t6\n7\t8\t9\n');
    expect(tableOf(x).x.slice(8)).toEqual([
      [0, 0, 1],
      [0, 0, 4],
      [0, 0, 7],
    ]);
    expect(tableOf(x).y.slice(8)).toEqual([[2], [5], [8]]);
    expect(tableOf(x).test_x).toHaveLength(5);
    expect(x.text()).toContain('height');
    expect(cell(8, 2).value).toBe('1');
    expect(x.lab.notices.list.at(-1)?.word(x.lab.preferences.translator)).toContain('One column had no room');
    x.lab.editor?.undo();
    flushSync();
    expect(tableOf(x).x).toHaveLength(10);
    expect(tableOf(x).names).toBeUndefined();
  });

  it('that are wrong keep what they hold, and say so in place', async () => {
    const x = await show(DataPlace, 'finished', 'en', withTable({ classes: 2 }));
    cell(1, 1).focus();
    await paste('1\t2\nabc\t3');
    expect(cell(2, 1).value).toBe('abc');
    expect(cell(2, 1).getAttribute('aria-invalid')).toBe('true');
    expect(cell(2, 1).closest('[data-hint]')?.getAttribute('data-hint')).toContain('number');
    expect(x.text()).toContain('Row 3, x₂: ');
    x.button('Go to this cell').click();
    for (let i = 0; i < 4; i++) await tick();
    expect(where()).toBe('2 1');
    type('4');
    cell(3, 3).focus();
    type('5');
    expect(cell(3, 3).getAttribute('aria-invalid')).toBe('true');
    expect(x.text()).toContain('Row 4, y: ');
    type('1');
    expect(x.lab.editor?.problems).toEqual([]);
  });

  it('go with their row, whose neighbour has the keyboard then', async () => {
    const x = await show(DataPlace, 'finished', 'en', withTable());
    x.button('Remove row 10').focus();
    x.button('Remove row 10').click();
    flushSync();
    for (let i = 0; i < 4; i++) await tick();
    expect(tableOf(x).x).toHaveLength(9);
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Remove row 10');
    x.button('Remove row 14').click();
    flushSync();
    for (let i = 0; i < 4; i++) await tick();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Remove row 13');
  });

  it('are only read where nothing can be saved', async () => {
    const x = await show(DataPlace, 'read-only', 'en', withTable());
    expect(document.querySelector('[data-cell] input')).toBeNull();
    expect(() => x.button('Columns…')).toThrow();
  });
});

describe('columns', () => {
  it('are renamed, added and removed in one step', async () => {
    const x = await show(DataPlace, 'finished', 'en', withTable());
    cell(0, 0).focus();
    await paste('1\t2\t3\t4\n5\t6\t7\t8');
    x.button('Columns…').click();
    flushSync();
    x.button('Remove column x₂').click();
    flushSync();
    x.type('Name of x₂', 'width');
    x.button('Add an input').click();
    x.button('Add a target').click();
    flushSync();
    x.button('Apply').click();
    flushSync();
    expect(tableOf(x)).toMatchObject({ features: 3, names: ['', 'width', '', '', ''] });
    expect(tableOf(x).x[0]).toEqual([1, 3, 0]);
    expect(tableOf(x).y[0]).toEqual([4, 0]);
    expect(x.lab.editor?.problems).toEqual([]);
    expect(x.text()).toContain('width');
    x.lab.editor?.undo();
    expect(tableOf(x).x[0]).toEqual([1, 2, 3]);
  });
});
