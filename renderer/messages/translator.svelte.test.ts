import { describe, expect, it } from 'vitest';
import { ERROR_CODES, LabError } from '../../main/contract/errors.ts';
import { DocumentError, parseExperiment } from '../../engine/spec/index.ts';
import example from '../../assets/examples/regression.json';
import { fill, translation, type MessageKey } from './catalogue.ts';
import { en } from './en.ts';
import { LOCALES, systemLocale, Translator } from './translator.ts';
import { zhCN } from './zh-cn.ts';

const placeholders = (message: unknown): string[] =>
  [...new Set([...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map((x) => x[1] ?? ''))].sort();

function problemsOf(change: (document: typeof example) => unknown) {
  try {
    parseExperiment(change(structuredClone(example)));
  } catch (error) {
    if (error instanceof DocumentError) return error.problems;
    throw error;
  }
  return [];
}

describe('the catalogue', () => {
  it('does not compile without a key, without a placeholder, or with one too many', () => {
    // @ts-expect-error a key is missing
    translation({ 'app.name': 'x' });
    // @ts-expect-error the placeholder {seed} is missing
    translation({ ...zhCN, 'runs.at': '种子' });
    // @ts-expect-error there is no placeholder {nothing} in English
    translation({ ...zhCN, 'runs.title': '{nothing}' });
    expect(true).toBe(true);
  });

  it('has the same keys and placeholders in both languages', () => {
    expect(Object.keys(zhCN).sort()).toEqual(Object.keys(en).sort());
    for (const key of Object.keys(en) as MessageKey[])
      expect([key, placeholders(zhCN[key])]).toEqual([key, placeholders(en[key])]);
  });

  it('chooses the plural by the language', () => {
    const t = new Translator('en');
    expect(t.text('device.threads', { n: 1 })).toBe('CPU, 1 thread');
    expect(t.text('device.threads', { n: 2 })).toBe('CPU, 2 threads');
    expect(new Translator('zh-CN').text('device.threads', { n: 1 })).toBe('CPU，1 个线程');
  });

  it('leaves a placeholder without a value visible', () => {
    expect(fill('a {b} {constructor}', {}, 'en')).toBe('a {b} {constructor}');
  });

  it('follows the system where it can', () => {
    expect(systemLocale(['fr', 'zh-Hans-CN', 'en'])).toBe('zh-CN');
    expect(systemLocale(['de'])).toBe('en');
    expect(systemLocale([])).toBe('en');
  });
});

describe.each(LOCALES)('in %s', (locale) => {
  const t = new Translator(locale);

  it.each(ERROR_CODES)('%s is a whole sentence', (code) => {
    const details = {
      file: 'a.overfit',
      what: 'run',
      name: 'n',
      cause: 'EACCES',
      path: 'a.b',
      reason: 'why',
      problems: [],
    };
    const sentence = t.error(new LabError(code, 'why', details));
    expect(sentence).not.toMatch(/[{}]|undefined/);
    expect(sentence.length).toBeGreaterThan(3);
  });

  it('of an imported data set names it, and the split that would be empty', () => {
    const missing = (details: Record<string, unknown>) => t.error(new LabError('DATA_MISSING', '', details));
    expect(missing({ dataset: 'iris' })).toContain('iris');
    const split = t.text('dataPlace.validation');
    expect(missing({ dataset: 'iris', split: 'validation' })).toBe(
      t.text('summary.noRows', { dataset: 'iris', split }),
    );
    expect(missing({ dataset: 'cifar10' })).toContain('--data');
  });

  it('an unknown code of a newer service still says something', () => {
    expect(t.error({ code: 'FROM_THE_FUTURE', message: 'why', details: {} })).toContain('why');
  });

  it('words the problem inside INVALID_DOCUMENT', () => {
    const problems = problemsOf((x) => ({ ...x, data: { ...x.data, noise: -1 } }));
    expect(t.error(new LabError('INVALID_DOCUMENT', '', { problems }))).toMatch(/data\.noise/);
  });

  it('names step and quantity of a diverged run', () => {
    const sentence = t.failure({
      code: 'DIVERGED',
      step: 37,
      quantity: 'gradient',
      parameter: 'fc1.weight',
      layer: 'fc1',
    });
    expect(sentence).toMatch(/37/);
    expect(sentence).toMatch(/fc1\.weight/);
    expect(sentence).not.toMatch(/[{}]/);
  });

  it.each([
    ['noise', -1],
    ['points', 1],
    ['points', 2.5],
    ['points', 'abc'],
    ['points', ''],
    ['x_min', null],
    ['slope', undefined],
    ['type', 'moons'],
    ['extra', 1],
  ])('says what is wrong with data.%s = %j', (key, value) => {
    const [problem] = problemsOf((x) => ({ ...x, data: { ...x.data, [key]: value } }));
    expect(problem).toBeDefined();
    if (!problem) return;
    const sentence = t.problem(problem);
    expect(sentence).not.toMatch(/[{}]|undefined/);
    if (problem.code === 'wrong_type') expect(sentence).not.toContain('"');
    if (value === '') expect(sentence).toBe(t.text('problem.required'));
    // No English phrase of the specification is left in another language.
    if (locale !== 'en') expect(sentence).not.toMatch(/a whole|number|at least/);
  });
});

describe('durations', () => {
  it.each([
    [40, '40 ms'],
    [2345, '2.3 s'],
    [59_000, '59 s'],
    [180_000, '3 min'],
    [7_200_000, '2 h'],
  ])('%d ms → %s', (ms, text) => {
    expect(new Translator('en').duration(ms)).toBe(text);
  });
});
