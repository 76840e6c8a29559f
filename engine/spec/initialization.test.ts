// What torch.nn.init would refuse is refused in the document, at its place.
import { describe, expect, it } from 'vitest';
import { sampleExperiment } from '../train/sample-experiments.ts';
import { DocumentError } from './index.ts';

const problemsOf = (
  layers: readonly { readonly type: string; readonly [option: string]: unknown }[],
): readonly string[] => {
  try {
    sampleExperiment({ layers: [...layers, 1] });
    return [];
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return error.problems.map((x) => `${x.path}: ${x.message}`);
  }
};
const linear = (init: unknown) => [{ type: 'Linear', out_features: 3, init }];
const xavier = { type: 'xavier_uniform' };

describe('initialisation', () => {
  it.each([
    [linear({ weight: xavier, bias: { type: 'zeros' } })],
    [linear({ weight: { type: 'uniform', a: 1, b: 1 }, bias: { type: 'trunc_normal', a: 0, b: 0 } })],
    [[{ type: 'BatchNorm1d', init: { weight: { type: 'uniform' } } }]],
    // A layer without a bias has nothing that could be wrong with it.
    [[{ type: 'Linear', out_features: 3, bias: false, init: { bias: xavier } }]],
  ])('takes %j', (layers) => {
    expect(problemsOf(layers)).toEqual([]);
  });

  it.each([
    [linear({ weight: { type: 'uniform', a: 2 } }), /weight\.b: must be at least a \(2\), but is 1$/],
    [linear({ bias: { type: 'trunc_normal', a: 0, b: -0.5 } }), /bias\.b: must be at least a \(0\), but is -0\.5$/],
    [linear({ bias: { type: 'kaiming_normal' } }), /init\.bias: must be an initialisation for vectors/],
    [[{ type: 'BatchNorm1d', init: { weight: xavier } }], /init\.weight: must be an initialisation for vectors/],
    [[{ type: 'LayerNorm', init: { weight: xavier } }], /init\.weight: must be an initialisation for vectors/],
  ])('refuses %j', (layers, problem) => {
    expect(problemsOf(layers)).toEqual([expect.stringMatching(problem)]);
  });
});
