import { describe, expect, it, vi } from 'vitest';
import { EXAMPLES } from '../../../assets/examples/index.ts';
import { createFakeLab } from '../../host/fake.ts';
import { Lab } from '../../state/lab.svelte.ts';
import { createTestEnvironment } from '../../state/test-environment.ts';
import { curveChoices, curvesOf, statisticCurves, type CurveChoice, type CurveContext } from './curves.ts';
import { marksOf } from './marks.ts';

async function open(example: string, change: (document: { recipe: object }) => object = (x) => x) {
  const source = change(structuredClone(EXAMPLES[example]) as { recipe: object });
  const client = createFakeLab('finished', source);
  const lab = new Lab(client, createTestEnvironment());
  await lab.open();
  await vi.waitFor(() => {
    expect(lab.runs.shown.every((x) => x.loaded)).toBe(true);
  });
  const context: CurveContext = { theme: 'light', label: (run) => run.variant, emphasised: () => false };
  const kinds = (choice: CurveChoice, everyStep = false) =>
    curvesOf(lab.runs.shown, choice, everyStep, context).map((x) => `${x.label}: ${x.kind}`);
  return { lab, client, context, kinds };
}

describe('curves over the steps', () => {
  it('are of the scores that the data have, the parts of the loss, and the rate', async () => {
    const { lab } = await open('cnn');
    const [run] = lab.runs.shown;
    expect(run && curveChoices(run.summary.experiment)).toEqual(['loss', 'accuracy', 'top5', 'parts', 'lr']);
  });

  it('tell train, validation and test apart, and add every step on request', async () => {
    const { kinds } = await open('cnn');
    expect(kinds('accuracy').slice(0, 3)).toEqual(['none: train-eval', 'none: validation', 'none: test']);
    expect(kinds('loss', true).slice(0, 2)).toEqual(['none: train', 'none: train-eval']);
    expect((await open('numpy-dropout')).kinds('loss')).toEqual([
      'as printed: train-eval',
      'corrected: train-eval',
      'no dropout: train-eval',
    ]);
  });

  it('have a line for a penalty where there is one', async () => {
    const { kinds } = await open('regression', (document) => ({
      ...document,
      recipe: { ...document.recipe, regularization: { l1: 0, l2: 0, l2_form: 'sum', biases: true } },
    }));
    expect(kinds('parts')).toEqual([
      'overfitting: data',
      'dropout: data',
      'L1: data',
      'L1: l1',
      'L2: data',
      'combined: data',
      'combined: l1',
    ]);
  });

  it('of an array are one per run that has it', async () => {
    const { lab, context } = await open('cnn');
    expect(statisticCurves(lab.runs.shown, 'conv2.weight', 'norm', context)).toHaveLength(5);
    expect(statisticCurves(lab.runs.shown, 'conv9.weight', 'norm', context)).toEqual([]);
  });
});

describe('marks on the time axis', () => {
  it('say what was changed, from what to what, and that a run ended early', async () => {
    const { lab, client, context } = await open('cnn', (document) => ({
      ...document,
      recipe: { ...document.recipe, early_stopping: { patience: 3 } },
    }));
    const [run] = lab.runs.shown;
    if (!run) throw new Error('no run');
    run.series.append(null, [], [{ step: 40, path: 'recipe.optimizer.lr', value: 0.0005 }]);
    client.publish('run.changed', { ...run.summary, step: 9000 });
    const { translator } = lab.preferences;
    const marks = marksOf([run], context, (key, ...params) => translator.text(key, ...params));
    expect(marks.map(({ step, sign, label }) => ({ step, sign, label }))).toEqual([
      { step: 40, sign: 'change', label: 'none, after step 40: lr from 0.001 to 0.0005' },
      { step: 9000, sign: 'stop', label: 'none ended early at step 9,000: no progress in 3 evaluations' },
    ]);
  });
});
