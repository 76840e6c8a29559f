// The forms, the changes of a run that goes on, exports and the certificate, mounted over the fake lab.
import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { LabError } from '../../main/contract/errors.ts';
import { addAugmentation } from '../model/augmentation.ts';
import { setFields } from '../model/edits.ts';
import { fakeCertificate } from '../host/fake-certificate.ts';
import Inspector from './inspector/Inspector.svelte';
import OpenCertificate from './parity/OpenCertificate.svelte';
import ChooserDialog from './project/ChooserDialog.svelte';
import RunBar from './runs/RunBar.svelte';
import { showing } from './test-show.ts';

const show = showing(EXAMPLES['regression']);
const cnn = EXAMPLES['cnn'];
const numpyDropout = EXAMPLES['numpy-dropout'];

/** Leaves the field that has the focus. */
const leave = (field: HTMLElement) => {
  field.blur();
  flushSync();
};

describe('the form of a recipe', () => {
  it('brings the options of another optimizer along', async () => {
    const { choose, labelled, lab } = await show(Inspector, 'empty', 'en', cnn);
    expect(labelled('Momentum').value).toBe('0.9');
    choose('Optimizer', 'Adam');
    expect(() => labelled('Momentum')).toThrow(/no field/);
    expect(labelled('Beta 2').value).toBe('0.999');
    expect(lab.editor?.good.recipe.optimizer).toMatchObject({ type: 'Adam', lr: 0.001 });
  });

  it('takes an empty batch size for all examples, and drops the order with it', async () => {
    const { type, labelled, lab } = await show(Inspector, 'empty', 'en', cnn);
    expect(labelled('Shuffle every epoch').checked).toBe(true);
    type('Batch size', '');
    expect(() => labelled('Shuffle every epoch')).toThrow(/no field/);
    expect(lab.editor?.good.recipe).toMatchObject({ batch_size: null, shuffle: false });
    expect(labelled('Batch size').placeholder).toBe('all examples');
  });

  it('shows a wrong value of a folded field', async () => {
    const { type, labelled } = await show(Inspector, 'empty');
    const field = labelled('Evaluate every');
    const folded = field.closest('details');
    expect(folded?.open).toBe(false);
    type('Evaluate every', '0');
    expect(folded?.open).toBe(true);
    expect(field.getAttribute('aria-invalid')).toBe('true');
  });

  it('offers only losses that fit the data, in the reader’s language', async () => {
    const { choose, text } = await show(Inspector, 'empty', 'zh-CN', cnn);
    const losses = choose('损失函数', 'NLLLoss');
    expect([...losses.options].map((x) => x.value)).toEqual(['CrossEntropyLoss', 'NLLLoss']);
    expect(text()).toMatch(/所有变体的正则化.*提前结束/);
  });

  it('says a problem that has no field of its own', async () => {
    const { lab, text } = await show(Inspector, 'empty', 'en', cnn);
    // λ₂ acts in the loss, so the form shows no weight decay.
    lab.editor?.apply(setFields(['recipe.regularization.l2'], 0.1));
    lab.editor?.apply(setFields(['recipe.optimizer.weight_decay'], -1));
    flushSync();
    expect(text()).toMatch(/recipe\.optimizer\.weight_decay: Enter/);
  });

  it('adds what is done to train batches, sets it, orders it and takes it away', async () => {
    const { lab, labelled, type, button, text } = await show(Inspector, 'empty', 'en', cnn);
    expect(text()).toMatch(/Train examples are taken as they are/);
    lab.editor?.apply(addAugmentation('RandomCrop'));
    lab.editor?.apply(addAugmentation('RandomHorizontalFlip'));
    flushSync();
    type('Padding', '0');
    expect(labelled('Padding').getAttribute('aria-invalid')).toBe('true');
    type('Padding', '2');
    button('Horizontal flip: one place earlier').click();
    flushSync();
    expect(lab.editor?.good.recipe.augmentation).toEqual([
      { type: 'RandomHorizontalFlip', p: 0.5 },
      { type: 'RandomCrop', padding: 2 },
    ]);
    button('Remove Random crop').click();
    flushSync();
    expect(lab.editor?.good.recipe.augmentation).toHaveLength(1);
  });

  it('renames the experiment', async () => {
    const { type, lab } = await show(Inspector, 'empty');
    type('Name', 'noise study');
    expect(lab.editor?.good.name).toBe('noise study');
    type('Name', '');
    expect(lab.editor?.problems.map((x) => x.path)).toEqual(['name', 'name']);
  });
});

