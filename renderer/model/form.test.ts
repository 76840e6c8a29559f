// The form can say everything that the bundled examples say, shows each problem somewhere, and leaves alone what it has no field for.
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import {
  DocumentError,
  parseExperiment,
  readField,
  type ExperimentSpec,
  type Problem,
} from '../../engine/spec/index.ts';
import { addRow, removeRow, setFields } from './edits.ts';
import { editChoice, editNumber, readChoice, readNumber, type FieldSpec } from './fields.ts';
import { formOf, homeless, problemOf, type Form } from './form.ts';
import {
  setBatchSize,
  setClipping,
  setEarlyStopping,
  setInitializer,
  setLengthUnit,
  setLoss,
  setOptimizer,
  setSchedule,
  setWarmUp,
} from './recipe-edits.ts';

const example = (name: string): ExperimentSpec => parseExperiment(EXAMPLES[name]);
const NAMES = Object.keys(EXAMPLES);

function fieldsOf({ data, width, layers, training, schedule, regularization, stopping }: Form): readonly FieldSpec[] {
  const groups = [data, training, schedule, regularization].flatMap(({ main, more }) => [...main, ...more]);
  const ofLayers = layers.flatMap(({ p, fields }) => [...(p ? [p] : []), ...fields]);
  return [...groups, ...stopping, ...(width ? [width] : []), ...ofLayers];
}

/** Paths of every value of a document; list elements go by their name. */
function leaves(node: unknown, path: string): string[] {
  if (typeof node !== 'object' || node === null) return [path];
  const isNamed = Array.isArray(node) && node.length > 0 && node.every((x) => typeof x === 'object' && 'name' in x);
  if (isNamed)
    return (node as { name: string }[]).flatMap((x) => leaves(x, path === '' ? x.name : `${path}.${x.name}`));
  return Object.entries(node).flatMap(([key, value]) => leaves(value, path === '' ? key : `${path}.${key}`));
}

function problemsOf(document: ExperimentSpec): readonly Problem[] {
  try {
    parseExperiment(document);
    return [];
  } catch (error) {
    if (error instanceof DocumentError) return error.problems;
    throw error;
  }
}

describe('the form', () => {
  it.each(NAMES)('has a field for everything that the example %s says', (name) => {
    const document = example(name);
    const paths = new Set(fieldsOf(formOf(document, 'weight_decay')).flatMap((x) => x.paths));
    const { data, model, recipe } = EXAMPLES[name] as ExperimentSpec;
    const said = leaves({ data, model, recipe }, '');
    // The kind of data and of a layer is what it is; tables and variants have editors of their own; λ2's form goes with its place.
    const elsewhere =
      /^(data\.type|data\.[xy]\..*|model\.layers\.\w+\.(type|name)|recipe\.regularization\.l2(_form)?)$/;
    expect(said.filter((path) => !paths.has(path) && !elsewhere.test(path))).toEqual([]);
  });

  it.each(NAMES)('shows the values of the example %s, and setting them again changes nothing', (name) => {
    const document = example(name);
    for (const field of fieldsOf(formOf(document, 'weight_decay'))) {
      if (field.kind === 'number') {
        const value = readNumber(document, field);
        if (value !== undefined) expect(editNumber(field, value)(document), field.paths.join()).toEqual(document);
      } else if (field.kind === 'choice') {
        const value = readChoice(document, field);
        expect(
          field.options.map((x) => x.value),
          field.paths.join(),
        ).toContain(value);
        expect(editChoice(field, value)(document), field.paths.join()).toEqual(document);
      }
    }
  });

  it('keeps what it has no field for', () => {
    const document = parseExperiment({
      ...example('cnn'),
      recipe: { ...example('cnn').recipe, augmentation: [{ type: 'RandomCrop', padding: 4 }] },
    });
    const changed = setBatchSize(8)(setOptimizer('Adam')(setLoss('NLLLoss')(document)));
    expect(changed.recipe.augmentation).toEqual([{ type: 'RandomCrop', padding: 4 }]);
    expect(changed.variants).toEqual(document.variants);
  });

  it('shows a problem at its field, and says which ones have none', () => {
    const document = setFields(['recipe.batch_size'], 'four')(example('cnn'));
    const problems = [
      ...problemsOf(document),
      { path: 'recipe.augmentation.0', code: 'out_of_range', message: '', params: {} } as const,
    ];
    const form = formOf(document, 'weight_decay');
    const field = form.training.main.find((x) => x.paths.includes('recipe.batch_size'));
    expect(field && problemOf(problems, field)?.code).toBe('wrong_type');
    expect(homeless(form, document, problems).map((x) => x.path)).toEqual(['recipe.augmentation.0']);
  });

  it('says that early stopping needs validation data where its patience stands', () => {
    const document = setFields(['data.validation'], 0)(setEarlyStopping(5)(example('cnn')));
    const form = formOf(document, 'weight_decay');
    const problems = problemsOf(document);
    expect(problems.map((x) => x.path)).toEqual(['recipe.early_stopping']);
    expect(form.stopping.map((field) => problemOf(problems, field) !== undefined)).toEqual([true, false, false]);
    expect(homeless(form, document, problems)).toEqual([]);
  });
});

