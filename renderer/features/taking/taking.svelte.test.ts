// Taking from another project, mounted over the fake lab: seeing what it holds, ticking, seeing what becomes different, one step.
import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../../assets/examples/index.ts';
import { LabError } from '../../../main/contract/errors.ts';
import { fakeDataset } from '../../host/fake-datasets.ts';
import type { FakeScenario } from '../../host/fake.ts';
import ProjectMenu from '../project/ProjectMenu.svelte';
import { showing } from '../test-show.ts';
import TakeDialog from './TakeDialog.svelte';

const show = showing(EXAMPLES['regression']);
const settled = async () => {
  await new Promise((resolve) => setTimeout(resolve, 0));
  flushSync();
};

/** The dialog over a project that was looked into. */
async function looking(scenario: FakeScenario = 'finished', language = 'en') {
  const shown = await show(TakeDialog, scenario, language);
  await shown.lab.taking.look('file-2');
  flushSync();
  const ticks = () => [...document.querySelectorAll<HTMLInputElement>('fieldset input[type=checkbox]')];
  return {
    ...shown,
    /** The tick of a part or a variant. */
    tick(name: string): HTMLInputElement {
      const found = ticks().find((x) => x.closest('label')?.querySelector('.title')?.textContent === name);
      if (!found) throw new Error(`no tick "${name}"`);
      return found;
    },
    document: () => {
      if (!shown.lab.editor) throw new Error('no document');
      return shown.lab.editor.good;
    },
    inputs: (method: string) => shown.client.calls.filter((x) => x.method === method).map((x) => x.input),
  };
}
const take = (button: HTMLButtonElement) => {
  button.click();
  return settled();
};

