// PyTorch scripts piece by piece: what an experiment asks for is there, once, and what it does not ask for is not; the bundled
// example's script is held as a whole. That all of them run and agree with the lab is checked by check_exports.py.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixtureText, thrown } from '../../../test/interop/fixtures.ts';
import { parseExperiment, type RunEvent } from '../../spec/index.ts';
import type { InteropError } from '../interop-error.ts';
import { pytorchScript } from './script.ts';

const EXAMPLE = JSON.parse(
  readFileSync(new URL('../../../assets/examples/regression.json', import.meta.url), 'utf8'),
) as {
  readonly recipe: object;
  readonly model: { readonly layers: readonly object[] };
};

interface Changes {
  readonly recipe?: object;
  readonly layers?: readonly object[];
  readonly data?: object;
  readonly variants?: readonly object[];
  readonly initialization?: 'same' | 'sequential';
  readonly events?: readonly RunEvent[];
}

/** The bundled example with changes, as a script for its last variant. */
function script({ recipe, layers, events, ...rest }: Changes = {}): string {
  const experiment = parseExperiment({
    ...EXAMPLE,
    initialization: 'same',
    variants: [{ name: 'base' }],
    ...rest,
    model: { layers: layers ?? EXAMPLE.model.layers },
    recipe: { ...EXAMPLE.recipe, ...recipe },
  });
  const variant = experiment.variants.at(-1)?.name ?? '';
  const [text] = pytorchScript({ experiment, variant, seed: 7, ...(events && { events }) }).files.values();
  return typeof text === 'string' ? text : '';
}

const linear = (name: string, out_features: number, more: object = {}) => ({
  type: 'Linear',
  name,
  out_features,
  ...more,
});
const LINEAR = [linear('fc1', 4), { type: 'Tanh', name: 'tanh' }, linear('fc2', 1)];
const regularized = (regularization: object, own: object = {}): string =>
  script({
    recipe: { regularization },
    layers: [linear('fc1', 4, { regularization: own }), { type: 'Tanh', name: 'tanh' }, linear('fc2', 1)],
  });

/** The training loop's own lines. */
const loop = (text: string): string => text.slice(text.indexOf('for step in range'));

describe('the bundled example', () => {
  // Made by: node test/interop/write-golden.ts
  it.each(['dropout', 'combined'])('%s: is this text', (variant) => {
    const experiment = parseExperiment(EXAMPLE);
    const { files } = pytorchScript({ experiment, variant, seed: experiment.seed });
    expect([...files]).toEqual([[`regression-${variant}.py`, fixtureText(`regression-${variant}.py`)]]);
  });

  it('without regularization has no trace of it', () => {
    const text = script();
    for (const piece of [
      'Dropout',
      'l1',
      'l2',
      'decay',
      'scheduler',
      'clip',
      'DataLoader',
      'numpy',
      'sum(',
      'augment',
      'if step == ',
    ])
      expect(text, piece).not.toContain(piece);
    expect(text.match(/torch\.no_grad/g)).toHaveLength(1);
  });
});

describe('first weights', () => {
  const variants = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];

  it('come alone when variants start alike', () => {
    expect(script({ variants })).not.toContain('make_net');
    expect(script({ variants: [{ name: 'a' }], initialization: 'sequential' })).not.toContain('make_net');
  });

  it('come after those of the variants before', () => {
    const text = script({ variants, initialization: 'sequential' });
    expect(text).toContain('for _ in range(2):  # for a, b\n    make_net()\nnet = make_net()\n');
    expect(text.match(/draws the first weights of variants one after another/g)).toHaveLength(1);
  });

  it('of variants with other layers are drawn as what they draw', () => {
    const wide = [{ name: 'wide', changes: { 'model.layers.fc1.out_features': 40 } }, { name: 'own' }];
    const text = script({ variants: wide, initialization: 'sequential', layers: LINEAR });
    expect(text).toContain('# For wide.\nearlier = [\n    nn.Linear(1, 40),\n    nn.Linear(40, 1),\n]\n');
    expect(text).not.toContain('make_net');
  });

  it('are replaced in the order of the layers, weight before bias', () => {
    const init = { bias: { type: 'zeros' }, weight: { type: 'kaiming_normal', nonlinearity: 'relu' } };
    const text = script({
      layers: [
        linear('fc1', 4, { init }),
        { type: 'Tanh', name: 'tanh' },
        linear('fc2', 1, { init: { weight: { type: 'normal', std: 0.5 } } }),
      ],
    });
    expect(text).toContain(
      [
        'nn.init.kaiming_normal_(net.fc1.weight, nonlinearity="relu")',
        'nn.init.zeros_(net.fc1.bias)',
        'nn.init.normal_(net.fc2.weight, mean=0.0, std=0.5)',
      ].join('\n'),
    );
  });
});

