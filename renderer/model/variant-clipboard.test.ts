// Variants as text: what is copied comes back in any project that has its fields; anything else is told apart and changes nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY, EXAMPLES } from '../../assets/examples/index.ts';
import { parseDraft, resolveVariant } from '../../engine/spec/index.ts';
import { fakeOther } from '../host/fake-other.ts';
import { clippingText, readClipping } from './clippings.ts';
import { copyText } from './network/clipboard.ts';
import { copyVariant, pasteVariant } from './variant-clipboard.ts';

const parse = (x: unknown) => parseDraft(x).document;
const line = parse(EXAMPLES.regression);
const documents = [...Object.values(EXAMPLES), EMPTY, fakeOther().document].map(parse);
const ofAny = fc
  .constantFrom(...documents)
  .chain((document) => fc.tuple(fc.constant(document), fc.constantFrom(...document.variants.map((x) => x.name))));
const copied = (document: typeof line, name: string): string => copyVariant(document, name) ?? 'no such variant';

describe('a variant on the clipboard', () => {
  it('comes back into its own document under a free name, and means the same', () => {
    fc.assert(
      fc.property(ofAny, ([document, name]) => {
        const pasted = pasteVariant(document, copied(document, name));
        if (!('document' in pasted)) throw new Error(pasted.reason);
        expect(pasted.name).not.toBe(name);
        expect(pasted.document.variants).toHaveLength(document.variants.length + 1);
        const { variant: _, ...meant } = resolveVariant(document, name);
        expect(resolveVariant(pasted.document, pasted.name)).toEqual({ ...meant, variant: pasted.name });
      }),
    );
  });

  it('goes into any document that it fits, which can be stored then', () => {
    fc.assert(
      fc.property(ofAny, fc.constantFrom(...documents), ([document, name], other) => {
        const pasted = pasteVariant(other, copied(document, name));
        if ('document' in pasted) expect(parse(pasted.document)).toEqual(pasted.document);
        else expect(pasted).toMatchObject({ reason: 'misfit', name });
      }),
    );
  });

  it('is text that says what it is, with layers by their names', () => {
    const counted = parse({ ...line, variants: [{ name: 'first', changes: { 'model.layers.1.p': 0.1 } }] });
    expect(JSON.parse(copied(counted, 'first'))).toEqual({
      format: 'overfit-variant',
      version: 1,
      variant: { name: 'first', changes: { 'model.layers.dropout1.p': 0.1 } },
    });
    expect(copyVariant(line, 'nobody')).toBeNull();
  });

  it('that does not fit is refused with the field that is missing', () => {
    expect(pasteVariant(parse(EMPTY), copied(line, 'dropout'))).toMatchObject({
      reason: 'misfit',
      name: 'dropout',
      problem: { code: 'unknown_field', params: { field: 'model.layers.dropout1.p' } },
    });
  });
  it('that would be one too many is refused', () => {
    const many = parse({
      ...line,
      variants: Array.from({ length: 64 }, (_, i) => ({ name: `v${String(i)}`, changes: {} })),
    });
    expect(pasteVariant(many, copied(line, 'L1'))).toMatchObject({ reason: 'wrong', problem: { path: 'variants' } });
  });
});

describe('other text', () => {
  it.each([
    ['nonsense', 'hello', null],
    ['a number', '3', null],
    ['an experiment', JSON.stringify(EXAMPLES.regression), null],
    ['a bare variant', '{"name": "L1", "changes": {}}', null],
    ['layers', copyText(line, new Set(['fc1'])), 'layers'],
  ])('%s is no variant', (_, text, kind) => {
    expect(pasteVariant(line, text)).toEqual({ reason: 'other', kind });
  });

  it('of a newer version is not guessed at', () => {
    const text = copied(line, 'L1').replace('"version": 1', '"version": 2');
    expect(pasteVariant(line, text)).toEqual({ reason: 'newer' });
  });

  it.each([
    ['a name that is none', { variant: { name: 'a.b', changes: {} } }, 'name'],
    ['changes that are none', { variant: { name: 'a', changes: 3 } }, 'changes'],
    ['a field too many', { variant: { name: 'a', changes: {}, seed: 1 } }, 'seed'],
    ['nothing in it', {}, ''],
  ])('with %s is refused by the field', (_, content, path) => {
    expect(pasteVariant(line, clippingText('variant', content))).toMatchObject({ reason: 'wrong', problem: { path } });
  });

  it('is told apart whatever it holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readClipping(text)).toBeNull();
      }),
    );
  });
});
