// From a document's description of its data to the data themselves.
import { EngineError } from '../plan/engine-error.ts';
import type { Generator } from '../random/index.ts';
import {
  dataShape,
  isGenerated,
  fitAxes,
  SPLITS,
  type Cifar10Spec,
  type DataSpec,
  type DatasetSpec,
  type Shapes32Spec,
  type Split,
} from '../spec/index.ts';
import { readCifar10 } from './cifar10/index.ts';
import type { DataSet, Examples, Splits } from './data-set.ts';
import { drawLines, tableExamples } from './described.ts';
import type { FileSource } from './files.ts';
import { drawGenerated } from './generators/index.ts';
import { applySteps } from './stored/apply-steps.ts';
import { decodeStored, storedDigest } from './stored/container.ts';
import type { StoredData } from './stored/stored-data.ts';
import { drawShapes32 } from './shapes32/index.ts';

function shapesSplits(data: Shapes32Spec): Splits {
  const draw = (split: Split): Examples => ({ rows: data[split], ...drawShapes32(data, split, data[split]) });
  return {
    train: draw('train'),
    validation: data.validation > 0 ? draw('validation') : null,
    test: data.test > 0 ? draw('test') : null,
  };
}

async function cifarSplits(data: Cifar10Spec, files: FileSource | undefined): Promise<Splits> {
  if (!files)
    throw new EngineError('DATA_MISSING', 'it has not been said where the files of CIFAR-10 are', {
      dataset: data.type,
    });
  return readCifar10(data, await files.open(data.type));
}

/**
 * A stored data set, compared with the digest that the document names it by.
 * @throws EngineError DATA_MISSING when it is not there, or is another one; BAD_DATA_FILE when it is damaged.
 */
export async function storedData(
  { name, digest }: Pick<DatasetSpec, 'name' | 'digest'>,
  files: FileSource | undefined,
): Promise<StoredData> {
  const bytes = (await files?.stored(digest)) ?? null;
  if (bytes === null)
    throw new EngineError('DATA_MISSING', `the data set "${name}" is not there`, { dataset: name, digest });
  if ((await storedDigest(bytes)) !== digest)
    throw new EngineError('DATA_MISSING', `the data set "${name}" is not the one that the document names`, {
      dataset: name,
      digest,
    });
  return decodeStored(bytes);
}

async function splitsOf(
  data: Exclude<DataSpec, DatasetSpec>,
  generator: Generator,
  files: FileSource | undefined,
): Promise<Splits> {
  if (isGenerated(data)) return drawGenerated(data);
  switch (data.type) {
    case 'linear_noise':
      return drawLines(data, generator);
    case 'table':
      return tableExamples(data);
    case 'shapes32':
      return shapesSplits(data);
    case 'cifar10':
      return cifarSplits(data, files);
    default:
      return data satisfies never;
  }
}

/**
 * Every example of every split.
 * @param generator the run's, at its start; only `linear_noise` draws from it.
 * @param files needed for data that lies in files.
 * @throws EngineError DATA_MISSING when files are not there or hold less than the document asks for; BAD_DATA_FILE when one is
 * not what its name says; what `files` throws.
 */
export async function loadData(data: DataSpec, generator: Generator, files?: FileSource): Promise<DataSet> {
  const { input, target } = dataShape(data);
  const { splits, normalization } =
    data.type === 'dataset'
      ? applySteps(await storedData(data, files), data)
      : {
          splits: await splitsOf(data, generator, files),
          normalization: 'mean' in data ? { mean: data.mean, std: data.std } : null,
        };
  const inputs = SPLITS.flatMap((split) => splits[split]?.x ?? []);
  return { input, target, normalization, splits, fitAxes: fitAxes(data, inputs) };
}
