// The specification says in English what a field takes ("a whole number from 2 to 100000"); this says the same in the reader's
// language. Some of it completes a sentence ("Enter …"), some is a sentence of its own (a rule between fields).
import type { MessageKey, Values } from './catalogue.ts';

export type Words = (key: MessageKey, values: Values) => string;

export interface Wording {
  /** `value`: what can be entered. `shape`: what a layer's input must be. `rule`: a whole sentence. */
  readonly kind: 'value' | 'shape' | 'rule';
  readonly text: string;
}

export type Phrase = readonly [pattern: RegExp, key: MessageKey, ...names: readonly string[]];

const VALUES: readonly Phrase[] = [
  [/^a whole number from (-?\d+) to (-?\d+)$/, 'expected.integerRange', 'low', 'high'],
  [/^a number from (-?[\d.]+) to (-?[\d.]+)$/, 'expected.numberRange', 'low', 'high'],
  [/^at least (\d+) numbers$/, 'expected.atLeastNumbers', 'count'],
  [/^at most (\d+) numbers$/, 'expected.atMostNumbers', 'count'],
  [/^a whole number$/, 'expected.integer'],
  [/^0 ≤ .+ < 1$/, 'expected.unitInterval'],
  [/^0 ≤ .+ ≤ 1$/, 'expected.share'],
  [/^0 < .+ ≤ 1$/, 'expected.factor'],
  [/^.+ ≥ 0$/, 'expected.nonNegative'],
  [/^.+ > 0$/, 'expected.positive'],
  [/^a finite number$/, 'expected.finite'],
  [/^a name$/, 'expected.name'],
  [/^a name without dots/, 'expected.plainName'],
  [/^at most (\d+) characters$/, 'expected.atMostCharacters', 'count'],
  [/^at most (\d+) variants$/, 'expected.atMostVariants', 'count'],
  [/^at most (\d+) layers$/, 'expected.atMostLayers', 'count'],
  [/^at most (\d+) rows$/, 'expected.atMostRows', 'count'],
  [/^a text$/, 'expected.text'],
  [/^64 hexadecimal digits$/, 'expected.digest'],
  [/^at most (\d+) columns$/, 'expected.atMostColumns', 'count'],
  [/^at most (\d+) names$/, 'expected.atMostNames', 'count'],
  [/^at most (\d+) augmentations$/, 'expected.atMostAugmentations', 'count'],
  [/^at least one variant$/, 'expected.atLeastOneVariant'],
  [/^at least one number$/, 'expected.atLeastOneNumber'],
];

const SHAPES: readonly Phrase[] = [
  [/^an input \[features\]/, 'shape.features'],
  [/^an input \[channels, height, width\]$/, 'shape.image'],
  [/^at least (.+) pixels, padding included/, 'shape.pixels', 'size'],
  [/^padding of at most half its kernel_size$/, 'shape.padding'],
  [/^a number of channels that groups \((\d+)\) divides$/, 'shape.groupsIn', 'count'],
  [/^out_channels that groups \((\d+)\) divides$/, 'shape.groupsOut', 'count'],
  [/^two inputs or more$/, 'shape.severalInputs'],
  [/^one input$/, 'shape.oneInput'],
  [/^inputs of one shape, (.+)$/, 'shape.same', 'shape'],
  [/^inputs that differ in the first dimension only, like (.+)$/, 'shape.sameButFirst', 'shape'],
];

