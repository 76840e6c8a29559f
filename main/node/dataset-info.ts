// What is said of a stored data set without reading it: of columns what is missing and their range, of pictures their classes.
import type { StoredColumn, StoredColumns, StoredPictures } from '../../engine/data/index.ts';
import type { DatasetColumnInfo, DatasetEntry } from '../contract/shapes.ts';

/** Names of categories that are kept at hand. */
const MOST_NAMES = 1000;

function columnInfo(column: StoredColumn): DatasetColumnInfo {
  const { name, kind } = column;
  if (column.kind === 'category') {
    let missing = 0;
    for (const value of column.values) if (value < 0) missing += 1;
    const { categories } = column;
    return { name, kind, missing, categories: categories.length, names: categories.slice(0, MOST_NAMES), range: null };
  }
  let [missing, low, high] = [0, Infinity, -Infinity];
  for (const value of column.values) {
    if (Number.isNaN(value)) missing += 1;
    else {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { name, kind, missing, categories: 0, names: [], range: low <= high ? { low, high } : null };
}

export const columnInfos = ({ columns }: StoredColumns): DatasetColumnInfo[] => columns.map(columnInfo);

export function pictureInfo({ shape, classes, labels, parts }: StoredPictures): NonNullable<DatasetEntry['pictures']> {
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return { shape: [...shape], classes, counts, parts: parts !== null };
}
