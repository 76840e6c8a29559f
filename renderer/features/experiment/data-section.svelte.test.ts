// The form of the data: kinds are chosen, lists are typed, seeds are drawn, and undo brings back what was there.
import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import regression from '../../../assets/examples/regression.json' with { type: 'json' };
import { dataShape } from '../../../engine/spec/index.ts';
import Inspector from '../inspector/Inspector.svelte';
import { showing } from '../test-show.ts';

const show = showing(regression);

describe('the data', () => {
  it('of another kind take the place of the old ones, with loss and answer, and undo brings those back', async () => {
    const { choose, lab, text } = await show(Inspector, 'empty');
    const before = lab.editor?.good;
    choose('Kind', 'spirals');
    expect(lab.editor?.problems).toEqual([]);
    expect(lab.editor?.good.data.type).toBe('spirals');
    expect(lab.editor?.good.recipe.loss.type).toBe('CrossEntropyLoss');
    expect(text()).toContain('Arms that wind around each other, one class each.');
    lab.editor?.undo();
    flushSync();
    expect(lab.editor?.good).toEqual(before);
  });

  it('can be every kind in turn, and the form has its fields', async () => {
    const { choose, labelled, lab } = await show(Inspector, 'empty', 'zh-CN');
    for (const [kind, field] of [
      ['polynomial', '噪声'],
      ['sine', '振幅'],
      ['linear', '起作用的输入'],
      ['moons', '训练点数'],
      ['circles', '内圆半径'],
      ['spirals', '臂数'],
      ['xor', '测试点数'],
      ['blobs', '中心数'],
    ] as const) {
      choose('种类', kind);
      expect(labelled(field).value).not.toBe('');
      expect(lab.editor?.problems, kind).toEqual([]);
    }
  });

  it('has a number for each power, which can be typed, added and removed', async () => {
    const { choose, type, button, labelled, described, lab } = await show(Inspector, 'empty');
    choose('Kind', 'polynomial');
    const coefficients = () => (lab.editor?.draft.data.type === 'polynomial' ? lab.editor.draft.data.coefficients : []);
    type('Coefficients, x²', '0.5');
    expect(coefficients()).toEqual([0, -1, 0.5, 2]);
    button('Add a power').click();
    flushSync();
    expect(labelled('Coefficients, x⁴').value).toBe('0');
    button('Remove the highest power').click();
    button('Remove the highest power').click();
    flushSync();
    expect(coefficients()).toEqual([0, -1, 0.5]);
    const wrong = type('Coefficients, x', 'x');
    expect(wrong.getAttribute('aria-invalid')).toBe('true');
    expect(described(wrong).join()).toContain('number');
    expect(labelled('Coefficients, x²').getAttribute('aria-invalid')).toBeNull();
    lab.editor?.undo();
    flushSync();
    while (coefficients().length > 1) {
      button('Remove the highest power').click();
      flushSync();
    }
    expect(button('Remove the highest power').disabled).toBe(true);
  });

  it('has a weight for each class, which follow the number of arms', async () => {
    const { choose, type, labelled, lab } = await show(Inspector, 'empty');
    choose('Kind', 'spirals');
    type('Class weights, 1', '4');
    expect(lab.editor?.good.data).toMatchObject({ balance: [1, 4] });
    type('Arms', '3');
    expect(lab.editor?.good.data).toMatchObject({ arms: 3, balance: [1, 4, 1] });
    expect(labelled('Class weights, 2').value).toBe('1');
    expect(lab.editor && dataShape(lab.editor.good.data).target).toEqual({ kind: 'classes', classes: 3 });
  });

  it('get another seed from a button where they are drawn from one', async () => {
    const { choose, button, lab } = await show(Inspector, 'empty');
    button('New seed').click();
    flushSync();
    expect(lab.editor?.good.seed).toBe(42);
    choose('Kind', 'moons');
    button('New seed').click();
    flushSync();
    expect(lab.editor?.good.data).toMatchObject({ type: 'moons', seed: 43 });
    expect(lab.editor?.good.seed).toBe(42);
    choose('Kind', 'painted_curve');
    expect(() => button('New seed')).toThrow('no button');
  });

  it('cannot be chosen in a read-only project', async () => {
    const { button } = await show(Inspector, 'read-only');
    expect(button('New seed').disabled).toBe(true);
    expect(document.querySelector<HTMLSelectElement>('aside select, select')?.disabled).toBe(true);
  });
});