describe('taking from another project', () => {
  it('begins in the menu of the project, with the choice of a file', async () => {
    const { lab, button, client } = await show(ProjectMenu, 'finished');
    button('Project').focus();
    button('Project').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    await settled();
    const item = [...document.querySelectorAll<HTMLElement>('[role=menuitem]')].find((x) =>
      x.textContent.includes('Take from another project'),
    );
    item?.click();
    flushSync();
    expect(lab.files.chooser).toMatchObject({ mode: 'open', kind: 'project', title: 'take.choose' });
    lab.files.closeChooser({ handle: 'file-9', name: 'flowers.overfit' });
    await settled();
    expect(client.calls).toContainEqual({ method: 'project.look', input: { handle: 'file-9', source: null } });
    expect(lab.taking.other?.name).toBe('flowers');
  });

  it('is offered from outside the window, too', async () => {
    const { lab, client } = await show(TakeDialog, 'finished');
    client.publish('project.offered', { handle: 'file-7' });
    await settled();
    expect(lab.taking).toMatchObject({ open: true, handle: 'file-7' });
  });

  it('shows what the project holds, and that nothing changes before something is ticked', async () => {
    const { text, button, tick } = await looking();
    expect(text()).toContain('Take from flowers');
    expect(text()).toContain('iris, 150 examples');
    expect(text()).toContain('4 layers, 163 parameters');
    expect(text()).toContain('SGD, 60 epochs, CrossEntropyLoss');
    expect(text()).toContain('Nothing: tick what is to be taken.');
    expect(button('Take').disabled).toBe(true);
    expect(tick('Data').checked).toBe(false);
  });

  it('takes data and a variant in one step, with the bytes of the data; undo gives the earlier document back', async () => {
    const { lab, tick, text, button, document: now, inputs } = await looking();
    const before = now();
    tick('Data').click();
    tick('L1').click();
    flushSync();
    expect(text()).toContain('Its name is taken here: it will be called L1 2.');
    expect(text()).toMatch(/Data\s*Noisy line, 40 examples\s*iris, 150 examples/);
    expect(now()).toBe(before);
    // This project has the data already.
    await take(button('Take'));
    expect(lab.taking.open).toBe(false);
    expect(now().data).toEqual(fakeDataset(1).described);
    expect(now().variants.at(-1)).toEqual({ name: 'L1 2', changes: { 'recipe.regularization.l1': 0.001 } });
    expect(inputs('dataset.take')).toEqual([]);
    lab.editor?.undo();
    expect(now()).toEqual(before);
    expect(lab.editor?.canUndo).toBe(false);
    lab.editor?.redo();
    expect(now().data.type).toBe('dataset');
  });

  it('copies the data only where they are needed', async () => {
    const { lab, tick, button, inputs, document: now } = await looking('empty');
    tick('Model').click();
    flushSync();
    await take(button('Take'));
    expect(inputs('dataset.take')).toEqual([]);
    expect(now().model.layers.map((x) => x.name)).toEqual(['dropout_in', 'fc1', 'relu1', 'fc2']);
    await lab.taking.look('file-2');
    flushSync();
    tick('Data').click();
    flushSync();
    await take(button('Take'));
    expect(inputs('dataset.take')).toEqual([{ handle: 'file-2', digest: fakeDataset(1).digest }]);
  });

  it('names why a variant does not fit, and lets it be ticked once it does', async () => {
    const { tick, text, described } = await looking();
    expect(tick('input dropout').disabled).toBe(true);
    expect(described(tick('input dropout')).join(' ')).toContain('no field model.layers.dropout_in.p');
    tick('Model').click();
    flushSync();
    expect(tick('input dropout').disabled).toBe(false);
    expect(text()).not.toContain('Does not fit');
  });

  it('takes the whole experiment, but for its name', async () => {
    const { labelled, button, document: now, lab } = await looking();
    labelled('The whole experiment').click();
    flushSync();
    const { other } = lab.taking;
    await take(button('Take'));
    expect(now()).toEqual({ ...other?.document, name: 'regression' });
  });

  it('takes from what a run was made from', async () => {
    const { choose, inputs, lab, tick, button, document: now } = await looking();
    tick('Seed').click();
    flushSync();
    choose('What to take from', 'flowers-4');
    await settled();
    expect(inputs('project.look').at(-1)).toEqual({ handle: 'file-2', source: 'flowers-4' });
    expect(lab.taking.ticks.parts.size).toBe(0);
    tick('Seed').click();
    flushSync();
    await take(button('Take'));
    expect(now().seed).toBe(7);
  });

  it('says that data are missing that neither project holds, and takes nothing of it', async () => {
    const { tick, text, button } = await looking('error');
    tick('Data').click();
    flushSync();
    expect(text()).toContain('flowers does not hold the imported data iris itself');
    expect(button('Take').disabled).toBe(true);
    tick('Data').click();
    tick('L1').click();
    flushSync();
    expect(button('Take').disabled).toBe(false);
  });

  it('cannot take into a project that can only be read, but shows what there is', async () => {
    const { text, tick, button } = await looking('read-only');
    expect(text()).toContain('The open project can only be read');
    expect(tick('Data').disabled).toBe(true);
    expect(button('Take').disabled).toBe(true);
  });

  it('a copy that fails says why, and changes nothing', async () => {
    const { client, tick, button, text, document: now, lab } = await looking('empty');
    const before = now();
    tick('Data').click();
    flushSync();
    client.failNext('dataset.take', new LabError('BAD_DATA_FILE', 'x', { file: 'iris', code: 'NOT_AS_STORED' }));
    await take(button('Take'));
    expect(text()).toContain('its bytes are not those that were imported');
    expect(now()).toBe(before);
    expect(lab.taking.open).toBe(true);
    client.failNext('dataset.take', new LabError('DATA_MISSING', 'x', { dataset: 'a', project: 'flowers' }));
    await take(button('Take'));
    expect(text()).toContain('flowers does not hold the imported data itself');
  });

  it.each([
    [new LabError('FILE_FOREIGN', 'x', { file: 'a.txt' }), 'a.txt is no Overfit Lab project'],
    [new LabError('FILE_DAMAGED', 'x', { file: 'a.overfit' }), 'a.overfit is damaged'],
    [new LabError('SAME_PROJECT', 'x', { file: 'a.overfit' }), 'a.overfit is the project that is open here'],
  ])('a file that cannot be looked into is named: %s', async (error, words) => {
    const { client, lab, text, button } = await show(TakeDialog, 'empty');
    client.failNext('project.look', error);
    await lab.taking.look('file-3');
    flushSync();
    expect(text()).toContain(words);
    button('Another project…').click();
    flushSync();
    expect(lab.files.chooser).not.toBeNull();
  });

  it('speaks Chinese', async () => {
    const { text } = await looking('finished', 'zh-CN');
    expect(text()).toContain('从 flowers 取用');
    expect(text()).toContain('不适用。');
  });
});