describe('edit commands of more than one field', () => {
  it.each(['constant', 'StepLR', 'ExponentialLR', 'CosineAnnealingLR', 'OneCycleLR', 'ReduceLROnPlateau'] as const)(
    'the schedule %s begins with values that fit',
    (type) => {
      for (const name of NAMES) {
        const document = setSchedule(type)(setWarmUp(5)(example(name)));
        expect(problemsOf(document), name).toEqual([]);
        expect(fieldsOf(formOf(document, 'sum')).every((x) => x.paths.length > 0)).toBe(true);
      }
    },
  );

  it.each(['SGD', 'Adam', 'AdamW', 'RMSprop', 'Adagrad'] as const)('the optimizer %s fits every example', (type) => {
    for (const name of NAMES) expect(problemsOf(setOptimizer(type)(example(name))), name).toEqual([]);
  });

  it('a batch of all examples needs no order', () => {
    const document = setBatchSize(null)(setFields(['recipe.drop_last'], true)(example('cnn')));
    expect(document.recipe).toMatchObject({ batch_size: null, shuffle: false, drop_last: false });
    expect(problemsOf(document)).toEqual([]);
  });

  it('a loss keeps how it is added up', () => {
    expect(setLoss('HuberLoss')(example('numpy-dropout')).recipe.loss).toEqual({
      type: 'HuberLoss',
      delta: 1,
      reduction: 'sum',
    });
  });

  it('the length is as long in the other unit', () => {
    const document = setLengthUnit('steps')(example('cnn'));
    expect(document.recipe.steps).toBe(30_000);
    expect(setLengthUnit('epochs')(document).recipe).toEqual(example('cnn').recipe);
  });

  it('gradients are limited by length or each, or not', () => {
    expect(setClipping('norm')(example('cnn')).recipe.gradient_clipping).toEqual({ type: 'norm', max_norm: 1 });
    expect(setClipping('none')(setClipping('value')(example('cnn')))).toEqual(example('cnn'));
  });

  it('a layer gets other first values and goes back to torch’s', () => {
    const document = setInitializer('fc1', 'weight', 'constant')(example('regression'));
    expect(readField(document, 'model.layers.fc1.init.weight')).toEqual({ type: 'constant', val: 0 });
    expect(problemsOf(document)).toEqual([]);
    expect(setInitializer('fc1', 'weight', null)(document)).toEqual(example('regression'));
  });

  it('a window’s stride may be left out, and sizes may be two', () => {
    const { layers } = formOf(example('cnn'), 'sum');
    const stride = layers.find((x) => x.layer.name === 'pool1')?.fields.find((x) => x.paths[0]?.endsWith('stride'));
    if (stride?.kind !== 'number') throw new Error('pool1 has no stride');
    const without = editNumber(stride, '')(example('cnn'));
    expect(readField(without, 'model.layers.pool1.stride')).toBeUndefined();
    expect(problemsOf(without)).toEqual([]);
    const two = editNumber(stride, '2 × 1')(example('cnn'));
    expect(readField(two, 'model.layers.pool1.stride')).toEqual([2, 1]);
    expect(readNumber(two, stride)).toBe('2 × 1');
  });

  it('a table grows by a row like its last one, and shrinks', () => {
    const document = addRow(example('numpy-dropout'));
    expect(readField(document, 'data.x.4')).toEqual([1, 1, 1]);
    expect(problemsOf(document)).toEqual([]);
    expect(removeRow(4)(document)).toEqual(example('numpy-dropout'));
  });
});
