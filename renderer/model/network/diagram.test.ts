// The diagram: where layers stand, what their connections say, how arrow keys walk it, and the templates it may begin with.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import cnn from '../../../assets/examples/cnn.json' with { type: 'json' };
import numpyDropout from '../../../assets/examples/numpy-dropout.json' with { type: 'json' };
import regression from '../../../assets/examples/regression.json' with { type: 'json' };
import { analyzeModel, parseExperiment, type ExperimentSpec } from '../../../engine/spec/index.ts';
import { badgesOf, keyArguments } from './arguments.ts';
import { diagramOf, neighbour, NODE_WIDTH } from './diagram.ts';
import { boxBetween, touched } from './frame.ts';
import { layOut } from './layout.ts';
import { addSkip, removeLayers, setLayerPenalty, useModel } from './network-edits.ts';
import { TEMPLATE_NAMES, templateFor, type TemplateName } from './templates.ts';

const base = parseExperiment(regression);
const pictures = parseExperiment(cnn);
const with_ = (document: ExperimentSpec, template: TemplateName): ExperimentSpec => {
  const { layers } = templateFor(template, document);
  if (layers === null) throw new Error(`no ${template}`);
  return useModel(layers)(document);
};

describe('the layout', () => {
  it('is a straight line for a chain', () => {
    const { data, cells, passing } = layOut([{ sources: [-1] }, { sources: [0] }, { sources: [1] }]);
    expect([data, ...cells]).toEqual([0, 1, 2, 3].map((row) => ({ row, column: 0 })));
    expect(passing.size).toBe(0);
  });

  it('leads a skip around what it skips', () => {
    const { cells, passing } = layOut([{ sources: [-1] }, { sources: [0] }, { sources: [1] }, { sources: [2, 0] }]);
    expect(cells.map((x) => x.column)).toEqual([0, 0, 0, 0]);
    expect([...passing]).toEqual([['0 3 1', 1]]);
  });

  it('never puts two things into one cell', () => {
    const network = fc
      .array(fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), { maxLength: 60 })
      .map((all) => all.map((sources, i) => ({ sources: sources.map((x) => (x % (i + 1)) - 1) })));
    fc.assert(
      fc.property(network, (layers) => {
        const { data, cells } = layOut(layers);
        const places = [data, ...cells].map(({ row, column }) => `${String(row)} ${String(column)}`);
        expect(new Set(places).size).toBe(places.length);
        for (const [i, { sources }] of layers.entries())
          for (const source of sources)
            expect(cells[i]?.row).toBeGreaterThan(source < 0 ? 0 : (cells[source]?.row ?? Infinity));
      }),
    );
  });
});

describe('the diagram', () => {
  it('has shapes and counts on its connections', () => {
    const { edges } = diagramOf(base, []);
    expect(
      edges.map(({ source, target, shape, parameters }) => [source, target, shape, parameters]).slice(0, 3),
    ).toEqual([
      ['input', 'fc1', [1], null],
      ['fc1', 'dropout1', [300], 600],
      ['dropout1', 'relu1', [300], 0],
    ]);
  });

  it('has problems at their layers, said once', () => {
    const wrong = removeLayers(['flatten'])(pictures);
    const { problems } = analyzeModel(wrong.model, wrong.data);
    const marked = diagramOf(wrong, problems).layers.filter((x) => x.problems.length > 0);
    expect(marked.map((x) => [x.id, x.problems.length])).toEqual([['fc1', 1]]);
    expect(diagramOf(wrong, []).layers.find((x) => x.id === 'fc3')?.output).toEqual([10]);
  });

  it('shows two layers of one name, and nothing of a wrong field', () => {
    const [first, ...rest] = base.model.layers;
    if (!first) throw new Error('no layers');
    const wrong = { ...base, model: { layers: [{ ...first, out_features: 'many' }, first, ...rest] } };
    const { layers } = diagramOf(wrong as unknown as ExperimentSpec, []);
    expect(new Set(layers.map((x) => x.id)).size).toBe(8);
    expect(layers[0]?.output).toBeNull();
  });

  it('is walked with arrow keys', () => {
    const diagram = diagramOf(addSkip(new Set(['fc2', 'dropout2']))(base), []);
    expect(neighbour(diagram, 'input', 'ArrowDown')).toBe('fc1');
    expect(neighbour(diagram, 'add1', 'ArrowUp')).toBe('dropout2');
    expect(neighbour(diagram, 'relu1', 'ArrowDown')).toBe('fc2');
    expect(neighbour(diagram, 'fc3', 'ArrowDown')).toBeNull();
    expect(neighbour(diagram, 'fc3', 'ArrowLeft')).toBeNull();
  });

  it('walks between branches', () => {
    const diagram = diagramOf(with_(pictures, 'resnet'), []);
    expect(neighbour(diagram, 'block2_skip', 'ArrowLeft')).toBe('block2_conv1');
    expect(neighbour(diagram, 'block2_conv1', 'ArrowRight')).toBe('block2_skip');
  });
});

