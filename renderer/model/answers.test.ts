import { describe, expect, it } from 'vitest';
import cnn from '../../assets/examples/cnn.json';
import example from '../../assets/examples/numpy-dropout.json';
import { createSession } from '../../engine/train/index.ts';
import { parseExperiment, resolveVariant } from '../../engine/spec/index.ts';
import { answers } from './answers.ts';

const experiment = parseExperiment(example);
const rows = [
  [0, 0, 1],
  [0, 1, 1],
  [1, 0, 1],
  [1, 1, 1],
];

describe('answers without dropout', () => {
  it.each(['as printed', 'corrected', 'no dropout'])('are the engine’s own, %s', async (variant) => {
    const session = await createSession({ experiment, variant, seed: 1, threads: 1 });
    session.advance(500);
    const given = answers(resolveVariant(experiment, variant), session.inspect(), rows);
    const expected = session.outputs('train');
    expect(expected).toHaveLength(4);
    for (const [i, x] of (expected ?? []).entries()) expect(given?.[i]?.[0]).toBeCloseTo(x, 5);
    await session.dispose();
  });

  it('are not worked out for other layers, or without the weights', () => {
    expect(answers(resolveVariant(parseExperiment(cnn), 'none'), { step: 1, tensors: [] }, rows)).toBeNull();
    expect(answers(resolveVariant(experiment, 'corrected'), { step: 1, tensors: [] }, rows)).toBeNull();
  });

  it('are computed layer by layer', () => {
    const document = parseExperiment({
      ...example,
      data: { type: 'table', x: [[1, -2]], y: [[0, 0]] },
      model: {
        layers: [
          { type: 'Linear', name: 'fc1', out_features: 2 },
          { type: 'LeakyReLU', name: 'act', negative_slope: 0.5 },
        ],
      },
      variants: [{ name: 'a' }],
    });
    const tensors = [
      { name: 'fc1.weight', shape: [2, 2], values: Float32Array.of(1, 1, 2, 1) },
      { name: 'fc1.bias', shape: [2], values: Float32Array.of(-1, 3) },
    ];
    expect(answers(resolveVariant(document, 'a'), { step: 1, tensors }, [[1, -2]])).toEqual([[-1, 3]]);
  });
});
