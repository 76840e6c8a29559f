// Everything that the specification can say about a field has words in every language.
import { describe, expect, it } from 'vitest';
import { DocumentError, Experiment, parseExperiment } from '../../engine/spec/index.ts';
import example from '../../assets/examples/regression.json' with { type: 'json' };
import { specPhrases } from '../../test/fixtures/spec-phrases.ts';
import { fill, type MessageKey } from './catalogue.ts';
import { en } from './en.ts';
import { expectedWording } from './expected.ts';
import { LOCALES, Translator } from './translator.ts';
import { zhCN } from './zh-cn.ts';

function problemsOf(change: (document: typeof example) => unknown) {
  try {
    parseExperiment(change(structuredClone(example)));
  } catch (error) {
    if (error instanceof DocumentError) return error.problems;
    throw error;
  }
  return [];
}

describe('what the specification says', () => {
  const words = (locale: (typeof LOCALES)[number]) => {
    const catalogue = locale === 'en' ? en : zhCN;
    return (key: MessageKey, values: Record<string, string | number>) => fill(catalogue[key], values, locale);
  };
  /** Every kind of value that the schemas name. */
  const kinds = (): string[] => {
    const found = new Set<string>();
    const seen = new Set<unknown>();
    const walk = (node: unknown): void => {
      if (typeof node !== 'object' || node === null || seen.has(node)) return;
      seen.add(node);
      const { kind, type, expects } = node as { kind?: unknown; type?: unknown; expects?: unknown };
      if (kind === 'schema' && type !== 'unknown' && typeof expects === 'string') found.add(expects);
      for (const child of Object.values(node)) walk(child);
    };
    walk(Experiment);
    return [...found];
  };
  const phrases = [...specPhrases(), ...kinds().map((phrase) => ({ phrase, where: 'a schema' }))];

  it('is found at all', () => {
    expect(specPhrases().length).toBeGreaterThan(70);
    expect(kinds()).toContain('(number | Array)');
  });

  it.each(phrases.map((x) => [x.phrase, x.where]))('"%s" (%s) is worded in every language', (phrase) => {
    for (const locale of LOCALES) {
      const wording = expectedWording(phrase, words(locale));
      expect(wording).not.toBeNull();
      expect(wording?.text).not.toMatch(/[{}]|undefined/);
    }
    const chinese = expectedWording(phrase, words('zh-CN'))?.text ?? '';
    // Names of the document's own (fields, layers) and shapes are said in every language as they are.
    const onlyNames = /^(\[[\d, ]+\]|[\w-]+(, [\w-]+)*)$/.test(chinese);
    expect(onlyNames || /[\u4e00-\u9fff]/.test(chinese), chinese).toBe(true);
  });

  it.each([
    ['en', 'steps', { epochs: 2 }, 'Give steps or epochs, not both. It is 2 now.'],
    ['zh-CN', 'steps', { epochs: 2 }, '步数和轮数只能给出一个。当前值是 2。'],
    ['en', 'batch', { batch_size: 21 }, 'There are 20 train examples: a batch cannot be larger. It is 21 now.'],
  ] as const)('a rule between fields is a whole sentence (%s, %s)', (locale, _, change, sentence) => {
    const [problem] = problemsOf((x) => ({ ...x, recipe: { ...x.recipe, ...change } }));
    expect(problem && new Translator(locale).problem(problem)).toBe(sentence);
  });

  it.each([
    [
      'This layer needs pictures [channels, height, width], but gets [300].',
      { type: 'Dropout2d', name: 'fc2', p: 0.5 },
    ],
    ['There is no layer “nothing” before this one.', { type: 'ReLU', name: 'fc2', inputs: ['nothing'] }],
    [
      'This layer feeds no other one, and only the last layer is the answer.',
      { type: 'ReLU', name: 'fc2', inputs: ['fc1'] },
    ],
  ])('%s', (sentence, layer) => {
    const change = (x: typeof example) => {
      const layers: unknown[] = [...x.model.layers];
      layers[3] = layer;
      return { ...x, model: { layers } };
    };
    expect(problemsOf(change).map((x) => new Translator('en').problem(x))).toContain(sentence);
  });

  it('says of the last layer what it gives', () => {
    const change = (x: typeof example) => ({ ...x, model: { layers: x.model.layers.slice(0, -1) } });
    expect(problemsOf(change).map((x) => new Translator('en').problem(x))).toContain(
      'The last layer gives [300] per example, but the data needs [1].',
    );
  });
});