describe('the form of a model', () => {
  it('lists layers with their outputs, and p where something is dropped', async () => {
    const { text, type, lab } = await show(Inspector, 'empty', 'en', cnn);
    expect(text()).toMatch(/Conv2d conv1 5 × 5 6 × 28 × 28456.*MaxPool2d pool1 2 × 2 6 × 14 × 14/);
    type('p of layer dropout1', '0.25');
    expect(lab.editor?.good.model.layers[9]).toMatchObject({ name: 'dropout1', p: 0.25 });
  });

  it('unfolds the settings of one layer', async () => {
    const { button, type, choose, lab } = await show(Inspector, 'empty', 'en', numpyDropout);
    const unfold = button('Settings of fc1');
    expect(unfold.getAttribute('aria-expanded')).toBe('false');
    unfold.click();
    flushSync();
    expect(unfold.getAttribute('aria-expanded')).toBe('true');
    type('From', '-0.5');
    expect(lab.editor?.good.model.layers[0]).toMatchObject({ init: { weight: { type: 'uniform', a: -0.5, b: 1 } } });
    choose('First weights', 'default');
    expect(lab.editor?.good.model.layers[0]).not.toHaveProperty('init');
  });

  it('stays folded where the width above says already what is wrong', async () => {
    const { type, button } = await show(Inspector, 'empty');
    expect(type('Width', '2.5').getAttribute('aria-invalid')).toBe('true');
    expect(button('Settings of fc1').getAttribute('aria-expanded')).toBe('false');
  });

  it('says at the layer what does not fit', async () => {
    const { lab, text } = await show(Inspector, 'empty', 'en', cnn);
    lab.editor?.apply((document) => {
      const next = structuredClone(document);
      const last = next.model.layers.at(-1);
      if (last?.type === 'Linear') last.out_features = 9;
      return next;
    });
    flushSync();
    expect(text()).toMatch(/fc3.*The last layer gives \[9\] per example, but the data needs \[10\]/);
  });

  it('shows what else a variant changes', async () => {
    const { text } = await show(Inspector, 'empty', 'en', numpyDropout);
    expect(text()).toMatch(/dropout1\.gradient = as_printed/);
  });
});

describe('examples written out', () => {
  it('can be changed number by number, and row by row', async () => {
    const { type, button, lab, labelled } = await show(Inspector, 'empty', 'en', numpyDropout);
    type('x₂ of row 1', '0.5');
    type('y of row 4', '1');
    button('Add a row').click();
    flushSync();
    expect(lab.editor?.good.data).toMatchObject({
      x: [
        [0, 0.5, 1],
        [0, 1, 1],
        [1, 0, 1],
        [1, 1, 1],
        [1, 1, 1],
      ],
      y: [[0], [1], [1], [1], [1]],
    });
    button('Remove row 5').click();
    flushSync();
    expect(() => labelled('y of row 5')).toThrow(/no field/);
    expect(type('y of row 1', 'one').getAttribute('aria-invalid')).toBe('true');
  });
});