describe('the model', () => {
  it('is a named Sequential where layers follow one another', () => {
    expect(script({ layers: LINEAR })).toContain(
      'net = nn.Sequential(\n    OrderedDict(\n        fc1=nn.Linear(1, 4),\n        tanh=nn.Tanh(),\n        fc2=nn.Linear(4, 1),\n    )\n)\n',
    );
  });

  it('is a module with a forward where they branch', () => {
    const text = script({
      layers: [
        linear('first', 4),
        linear('left', 4),
        { type: 'Add', name: 'sum', inputs: ['left', 'first'] },
        linear('right', 3, { inputs: ['input'] }),
        { type: 'Concat', name: 'both', inputs: ['sum', 'right'] },
        linear('last', 1),
      ],
    });
    expect(text).toContain(
      [
        '    def forward(self, inputs):',
        '        first = self.first(inputs)',
        '        x = self.left(first)',
        '        sum_layer = x + first',
        '        x = self.right(inputs)',
        '        x = torch.cat([sum_layer, x], dim=1)',
        '        return self.last(x)',
      ].join('\n'),
    );
  });

  it('has the lab’s own layers only where they are used', () => {
    const gaussian = script({
      layers: [linear('fc1', 4), { type: 'GaussianDropout', name: 'noise', p: 0.5 }, linear('fc2', 1)],
    });
    expect(gaussian).toContain('class GaussianDropout(nn.Module):');
    expect(gaussian).not.toContain('self.p == 0');
    expect(gaussian).not.toContain('DropConnect');
    const idle = script({ layers: [{ ...linear('fc1', 4), type: 'DropConnect', p: 0 }, linear('fc2', 1)] });
    expect(idle).toContain('fc1=nn.Linear(1, 4)');
    expect(idle).not.toContain('DropConnect');
  });

  it('writes the tutorial’s gradient as one layer', () => {
    const printed = { type: 'Dropout', name: 'dropout', p: 0.2, gradient: 'as_printed' };
    const sigmoid = { type: 'Sigmoid', name: 'sigmoid' };
    const text = script({ layers: [linear('fc1', 4), sigmoid, printed, linear('fc2', 1)] });
    expect(text).toContain('fc1=nn.Linear(1, 4),\n        dropout=SigmoidDropoutAsPrinted(p=0.2),\n        fc2=');
  });
});

