// What of a run can change while it goes on, as it is now, and which values are refused before they are sent.
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { parseExperiment } from '../../engine/spec/index.ts';
import { changeProblem, liveFields } from './live-fields.ts';
import { setSchedule } from './recipe-edits.ts';

const example = parseExperiment(EXAMPLES['regression']);

describe('live fields', () => {
  it('are read as the run has them now', () => {
    const fields = liveFields(example, 'dropout', [{ step: 10, path: 'model.layers.dropout1.p', value: 0.2 }]);
    expect(fields.map(({ knob, value }) => [knob, value])).toEqual([
      ['p', undefined],
      ['l1', 0],
      ['l2', 0],
      ['lr', 0.01],
    ]);
    expect(fields[2]?.paths).toEqual(['recipe.optimizer.weight_decay']);
  });

  it('leave p out where nothing is dropped', () => {
    const without = { ...example, model: { layers: example.model.layers.filter((x) => x.type !== 'Dropout') } };
    const plain = { ...without, variants: [{ name: 'plain', changes: {} }] };
    expect(liveFields(plain, 'plain', []).map((x) => x.knob)).toEqual(['l1', 'l2', 'lr']);
  });

  it('say that a schedule alone moves the rate', () => {
    const fixed = liveFields(setSchedule('OneCycleLR')(example), 'L1', []).filter((x) => x.fixed !== null);
    expect(fixed.map(({ knob, fixed: why }) => [knob, why])).toEqual([['lr', 'live.oneCycle']]);
  });

  it('refuse what would be no document', () => {
    const wrong = (value: unknown) => changeProblem(example, 'L1', [], ['model.layers.dropout1.p'], value);
    expect(wrong(1.5)?.code).toBe('out_of_range');
    expect(wrong('half')?.code).toBe('wrong_type');
    expect(wrong('')?.code).toBe('wrong_type');
    expect(wrong(0.5)).toBeUndefined();
  });
});