const RULES: readonly Phrase[] = [
  [/^(\d+) numbers long$/, 'rule.rowLength', 'count'],
  [/^(\d+) rows, as (\w+) has$/, 'rule.rowCount', 'count', 'other'],
  [/^a class from 0 to (\d+)$/, 'rule.classIndex', 'last'],
  [/^at least a \((.+)\)$/, 'rule.aboveLower', 'low'],
  [/^below 1$/, 'rule.belowOne'],
  [/^above x_min \((.+)\)$/, 'rule.aboveMin', 'low'],
  [/^false while momentum is 0$/, 'rule.nesterovMomentum'],
  [/^false while dampening is not 0$/, 'rule.nesterovDampening'],
  [/^another name than "(.+)", which means the data$/, 'rule.reservedName', 'name'],
  [/^chain_rule, unless the layer before it is a Sigmoid/, 'rule.asPrinted'],
  [/^an initialisation for vectors/, 'rule.vectorInit'],
  [/^a loss for classes \((.+)\)$/, 'rule.lossForClasses', 'losses'],
  [/^a loss for numbers \((.+)\)$/, 'rule.lossForNumbers', 'losses'],
  [/^left out while steps is given$/, 'rule.stepsOrEpochs'],
  [/^false while every batch is the whole train data$/, 'rule.smallerBatches'],
  [/^at most the number of train examples \((\d+)\)$/, 'rule.batchSize', 'count'],
  [/^GaussianNoise, because the data are no pictures$/, 'rule.noPictures'],
  [/^left out, because there is no validation data$/, 'rule.needsValidation'],
  [/^train_loss, because there is no validation data$/, 'rule.watchTrainLoss'],
  [/^validation_loss, because the data have no classes$/, 'rule.watchValidationLoss'],
  [/^left out with OneCycleLR$/, 'rule.oneCycleWarmUp'],
  [/^false while the optimizer has no momentum$/, 'rule.cycleMomentum'],
  [/^not 1\/(\d+): the way up would have no length$/, 'rule.oneCycleStart', 'steps'],
  [/^another schedule for so few steps$/, 'rule.fewSteps'],
  [/^(\d+) names, one for each column$/, 'rule.columnNames', 'count'],
  [/^(\d+) weights, one for each class$/, 'rule.classWeights', 'count'],
  [/^at most the number of features \((\d+)\)$/, 'rule.informative', 'count'],
  [/^such that \|y\| stays below (.+)$/, 'rule.steepness', 'limit'],
  [/^such that all splits together have at most (\d+) numbers$/, 'rule.generatedNumbers', 'count'],
  [/^at least one feature column$/, 'rule.featureColumn'],
  [/^at least one layer that learns$/, 'rule.learns'],
  [/^at least one row$/, 'rule.rows'],
  [/^at least one target column$/, 'rule.targetColumn'],
  [/^columns or pictures, one of them$/, 'rule.columnsOrPictures'],
  [/^the only target, because it holds categories$/, 'rule.onlyTarget'],
  [/^at least 2 classes$/, 'rule.twoClasses'],
  [/^at least 1 category$/, 'rule.oneCategory'],
  [/^0 for numbers$/, 'rule.noCategories'],
  [/^drop or most_frequent, because the column holds categories$/, 'rule.missingCategory'],
  [/^one column of categories with the role split$/, 'rule.splitColumn'],
  [/^a method for columns \((.+)\)$/, 'rule.columnMethods', 'methods'],
  [/^a method for pictures \((.+)\)$/, 'rule.pictureMethods', 'methods'],
  [/^random, because the target is a number$/, 'rule.randomSplit'],
  [/^so small that the shares sum to less than 1$/, 'rule.shares'],
  [/^(\d+) numbers, one for each channel$/, 'rule.perChannel', 'count'],
  [/^(\d+) names, one for each class$/, 'rule.perClass', 'count'],
  [/^at most (\d+) numbers in a row$/, 'rule.mostFeatures', 'count'],
  [/^at most (\d+), which validation leaves$/, 'rule.validationLeaves', 'count'],
];

/** What valibot calls the kinds of values. */
const TYPES: Readonly<Record<string, MessageKey>> = {
  number: 'expected.number',
  string: 'expected.string',
  boolean: 'expected.boolean',
  Array: 'expected.list',
  Object: 'expected.object',
  null: 'expected.nothing',
};

/** The first phrase that fits, in the reader's language. @returns null when none does. */
export function said(phrases: readonly Phrase[], expected: string, words: Words): string | null {
  for (const [pattern, key, ...names] of phrases) {
    const match = pattern.exec(expected);
    if (!match) continue;
    const values = names.map((name, i) => {
      const text = match[i + 1] ?? '';
      return [name, /^-?\d+$/.test(text) ? Number(text) : text] as const;
    });
    return words(key, Object.fromEntries(values));
  }
  return null;
}

/** `(number | (Array | null))`: kinds of values, or the names that can be chosen. */
function typed(expected: string, words: Words): string | null {
  const parts = expected
    .replaceAll(/[()]/g, '')
    .split(' | ')
    .filter((x) => x !== 'undefined');
  const names = parts.map((x) => /^"(.*)"$/.exec(x)?.[1] ?? (/^-?\d+$/.test(x) ? x : null));
  if (names.every((x) => x !== null)) return names.join(', ');
  const kinds = parts.flatMap((x) => {
    const key = Object.hasOwn(TYPES, x) ? TYPES[x] : undefined;
    return key ? [words(key, {})] : [];
  });
  if (kinds.length < parts.length) return null;
  return kinds.reduce((first, second) => words('expected.or', { first, second }));
}

/** @returns null for a phrase that is not known. */
export function expectedWording(expected: string, words: Words): Wording | null {
  // A shape says itself in every language.
  if (/^\[[\d, ]*\]$/.test(expected)) return { kind: 'shape', text: expected };
  const value = said(VALUES, expected, words);
  if (value !== null) return { kind: 'value', text: value };
  const shape = said(SHAPES, expected, words);
  if (shape !== null) return { kind: 'shape', text: shape };
  const rule = said(RULES, expected, words);
  if (rule !== null) return { kind: 'rule', text: rule };
  const kind = typed(expected, words);
  return kind === null ? null : { kind: 'value', text: kind };
}

/** What a field or a layer has instead; nearly all of it says itself. */
export function receivedWording(received: string, words: Words): string {
  const channels = /^(\d+) channels$/.exec(received)?.[1];
  if (channels !== undefined) return words('shape.channels', { count: Number(channels) });
  // The specification quotes what it received as JSON.
  return received.replace(/^"(.*)"$/s, '$1');
}
