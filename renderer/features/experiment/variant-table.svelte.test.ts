// The experiment's table, mounted over the fake lab: editing, following the base, adding, seeds, going between places.
import { flushSync, tick } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { EXAMPLES } from '../../../assets/examples/index.ts';
import ExperimentPlace from './ExperimentPlace.svelte';
import PlaceSwitch from '../places/PlaceSwitch.svelte';
import { showing } from '../test-show.ts';

const show = showing(EXAMPLES['regression']);
const table = () => show(ExperimentPlace, 'empty');

describe('the table of variants', () => {
  it('changes a variant alone, marks it, and lets it follow the base again', async () => {
    const { lab, type, button } = await table();
    type('Learning rate of L1', '0.05');
    expect(lab.editor?.good.variants[2]?.changes).toMatchObject({ 'recipe.optimizer.lr': 0.05 });
    expect(lab.editor?.good.recipe.optimizer).toMatchObject({ lr: 0.01 });
    button('Follow the base: Learning rate of L1').click();
    flushSync();
    expect(lab.editor?.good.variants[2]?.changes).toEqual({ 'recipe.regularization.l1': 0.002 });
  });

  it('gives a variant another optimizer with its own fields', async () => {
    const { lab, choose, labelled } = await table();
    choose('Optimizer of dropout', 'SGD');
    expect(labelled('Momentum of dropout').value).toBe('0');
    expect(() => labelled('Momentum of L1')).toThrow(/no field/);
    expect(lab.editor?.problems).toEqual([]);
  });

  it('says what is wrong in the cell, and stores nothing of it', async () => {
    const { lab, type, text } = await table();
    type('dropout1 p of combined', '1.5');
    expect(text()).toMatch(/from 0 to below 1/);
    expect(lab.editor?.wrong).toBe(true);
    lab.editor?.undo();
    flushSync();
    expect(lab.editor?.problems).toEqual([]);
  });

  it('duplicates with one press, adds and removes', async () => {
    const { lab, button } = await table();
    button('Duplicate L2').click();
    button('Add a variant').click();
    flushSync();
    await tick();
    // What it is called is typed at once.
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Name of variant variant');
    const names = () => lab.editor?.good.variants.map((x) => x.name);
    expect(names()).toEqual(['overfitting', 'dropout', 'L1', 'L2', 'combined', 'L2 2', 'variant']);
    button('Remove L2 2').click();
    flushSync();
    expect(names()).not.toContain('L2 2');
  });

  it('starts a run for every seed, and refuses what is no number of them', async () => {
    const { lab, type, text, labelled } = await table();
    const start = vi.spyOn(lab.training, 'run');
    type('Seeds', '0');
    expect(text()).toMatch(/from 1 to 100/);
    expect(lab.training.seeds).toBe(1);
    type('Seeds', '3');
    expect(labelled('Seeds').value).toBe('3');
    expect(text()).toMatch(/starts 15 trainings/);
    await lab.run();
    expect(start).toHaveBeenCalledOnce();
    expect(lab.place).toBe('runs');
    expect(lab.runs.entries).toHaveLength(15);
    expect(new Set(lab.runs.entries.map((x) => x.seed))).toEqual(new Set([1, 2, 3]));
  });
});

describe('the switch between places', () => {
  it('leads to a place, and tells where one is', async () => {
    const { lab, button } = await show(PlaceSwitch, 'empty');
    expect(button('Runs').getAttribute('aria-current')).toBe('page');
    button('Experiment').click();
    flushSync();
    expect(lab.place).toBe('experiment');
    expect(button('Experiment').getAttribute('aria-current')).toBe('page');
  });
});
