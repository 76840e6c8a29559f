// Copying and pasting variants in the table, mounted over the fake lab.
import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../../assets/examples/index.ts';
import { copyText } from '../../model/network/clipboard.ts';
import { showing } from '../test-show.ts';
import ExperimentPlace from './ExperimentPlace.svelte';

const show = showing(EXAMPLES['regression']);

/** A copy or paste as the browser makes it, with a clipboard of its own. */
function clipboardEvent(type: 'copy' | 'paste', at: Element, text = ''): string {
  let held = text;
  const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), {
    clipboardData: { getData: () => held, setData: (_: string, given: string) => (held = given) },
  });
  at.dispatchEvent(event);
  flushSync();
  return held;
}

async function table(scenario: 'finished' | 'read-only' = 'finished') {
  const shown = await show(ExperimentPlace, scenario);
  const names = () => shown.lab.editor?.good.variants.map((x) => x.name);
  const said = () => shown.lab.notices.list.at(-1)?.word(shown.lab.preferences.translator);
  return { ...shown, names, said };
}

describe('variants on the clipboard', () => {
  it('are copied from their header by keys, and pasted as one step', async () => {
    const { lab, button, names, said } = await table();
    const header = button('Copy L1 as text');
    header.focus();
    const text = clipboardEvent('copy', header);
    expect(JSON.parse(text)).toMatchObject({ format: 'overfit-variant', variant: { name: 'L1' } });
    clipboardEvent('paste', document.body, text);
    expect(names()?.at(-1)).toBe('L1 2');
    expect(said()).toBe('Pasted L1 2');
    lab.editor?.undo();
    expect(names()).not.toContain('L1 2');
    expect(lab.editor?.canUndo).toBe(false);
  });

  it('are pasted also while a field has the keyboard, which other text goes into', async () => {
    const { labelled, lab, names } = await table();
    const field = labelled('Learning rate of L1');
    field.focus();
    const text = lab.variants.copy('L2') ?? '';
    clipboardEvent('paste', field, text);
    expect(names()?.at(-1)).toBe('L2 2');
    const before = lab.editor?.good;
    clipboardEvent('paste', field, '0.05');
    expect(lab.editor?.good).toBe(before);
    expect(lab.notices.list.map((x) => x.same)).not.toContain('variant.refused');
  });

  it('of another kind, nonsense, and what does not fit say so and change nothing', async () => {
    const { lab, said } = await table();
    const before = lab.editor?.good;
    const wrong: [string, RegExp][] = [
      [before ? copyText(before, new Set(['fc1'])) : '', /holds layers\. Paste them in the model/],
      ['hello', /holds no variant/],
      ['{"format": "overfit-variant", "version": 2}', /newer version/],
      ['{"format": "overfit-variant", "version": 1, "variant": {"name": ""}}', /cannot be pasted: name/],
      [
        '{"format": "overfit-variant", "version": 1, "variant": {"name": "x", "changes": {"model.layers.no.p": 1}}}',
        /x does not fit here\. .*model\.layers\.no\.p/,
      ],
    ];
    for (const [text, words] of wrong) {
      clipboardEvent('paste', document.body, text);
      expect(said()).toMatch(words);
    }
    expect(lab.editor?.good).toBe(before);
    expect(lab.editor?.canUndo).toBe(false);
  });

  it('a variant pasted among layers is told where it belongs', async () => {
    const { lab, said } = await table();
    lab.building.paste(lab.variants.copy('L1') ?? '');
    expect(said()).toMatch(/holds a variant\. Paste it in the experiment/);
    lab.building.paste('{"format": "overfit-layers", "version": 7, "layers": []}');
    expect(said()).toMatch(/newer version/);
    expect(lab.editor?.canUndo).toBe(false);
  });

  it('can be copied out of a project that can only be read, but not pasted there', async () => {
    const { lab, button, names, said } = await table('read-only');
    button('Copy L1 as text').focus();
    const text = clipboardEvent('copy', button('Copy L1 as text'));
    expect(text).toContain('overfit-variant');
    const before = names();
    clipboardEvent('paste', document.body, text);
    expect(names()).toEqual(before);
    expect(said()).toContain('can only be read');
    expect(lab.editor?.canUndo).toBe(false);
  });
});
