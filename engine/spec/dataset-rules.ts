// What must fit together in the description of a stored data set: which columns there are, what they are for, how rows are divided.
import { columnWidth, featureColumns, targetColumns, type DatasetColumnSpec, type DatasetSpec } from './dataset.ts';
import { elements } from './layers.ts';
import { outOfRange, type Problem } from './problem.ts';

/** More numbers in one example than any picture that the lab trains on. */
const MOST_FEATURES = 65_536;

const lacks = (path: string, expected: string): Problem => ({
  path,
  code: 'empty',
  message: `must have ${expected}`,
  params: { expected },
});

function repeatedNames({ columns }: DatasetSpec): Problem[] {
  const seen = new Set<string>();
  return columns.flatMap(({ name }): Problem[] => {
    const isRepeated = seen.has(name);
    seen.add(name);
    return isRepeated
      ? [
          {
            path: `data.columns.${name}`,
            code: 'duplicate_name',
            message: `the name "${name}" is used twice`,
            params: { name },
          },
        ]
      : [];
  });
}

function columnProblems({ name, role, kind, categories, missing }: DatasetColumnSpec): Problem[] {
  const path = `data.columns.${name}`;
  if (kind === 'number')
    return categories > 0 ? [outOfRange(`${path}.categories`, '0 for numbers', String(categories))] : [];
  const least = role === 'target' ? 2 : 1;
  if (role !== 'ignore' && categories < least)
    return [
      outOfRange(
        `${path}.categories`,
        role === 'target' ? 'at least 2 classes' : 'at least 1 category',
        String(categories),
      ),
    ];
  return role === 'feature' && (missing === 'mean' || missing === 'median')
    ? [outOfRange(`${path}.missing`, 'drop or most_frequent, because the column holds categories', missing)]
    : [];
}

function columnsProblems(data: DatasetSpec): Problem[] {
  const [features, targets] = [featureColumns(data), targetColumns(data)];
  const problems = [...repeatedNames(data), ...data.columns.flatMap(columnProblems)];
  if (features.length === 0) problems.push(lacks('data.columns', 'at least one feature column'));
  if (targets.length === 0) problems.push(lacks('data.columns', 'at least one target column'));
  const classes = targets.find((x) => x.kind === 'category');
  if (classes && targets.length > 1)
    problems.push(
      outOfRange(
        `data.columns.${classes.name}.role`,
        'the only target, because it holds categories',
        `one of ${targets.length}`,
      ),
    );
  const width = features.reduce((sum, x) => sum + columnWidth(x), 0);
  if (width > MOST_FEATURES)
    problems.push(outOfRange('data.columns', `at most ${MOST_FEATURES} numbers in a row`, String(width)));
  return problems;
}

function pictureProblems({ pictures }: DatasetSpec): Problem[] {
  if (pictures === null) return [];
  const { shape, classes, mean, std } = pictures;
  const [channels] = shape;
  const problems = (['mean', 'std'] as const).flatMap((key) => {
    const { length } = { mean, std }[key];
    return length === channels
      ? []
      : [outOfRange(`data.pictures.${key}`, `${channels} numbers, one for each channel`, String(length))];
  });
  if (classes < 2) problems.push(outOfRange('data.pictures.classes', 'at least 2 classes', String(classes)));
  if (elements(shape) > MOST_FEATURES)
    problems.push(outOfRange('data.pictures.shape', `at most ${MOST_FEATURES} numbers in a row`, shape.join(' × ')));
  return problems;
}

/** null: the target is no class. */
function classesOf(data: DatasetSpec): number | null {
  if (data.pictures) return data.pictures.classes;
  return targetColumns(data).find((x) => x.kind === 'category')?.categories ?? null;
}

function splitProblems(data: DatasetSpec): Problem[] {
  const { method, validation, test } = data.split;
  const path = 'data.split.method';
  switch (method) {
    case 'file':
      if (data.pictures === null)
        return [outOfRange(path, 'a method for columns (random, stratified, column)', method)];
      return [];
    case 'column': {
      if (data.pictures !== null) return [outOfRange(path, 'a method for pictures (random, stratified, file)', method)];
      const marks = data.columns.filter((x) => x.role === 'split');
      return marks.length === 1 && marks[0]?.kind === 'category'
        ? []
        : [lacks('data.columns', 'one column of categories with the role split')];
    }
    case 'stratified':
    case 'random':
      if (method === 'stratified' && classesOf(data) === null)
        return [outOfRange(path, 'random, because the target is a number', method)];
      return validation + test < 1
        ? []
        : [outOfRange('data.split.test', 'so small that the shares sum to less than 1', String(test))];
    default:
      return method satisfies never;
  }
}

function classNameProblems(data: DatasetSpec): Problem[] {
  const [names, classes] = [data.class_names.length, classesOf(data) ?? 0];
  return names === 0 || names === classes
    ? []
    : [outOfRange('data.class_names', `${classes} names, one for each class`, String(names))];
}

/** Everything that is wrong with the description besides single fields. */
export function datasetProblems(data: DatasetSpec): Problem[] {
  if ((data.columns.length === 0) === (data.pictures === null))
    return [lacks('data.columns', 'columns or pictures, one of them')];
  return [
    ...(data.pictures === null ? columnsProblems(data) : pictureProblems(data)),
    ...splitProblems(data),
    ...classNameProblems(data),
  ];
}
