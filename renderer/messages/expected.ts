// The specification words what a field takes in English ("a whole number from 2 to 100000"); this says the same in the reader's language.
import type { MessageKey, Values } from './catalogue.ts';

type Words = (key: MessageKey, values: Values) => string;

const PHRASES: readonly (readonly [pattern: RegExp, key: MessageKey, names: readonly string[]])[] = [
  [/^a whole number from (-?\d+) to (-?\d+)$/, 'expected.integerRange', ['low', 'high']],
  [/^a whole number$/, 'expected.integer', []],
  [/^0 ≤ \S+ < 1$/, 'expected.unitInterval', []],
  [/^\S+ ≥ 0$/, 'expected.nonNegative', []],
  [/^a number ≥ 0$/, 'expected.nonNegative', []],
  [/^\S+ > 0$/, 'expected.positive', []],
  [/^a number > 0$/, 'expected.positive', []],
  [/^a finite number$/, 'expected.finite', []],
  [/^a name$/, 'expected.name', []],
  [/^a name without dots/, 'expected.plainName', []],
  [/^at most (\d+) characters$/, 'expected.atMostCharacters', ['count']],
  [/^at most (\d+) variants$/, 'expected.atMostVariants', ['count']],
  [/^at least one variant$/, 'expected.atLeastOneVariant', []],
  [/^at least one layer$/, 'expected.atLeastOneLayer', []],
  [/^number$/, 'expected.number', []],
  [/^string$/, 'expected.string', []],
  [/^boolean$/, 'expected.boolean', []],
];

/** @returns the phrase in the language of `words`; a phrase that is not known stays as it is. */
export function expectedWording(expected: string, words: Words): string {
  for (const [pattern, key, names] of PHRASES) {
    const match = pattern.exec(expected);
    if (!match) continue;
    return words(
      key,
      Object.fromEntries(
        names.map((name, i) => {
          const text = match[i + 1] ?? '';
          return [name, /^-?\d+$/.test(text) ? Number(text) : text];
        }),
      ),
    );
  }
  return expected;
}
