// The parts of the window that hold no canvas, mounted over the fake lab: what they show, say to assistive technology, and do.
import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import example from '../../assets/examples/regression.json';
import { lineData } from '../model/line-data.ts';
import Inspector from './inspector/Inspector.svelte';
import Navigator from './navigator/Navigator.svelte';
import RunBar from './runs/RunBar.svelte';
import VariantChips from './runs/VariantChips.svelte';
import Banners from './shell/Banners.svelte';
import StatusStrip from './shell/StatusStrip.svelte';
import { showing } from './test-show.ts';

const show = showing(example);

/** An experiment on pictures, with validation and without test data, counted in epochs. */
const pictures = {
  ...example,
  data: { type: 'shapes32', train: 200, validation: 50, test: 0 },
  model: {
    layers: [
      { type: 'Conv2d', name: 'conv1', out_channels: 6, kernel_size: 5 },
      { type: 'Flatten', name: 'flatten' },
      { type: 'Linear', name: 'fc1', out_features: 10 },
    ],
  },
  recipe: {
    epochs: 2,
    batch_size: 4,
    shuffle: true,
    loss: { type: 'CrossEntropyLoss' },
    optimizer: { type: 'AdamW', lr: 0.001 },
  },
  variants: [{ name: 'plain' }],
};

describe('an experiment on pictures', () => {
  it('says what its data is, and counts epochs', async () => {
    const { text, labelled } = await show(Inspector, 'empty', 'en', pictures);
    expect(text()).toMatch(/Small pictures of ten kinds of shapes/);
    expect(['Train pictures', 'Validation pictures', 'Test pictures'].map((x) => labelled(x).value)).toEqual([
      '200',
      '50',
      '0',
    ]);
    expect(labelled('Epochs').value).toBe('2');
    expect(() => labelled('Steps')).toThrow(/no field/);
    expect(() => labelled('Noise')).toThrow(/no field/);
  });

  it('shows a run that nothing is tested on', async () => {
    const { lab, text } = await show(Inspector, 'finished', 'zh-CN', pictures);
    lab.select(lab.runs.entries[0] ?? null);
    flushSync();
    expect(text()).toMatch(/指标训练验证损失0\.0205/);
    expect(text()).not.toMatch(/测试/);
  });

  it('lists its runs, and their progress before their length is known', async () => {
    const { lab, client, text } = await show(Navigator, 'interrupted', 'en', pictures);
    const [run] = lab.runs.entries;
    if (!run) throw new Error('no run');
    client.publish('run.changed', { ...run.summary, totalSteps: null });
    flushSync();
    expect(text()).toMatch(/320 of …/);
  });
});

describe('the inspector', () => {
  it('marks a wrong value at its field, in words, and says so to screen readers', async () => {
    const { type, lab, described } = await show(Inspector, 'empty', 'zh-CN');
    const field = type('噪声', '-1');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(described(field)).toContain('请输入不小于 0 的数；您输入的是 -1。');
    expect(lab.editor && lineData(lab.editor.good)?.noise).toBe(0.3);
  });

  it('keeps what is typed while it is no number yet', async () => {
    const { type, lab } = await show(Inspector, 'empty');
    expect(type('Noise', '0.').value).toBe('0.');
    expect(lab.editor && lineData(lab.editor.good)?.noise).toBe(0);
    expect(type('Noise', '0.4').value).toBe('0.4');
    expect(lab.editor && lineData(lab.editor.good)?.noise).toBe(0.4);
  });

  it('turns p of both Dropout layers from one cell, and follows the base again when it is emptied', async () => {
    const { type, lab } = await show(Inspector, 'empty');
    type('p of dropout', '0.2');
    expect(lab.editor?.good.variants[1]?.changes).toEqual({
      'model.layers.dropout1.p': 0.2,
      'model.layers.dropout2.p': 0.2,
    });
    type('p of dropout', '');
    expect(lab.editor?.good.variants[1]?.changes).toEqual({});
  });

  it('steps with the arrow keys', async () => {
    const { labelled, lab } = await show(Inspector, 'empty');
    const field = labelled('Points');
    field.focus();
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true }));
    flushSync();
    expect(lab.editor && lineData(lab.editor.good)?.points).toBe(21);
    expect(field.value).toBe('21');
  });

  it('lets nothing be changed in a read-only project', async () => {
    const { labelled } = await show(Inspector, 'read-only');
    expect(labelled('Noise').disabled).toBe(true);
    expect(labelled('λ₁ of L1').disabled).toBe(true);
  });

  it('shows what differs between a selected run and now', async () => {
    const { lab, text } = await show(Inspector, 'overlaid');
    lab.select(lab.runs.entries[0] ?? null);
    flushSync();
    expect(text()).toMatch(/Different from now.*seed71.*noise0\.60\.3/);
  });

  it('names step and quantity of a diverged run', async () => {
    const { lab, text } = await show(Inspector, 'diverged');
    lab.select(lab.runs.entries.at(-1) ?? null);
    flushSync();
    expect(text()).toMatch(/At step 37, the train loss of fc2\.weight/);
  });
});

