// What a document is, part by part, in a few figures: for choosing what to take of it, and for what becomes of one's own.
import { analyzeModel, dataShape, type ExperimentSpec } from '../../engine/spec/index.ts';
import { kindOf, kindWords } from './data-kinds.ts';
import type { PlainKey } from '../messages/catalogue.ts';
import type { Part } from './take.ts';

export interface DocumentSummary {
  /** Of imported data their name, else null: then the kind says what they are. */
  readonly dataName: string | null;
  readonly dataKind: PlainKey;
  /** Examples of all splits; null: known only once files are read. */
  readonly examples: number | null;
  readonly layers: number;
  readonly parameters: number;
  readonly optimizer: string;
  readonly length: { readonly unit: 'steps' | 'epochs'; readonly n: number };
  readonly loss: string;
  readonly seed: number;
}

export function summaryOf({ data, model, recipe, seed }: ExperimentSpec): DocumentSummary {
  const { trainRows, validationRows, testRows } = dataShape(data);
  const known = trainRows === null || testRows === null ? null : trainRows + validationRows + testRows;
  return {
    dataName: data.type === 'dataset' ? data.name : null,
    dataKind: kindWords(kindOf(data)).label,
    examples: data.type === 'dataset' ? data.rows : known,
    layers: model.layers.length,
    parameters: analyzeModel(model, data).shapes.reduce((sum, x) => sum + x.parameters, 0),
    optimizer: recipe.optimizer.type,
    loss: recipe.loss.type,
    length:
      recipe.epochs === undefined ? { unit: 'steps', n: recipe.steps ?? 0 } : { unit: 'epochs', n: recipe.epochs },
    seed,
  };
}

/** Which parts of two documents differ. */
export function differingParts(a: ExperimentSpec, b: ExperimentSpec): readonly (Part | 'variants')[] {
  const same = (x: unknown, y: unknown): boolean => x === y || JSON.stringify(x) === JSON.stringify(y);
  const parts = {
    data: same(a.data, b.data),
    model: same(a.model, b.model),
    recipe: same(a.recipe, b.recipe),
    seed: a.seed === b.seed && a.initialization === b.initialization,
    variants: same(a.variants, b.variants),
  } satisfies Record<Part | 'variants', boolean>;
  return (['data', 'model', 'recipe', 'seed', 'variants'] as const).filter((x) => !parts[x]);
}
