import { describe, expect, it, vi } from 'vitest';
import example from '../../assets/examples/regression.json';
import { LabError } from '../../main/contract/errors.ts';
import { createFakeLab, type FakeScenario } from '../host/fake.ts';
import { setData } from '../model/data-edits.ts';
import { DATA_KINDS } from '../model/data-kinds.ts';
import { setFields, setL2Place, setVariantKnob } from '../model/edits.ts';
import { lineData, pointsOf } from '../model/line-data.ts';
import { Lab } from './lab.svelte.ts';
import { createTestEnvironment } from './test-environment.ts';
import { PACES, speedOf } from './training.svelte.ts';

async function open(scenario: FakeScenario) {
  const client = createFakeLab(scenario, example);
  const environment = createTestEnvironment();
  const lab = new Lab(client, environment);
  await lab.open();
  const { editor } = lab;
  if (!editor) throw new Error('no experiment');
  const called = (method: string) => client.calls.filter((x) => x.method === method);
  return { client, environment, lab, editor, called };
}
const noise = (value: unknown) => setFields(['data.noise'], value);

describe('opening', () => {
  it('shows the newest press and leaves the earlier ones hidden', async () => {
    const { lab } = await open('overlaid');
    expect(lab.phase).toBe('open');
    expect(lab.runs.groups).toHaveLength(2);
    expect(lab.runs.shown.map((x) => x.number)).toEqual([6, 7, 8, 9, 10]);
    await vi.waitFor(() => {
      expect(lab.runs.shown.every((x) => x.series.lastStep === 500)).toBe(true);
    });
  });

  it('follows language and appearance of the system, live, until they are chosen', async () => {
    const { lab, environment } = await open('empty');
    expect(lab.preferences.locale).toBe('en');
    expect(lab.preferences.theme).toBe('light');
    environment.setDark(true);
    expect(lab.preferences.theme).toBe('dark');
    await lab.preferences.set({ locale: 'zh-CN', theme: 'light' });
    expect(lab.preferences.translator.text('bar.run')).toBe('运行');
    expect(lab.preferences.theme).toBe('light');
  });

  it('goes back to the stored setting when a change is refused', async () => {
    const { lab, client } = await open('empty');
    client.failNext('settings.set', new LabError('DISK_FULL', 'full', { file: 'settings' }));
    await lab.preferences.set({ locale: 'zh-CN' });
    expect(lab.preferences.locale).toBe('en');
    expect(lab.notices.list[0]?.word(lab.preferences.translator)).toMatch(/disk is full/);
  });

  it('says once what several runs were refused for', async () => {
    const { lab } = await open('empty');
    for (const runId of ['a', 'b', 'c'])
      lab.notices.error(new LabError('ENGINE_REJECTED', 'no', { runId, code: 'OUT_OF_MEMORY', message: '64 GiB' }));
    lab.notices.error(new LabError('ENGINE_REJECTED', 'no', { runId: 'd', code: 'BAD_CHECKPOINT', message: 'cut' }));
    expect(lab.notices.list).toHaveLength(2);
  });

  it('does not call a run diverged that never began', async () => {
    const { lab } = await open('diverged');
    const run = lab.runs.entries.at(-1);
    if (!run) throw new Error('no run');
    expect(run.statusWord).toBe('failed');
    run.heard({ ...run.summary, failure: null }, 0);
    expect(run.statusWord).toBe('refused');
    expect(lab.preferences.translator.text('status.refused')).toBe('Could not start');
  });

  it('says that the lab is gone when the connection ends', async () => {
    const { lab, client } = await open('finished');
    client.close();
    expect(lab.phase).toBe('lost');
  });
});