describe('the navigator', () => {
  it('tells what to do when there are no runs', async () => {
    expect((await show(Navigator, 'empty')).text()).toMatch(/Press Run/);
  });

  it('shows and hides a run, and a whole press', async () => {
    const { lab, labelled } = await show(Navigator, 'finished');
    labelled('Show dropout, run 2, in the charts').click();
    expect(lab.runs.shown).toHaveLength(4);
    flushSync();
    labelled('Show or hide all of these runs').click();
    flushSync();
    expect(lab.runs.shown).toHaveLength(5);
  });

  it('deletes only after a yes', async () => {
    const { lab, button } = await show(Navigator, 'finished');
    button('Delete run 1, overfitting').click();
    lab.questions.answer(false);
    await Promise.resolve();
    expect(lab.runs.entries).toHaveLength(5);
    button('Delete run 1, overfitting').click();
    lab.questions.answer(true);
    await vi.waitFor(() => {
      expect(lab.runs.entries).toHaveLength(4);
    });
  });

  it('offers to continue interrupted runs, one or all', async () => {
    const { lab, button } = await show(Navigator, 'interrupted');
    button('Continue run 2, dropout').click();
    await vi.waitFor(() => {
      expect(lab.runs.live).toHaveLength(1);
    });
    flushSync();
    button('Continue all').click();
    await vi.waitFor(() => {
      expect(lab.runs.live).toHaveLength(5);
    });
  });

  it('shows messages until they are dismissed', async () => {
    const { lab, button, text } = await show(Navigator, 'finished');
    lab.notices.error(new Error('boom'));
    flushSync();
    expect(text()).toMatch(/Something went wrong inside the app \(boom\)/);
    button('Dismiss').click();
    flushSync();
    expect(text()).not.toMatch(/boom/);
  });
});

describe('run bar and key', () => {
  it('says why it cannot run', async () => {
    const { lab, button, text } = await show(RunBar, 'empty');
    for (const { name } of lab.editor?.good.variants ?? []) lab.training.choose(name, false);
    flushSync();
    expect(button('Run').getAttribute('aria-disabled')).toBe('true');
    expect(text()).toMatch(/Choose at least one variant/);
  });

  it('offers Pause while something trains and Resume when all is paused', async () => {
    const { lab, button } = await show(RunBar, 'running');
    button('Pause').click();
    await vi.waitFor(() => {
      expect(lab.training.paused).toHaveLength(5);
    });
    flushSync();
    expect(button('Resume').disabled).toBe(false);
  });

  it('shows the newest test loss of each variant as it comes in', async () => {
    const { lab, client, environment, text } = await show(VariantChips, 'empty');
    await lab.training.run();
    client.advance(50);
    environment.frame();
    flushSync();
    expect(text()).toMatch(/overfitting Test loss 0\.\d{3}/);
  });
});

describe('strip and banners', () => {
  it('shows step and total of each live run, and the device', async () => {
    const { text } = await show(StatusStrip, 'running');
    expect(text()).toMatch(/48%.*overfitting.*240\/500.*CPU, 2 threads.*Engine ready/);
  });

  it('says that the engine is lost, and takes it back when it is there again', async () => {
    const { client, text } = await show(Banners, 'engine-lost');
    expect(text()).toMatch(/stopped unexpectedly \(signal SIGKILL\).*starts again in 2 s/);
    client.publish('engine.changed', { status: 'ready', simd: 'plain', cores: 2 });
    flushSync();
    expect(text()).not.toMatch(/stopped unexpectedly/);
    client.publish('engine.changed', { status: 'lost', reason: 'signal SIGKILL', retryInMs: 250 });
    flushSync();
    expect(text()).not.toMatch(/stopped unexpectedly/);
  });

  it('an engine that was lost is told of until it is read', async () => {
    const { client, text, button } = await show(Navigator, 'finished');
    client.publish('engine.changed', { status: 'lost', reason: 'signal SIGKILL', retryInMs: 250 });
    client.publish('engine.changed', { status: 'ready', simd: 'plain', cores: 2 });
    flushSync();
    expect(text()).toMatch(/training engine stopped unexpectedly/);
    button('Dismiss').click();
    flushSync();
    expect(text()).not.toMatch(/stopped unexpectedly/);
  });

  it('says why a project is read-only', async () => {
    expect((await show(Banners, 'read-only')).text()).toMatch(/Another window has this project open/);
  });
});
