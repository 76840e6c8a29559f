// What a document's data look like, before any run: what a run with the document's own seed would see.
import { Generator } from '../random/index.ts';
import { PREVIEW_IMAGES, type DataPreview, type ExperimentSpec } from '../spec/index.ts';
import type { FileSource } from './files.ts';
import { loadData } from './load.ts';
import { previewOf } from './preview.ts';

/**
 * Data comes first in a run's one generator stream, so a fresh generator draws exactly the run's points. Of drawn pictures only
 * those that are shown are drawn: they do not depend on how many there are.
 * @param files needed for data that lies in files.
 * @throws EngineError DATA_MISSING, BAD_DATA_FILE; what `files` throws.
 */
export async function drawPoints({ data, seed }: ExperimentSpec, files?: FileSource): Promise<DataPreview> {
  const generator = Generator.manualSeed(seed);
  if (data.type !== 'shapes32') return previewOf(await loadData(data, generator, files));
  const { train, validation, test } = data;
  const shown = {
    ...data,
    train: Math.min(train, PREVIEW_IMAGES),
    validation: 0,
    test: Math.min(test, PREVIEW_IMAGES),
  };
  const preview = previewOf(await loadData(shown, generator));
  return preview.kind === 'images' ? { ...preview, rows: { train, validation, test } } : preview;
}
