// NumPy scripts: the from-scratch tutorial comes out as its readers know it, in both variants; PyTorch's stream of random numbers
// is gone through word by word in the same order. That they print PyTorch's losses is checked by check_exports.py.
import { describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../parity/export-documents.ts';
import { fixtureText, thrown } from '../../../test/interop/fixtures.ts';
import { parseExperiment, type ExperimentSpec, type RunEvent } from '../../spec/index.ts';
import type { InteropError } from '../interop-error.ts';
import { numpyScript } from './script.ts';

function textOf(experiment: ExperimentSpec, seed = experiment.seed, events: readonly RunEvent[] = []): string {
  const variant = experiment.variants.at(-1)?.name ?? '';
  const [text] = numpyScript({ experiment, variant, seed, events }).files.values();
  return typeof text === 'string' ? text : '';
}

const tutorial = (name: string): ExperimentSpec => parseExperiment(DOCUMENTS.find((x) => x.name === name)?.document);

interface Parts {
  readonly layers?: readonly object[];
  readonly recipe?: object;
  readonly points?: number;
  readonly variants?: readonly object[];
}

const linear = (name: string, out_features: number, more: object = {}) => ({
  type: 'Linear',
  name,
  out_features,
  ...more,
});
function document({ layers, recipe, points = 20, variants = [{ name: 'base' }] }: Parts = {}): ExperimentSpec {
  return parseExperiment({
    format: 'overfit-experiment',
    version: 1,
    name: 'sample',
    seed: 5,
    data: { type: 'linear_noise', points, x_min: -1, x_max: 1, slope: 1, noise: 0.3 },
    model: { layers: layers ?? [linear('fc1', 4), { type: 'Tanh', name: 'tanh' }, linear('fc2', 1)] },
    recipe: { steps: 10, loss: { type: 'MSELoss' }, optimizer: { type: 'SGD', lr: 0.1 }, ...recipe },
    variants,
  });
}

describe('the tutorial', () => {
  // Made by: node test/interop/write-golden.ts
  it.each(['as printed', 'corrected'])('%s: is this text', (name) => {
    const file = `numpy-dropout-${name.replace(' ', '-')}-base-numpy.py`;
    expect(textOf(tutorial(`numpy dropout ${name}`))).toBe(fixtureText(file));
  });

  it('differs between its variants in the one line that is about the gradient', () => {
    const lines = (name: string): string[] =>
      textOf(tutorial(name))
        .split('\n')
        .filter((x) => / = |-=/.test(x) && !x.includes('parser') && !x.trim().startsWith('#'));
    const [printed, corrected] = [lines('numpy dropout as printed'), lines('numpy dropout corrected')];
    expect(printed.filter((x) => !corrected.includes(x))).toEqual([
      '    d_fc1 = d_dropout1 * dropout1 * (1 - dropout1)',
    ]);
    expect(corrected.filter((x) => !printed.includes(x))).toEqual([
      '    d_sigmoid1 = d_dropout1 * dropout1_mask',
      '    d_fc1 = d_sigmoid1 * sigmoid1 * (1 - sigmoid1)',
    ]);
  });
});

describe('random numbers', () => {
  it('start from the low 32 bits of the seed, as in torch', () => {
    expect(textOf(document(), 2 ** 32 + 5)).toContain('np.random.RandomState(5)');
  });

  it('come with the functions that are needed', () => {
    expect(textOf(document())).toContain('def box_muller');
    expect(textOf(document())).not.toContain('normal_one');
    const few = textOf(document({ points: 15 }));
    expect(few).toContain('def normal_one');
    expect(few).not.toContain('box_muller');
    expect(textOf(document())).not.toContain('bernoulli');
  });

  it('of earlier variants are gone past', () => {
    const variants = [{ name: 'wide', changes: { 'model.layers.fc1.out_features': 10 } }, { name: 'own' }];
    expect(textOf(document({ variants }))).toContain(
      'draw(31)  # the weights of wide\nfc1_weight, fc1_bias = linear(1, 4)\n',
    );
  });

  it('of defaults that are replaced are drawn all the same', () => {
    const layers = [
      linear('fc1', 4, { init: { weight: { type: 'zeros' }, bias: { type: 'ones' } } }),
      linear('fc2', 1),
    ];
    expect(textOf(document({ layers }))).toContain(
      "draw(8)  # torch's first weights of fc1, replaced below\nfc2_weight, fc2_bias = linear(4, 1)\nfc1_weight = np.zeros((4, 1))\nfc1_bias = np.full((4,), 1.0)\n",
    );
  });

  it('of a DataLoader in order are drawn, too', () => {
    expect(textOf(document({ recipe: { batch_size: 5 } }))).toContain('draw(2)  # torch');
    expect(textOf(document({ recipe: { batch_size: 5, shuffle: true } }))).toContain('order = shuffled(len(x_train))');
  });
});

describe('the update', () => {
  it('is written out for few weights under plain SGD, and a loop otherwise', () => {
    expect(textOf(document())).toContain(
      '    # Update\n    fc1_weight -= lr * d_fc1_weight\n    fc1_bias -= lr * d_fc1_bias\n',
    );
    expect(textOf(document({ recipe: { optimizer: { type: 'SGD', lr: 0.1, momentum: 0.9 } } }))).toContain(
      '        velocity[i] = 0.9 * velocity[i] + g\n        w -= lr * velocity[i]\n',
    );
  });

  it('has one λ for each parameter where they differ', () => {
    expect(textOf(document({ recipe: { regularization: { l1: 0.5, biases: false } } }))).toContain(
      'l1 = [0.5, 0.0, 0.5, 0.0]',
    );
    expect(textOf(document({ recipe: { regularization: { l1: 0.5 } } }))).toContain('\nl1 = 0.5\n');
  });
});

describe('gradients where values branch', () => {
  it('are added up', () => {
    const layers = [
      linear('fc1', 4),
      { type: 'Tanh', name: 'tanh' },
      { type: 'Add', name: 'twice', inputs: ['fc1', 'tanh'] },
      linear('fc2', 1),
    ];
    expect(textOf(document({ layers }))).toContain(
      '    d_fc1 = d_twice\n    d_tanh = d_twice\n    d_fc1 = d_fc1 + d_tanh * (1 - tanh**2)\n',
    );
  });
});

describe('what it does not have', () => {
  const cases: readonly (readonly [what: string, parts: Parts, events: readonly RunEvent[]])[] = [
    ['recipe.schedule', { recipe: { schedule: { type: 'OneCycleLR', max_lr: 1, cycle_momentum: false } } }, []],
    [
      'recipe.warm_up',
      { recipe: { warm_up: { steps: 2 }, schedule: { type: 'CosineAnnealingLR', T_max: 5, eta_min: 0.1 } } },
      [],
    ],
    ['recipe.augmentation', { recipe: { augmentation: [{ type: 'GaussianNoise', std: 1 }] } }, []],
    [
      'model.layers.fc1.init.weight',
      { layers: [linear('fc1', 4, { init: { weight: { type: 'trunc_normal' } } }), linear('fc2', 1)] },
      [],
    ],
    ['recipe.optimizer.lr', {}, [{ step: 1, path: 'recipe.optimizer.lr', value: 1 }]],
  ];
  it.each(cases)('is refused by name: %s', (what, parts, events) => {
    const error = thrown(() => textOf(document(parts), 5, events)) as InteropError;
    expect([error.code, error.details['what']]).toEqual(['UNSUPPORTED', what]);
  });
});
