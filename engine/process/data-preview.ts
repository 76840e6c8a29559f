// The data that a document describes, before any run: what a run with the document's own seed would see, as far as it is shown.
import { loadData, previewOf } from '../data/index.ts';
import { Generator } from '../random/index.ts';
import type { DataPreview, ExperimentSpec } from '../spec/index.ts';

/**
 * Data comes first in a run's one generator stream, so a fresh generator draws exactly the run's.
 * @returns null for data that lies in files.
 */
export async function previewData({ data, seed }: ExperimentSpec): Promise<DataPreview | null> {
  return data.type === 'cifar10' ? null : previewOf(await loadData(data, Generator.manualSeed(seed)));
}
