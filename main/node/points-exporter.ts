// Every example of a document's data as one file: a table, or an archive of NumPy's arrays.
import { loadData, type DataSet, type Examples } from '../../engine/data/index.ts';
import { writeStoredNpz, type StoredTensor } from '../../engine/interop/index.ts';
import { nodeFileSource, storedAt } from '../../engine/process/node-files.ts';
import { Generator } from '../../engine/random/index.ts';
import { SPLITS, type DataSpec, type Shape } from '../../engine/spec/index.ts';
import { EngineError } from '../../engine/train/index.ts';
import { LabError } from '../contract/errors.ts';
import { pointsCsv } from '../services/points-csv.ts';
import type { PointsExporter } from '../services/ports.ts';

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array | Uint8Array): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** Numbers as f32, pixels as bytes, classes as i32. */
function tensor(values: Examples['x'] | Examples['y'], shape: Shape): StoredTensor {
  const dtype = values instanceof Uint8Array ? 'U8' : values instanceof Int32Array ? 'I32' : 'F32';
  return { dtype, shape, bytes: bytesOf(values) };
}

/** `x_train` [rows, ...input], `y_train` [rows, ...targets] or [rows], and so on for each split that there is. */
function arraysOf({ input, target, splits }: DataSet): ReadonlyMap<string, StoredTensor> {
  const targets = target.kind === 'values' ? target.shape : [];
  return new Map(
    SPLITS.flatMap((split) => {
      const examples = splits[split];
      if (!examples) return [];
      const { rows, x, y } = examples;
      return [
        [`x_${split}`, tensor(x, [rows, ...input])],
        [`y_${split}`, tensor(y, [rows, ...targets])],
      ] as const;
    }),
  );
}

function tableOf(data: DataSpec, { splits }: DataSet): string {
  return pointsCsv(
    data,
    SPLITS.flatMap((split) => {
      const examples = splits[split];
      if (!examples) return [];
      const { rows, x, y } = examples;
      if (x instanceof Float32Array) return [{ split, rows, x, y }];
      throw new LabError('EXPORT_UNSUPPORTED', 'pictures are no table', {
        what: 'pictures',
        reason: 'a table would have a column for every pixel; take the NumPy arrays',
      });
    }),
  );
}

function reworded(error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  if (error.code === 'BAD_DATA_FILE') return new LabError('BAD_DATA_FILE', error.message, error.details);
  if (error.code !== 'DATA_MISSING') return error;
  return new LabError('DATA_MISSING', error.message, { dataset: String(error.details['dataset'] ?? '') });
}

export const pointsExporter: PointsExporter = async ({ data, seed }, format, datasetFile) => {
  try {
    const files = datasetFile === null ? undefined : nodeFileSource(null, storedAt(datasetFile));
    const set = await loadData(data, Generator.manualSeed(seed), files);
    return format === 'csv' ? new TextEncoder().encode(tableOf(data, set)) : writeStoredNpz(arraysOf(set));
  } catch (error) {
    throw reworded(error);
  }
};
