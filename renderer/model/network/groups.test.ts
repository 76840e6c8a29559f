// Layers that are moved and led around together, and the reasons where they stay.
import { describe, expect, it } from 'vitest';
import regression from '../../../assets/examples/regression.json' with { type: 'json' };
import { analyzeModel, parseExperiment } from '../../../engine/spec/index.ts';
import type { Edit } from '../edits.ts';
import { passage, placeBeside, stayReason } from './groups.ts';
import * as edits from './network-edits.ts';
import { readNetwork } from './network.ts';
import { list } from './test-deeds.ts';

const base = parseExperiment(regression);
const apply = (...all: readonly Edit[]) => all.reduce((document, edit) => edit(document), base);
const chain = list(base);

describe('moving', () => {
  it.each<readonly [readonly string[], 'earlier' | 'later', string]>([
    [['fc2', 'dropout2'], 'earlier', 'fc1 dropout1 fc2 dropout2 relu1 relu2 fc3'],
    [['dropout1', 'relu1'], 'later', 'fc1 fc2 dropout1 relu1 dropout2 relu2 fc3'],
  ])('%j together, %s', (names, direction, expected) => {
    expect(list(apply(edits.moveLayers(new Set(names), direction)))).toBe(expected);
  });

  it('of a whole block keeps it wired', () => {
    const residual = apply(edits.addSkip(new Set(['fc2', 'dropout2'])));
    const block = new Set(['fc2', 'dropout2', 'relu1', 'add1']);
    const moved = edits.moveLayers(block, 'earlier')(residual);
    expect(list(moved)).toBe('fc1 relu1 fc2 dropout2 add1(dropout2 relu1) dropout1 relu2 fc3');
    expect(list(edits.moveLayers(block, 'later')(moved))).toBe(list(residual));
    expect(analyzeModel(moved.model, moved.data).problems).toEqual([]);
    expect(list(edits.moveLayersTo(block, { at: 'after', name: 'dropout2' })(residual))).toBe(list(residual));
  });

  it('gives a reason where layers stay', () => {
    const network = readNetwork(base.model.layers);
    expect(stayReason(network, new Set(['fc1', 'fc2']))).toEqual({ why: 'apart' });
    expect(placeBeside(network, new Set(['fc1', 'dropout1']), 'earlier')).toEqual({ why: 'first' });
    expect(placeBeside(network, new Set(['relu2', 'fc3']), 'later')).toEqual({ why: 'last' });
    const one = readNetwork(apply(edits.addSkip(new Set(['fc2']))).model.layers);
    expect(stayReason(one, new Set(['add1']))).toEqual({ why: 'joins', layer: 'add1' });
    expect(stayReason(one, new Set(['fc2']))).toEqual({ why: 'onlyInBranch', layer: 'add1' });
    expect(stayReason(one, new Set(['fc2', 'add1']))).toBeNull();
  });
});

describe('a skip', () => {
  it('needs one way in and one way out', () => {
    const network = readNetwork(base.model.layers);
    expect(passage(network, new Set(['fc2', 'dropout2']))).toEqual({ source: 'relu1', exit: 'dropout2' });
    expect(passage(network, new Set(['fc1', 'fc2']))).toBeNull();
    expect(list(apply(edits.addSkip(new Set(['fc1', 'fc2']))))).toBe(chain);
  });

  it('never leads from what came out of a group into it', () => {
    const layers = [
      { type: 'ReLU', name: 'a', inputs: [] },
      { type: 'ReLU', name: 'b' },
      { type: 'ReLU', name: 'c' },
      { type: 'ReLU', name: 'd', inputs: ['b'] },
    ] as const;
    const document = { ...parseExperiment(regression), model: { layers: [...layers] as never }, variants: [] };
    expect(edits.addSkip(new Set(['a', 'c']))(document).model.layers).toEqual(layers);
  });
});
