// Small readings of a model: what acts on a layer, where a dropped one goes, code in colours, and the sums of the analysis.
import { describe, expect, it } from 'vitest';
import regression from '../../../assets/examples/regression.json' with { type: 'json' };
import { parseExperiment } from '../../../engine/spec/index.ts';
import { setFields } from '../edits.ts';
import { actingOn } from './acting.ts';
import { analysisOf } from './analysis.ts';
import { codeTokens } from './code-tokens.ts';
import { diagramOf, NODE_WIDTH } from './diagram.ts';
import { dropTarget } from './drop-place.ts';
import { addSkip, removeLayers, setLayerPenalty } from './network-edits.ts';

const base = parseExperiment(regression);
const layer = (document: typeof base, name: string) => {
  const found = document.model.layers.find((x) => x.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

describe('what acts on a layer', () => {
  it('is nothing without penalties, and nothing where nothing is trained', () => {
    expect(actingOn(base, layer(base, 'fc1'))).toEqual([]);
    const penalised = setFields(['recipe.regularization.l1'], 0.1)(base);
    expect(actingOn(penalised, layer(penalised, 'relu1'))).toEqual([]);
  });

  it('is the model’s penalty, unless the layer has its own', () => {
    const whole = setFields(['recipe.regularization.l1', 'recipe.optimizer.weight_decay'], 0.1)(base);
    const own = setLayerPenalty('fc1', 'l1', 0.5)(whole);
    expect(actingOn(own, layer(own, 'fc1'))).toEqual([
      { formula: 'L + 0.5·Σ|w|', own: true },
      { formula: 'g ← g + 0.1·w', own: false },
    ]);
    const none = setLayerPenalty('fc1', 'l1', 0)(whole);
    expect(actingOn(none, layer(none, 'fc1')).map((x) => x.formula)).toEqual(['g ← g + 0.1·w']);
  });

  it('is written as the methods in use say', () => {
    const document = setLayerPenalty(
      'fc1',
      'max_norm',
      3,
    )(setFields(['recipe.regularization.l1_method'], 'proximal')(setFields(['recipe.regularization.l1'], 0.1)(base)));
    expect(actingOn(document, layer(document, 'fc1')).map((x) => x.formula)).toEqual([
      'w ← sign(w)·max(|w| − lr·0.1, 0)',
      '‖w‖₂ ≤ 3',
    ]);
  });
});

describe('what is dropped on the diagram', () => {
  const diagram = diagramOf(addSkip(new Set(['fc2', 'dropout2']))(base), []);
  const at = (id: string) => {
    const node = diagram.layers.find((x) => x.id === id);
    if (!node) throw new Error(`no ${id}`);
    return { x: node.x + NODE_WIDTH / 2, top: node.y, bottom: node.y + node.height };
  };

  it('on a layer goes behind it', () => {
    const { x, top } = at('relu1');
    expect(dropTarget(diagram, x, top + 10)).toEqual({ place: { at: 'after', name: 'relu1' }, id: 'relu1' });
  });

  it('near a connection goes onto it', () => {
    const { x, bottom } = at('fc1');
    expect(dropTarget(diagram, x + 20, bottom + 10).place).toEqual({ at: 'before', name: 'dropout1', slot: 0 });
    const skip = diagram.edges.find((edge) => edge.passing !== null);
    expect(dropTarget(diagram, (skip?.passing ?? 0) + NODE_WIDTH / 2, at('fc2').top + 20)).toEqual({
      place: { at: 'before', name: 'add1', slot: 1 },
      id: skip?.id,
    });
  });

  it('anywhere else goes to the end', () => {
    expect(dropTarget(diagram, -900, 10)).toEqual({ place: { at: 'end' }, id: null });
  });
});

describe('code in colours', () => {
  it('is the same text, in pieces', () => {
    const text = 'import math  # why "so"\nx = f("a # b", 1.5e-3)\ndef y1(): """long\nnote"""\n';
    const tokens = codeTokens(text);
    expect(tokens.map((x) => x.text).join('')).toBe(text);
    expect(tokens.filter((x) => x.kind !== 'plain').map(({ kind, text: said }) => [kind, said])).toEqual([
      ['keyword', 'import'],
      ['comment', '# why "so"'],
      ['string', '"a # b"'],
      ['number', '1.5e-3'],
      ['keyword', 'def'],
      ['string', '"""long\nnote"""'],
    ]);
  });
});

describe('the analysis', () => {
  it('sums what is known, and says when that is not all', () => {
    expect(analysisOf(diagramOf(base, []))).toEqual({ parameters: 91_201, multiplyAdds: 90_600, isWhole: true });
    const cut = { ...base, data: { ...base.data, type: 'shapes32' } } as unknown as typeof base;
    expect(analysisOf(diagramOf(removeLayers(['relu1'])(cut), [])).isWhole).toBe(false);
  });
});
