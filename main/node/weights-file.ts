// Trained values from a file of the person's (.safetensors, .onnx), matched to the models that start from them.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import {
  InteropError,
  matchWeights,
  namedArrays,
  readOnnxWeights,
  readSafetensors,
  type NamedArrays,
} from '../../engine/interop/index.ts';
import { resolveVariant } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import type { GivenWeights } from '../services/ports.ts';
import { accessError, errnoOf } from './file-system.ts';

/** No model of the lab is larger; reading more would only hurt. */
const LARGEST_MB = 1024;

function reworded(error: unknown, file: string): unknown {
  if (!(error instanceof InteropError)) return error;
  return error.code === 'BAD_FILE'
    ? new LabError('FILE_DAMAGED', error.message, { file, problems: [error.message] })
    : new LabError('BAD_INPUT', error.code === 'WRONG_WEIGHTS' ? `${file}: ${error.message}` : error.message, { file });
}

function bytesOf(path: string): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > LARGEST_MB * 2 ** 20)
      throw new LabError('BAD_INPUT', `${path} has more than ${LARGEST_MB} MB, which no model of the lab has.`, {
        file: path,
      });
    // A plain array: `slice` of Node's own kind does not copy.
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw new LabError('FILE_NOT_FOUND', `There is no file ${path}.`, { file: path });
    throw accessError(error, path);
  }
}

function arraysIn(path: string, bytes: Uint8Array): NamedArrays {
  const name = basename(path);
  if (/\.safetensors$/i.test(name)) return namedArrays(readSafetensors(bytes, name).tensors, name);
  if (/\.onnx$/i.test(name)) return readOnnxWeights(bytes, name);
  throw new LabError('BAD_INPUT', `${path} is no file of weights: it must end in .safetensors or .onnx.`, {
    file: path,
  });
}

/** @throws LabError FILE_NOT_FOUND, FILE_ACCESS, FILE_DAMAGED, BAD_INPUT, each naming the file. */
export function readWeightsFile(path: string): GivenWeights {
  const bytes = bytesOf(path);
  let arrays: NamedArrays;
  try {
    arrays = arraysIn(path, bytes);
  } catch (error) {
    throw reworded(error, path);
  }
  return {
    source: { name: basename(path), digest: createHash('sha256').update(bytes).digest('hex') },
    arrays(experiment, variant) {
      const { model, data } = resolveVariant(experiment, variant);
      try {
        return [...matchWeights(model, data, arrays)].map(([name, { shape, values }]) => ({
          name,
          shape: [...shape],
          values,
        }));
      } catch (error) {
        throw reworded(error, path);
      }
    },
  };
}
