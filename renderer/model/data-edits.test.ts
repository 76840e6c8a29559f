// Other data in an experiment: what must follow follows, what need not stays, and what is gone leaves no change behind.
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { Data, parseExperiment, parseWith, type DataSpec, type ExperimentSpec } from '../../engine/spec/index.ts';
import { dataFields } from './data-fields.ts';
import { seedPath, setData } from './data-edits.ts';
import { DATA_KINDS } from './data-kinds.ts';
import { setFields } from './edits.ts';
import { editNumber } from './fields.ts';

const regression = (): ExperimentSpec => parseExperiment(EXAMPLES['regression']);
const dataOf = (fields: object): DataSpec => parseWith(Data, fields, 'Data');
const MOONS = dataOf({ type: 'moons', train: 50, test: 20 });
const SPIRALS = dataOf({ type: 'spirals', arms: 4, train: 50, test: 20 });
const SINE = dataOf({ type: 'sine', x_min: -1, x_max: 1, train: 30, test: 10 });
const answer = ({ model }: ExperimentSpec) => model.layers.findLast((x) => x.type === 'Linear')?.out_features;

describe('other data', () => {
  it('bring a loss for their targets and an answer of their size, and leave the rest as it is', () => {
    const before = regression();
    const after = setData(SPIRALS)(before);
    expect(after.recipe.loss).toMatchObject({ type: 'CrossEntropyLoss', reduction: 'mean' });
    expect(answer(after)).toBe(4);
    expect(after.recipe.optimizer).toEqual(before.recipe.optimizer);
    expect(after.variants).toEqual(before.variants);
    expect(after.model.layers.slice(0, -1)).toEqual(before.model.layers.slice(0, -1));
    expect(before).toEqual(regression());
    const back = setData(SINE)(after);
    expect(back.recipe.loss).toMatchObject({ type: 'MSELoss' });
    expect(answer(back)).toBe(1);
    expect(parseExperiment(back)).toEqual(back);
  });

  it('keep a loss that is for their targets already', () => {
    const before = setFields(['recipe.loss'], { type: 'HuberLoss', delta: 2, reduction: 'mean' })(regression());
    expect(setData(SINE)(before).recipe.loss).toEqual({ type: 'HuberLoss', delta: 2, reduction: 'mean' });
  });

  it('take changes of fields that are gone out of the variants, and no others', () => {
    const before = regression();
    const [first, second] = before.variants;
    if (!first || !second) throw new Error('no variants');
    const lastLayer = before.model.layers.at(-1)?.name ?? '';
    first.changes = { 'data.noise': 0.1, 'data.slope': 2, 'recipe.steps': 7, 'recipe.loss.type': 'L1Loss' };
    second.changes = {
      data: before.data,
      'recipe.loss': { type: 'L1Loss' },
      [`model.layers.${lastLayer}.out_features`]: 1,
    };
    const after = setData(MOONS)(before);
    expect(after.variants[0]?.changes).toEqual({ 'data.noise': 0.1, 'recipe.steps': 7 });
    expect(after.variants[1]?.changes).toEqual({});
    expect(parseExperiment(after)).toEqual(after);
    const numbers = setData(SINE)(before);
    expect(numbers.variants[0]?.changes).toMatchObject({ 'recipe.loss.type': 'L1Loss' });
  });

  it('make batches no larger than they are', () => {
    const before = setFields(['recipe.batch_size'], 20)(regression());
    const small = dataOf({ type: 'moons', train: 12, test: 5 });
    expect(setData(small)(before).recipe.batch_size).toBe(12);
    expect(setData(MOONS)(before).recipe.batch_size).toBe(20);
  });

  it('are taken in batches where all at once would be slow', () => {
    const before = regression();
    expect(before.recipe.batch_size).toBeNull();
    expect(setData(dataOf({ type: 'moons', train: 1000, test: 5 }))(before).recipe.batch_size).toBeNull();
    expect(setData(dataOf({ type: 'moons', train: 1001, test: 5 }))(before).recipe.batch_size).toBe(32);
    // Whoever takes many at once on purpose is left alone.
    const many = setFields(
      ['recipe.batch_size'],
      null,
    )(setData(dataOf({ type: 'moons', train: 2000, test: 5 }))(before));
    expect(setData(dataOf({ type: 'moons', train: 3000, test: 5 }))(many).recipe.batch_size).toBeNull();
    expect(setData(dataOf({ type: 'shapes32', train: 2000, test: 100 }))(before).recipe.batch_size).toBe(32);
  });

  it('are watched by what they have', () => {
    const cnn = parseExperiment(EXAMPLES['cnn']);
    const watching = setFields(['recipe.early_stopping'], { metric: 'validation_accuracy', patience: 3, min_delta: 0 })(
      cnn,
    );
    const plateau = setFields(['recipe.schedule'], { type: 'ReduceLROnPlateau', metric: 'validation_loss' })(watching);
    const none = setData(MOONS)(plateau);
    expect(none.recipe.early_stopping).toBeNull();
    expect(none.recipe.schedule).toMatchObject({ metric: 'train_loss' });
    const numbers = setData({ ...SINE, validation: 10 } as DataSpec)(plateau);
    expect(numbers.recipe.early_stopping?.metric).toBe('validation_loss');
    expect(numbers.recipe.schedule).toMatchObject({ metric: 'validation_loss' });
  });

  it('that are pictures begin no net where there is none', () => {
    const none = { ...regression(), model: { layers: [] }, variants: [] };
    expect(setData(dataOf({ type: 'shapes32', train: 10, test: 10 }))(none).model.layers).toEqual([]);
  });

  it('that are pictures are flattened for a net of Linear layers, once, and not for one that looks at them', () => {
    const pictures = DATA_KINDS.find((x) => x.id === 'shapes32')?.data;
    if (!pictures) throw new Error('no pictures');
    const once = setData(pictures)(regression());
    expect(once.model.layers[0]).toEqual({ type: 'Flatten', name: 'flatten' });
    expect(setData(pictures)(once).model.layers).toEqual(once.model.layers);
    const cnn = parseExperiment(EXAMPLES['cnn']);
    expect(setData(pictures)(cnn).model.layers).toEqual(cnn.model.layers);
    const named = setFields(['model.layers.dropout1.name'], 'flatten')(regression());
    expect(setData(pictures)({ ...named, variants: [{ name: 'base', changes: {} }] }).model.layers[0]?.name).toBe(
      'flatten 2',
    );
  });

  it('that are no pictures are neither flipped nor cropped', () => {
    const noisy = { type: 'GaussianNoise', std: 0.1 };
    const cnn = setFields(
      ['recipe.augmentation'],
      [{ type: 'RandomHorizontalFlip', p: 0.5 }, noisy],
    )(parseExperiment(EXAMPLES['cnn']));
    expect(setData(MOONS)(cnn).recipe.augmentation).toEqual([noisy]);
    const pictures = DATA_KINDS.find((x) => x.id === 'shapes32')?.data;
    expect(pictures && setData(pictures)(cnn).recipe.augmentation).toHaveLength(2);
  });
});

