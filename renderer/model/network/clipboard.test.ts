// Layers as text: copied, and pasted under free names, wired as they were.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import cnn from '../../../assets/examples/cnn.json' with { type: 'json' };
import regression from '../../../assets/examples/regression.json' with { type: 'json' };
import { analyzeModel, parseDraft, parseExperiment } from '../../../engine/spec/index.ts';
import { copyText, readLayers, withFreshNames } from './clipboard.ts';
import * as edits from './network-edits.ts';
import { readNetwork } from './network.ts';
import { deed, grouped, list, place, placed, some } from './test-deeds.ts';

const base = parseExperiment(regression);

describe('copied layers', () => {
  it('come back under free names, wired as they were', () => {
    const residual = edits.addSkip(new Set(['fc2', 'dropout2']))(base);
    const text = copyText(residual, new Set(['relu1', 'fc2', 'dropout2', 'add1']));
    const pasted = withFreshNames(residual, readLayers(text) ?? []);
    const twice = edits.insertLayers({ at: 'after', name: 'add1' }, pasted)(residual);
    expect(list(twice)).toBe(
      'fc1 dropout1 relu1 fc2 dropout2 add1(dropout2 relu1) relu3 fc4 dropout3 add2(dropout3 relu3) relu2 fc3',
    );
    expect(analyzeModel(twice.model, twice.data).problems).toEqual([]);
  });

  it('close up over what is not copied', () => {
    const pasted = withFreshNames(base, readLayers(copyText(base, new Set(['fc1', 'relu1', 'fc3']))) ?? []);
    expect(pasted.map((x) => [x.name, x.inputs])).toEqual([
      ['fc4', undefined],
      ['relu3', undefined],
      ['fc5', undefined],
    ]);
    const residual = edits.addSkip(new Set(['fc2', 'dropout2']))(base);
    expect(readLayers(copyText(residual, new Set(['fc2', 'add1'])))?.map((x) => x.inputs)).toEqual([
      undefined,
      ['fc2', 'input'],
    ]);
    expect(readLayers(copyText(residual, new Set(['add1'])))?.map((x) => x.inputs)).toEqual([undefined]);
  });

  it('fit another project, where what they took is not there', () => {
    const text = copyText(base, new Set(['relu1', 'fc2']));
    const other = parseExperiment(cnn);
    const pasted = withFreshNames(other, readLayers(text) ?? []);
    expect(list(edits.insertLayers({ at: 'after', name: 'fc1' }, pasted)(other))).toContain('fc1 relu5 fc4 relu3');
  });

  it('are read from a list, a model or an experiment; other text is none, and wrong layers are named', () => {
    expect(readLayers(JSON.stringify(regression))).toHaveLength(7);
    expect(readLayers(JSON.stringify(regression.model.layers.slice(0, 2)))).toHaveLength(2);
    expect(readLayers('{"type": "ReLU", "name": "relu1"}')).toHaveLength(1);
    expect(readLayers('hello')).toBeNull();
    expect(readLayers('{"a": 1}')).toBeNull();
    expect(() => readLayers('[{"type": "Dropout", "name": "d", "p": 2}]')).toThrow(/p: must be/);
  });
});

it('any copied layers that stand behind each other paste into a model that is a draft, wired as they were', () => {
  fc.assert(
    fc.property(
      fc.array(deed, { maxLength: 12 }),
      fc.constantFrom(regression, cnn),
      fc.constantFrom(regression, cnn),
      some,
      fc.integer({ min: 1, max: 8 }),
      place,
      (deeds, from, into, first, count, to) => {
        const source = deeds.reduce((document, x) => x(document), parseExperiment(from));
        const names = grouped(source, { from: first, count });
        const layers = readLayers(copyText(source, names));
        if (layers === null) {
          expect(names.size).toBe(0);
          return;
        }
        const target = parseExperiment(into);
        const fresh = withFreshNames(target, layers);
        const after = edits.insertLayers(placed(target, to), fresh)(target);
        const { document } = parseDraft(after);
        expect(document.model.layers).toHaveLength(target.model.layers.length + names.size);
        // Between copied layers the connections are the same.
        const now = new Map(fresh.map((x, i) => [layers[i]?.name, x.name]));
        const pasted = new Map(readNetwork(after.model.layers).map((x) => [x.layer.name, x.inputs]));
        for (const { layer, inputs } of readNetwork(source.model.layers))
          if (names.has(layer.name))
            for (const input of inputs) {
              const copy = now.get(input);
              if (copy !== undefined) expect(pasted.get(now.get(layer.name) ?? '')).toContain(copy);
            }
      },
    ),
    { numRuns: 200 },
  );
});