describe('editing', () => {
  it('stores a good document once typing rests', async () => {
    const { editor, environment, called } = await open('empty');
    editor.apply(noise(0.4), 'noise');
    editor.apply(noise(0.45), 'noise');
    expect(called('experiment.update')).toHaveLength(0);
    environment.pass(200);
    await vi.waitFor(() => {
      expect(lineData(editor.stored)?.noise).toBe(0.45);
    });
    expect(called('experiment.update')).toHaveLength(1);
  });

  it('marks a wrong value at its field, sends nothing and keeps the last good document', async () => {
    const { editor, environment, called } = await open('empty');
    editor.apply(noise(-1));
    environment.pass(10_000);
    expect(editor.problemAt(['data.noise'])?.code).toBe('out_of_range');
    expect(lineData(editor.draft)?.noise).toBe(-1);
    expect(lineData(editor.good)?.noise).toBe(0.3);
    expect(called('experiment.update')).toHaveLength(0);
    editor.undo();
    expect(lineData(editor.draft)?.noise).toBe(0.3);
    expect(editor.problems).toEqual([]);
  });

  it('undoes what was edited beside a wrong value one by one, and what was typed in one field at once', async () => {
    const { editor } = await open('empty');
    const slope = setFields(['data.slope'], 3);
    editor.apply(noise(-1), 'data.noise');
    editor.apply(noise(-12), 'data.noise');
    editor.apply(slope);
    editor.undo();
    expect(lineData(editor.draft)).toMatchObject({ noise: -12, slope: 1 });
    expect(editor.wrong).toBe(true);
    editor.undo();
    expect(lineData(editor.draft)).toMatchObject({ noise: 0.3, slope: 1 });
    expect(editor.wrong).toBe(false);
    expect(editor.canUndo).toBe(false);
    editor.apply(noise(-1), 'data.noise');
    editor.apply(slope);
    editor.apply(noise(0.5), 'data.noise');
    expect(lineData(editor.good)).toMatchObject({ noise: 0.5, slope: 3 });
    editor.undo();
    expect(lineData(editor.draft)).toMatchObject({ noise: 0.3, slope: 1 });
  });

  it('stores what is unfinished, and undoes it like any other edit', async () => {
    const { editor, environment } = await open('empty');
    const wider = setFields(['model.layers.fc3.out_features'], 3);
    editor.apply(wider);
    expect(editor.problems).toMatchObject([{ path: 'model.layers.fc3', code: 'shape_mismatch' }]);
    environment.pass(200);
    await vi.waitFor(() => {
      expect(editor.stored.model.layers[6]).toMatchObject({ out_features: 3 });
    });
    editor.apply(noise(0.4));
    editor.undo();
    expect(editor.problems).toHaveLength(1);
    editor.undo();
    expect(editor.problems).toEqual([]);
    expect(editor.canUndo).toBe(false);
    editor.redo();
    expect(editor.problems).toHaveLength(1);
  });

  it('acts on trainings that go on in live mode only, with what was edited', async () => {
    const { lab, editor, environment, called } = await open('running');
    const edit = async (value: number) => {
      editor.apply(setFields(['recipe.optimizer.lr', 'recipe.steps'], value));
      environment.pass(200);
      await vi.waitFor(() => {
        expect(editor.stored.recipe.steps).toBe(value);
      });
    };
    await edit(1);
    expect(called('run.change')).toHaveLength(0);
    lab.training.live = true;
    await edit(2);
    await vi.waitFor(() => {
      expect(called('run.change')).toHaveLength(lab.runs.live.length);
    });
    expect(called('run.change')[0]?.input).toMatchObject({ path: 'recipe.optimizer.lr', value: 2 });
  });

  it('marks the wrong cell of the variant only', async () => {
    const { editor } = await open('empty');
    editor.apply(setVariantKnob('dropout', 'p', 'weight_decay', 1));
    expect(editor.problemAt(['variants.dropout.changes.model.layers.dropout1.p'])?.code).toBe('out_of_range');
    expect(editor.problemAt(['variants.combined'])).toBeUndefined();
  });

  it('undoes the typing in one field as one, and redoes it', async () => {
    const { editor } = await open('empty');
    editor.apply(noise(0.4), 'noise');
    editor.apply(noise(0.45), 'noise');
    editor.settle();
    editor.apply(noise(0.5), 'noise');
    editor.undo();
    expect(lineData(editor.good)?.noise).toBe(0.45);
    editor.undo();
    expect(lineData(editor.good)?.noise).toBe(0.3);
    expect(editor.canUndo).toBe(false);
    editor.redo();
    editor.redo();
    expect(lineData(editor.good)?.noise).toBe(0.5);
  });

  it('goes back to the stored document when the services refuse', async () => {
    const { editor, client, lab } = await open('empty');
    client.failNext('experiment.update', new LabError('READ_ONLY', 'read only', { reason: 'in_use' }));
    editor.apply(noise(0.4));
    await editor.flush();
    expect(lineData(editor.draft)?.noise).toBe(0.3);
    expect(lab.notices.list).toHaveLength(1);
  });

  it('takes over a change from elsewhere, but never over the fingers of the person', async () => {
    const { editor, client, lab } = await open('empty');
    const project = lab.project;
    if (!project) throw new Error('no project');
    const from = (revision: number, value: number) => {
      const document = setFields(['data.noise'], value)(editor.stored);
      client.publish('project.changed', { ...project, experiments: [{ id: editor.id, revision, document }] });
    };
    from(5, 0.7);
    expect(lineData(editor.draft)?.noise).toBe(0.7);
    editor.apply(noise(0.1));
    from(6, 0.9);
    expect(lineData(editor.draft)?.noise).toBe(0.1);
  });

  it('keeps where λ2 acts after it was chosen', async () => {
    const { editor } = await open('empty');
    expect(editor.l2).toBe('weight_decay');
    editor.preferL2('half');
    editor.apply(setL2Place('half'));
    expect(editor.l2).toBe('half');
  });
});

