import { describe, expect, it } from 'vitest';
import cnn from '../../assets/examples/cnn.json';
import { parseExperiment } from '../../engine/spec/index.ts';
import { stoppedEarly } from './run-end.ts';

const rule = { metric: 'validation_loss', patience: 3, min_delta: 0 } as const;
const experiment = parseExperiment({ ...cnn, recipe: { ...cnn.recipe, early_stopping: rule } });
const ended = { status: 'done', step: 400, totalSteps: 30_000, experiment, variant: 'L2' } as const;

describe('a run that ended before its last step', () => {
  it('was ended by its rule', () => {
    expect(stoppedEarly(ended)).toEqual(rule);
  });

  it.each([
    ['took all steps', { ...ended, step: 30_000 }],
    ['was stopped by a person', { ...ended, status: 'stopped' as const }],
    ['does not know its length', { ...ended, totalSteps: null }],
    ['has no rule', { ...ended, experiment: parseExperiment(cnn) }],
  ])('was not when it %s', (_, run) => {
    expect(stoppedEarly(run)).toBeNull();
  });
});
