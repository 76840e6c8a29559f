// The first values of PyTorch's modules and of torch.nn.init against ours, and the refusal of what cannot be drawn.
import { describe, expect, it } from 'vitest';
import { Generator } from '../../engine/random/index.ts';
import { DocumentError, layerShapes, type InitializerSpec } from '../../engine/spec/index.ts';
import { drawParameters } from '../../engine/train/initialize.ts';
import { sampleVariant } from '../../engine/train/sample-experiments.ts';
import { readFixture } from '../../main/node/parity-fixtures.ts';
import { compareInitializations, type InitializationCase } from '../../engine/parity/replay-initialization.ts';

const fixture = readFixture<InitializationCase>('initialization');

describe('first values', () => {
  const { exact, normal, misplaced } = compareInitializations(fixture);

  it('have the recorded bits where no normals are drawn', () => {
    expect(exact.unequal).toEqual([]);
    expect(exact.comparisons).toBeGreaterThan(100_000);
  });

  it('are within 2 units in the last place where they are normals', () => {
    expect(normal.comparisons).toBeGreaterThan(2000);
    expect(normal.largest, normal.where).toBeLessThanOrEqual(2);
  });

  it('leave the stream where PyTorch leaves it', () => {
    expect(misplaced).toEqual([]);
  });

  it('notice a wrong seed', () => {
    const first = fixture.cases[0] as InitializationCase;
    const wrong = compareInitializations({ header: fixture.header, cases: [{ ...first, seed: first.seed + 1 }] });
    expect(wrong.exact.unequal).toHaveLength(first.parameters.length);
    expect(wrong.misplaced).toHaveLength(1);
  });
});

describe('what cannot be drawn is refused by its place in the document', () => {
  const draw = (init: InitializerSpec, part: 'weight' | 'bias' = 'weight'): unknown => {
    const { model, data } = sampleVariant({ layers: [{ type: 'Linear', out_features: 4 }, 1] });
    const [first, ...rest] = model.layers;
    const changed = { layers: [{ ...first, init: { [part]: init } } as typeof first & object, ...rest] };
    return drawParameters(changed, layerShapes(model, data), Generator.manualSeed(1));
  };

  it.each<[string, InitializerSpec]>([
    ['from must be at most to', { type: 'uniform', a: 1, b: 0 }],
    ['a must be at most b', { type: 'trunc_normal', mean: 0, std: 1, a: 1, b: 0 }],
    ['almost nothing', { type: 'trunc_normal', mean: 0, std: 1e-6, a: 0.5, b: 1000 }],
  ])('%s', (message, init) => {
    expect(() => draw(init)).toThrow(DocumentError);
    expect(() => draw(init)).toThrow(message);
    expect(() => draw(init)).toThrow('model.layers.linear0.init.weight');
  });

  it('a matrix initialisation of a vector', () => {
    expect(() => draw({ type: 'xavier_uniform', gain: 1 }, 'bias')).toThrow(/init\.bias: xavier_uniform needs .*\[4\]/);
  });
});