describe('regularization', () => {
  it('L1 in the loss is a named λ and one penalty', () => {
    const text = regularized({ l1: 0.01 });
    expect(text).toContain('\nl1 = 0.01\n');
    expect(text).toContain('    penalty_l1 = l1 * sum(p.abs().sum() for p in net.parameters())\n');
    expect(text).toContain('    (loss + penalty_l1).backward()\n');
    expect(text).not.toContain('softshrink');
  });

  it('leaves biases out where the document does', () => {
    const text = regularized({ l1: 0.01, l2: 0.1, l2_form: 'half', biases: false });
    expect(text.match(/weights = \[p for p in net\.parameters\(\) if p\.ndim > 1\]/g)).toHaveLength(1);
    expect(text).toContain('penalty_l1 = l1 * sum(p.abs().sum() for p in weights)');
    expect(text).toContain('penalty_l2 = 0.5 * l2 * sum(p.square().sum() for p in weights)');
  });

  it('proximal L1, decay and norm limits stand around the update in their order', () => {
    expect(loop(regularized({ l1: 0.1, l1_method: 'proximal', decoupled_decay: 0.2, max_norm: 3 }))).toContain(
      [
        '    loss.backward()',
        '    lr = optimizer.param_groups[0]["lr"]',
        '    with torch.no_grad():',
        '        for p in net.parameters():',
        '            p.mul_(1 - lr * decoupled_decay)',
        '    optimizer.step()',
        '    with torch.no_grad():',
        '        for p in net.parameters():',
        '            p.copy_(F.softshrink(p, lr * l1))',
        '        for p in weights:',
        '            norms = torch.linalg.vector_norm(p, dim=1, keepdim=True)',
        '            p.mul_((max_norm / norms).clamp(max=1))',
      ].join('\n'),
    );
  });

  it("a layer's own λ gets its own name and term, and 0 none", () => {
    const text = regularized({ l1: 0.01, l2: 0.02 }, { l1: 0.5, l2: 0 });
    expect(text).toContain('\nl1 = 0.01\nl1_fc1 = 0.5\n');
    expect(text).toContain(
      '    penalty_l1 = (\n        l1 * sum(p.abs().sum() for p in net.fc2.parameters())\n        + l1_fc1 * sum(p.abs().sum() for p in net.fc1.parameters())\n    )\n',
    );
    expect(text).toContain('    penalty_l2 = l2 * sum(p.square().sum() for p in net.fc2.parameters())\n');
  });

  it('weight_decay makes groups only where parameters differ', () => {
    expect(script({ recipe: { optimizer: { type: 'AdamW', lr: 0.1 } } })).toContain(
      'optimizer = torch.optim.AdamW(net.parameters(), lr=0.1)\n',
    );
    expect(script({ recipe: { optimizer: { type: 'AdamW', lr: 0.1, weight_decay: 0 } } })).toContain(
      'lr=0.1, weight_decay=0.0)\n',
    );
    const optimizer = { type: 'SGD', lr: 0.1, weight_decay: 0.01, weight_decay_biases: false };
    expect(script({ recipe: { optimizer } })).toContain(
      'optimizer = torch.optim.SGD(\n    [\n        {"params": weights, "weight_decay": 0.01},\n        {"params": biases, "weight_decay": 0.0},\n    ],\n    lr=0.1,\n)\n',
    );
    // With nothing to decay there is nothing to tell apart.
    expect(script({ recipe: { optimizer: { ...optimizer, weight_decay: 0 } } })).toContain(
      'torch.optim.SGD(net.parameters(), lr=0.1)\n',
    );
  });
});

describe('batches and schedules', () => {
  const batches = { batch_size: 5, shuffle: true };
  const epochs = { ...batches, steps: undefined, epochs: 3 };

  it('epochs are two loops', () => {
    const text = script({ recipe: { ...epochs, evaluate_every: 4, schedule: { type: 'ExponentialLR', gamma: 0.5 } } });
    expect(text).toContain(
      'loader = DataLoader(TensorDataset(x_train, y_train), batch_size=5, shuffle=True)\nepochs = 3\n',
    );
    expect(text).toContain('for epoch in range(epochs):\n    for x, y in loader:\n        step += 1\n');
    expect(text).toContain('        if step % 4 == 0:\n            report(step)\n    scheduler.step()\n');
    expect(text).not.toContain('steps =');
  });

  it('steps, and runs that can end early, are one', () => {
    const text = script({ recipe: { ...batches, schedule: { type: 'StepLR', step_size: 2 } } });
    expect(text).toContain('for step, (x, y) in zip(range(1, steps + 1), batches()):');
    expect(text).toContain('    if step % len(loader) == 0:\n        scheduler.step()\n');
    const early = script({
      recipe: { ...epochs, early_stopping: { patience: 2, min_delta: 0.1 } },
      data: { type: 'linear_noise', points: 20, x_min: -1, x_max: 1, slope: 1, noise: 0.3, validation_points: 9 },
    });
    expect(early).toContain('steps = epochs * len(loader)');
    expect(early).toContain(
      '        if scores["validation_loss"] < best - 0.1:\n            best, waited = scores["validation_loss"], 0\n',
    );
    expect(early).toContain('        if waited == 2:\n            break');
  });

  it('evaluates the last step, too', () => {
    expect(script({ recipe: { steps: 25 } })).toContain('if step % 10 == 0 or step == steps:');
    expect(script({ recipe: { steps: 20 } })).toContain('if step % 10 == 0:');
    expect(loop(script({ recipe: { steps: 20, evaluate_every: 1 } }))).not.toContain('if step %');
  });

  it('a warm-up and a schedule both step, warm-up first', () => {
    const schedule = { type: 'CosineAnnealingLR', T_max: 9, interval: 'step' };
    const text = script({ recipe: { warm_up: { steps: 5 }, schedule } });
    expect(text).toContain('warm_up = torch.optim.lr_scheduler.LinearLR(optimizer, total_iters=5)\n');
    expect(text).toContain('scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=9)\n');
    expect(text).toContain('    warm_up.step()\n    scheduler.step()\n');
  });

  it('a plateau is told every evaluation, the first included', () => {
    const text = script({ recipe: { schedule: { type: 'ReduceLROnPlateau', metric: 'train_loss', patience: 3 } } });
    expect(text.match(/scheduler\.step\(scores\["train_loss"\]\)/g)).toHaveLength(2);
    expect(text).toContain('scores = report(0)\nscheduler.step(scores["train_loss"])\n');
  });

  it('clips before the update', () => {
    const text = script({ recipe: { gradient_clipping: { type: 'norm', max_norm: 2 } } });
    expect(text).toContain(
      '    loss.backward()\n    nn.utils.clip_grad_norm_(net.parameters(), 2.0)\n    optimizer.step()\n',
    );
  });
});

