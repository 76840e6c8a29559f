// Runs as files for other programs: what the services have of a run, handed to the engine's writers.
import { drawGenerated, loadData } from '../../engine/data/index.ts';
import {
  InteropError,
  modelCode,
  numpyScript,
  pytorchScript,
  writeOnnx,
  writeSafetensors,
  type NamedArrays,
  type PictureArrays,
  type ScriptInput,
} from '../../engine/interop/index.ts';
import { nodeFileSource, storedAt } from '../../engine/process/node-files.ts';
import { Generator } from '../../engine/random/index.ts';
import { isGenerated, layerShapes, resolveVariant, type ExperimentSpec } from '../../engine/spec/index.ts';
import { decodeCheckpoint, runDigest } from '../../engine/train/checkpoint.ts';
import { EngineError } from '../../engine/train/index.ts';
import { LabError } from '../contract/errors.ts';
import type { ExportSource, FileContent, RunExporter, RunExporterFormat } from '../services/ports.ts';

/** The trained arrays and running statistics that a checkpoint holds, with their shapes. */
function trainedArrays({ summary, checkpoint }: ExportSource): NamedArrays {
  const { id, experiment, variant, seed } = summary;
  if (checkpoint === null)
    throw new LabError('NOT_FOUND', `Run ${summary.number} has no trained values of this kind.`, {
      what: 'checkpoint',
      id,
    });
  const resolved = resolveVariant(experiment, variant);
  const { arrays } = decodeCheckpoint(checkpoint.bytes, runDigest(resolved, experiment.initialization, seed));
  return new Map(
    layerShapes(resolved.model, resolved.data).flatMap(({ name: layer, parameterShapes, state }) =>
      [...parameterShapes, ...state].map(({ name, shape }) => {
        const values = arrays.get(`${layer}.${name}`);
        if (values === undefined) throw new LabError('FILE_DAMAGED', `the checkpoint lacks ${layer}.${name}`);
        return [`${layer}.${name}`, { shape, values }] as const;
      }),
    ),
  );
}

type Drawn = Pick<ScriptInput, 'pictures' | 'points'>;

/** What the lab draws for a script, which takes long for pictures. */
async function drawnFor(experiment: ExperimentSpec, variant: string): Promise<Drawn> {
  const { data } = resolveVariant(experiment, variant);
  if (isGenerated(data)) return { points: drawGenerated(data) };
  if (data.type !== 'shapes32') return {};
  const { splits } = await loadData(data, Generator.manualSeed(experiment.seed));
  const pictures = (split: keyof typeof splits): PictureArrays | null => {
    const examples = splits[split];
    return examples && { pixels: examples.x as Uint8Array, labels: examples.y as Int32Array };
  };
  return { pictures: { train: pictures('train'), validation: pictures('validation'), test: pictures('test') } };
}

/** The examples that an imported data set gives. */
async function storedFor({ summary, datasetFile }: ExportSource): Promise<Pick<ScriptInput, 'stored'>> {
  const { experiment, variant } = summary;
  const { data } = resolveVariant(experiment, variant);
  if (data.type !== 'dataset') return {};
  const files = nodeFileSource(null, storedAt(datasetFile));
  return { stored: await loadData(data, Generator.manualSeed(experiment.seed), files) };
}

const withoutDrawn = ({ summary, events }: Pick<ExportSource, 'summary' | 'events'>): ScriptInput => {
  const { experiment, variant, seed } = summary;
  return { experiment, variant, seed, events };
};

/** Tries a script, without pictures, which take long to draw. @throws InteropError UNSUPPORTED. */
async function checkScript(input: ScriptInput, format: 'pytorch' | 'numpy'): Promise<void> {
  const { data } = resolveVariant(input.experiment, input.variant);
  const points = isGenerated(data) ? await drawnFor(input.experiment, input.variant) : {};
  try {
    if (format === 'pytorch') pytorchScript({ ...input, ...points });
    else numpyScript({ ...input, ...points });
  } catch (error) {
    if (!(error instanceof InteropError) || error.code !== 'MISSING_DATA') throw error;
  }
}

async function scriptInput(source: ExportSource, format: 'pytorch' | 'numpy'): Promise<ScriptInput> {
  const input = withoutDrawn(source);
  await checkScript(input, format);
  return { ...input, ...(await drawnFor(input.experiment, input.variant)), ...(await storedFor(source)) };
}

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

async function write(source: ExportSource, format: RunExporterFormat): Promise<readonly FileContent[]> {
  const { experiment, variant, seed, number } = source.summary;
  switch (format) {
    case 'pytorch':
    case 'numpy': {
      const input = await scriptInput(source, format);
      const { files } = format === 'pytorch' ? pytorchScript(input) : numpyScript(input);
      return [...files].map(([name, content]) => ({ name, bytes: bytesOf(content) }));
    }
    case 'onnx': {
      const { model, data } = resolveVariant(experiment, variant);
      const bytes = writeOnnx(`${experiment.name} ${variant}`, model, data, trainedArrays(source));
      return [{ name: 'model.onnx', bytes }];
    }
    case 'safetensors': {
      const metadata = {
        experiment: experiment.name,
        variant,
        seed: String(seed),
        run: String(number),
        step: String(source.checkpoint?.step ?? 0),
      };
      return [{ name: 'model.safetensors', bytes: writeSafetensors(trainedArrays(source), metadata) }];
    }
    default:
      return format satisfies never;
  }
}

function reworded(error: unknown): unknown {
  if (error instanceof EngineError && (error.code === 'BAD_DATA_FILE' || error.code === 'DATA_MISSING'))
    return new LabError(error.code, error.message, error.details);
  if (error instanceof EngineError && error.code === 'BAD_CHECKPOINT')
    return new LabError('FILE_DAMAGED', error.message, { problems: [error.message] });
  if (!(error instanceof InteropError)) return error;
  const { what = '', reason = error.message } = error.details;
  if (error.code === 'MISSING_DATA') return new LabError('DATA_MISSING', error.message, { dataset: String(what) });
  const { refusal = null, value = '' } = error.details;
  return new LabError('EXPORT_UNSUPPORTED', error.message, {
    what: String(what),
    reason: String(reason),
    refusal,
    value,
  });
}

export const runExporter: RunExporter = {
  async check(source, format) {
    try {
      if (format === 'pytorch' || format === 'numpy') await checkScript(withoutDrawn(source), format);
    } catch (error) {
      throw reworded(error);
    }
  },
  async model(experiment, variant, language) {
    try {
      return modelCode(experiment, variant, language);
    } catch (error) {
      throw reworded(error);
    }
  },
  async files(source, format) {
    try {
      return await write(source, format);
    } catch (error) {
      throw reworded(error);
    }
  },
};