describe('the number of classes', () => {
  const arms = (document: ExperimentSpec) => {
    const field = dataFields(document.data).main.find((x) => x.paths[0] === 'data.arms');
    if (field?.kind !== 'number') throw new Error('no field for arms');
    return field;
  };
  const start = () => setData({ ...SPIRALS, balance: [4, 3, 2, 5] } as DataSpec)(regression());

  it('takes the answer and the weights of the classes along', () => {
    const more = editNumber(arms(start()), 5)(start());
    expect(more.data).toMatchObject({ arms: 5, balance: [4, 3, 2, 5, 1] });
    expect(answer(more)).toBe(5);
    expect(parseExperiment(more)).toEqual(more);
    const fewer = editNumber(arms(more), 2)(more);
    expect(fewer.data).toMatchObject({ arms: 2, balance: [4, 3] });
    expect(parseExperiment(fewer)).toEqual(fewer);
  });

  it('can stand there wrong, with nothing else changed', () => {
    for (const wrong of ['', 1, 11, 2.5, 'many']) {
      const after = editNumber(arms(start()), wrong)(start());
      expect(after.data).toEqual({ ...start().data, arms: wrong });
      expect(answer(after)).toBe(4);
    }
  });
});

it('the seed of drawn data is where it is read', () => {
  for (const { data } of DATA_KINDS) {
    const path = seedPath(data);
    expect(path === 'data.seed').toBe('seed' in data);
    if (data.type === 'linear_noise') expect(path).toBe('seed');
    if (data.type === 'table') expect(path).toBeNull();
  }
});