describe('changes during the run', () => {
  const at = (step: number, path: string, value: unknown): RunEvent => ({ step, path, value });

  it('are made before the update that follows their step, in one place for each step', () => {
    const text = script({
      events: [
        at(20, 'model.layers.dropout2.p', 0.5),
        at(9, 'recipe.optimizer.lr', 0.001),
        at(9, 'recipe.regularization.l1', 0.25),
      ],
    });
    expect(text).toContain(
      [
        'for step in range(1, steps + 1):',
        '    if step == 10:  # changed in the lab while the run went on',
        '        for group in optimizer.param_groups:',
        '            group["lr"] = 0.001',
        '        l1 = 0.25',
        '    if step == 21:',
        '        net.dropout2.p = 0.5',
      ].join('\n'),
    );
    expect(text).toContain('\nl1 = 0.0\n');
    expect(text).toContain('dropout2=nn.Dropout(p=0.0)');
    // The other dropout keeps its 0 for the whole run, so it is not there.
    expect(text).not.toContain('dropout1');
  });

  it('of the length are in the length', () => {
    expect(script({ events: [at(3, 'recipe.steps', 40)] })).toContain('steps = 40  #');
  });

  it('after the last update are left out', () => {
    expect(script({ events: [at(500, 'recipe.regularization.l1', 0.25)] })).toBe(script());
  });

  it('of a decay reach their own group only', () => {
    const optimizer = { type: 'Adam', lr: 0.01, weight_decay: 0.1, weight_decay_biases: false };
    const text = script({ recipe: { optimizer }, events: [at(1, 'recipe.optimizer.weight_decay', 0.5)] });
    expect(text).toContain('        optimizer.param_groups[0]["weight_decay"] = 0.5\n');
  });

  it.each([
    ['recipe.batch_size', 5, {}],
    ['recipe.schedule', { type: 'constant' }, {}],
    ['recipe.regularization.biases', false, {}],
    ['model.layers.fc1.out_features', 3, {}],
    ['recipe.optimizer.lr', 0.1, { schedule: { type: 'OneCycleLR', max_lr: 0.1, cycle_momentum: false } }],
    ['recipe.optimizer.momentum', 0.5, { optimizer: { type: 'RMSprop', lr: 0.1 } }],
    ['recipe.optimizer.lr', 'fast', {}],
  ])('that no script can make are refused by name: %s = %s', (path, value, recipe) => {
    const error = thrown(() => script({ recipe, events: [at(1, path, value)] })) as InteropError;
    expect([error.code, error.details['what']]).toEqual(['UNSUPPORTED', path]);
  });
});
