// Bundled examples explain themselves in the reader's language; a text that a person wrote stays as it is.
import type { PlainKey } from './catalogue.ts';
import { en } from './en.ts';

/** Descriptions of bundled examples, by their key in the catalogue. */
const EXAMPLES = ['example.regression', 'example.cnn', 'example.numpyDropout'] as const;

/** @param description of the document; translated when it is a bundled example's own. */
export function exampleText(description: string, t: (key: (typeof EXAMPLES)[number]) => string): string {
  const key = EXAMPLES.find((x) => en[x] === description);
  return key === undefined ? description : t(key);
}

/** The bundled examples by name, and what they are called. */
export const EXAMPLE_NAMES = [
  { name: 'regression', label: 'project.newRegression' },
  { name: 'cnn', label: 'project.newCnn' },
  { name: 'numpy-dropout', label: 'project.newNumpyDropout' },
] as const satisfies readonly { name: string; label: PlainKey }[];