describe('running', () => {
  it('stores pending edits before it starts the chosen variants', async () => {
    const { lab, editor, client } = await open('empty');
    editor.apply(noise(0.4));
    lab.training.choose('L2', false);
    await lab.training.run();
    const order = client.calls.map((x) => x.method).filter((x) => x === 'experiment.update' || x === 'run.start');
    expect(order).toEqual(['experiment.update', 'run.start']);
    expect(lab.runs.live.map((x) => x.variant)).toEqual(['overfitting', 'dropout', 'L1', 'combined']);
    expect(lab.runs.live[0] && lineData(lab.runs.live[0].summary.experiment)?.noise).toBe(0.4);
  });

  it('does not start while a setting is wrong or no variant is chosen', async () => {
    const { lab, editor, called } = await open('empty');
    editor.apply(noise(-1));
    await lab.training.run();
    editor.revert();
    for (const { name } of editor.good.variants) lab.training.choose(name, false);
    await lab.training.run();
    expect(called('run.start')).toHaveLength(0);
  });

  it('gathers live batches until the next frame and applies them in order', async () => {
    const { lab, client, environment } = await open('empty');
    await lab.training.run();
    const [run] = lab.runs.live;
    if (!run) throw new Error('nothing runs');
    const before = lab.runs.version;
    client.advance(10);
    client.advance(15);
    expect(run.series.lastStep).toBe(0);
    environment.frame();
    expect(run.series.lastStep).toBe(25);
    expect(run.series.score('test_loss').length).toBe(3);
    expect(lab.runs.version).toBe(before + 1);
  });

  it('reads again what was missed', async () => {
    const { lab, client, environment, called } = await open('running');
    const run = lab.runs.shown[0];
    if (!run) throw new Error('nothing shown');
    await vi.waitFor(() => {
      expect(run.series.lastStep).toBe(240);
    });
    const reads = called('run.read').length;
    // A batch that starts far after what is held: the ones between were dropped.
    const rows = new Float64Array([1]);
    client.publish('run.progressed', {
      runId: run.id,
      rewinds: 0,
      step: 400,
      steps: { step: new Int32Array([400]), train_loss: rows, penalty_l1: rows, penalty_l2: rows, lr: rows },
      evaluations: [],
      events: [],
    });
    client.advance(170);
    environment.frame();
    await vi.waitFor(() => {
      expect(run.series.lastStep).toBe(410);
    });
    expect(called('run.read').length).toBeGreaterThan(reads);
    expect([...run.series.train.steps.slice(0, run.series.train.length)]).toEqual(
      Array.from({ length: 410 }, (_, i) => i + 1),
    );
  });

  it('cuts a run where it was stepped back, and takes nothing in that was computed before', async () => {
    const { lab, client, environment } = await open('empty');
    await lab.training.run();
    const [run] = lab.runs.live;
    if (!run) throw new Error('nothing runs');
    client.advance(30);
    environment.frame();
    client.advance(20);
    // The batch up to step 50 waits for the next frame while the run goes back.
    await client.call('run.stepBack', { runId: run.id, steps: 25 });
    expect(run.step).toBe(25);
    environment.frame();
    expect(run.series.lastStep).toBe(25);
    expect(run.series.lastEvaluation).toBe(20);
    await client.call('run.resume', { runId: run.id });
    client.advance(5);
    environment.frame();
    expect([...run.series.train.steps.slice(0, run.series.train.length)]).toEqual(
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
  });

  it('reads again what was read while a run went back', async () => {
    const { lab, client, called } = await open('running');
    const run = lab.runs.shown[0];
    if (!run) throw new Error('nothing shown');
    // The first reading is still on its way.
    await client.call('run.stepBack', { runId: run.id, steps: 100 });
    await vi.waitFor(() => {
      expect(run.series.lastStep).toBe(140);
    });
    expect(run.step).toBe(140);
    expect(called('run.read').length).toBeGreaterThanOrEqual(5);
  });

  it('pauses, steps, resumes and stops every live run', async () => {
    const { lab, environment } = await open('running');
    await lab.training.pauseOrResume();
    expect(lab.training.paused).toHaveLength(5);
    await lab.training.step();
    environment.frame();
    expect(lab.training.paused.every((x) => x.step === 241)).toBe(true);
    await lab.training.pauseOrResume();
    expect(lab.training.going).toHaveLength(5);
    await lab.training.stop();
    expect(lab.runs.live).toHaveLength(0);
  });

  it('starts paused when a step is asked for and nothing runs', async () => {
    const { lab } = await open('empty');
    await lab.training.step();
    expect(lab.runs.live.every((x) => x.status === 'paused')).toBe(true);
  });

  it('a new press takes the stage, except from runs that the person asked for', async () => {
    const { lab } = await open('finished');
    const kept = lab.runs.entries[1];
    if (!kept) throw new Error('no run');
    lab.runs.show(kept, true);
    await lab.training.run();
    expect(lab.runs.shown.map((x) => x.number)).toEqual([2, 6, 7, 8, 9, 10]);
  });

  it('goes on from the checkpoint when a run is continued', async () => {
    const { lab, client } = await open('interrupted');
    const run = lab.runs.entries[0];
    if (!run) throw new Error('no run');
    await vi.waitFor(() => {
      expect(run.series.lastStep).toBe(320);
    });
    client.publish('run.changed', { ...run.summary, status: 'queued', step: 300 });
    expect(run.series.lastStep).toBe(300);
    expect(run.series.lastEvaluation).toBe(300);
  });

  it('forgets a deleted run, also where it was selected', async () => {
    const { lab } = await open('finished');
    const run = lab.runs.entries[2];
    if (!run) throw new Error('no run');
    lab.select(run);
    await lab.training.delete(run);
    expect(lab.selected).toBeNull();
    expect(lab.runs.entries).toHaveLength(4);
  });

  it('a run that ended by itself before Stop reached it is no error', async () => {
    const { lab, client } = await open('running');
    client.failNext('run.stop', new LabError('RUN_NOT_LIVE', 'not live', { runId: 'x' }));
    await lab.training.stop();
    expect(lab.notices.list).toEqual([]);
  });

  it('takes the settings of an earlier run again, and that can be undone', async () => {
    const { lab, editor } = await open('overlaid');
    const [run] = lab.runs.entries;
    if (!run) throw new Error('no run');
    lab.select(run);
    lab.useSettingsOf(run);
    expect(editor.good).toMatchObject({ seed: 7, data: { noise: 0.6 } });
    expect(lab.selected).toBeNull();
    editor.undo();
    expect(editor.good).toMatchObject({ seed: 1, data: { noise: 0.3 } });
  });
});

describe('projects', () => {
  it('asks before it leaves live runs, and stays when the answer is no', async () => {
    const { lab, called } = await open('running');
    const leaving = lab.files.newProject('regression');
    expect(lab.questions.current?.text(lab.preferences.translator)).toMatch(/5 runs/);
    lab.questions.answer(false);
    await leaving;
    expect(called('project.new')).toHaveLength(0);
  });

  it('opens without a question when nothing runs', async () => {
    const { lab, called } = await open('finished');
    await lab.files.openHandle('recent-2');
    expect(called('project.open')).toEqual([{ method: 'project.open', input: { handle: 'recent-2' } }]);
  });

  it('asks before it replaces a file, then replaces it', async () => {
    const { lab, client, called } = await open('finished');
    const saving = lab.files.saveAs();
    client.failNext('project.saveAs', new LabError('FILE_EXISTS', 'exists', { file: 'a.overfit' }));
    lab.files.closeChooser({ handle: 'h', name: 'a.overfit' });
    await vi.waitFor(() => {
      expect(lab.questions.current).not.toBeNull();
    });
    lab.questions.answer(true);
    await saving;
    expect(called('project.saveAs').map((x) => x.input)).toEqual([
      { handle: 'h', replace: false },
      { handle: 'h', replace: true },
    ]);
  });

  it('saves nothing when the person leaves the chooser', async () => {
    const { lab, called } = await open('finished');
    const saving = lab.files.saveAs();
    lab.files.closeChooser();
    await saving;
    expect(lab.files.chooser).toBeNull();
    expect(called('project.saveAs')).toHaveLength(0);
  });

  it('draws the points anew when data or seed were stored, and only then', async () => {
    const { lab, editor, called } = await open('empty');
    await lab.refreshPreview(editor.id, editor.stored);
    await lab.refreshPreview(editor.id, { ...editor.stored, recipe: { ...editor.stored.recipe, steps: 7 } });
    expect(called('data.preview')).toHaveLength(1);
    await lab.refreshPreview(editor.id, { ...editor.stored, seed: 2 });
    expect(called('data.preview')).toHaveLength(2);
    expect(pointsOf(lab.preview)?.train.x).toHaveLength(20);
  });

  it('shows the old points until the new ones are there, but not those of another kind of data', async () => {
    const { lab, editor } = await open('empty');
    await lab.refreshPreview(editor.id, editor.stored);
    const before = lab.preview;
    editor.apply(setFields(['data.noise'], 0.7));
    await editor.flush();
    expect(lab.dataOf(null)).toBe(before);
    const asked = lab.refreshPreview(editor.id, editor.stored);
    expect(lab.dataOf(null)).toBe(before);
    await asked;
    expect(lab.dataOf(null)).not.toEqual(before);
    editor.apply(setData(DATA_KINDS[4].data));
    await editor.flush();
    expect(lab.dataOf(null)).toBeNull();
  });

  it('looks at no run of another kind of data, unless the person selects it', async () => {
    const { lab, editor } = await open('finished');
    const [run] = lab.runs.newest;
    expect(lab.views.run).toBe(run);
    editor.apply(setData(DATA_KINDS[4].data));
    await editor.flush();
    expect(lab.views.run).toBeNull();
    lab.select(run ?? null);
    expect(lab.views.run).toBe(run);
  });
});

describe('speed', () => {
  it('is stored, survives a refusal, and other paces come closest to a named one', async () => {
    const { lab, client, called } = await open('empty');
    expect(speedOf(null)).toBe('full');
    expect([0.1, 20, 70].map(speedOf)).toEqual(['slow', 'slow', 'slow']);
    expect([71, 250, 10_000].map(speedOf)).toEqual(['watch', 'watch', 'watch']);
    await lab.training.pace(PACES.slow);
    expect(called('run.pace')[0]?.input).toEqual({ stepsPerSecond: 20 });
    client.failNext('run.pace', new LabError('DISK_FULL', 'full', { file: 'settings' }));
    await lab.training.pace(PACES.full);
    expect(lab.preferences.values.pace).toBe(20);
  });
});
