// The public face of the data: the only module that other folders of the engine import from here.
export { augment, drawAugmentation, type AugmentationDraw } from './augmentation.ts';
export { batchOf, rowsOf, sizesOf, type Examples, type Normalization, type DataSet } from './data-set.ts';
export { digestOf } from './digest.ts';
export { drawPoints } from './draw-points.ts';
export type { FileSource, NamedBytes } from './files.ts';
export { drawGenerated } from './generators/index.ts';
export { loadData, storedData } from './load.ts';
export { normalized, pixelTable } from './pixels.ts';
export { previewOf, previewStored } from './preview.ts';
export {
  applySteps,
  prepareSteps,
  reportSteps,
  type AppliedSteps,
  type PreparedSteps,
  type StepsReport,
} from './stored/apply-steps.ts';
export { allocatePictures, decodeStored, encodeStored, storedDigest } from './stored/container.ts';
export { EngineError } from '../plan/engine-error.ts';
export { describeStored } from './stored/describe.ts';
export { splitNamed } from './stored/split-rows.ts';
export type { StoredColumn, StoredColumns, StoredData, StoredPictures } from './stored/stored-data.ts';
export { MOST_SAMPLED, samplePair, type Pair, type PairSample } from './summary/pair-sample.ts';
export { summarizeColumn, type ColumnSummary } from './summary/column-summary.ts';
export { dividedTable, type Breathe, type DividedTable } from './summary/walk.ts';