describe('what a layer says of itself', () => {
  it('is its arguments without defaults', () => {
    expect(pictures.model.layers.map((x) => keyArguments(x).join(', ')).slice(0, 3)).toEqual(['6, 5 × 5', '', '2']);
    expect(parseExperiment(numpyDropout).model.layers.map((x) => keyArguments(x).join(', '))).toEqual([
      '4, bias=False',
      '',
      'p=0.2',
      '1, bias=False',
      '',
    ]);
  });

  it('is what it has of its own', () => {
    const own = setLayerPenalty('fc1', 'l1', 0.01)(parseExperiment(numpyDropout));
    expect(own.model.layers.slice(0, 2).map(badgesOf)).toEqual([['λ₁ 0.01', 'uniform'], []]);
  });
});

describe('templates', () => {
  const all: readonly ExperimentSpec[] = [base, pictures, parseExperiment(numpyDropout)];
  it.each(TEMPLATE_NAMES)('%s fits the data, or says why not', (name) => {
    const offers = all.map((document) => ({ document, offer: templateFor(name, document) }));
    expect(offers.some(({ offer }) => offer.layers !== null)).toBe(true);
    for (const { document, offer } of offers) {
      if (offer.layers === null) continue;
      const next = useModel(offer.layers)(document);
      expect(analyzeModel(next.model, next.data).problems).toEqual([]);
      expect(() => parseExperiment(next)).not.toThrow();
      expect({ ...next, model: null, variants: null }).toEqual({ ...document, model: null, variants: null });
    }
  });

  it('the article’s nets are the examples’', () => {
    expect(templateFor('numpyDropout', parseExperiment(numpyDropout)).layers).toEqual(
      parseExperiment(numpyDropout).model.layers,
    );
    expect(with_(base, 'regressionDropout').model.layers.map((x) => x.type)).toEqual(
      base.model.layers.map((x) => x.type),
    );
    expect(with_(pictures, 'lenet').model.layers.map((x) => x.type)).toEqual(pictures.model.layers.map((x) => x.type));
  });

  it.each([
    ['regression', pictures, 'needsVector'],
    ['lenet', base, 'needsPicture'],
  ] as const)('%s refuses with a reason', (name, document, refusal) => {
    expect(templateFor(name, document)).toEqual({ layers: null, refusal });
  });

  it('a small picture is too small for LeNet', () => {
    const data = {
      type: 'table',
      x: [Array<number>(64).fill(0)],
      y: [[0]],
      shape: [1, 8, 8],
      classes: 2,
      validation_x: [],
      validation_y: [],
      test_x: [],
      test_y: [],
    } satisfies ExperimentSpec['data'] & { type: 'table' };
    expect(templateFor('lenet', { ...pictures, data }).refusal).toBe('needsLargerPicture');
    const small = with_({ ...pictures, data }, 'resnet');
    expect(analyzeModel(small.model, small.data).problems).toEqual([]);
  });
});

describe('a frame', () => {
  const diagram = diagramOf(parseExperiment(regression), []);
  const at = (id: string) => {
    const found = diagram.layers.find((x) => x.id === id);
    if (!found) throw new Error(`no layer ${id}`);
    return found;
  };

  it('holds the layers that it touches, drawn in any direction, and never the data', () => {
    const [from, to] = [at('dropout1'), at('fc2')];
    const corner = { x: from.x + NODE_WIDTH - 1, y: from.y + from.height - 1 };
    expect(touched(diagram, boxBetween(corner, { x: to.x + NODE_WIDTH + 50, y: to.y + 1 }))).toEqual([
      'dropout1',
      'relu1',
      'fc2',
    ]);
    expect(touched(diagram, boxBetween({ x: to.x - 1, y: to.y + 1 }, corner))).toEqual(['dropout1', 'relu1', 'fc2']);
    expect(touched(diagram, boxBetween({ x: -1e4, y: -1e4 }, { x: 1e4, y: 1e4 }))).toHaveLength(7);
    expect(touched(diagram, boxBetween({ x: to.x - 9, y: 0 }, { x: to.x - 1, y: 1e4 }))).toEqual([]);
  });
});