describe('a run that goes on', () => {
  const selected = async (scenario: 'running' | 'finished' | 'read-only', language = 'en') => {
    const shown = await show(Inspector, scenario, language);
    const run = shown.lab.runs.live[1] ?? shown.lab.runs.entries[1];
    if (!run) throw new Error('no run');
    shown.lab.select(run);
    await vi.waitFor(() => {
      expect(run.loaded).toBe(true);
    });
    flushSync();
    return { ...shown, run };
  };

  it('changes once the person is done typing, and lists the change', async () => {
    const { type, client, environment, labelled, run, text } = await selected('running');
    const field = type('Dropout (p)', '0.2');
    expect(client.calls.some((x) => x.method === 'run.change')).toBe(false);
    leave(field);
    await vi.waitFor(() => {
      expect(client.calls.filter((x) => x.method === 'run.change').map((x) => x.input)).toEqual([
        { runId: run.id, path: 'model.layers.dropout1.p', value: 0.2 },
        { runId: run.id, path: 'model.layers.dropout2.p', value: 0.2 },
      ]);
    });
    environment.frame();
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toMatch(/Changed while it trained.*dropout1\.p2400\.50\.2.*dropout2\.p2400\.50\.2/);
    });
    expect(labelled('Dropout (p)').value).toBe('0.2');
  });

  it('keeps a wrong value to itself, with the reason', async () => {
    const { type, client, described } = await selected('running');
    const field = type('Learning rate', '-1');
    leave(field);
    expect(described(field)).toContain('Enter a number above 0; you entered -1.');
    expect(client.calls.some((x) => x.method === 'run.change')).toBe(false);
  });

  it('says why a change was refused', async () => {
    const { type, client, described } = await selected('running');
    client.failNext('run.change', new LabError('RUN_NOT_LIVE', 'over', { runId: 'run-7' }));
    const field = type('L1 (λ₁)', '0.01');
    leave(field);
    await vi.waitFor(() => {
      flushSync();
      expect(described(field)).toContain('This run is not training any more.');
    });
  });

  it('goes back by the steps that are asked for, and pauses', async () => {
    const { type, button, run } = await selected('running');
    type('Steps to undo', '40');
    button('Go back').click();
    await vi.waitFor(() => {
      expect([run.step, run.status]).toEqual([200, 'paused']);
    });
    flushSync();
    type('Steps to undo', '0');
    expect(button('Go back').getAttribute('aria-disabled')).toBe('true');
  });

  it('offers nothing of it when it is over, says why, and can be opened again', async () => {
    const { labelled, button, text, run } = await selected('finished');
    expect(labelled('Dropout (p)').disabled).toBe(true);
    expect(button('Go back').getAttribute('aria-disabled')).toBe('true');
    expect(text()).toMatch(/This run is over\. Open it again/);
    button('Open again').click();
    await vi.waitFor(() => {
      expect(run.status).toBe('paused');
    });
    flushSync();
    expect(labelled('Dropout (p)').disabled).toBe(false);
  });

  it('takes one step of every live run back from the bar, and says when there is none', async () => {
    const { lab, button } = await show(RunBar, 'running');
    button('Undo one step').click();
    await vi.waitFor(() => {
      expect(lab.training.paused.map((x) => x.step)).toEqual([239, 239, 239, 239, 239]);
    });
  });

  it('says in the bar why nothing can be undone', async () => {
    const { button, described, client } = await show(RunBar, 'finished');
    const undo = button('Undo one step');
    expect(undo.getAttribute('aria-disabled')).toBe('true');
    expect(described(undo)).toEqual(['Nothing is training that could go back.']);
    undo.click();
    expect(client.calls.some((x) => x.method === 'run.stepBack')).toBe(false);
  });
});

