// What an edit means for a run that goes on: only what was edited, can change, and is there.
import { describe, expect, it } from 'vitest';
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import { parseExperiment } from '../../engine/spec/index.ts';
import { renameVariant, setFields } from './edits.ts';
import { liveChanges } from './live-edits.ts';
import { editVariant } from './variant-edits.ts';

const document = parseExperiment(regression);
const lr = 'recipe.optimizer.lr';

describe('an edit in live mode', () => {
  it('acts on every variant that follows the base, with what changed', () => {
    const after = setFields([lr, 'recipe.steps'], 0.002)(document);
    expect(liveChanges(document, after, document, 'L1')).toEqual([{ path: lr, value: 0.002 }]);
  });

  it('acts on one variant alone, and not on those that say something themselves', () => {
    const own = editVariant('L1', setFields([lr], 0.5))(document);
    expect(liveChanges(document, own, document, 'L1')).toEqual([{ path: lr, value: 0.5 }]);
    expect(liveChanges(document, own, document, 'L2')).toEqual([]);
    expect(liveChanges(own, setFields([lr], 0.1)(own), document, 'L1')).toEqual([]);
  });

  it('leaves what the run has not, and variants that are gone', () => {
    const p = setFields(['model.layers.dropout1.p'], 0.3)(document);
    const without = { ...document, model: { layers: document.model.layers.filter((x) => x.name !== 'dropout1') } };
    expect(liveChanges(document, p, document, 'overfitting')).toEqual([
      { path: 'model.layers.dropout1.p', value: 0.3 },
    ]);
    expect(liveChanges(document, p, without, 'overfitting')).toEqual([]);
    expect(liveChanges(document, renameVariant('L1', 'lasso')(p), document, 'L1')).toEqual([]);
  });
});
