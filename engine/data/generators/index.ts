// Generated data: from a description to the points, the same ones whenever the description is the same.
import { hasClasses, type GeneratedSpec } from '../../spec/index.ts';
import { drawClasses } from './classes.ts';
import type { DrawnExamples } from './drawn-examples.ts';
import { streamsOf } from './streams.ts';
import { drawValues } from './values.ts';

export interface GeneratedSplits {
  readonly train: DrawnExamples;
  readonly validation: DrawnExamples | null;
  readonly test: DrawnExamples | null;
}

/** Every split, from the data's own seed. A split's points depend on its own number of points, never on another's. */
export function drawGenerated(data: GeneratedSpec): GeneratedSplits {
  const streams = streamsOf(data.seed);
  const { train, validation, test } = hasClasses(data) ? drawClasses(data, streams) : drawValues(data, streams);
  if (train === null) throw new RangeError('train must be at least 1');
  return { train, validation, test };
}
