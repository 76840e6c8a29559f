// The model as text: read back as it was, and wrong text named by its line.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import cnn from '../../../assets/examples/cnn.json' with { type: 'json' };
import numpyDropout from '../../../assets/examples/numpy-dropout.json' with { type: 'json' };
import { parseExperiment } from '../../../engine/spec/index.ts';
import { jsonLines, lineOf } from './json-lines.ts';
import { modelText, readModelText } from './model-text.ts';

describe('a model as text', () => {
  it.each([cnn, numpyDropout])('comes back as it was', (source) => {
    const { layers } = parseExperiment(source).model;
    expect(readModelText(modelText(layers)).layers).toEqual(layers);
  });

  it('may be empty', () => {
    expect(readModelText(modelText([])).layers).toEqual([]);
  });

  it.each([
    ['{\n  "layers": [\n    { "type": "ReLU" "name": "a" }\n  ]\n}', [[3, 'syntax']]],
    ['{\n  "layers": [', [[2, 'syntax']]],
    ['[1, 2]', [[1, 'noLayers']]],
    ['{\n "layers": [],\n "extra": 1 }', [[3, 'unknownKey']]],
    ['{ "layers": [\n{"type": "ReLU", "name": "a"},\n{"type": "Tanh", "name": "a"}\n] }', [[3, 'duplicate']]],
    ['{ "layers": [\n{"type": "ReLU", "name": "input"}\n] }', [[2, 'reserved']]],
    [
      '{ "layers": [\n{"type": "Dropout",\n"name": "a",\n"p": 2},\n{"type": "Gone", "name": "b"}\n] }',
      [
        [4, 'field'],
        [5, 'field'],
      ],
    ],
  ])('%j is wrong at its line', (text, expected) => {
    expect(readModelText(text).problems.map(({ line, kind }) => [line, kind])).toEqual(expected);
  });

  it('more layers than a model may have are too many', () => {
    const layers = Array.from({ length: 1001 }, (_, i) => ({ type: 'ReLU', name: `relu${String(i)}` }));
    expect(readModelText(JSON.stringify({ layers })).problems).toEqual([{ line: 1, kind: 'tooMany' }]);
  });
});

describe('lines of JSON', () => {
  it('are those of the values, whatever they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 2);
        const lines = jsonLines(text);
        const rows = text.split('\n');
        const check = (x: unknown, path: string): void => {
          if (typeof x !== 'object' || x === null) {
            expect(rows[(lines.get(path) ?? 0) - 1]).toContain(JSON.stringify(x));
            return;
          }
          for (const [key, child] of Object.entries(x))
            if (!key.includes('.')) check(child, path === '' ? key : `${path}.${key}`);
        };
        if (!/\\\\|""/.test(text)) check(value, '');
      }),
    );
  });

  it('of something that is not there is that of what is around it', () => {
    expect(lineOf(jsonLines('{\n"a": {\n"b": 1}}'), 'a.c.d')).toBe(2);
  });
});