describe('exports', () => {
  it('say why a format cannot hold a run, and write one that can', async () => {
    const { lab, button, labelled, text, client } = await show(Inspector, 'finished', 'en', cnn);
    const [run] = lab.runs.entries;
    if (!run) throw new Error('no run');
    lab.select(run);
    flushSync();
    button('Export…').click();
    flushSync();
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toMatch(/NumPy script Not for this run\. conv1: the NumPy script is written for dense nets/);
    });
    labelled('NumPy script').click();
    flushSync();
    expect(button('Choose where…').disabled).toBe(true);
    labelled('Weights (safetensors)').click();
    flushSync();
    button('Choose where…').click();
    await vi.waitFor(() => {
      expect(lab.files.chooser).toMatchObject({
        mode: 'save',
        kind: 'safetensors',
        suggestedName: 'cnn-none-1.safetensors',
      });
    });
    lab.files.closeChooser({ handle: 'home/net.safetensors', name: 'net.safetensors' });
    await vi.waitFor(() => {
      expect(lab.notices.list.map((x) => x.word(lab.preferences.translator))).toEqual(['Exported to net.safetensors']);
    });
    expect(client.calls.at(-1)).toEqual({
      method: 'run.export',
      input: {
        runId: run.id,
        format: 'safetensors',
        weights: 'last',
        destination: 'home/net.safetensors',
        replace: false,
      },
    });
  });

  it('tell what went wrong', async () => {
    const { lab, client } = await show(Inspector, 'finished');
    const [run] = lab.runs.entries;
    if (!run) throw new Error('no run');
    client.failNext('run.export', new LabError('NOT_FOUND', 'none', { what: 'checkpoint', id: run.id }));
    const taken = lab.exports.take(run, 'onnx');
    lab.files.closeChooser({ handle: 'home/net.onnx', name: 'net.onnx' });
    await taken;
    expect(lab.notices.list.map((x) => x.word(lab.preferences.translator))).toEqual([
      'This run has no stored weights of this kind yet. Let it train on, or stop it first.',
    ]);
  });

  it('choose a place with the ending of their kind', async () => {
    const { lab, client, text, labelled, button } = await show(ChooserDialog, 'finished');
    const place = lab.files.choosePlace('onnx', 'net');
    flushSync();
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toMatch(/Export to.*papers/);
    });
    expect(labelled('File name').value).toBe('net');
    button('Save').click();
    expect(await place).toEqual({ handle: 'home/net.onnx', name: 'net.onnx', mayReplace: false });
    expect(client.calls.filter((x) => x.method === 'folder.list')[0]?.input).toEqual({ handle: null, kind: 'onnx' });
  });
});

describe('the certificate', () => {
  it('shows every comparison by group, with the difference that was found and the one that is allowed', async () => {
    const { text } = await show(OpenCertificate, 'overlaid');
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toMatch(/All 41 comparisons hold\..*PyTorch 2\.13\.0 \(recorded\)/);
    });
    expect(text()).toMatch(/Random numbers 4 of 5 without any difference.*randn 65,5361 ulp2 ulp holds/);
    expect(text()).toMatch(/Random numbers, computed on this machine 1 of 1/);
    expect(text()).toMatch(
      /overfitting the first 500 of 500 recorded losses are equal in every bit.*cnn: the end is not compared/,
    );
  });

  it('begins with what does not hold', async () => {
    const { text } = await show(OpenCertificate, 'diverged');
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toMatch(/3 of 41 comparisons do not hold\..*Comparison.*The three examples 3 of 5 do not hold/);
    });
  });

  it('is made on request, with progress, and can be stopped', async () => {
    const { text, button, client } = await show(OpenCertificate, 'finished', 'zh-CN');
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toMatch(/该项目还没有证书/);
    });
    button('立即比较').click();
    flushSync();
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toMatch(/12 \/ 40：Conv2d, gradient/);
    });
    button('停止比较').click();
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toMatch(/该项目还没有证书.*立即比较/);
    });
    button('立即比较').click();
    client.endComparison(fakeCertificate());
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toMatch(/全部 41 项比较都通过/);
    });
  });

  it('says kindly when this version cannot compare, and what failed', async () => {
    const { text, button, client } = await show(OpenCertificate, 'finished');
    client.failNext('parity.run', new LabError('NOT_AVAILABLE', 'no runner', { what: 'parity' }));
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toMatch(/no certificate yet/);
    });
    button('Compare now').click();
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toMatch(/This version cannot compare its numbers with PyTorch’s\./);
    });
    client.failNext('parity.run', new LabError('DISK_FULL', 'full', { file: 'mine.overfit' }));
    button('Compare now').click();
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toMatch(/The disk is full, so mine\.overfit could not be saved/);
    });
  });
});
