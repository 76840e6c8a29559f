import { describe, expect, it } from 'vitest';
import cnn from '../../assets/examples/cnn.json';
import example from '../../assets/examples/numpy-dropout.json';
import regression from '../../assets/examples/regression.json';
import { parseExperiment } from '../../engine/spec/index.ts';
import { headline, isShare, nameOf, scoreIn, scoresOf, splitOf, splitsOf } from './scores.ts';

const pictures = parseExperiment(cnn);
const line = parseExperiment(regression);
const table = parseExperiment(example);
const twoClasses = {
  data: { ...table.data, type: 'table', classes: 2, y: [[0], [1], [1], [0]] } as typeof table.data,
};

describe('scores', () => {
  it('are accuracies of classes and errors of numbers; the five best say nothing of two classes', () => {
    expect(scoresOf(pictures)).toEqual(['loss', 'accuracy', 'top5']);
    expect(scoresOf(twoClasses)).toEqual(['loss', 'accuracy']);
    expect(scoresOf(line)).toEqual(['loss', 'mae', 'r2']);
  });

  it('are those of the splits that have examples', () => {
    expect(splitsOf(pictures)).toEqual(['train', 'validation', 'test']);
    expect(splitsOf(line)).toEqual(['train', 'test']);
    expect(splitsOf(table)).toEqual(['train']);
  });

  it('one of them says how good a run is', () => {
    expect([pictures, line, table, twoClasses].map(headline)).toEqual([
      'test_accuracy',
      'test_loss',
      'train_loss',
      'train_accuracy',
    ]);
  });

  it('are found by their names', () => {
    const scores = { loss: 1, accuracy: 0.5, top5: null, mae: null, r2: null };
    const evaluation = { step: 3, train: scores, validation: null, test: null };
    expect([splitOf('validation_top5'), nameOf('validation_top5')]).toEqual(['validation', 'top5']);
    expect(scoreIn(evaluation, 'train_accuracy')).toBe(0.5);
    expect(scoreIn(evaluation, 'test_accuracy')).toBeNull();
    expect(scoreIn(null, 'train_loss')).toBeNull();
    expect([isShare('top5'), isShare('r2')]).toEqual([true, false]);
  });
});
