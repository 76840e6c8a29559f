// The parts of a document in words: what they are called, and what they hold.
import type { PlainKey } from '../../messages/catalogue.ts';
import type { Translator } from '../../messages/translator.ts';
import { shortPath } from '../../model/run-events.ts';
import { valueText } from '../../model/differences.ts';
import type { DocumentSummary } from '../../model/take-summary.ts';
import type { Part } from '../../model/take.ts';

export const PART_TITLES = {
  data: 'data.title',
  model: 'model.title',
  recipe: 'recipe.title',
  seed: 'data.seed',
  variants: 'variants.title',
} as const satisfies Record<Part | 'variants', PlainKey>;

/** One line on what a part holds. */
export function partWords(part: Part, summary: DocumentSummary, t: Translator): string {
  switch (part) {
    case 'data': {
      const what = summary.dataName ?? t.text(summary.dataKind);
      return summary.examples === null ? what : t.text('take.examples', { what, n: summary.examples });
    }
    case 'model':
      return summary.layers === 0
        ? t.text('take.noLayers')
        : t.text('take.layers', { n: summary.layers, parameters: t.format.integer(summary.parameters) });
    case 'recipe': {
      const { unit, n } = summary.length;
      return t.text(unit === 'steps' ? 'take.steps' : 'take.epochs', {
        optimizer: summary.optimizer,
        n,
        loss: summary.loss,
      });
    }
    case 'seed':
      return String(summary.seed);
    default:
      return part satisfies never;
  }
}

/** `fc1.out_features`, `optimizer.lr`, `data.noise`. */
const fieldPath = (path: string): string => path.replace(/^(model\.layers|recipe)\./, '');

/** `l1 = 0.001, dropout1.p = 0.5`; a variant that changes nothing follows the base. */
export function changesWords(changes: Readonly<Record<string, unknown>>, t: Translator): string {
  const said = Object.entries(changes).map(([path, value]) => `${shortPath(path)} = ${valueText(value)}`);
  return said.length === 0 ? t.text('take.asBase') : said.join(', ');
}

const OF_VARIANT = /^variants\.([^.]+)(?:\.changes)?(?:\.(.+))?$/;

/** A field of a document, short: `L1: dropout1.p` for one that a variant changes. */
export function fieldWords(path: string): string {
  const [, variant, field] = OF_VARIANT.exec(path) ?? [];
  if (variant === undefined) return fieldPath(path);
  return field === undefined ? variant : `${variant}: ${fieldPath(field)}`;
}
