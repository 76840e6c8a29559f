import { describe, expect, it } from 'vitest';
import regression from '../../assets/examples/regression.json';
import { parseExperiment, readField } from '../../engine/spec/index.ts';
import { changeRows, resolvedNow, shortPath, valueNow } from './run-events.ts';

const experiment = parseExperiment(regression);
const LR = 'recipe.optimizer.lr';
const P = 'model.layers.dropout1.p';
const events = [
  { step: 10, path: LR, value: 0.003 },
  { step: 20, path: P, value: 0.4 },
  { step: 30, path: LR, value: 0.001 },
];

describe('changes of a run', () => {
  it('say from what to what, each from the one before', () => {
    expect(changeRows(experiment, 'dropout', events)).toEqual([
      { step: 10, path: LR, from: 0.01, to: 0.003 },
      { step: 20, path: P, from: 0.5, to: 0.4 },
      { step: 30, path: LR, from: 0.003, to: 0.001 },
    ]);
  });

  it('decide what a field is now', () => {
    expect(valueNow(experiment, 'dropout', events, LR)).toBe(0.001);
    expect(valueNow(experiment, 'dropout', [], P)).toBe(0.5);
    expect(valueNow(experiment, 'dropout', [], 'recipe.optimizer.nothing')).toBeUndefined();
    const now = resolvedNow(experiment, 'dropout', events);
    expect([readField(now, LR), readField(now, P)]).toEqual([0.001, 0.4]);
    // The document itself stays as it was.
    expect(readField(experiment, LR)).toBe(0.01);
  });

  it('have short names', () => {
    expect([shortPath(LR), shortPath(P)]).toEqual(['lr', 'dropout1.p']);
  });
});
