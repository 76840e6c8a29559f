// Everything that can be exported, of every document and the bundled examples, with the losses that the lab itself gives: written to
// a folder for check_exports.py, which runs it with the programs that it is for.
import { drawGenerated, loadData, type FileSource, type NamedBytes } from '../data/index.ts';
import {
  numpyScript,
  pytorchScript,
  writeNpz,
  writeOnnx,
  writeSafetensors,
  type ScriptFiles,
  type ScriptInput,
} from '../interop/index.ts';
import { pythonNames } from '../interop/script/names.ts';
import { Generator } from '../random/index.ts';
import {
  isGenerated,
  parseExperiment,
  resolveVariant,
  type DataSpec,
  type ExperimentSpec,
  type Split,
} from '../spec/index.ts';
import { createSession } from '../train/index.ts';
import { DOCUMENTS, type ExportDocument } from './export-documents.ts';
import { cifarFiles } from './recorded-run.ts';
import { sampleContainer } from './sample-stored.ts';
import { sampleWeights } from './sample-weights.ts';

/** @param path relative, with forward slashes. */
export type WriteFile = (path: string, content: string | Uint8Array) => void;

/** What check_exports.py has to know of one document. */
export interface ExportEntry {
  readonly name: string;
  /** Relative to the manifest. */
  readonly folder: string;
  readonly data: string;
  /** File names. */
  readonly pytorch: string;
  readonly numpy: string | null;
  /** Whether a layer's name is no Python name, so that the script calls it otherwise. */
  readonly renamed: boolean;
}

/** Folder of the pictures that stand in for CIFAR-10's, as the real archive names it. */
const CIFAR_FOLDER = 'cifar-10-batches-bin';

interface Shortened {
  readonly recipe: { readonly steps: number; readonly evaluate_every: number };
  readonly data?: Readonly<Record<string, number>>;
}
/** The examples, shortened so that all of them run in seconds: chaos is the whole runs' matter. */
const SHORTENED: Readonly<Record<string, Shortened>> = {
  regression: { recipe: { steps: 60, evaluate_every: 10 } },
  cnn: { recipe: { steps: 60, evaluate_every: 30 }, data: { train: 400, validation: 100, test: 100 } },
  'numpy-dropout': { recipe: { steps: 600, evaluate_every: 100 } },
};

function shortened(name: string, document: object): ExportDocument[] {
  const { recipe, data, ...rest } = document as Readonly<Record<'recipe' | 'data', Readonly<Record<string, unknown>>>>;
  const { epochs: _, ...length } = recipe;
  const { recipe: shorter, data: fewer } = SHORTENED[name] ?? {};
  const short = { ...rest, recipe: { ...length, ...shorter }, data: { ...data, ...fewer } };
  // The NumPy script has no convolutions.
  const numpy = name !== 'cnn';
  return parseExperiment(short).variants.map(({ name: variant }) => ({
    name: `example ${name} ${variant}`,
    document: short,
    variant,
    numpy,
  }));
}

/** What the lab draws for a script. */
async function drawnFor({ data, seed }: ExperimentSpec): Promise<Pick<ScriptInput, 'pictures' | 'points'>> {
  if (isGenerated(data)) return { points: drawGenerated(data) };
  if (data.type !== 'shapes32') return {};
  const { splits } = await loadData(data, Generator.manualSeed(seed));
  const pictures = (split: Split) => {
    const examples = splits[split];
    return examples && { pixels: examples.x as Uint8Array, labels: examples.y as Int32Array };
  };
  return { pictures: { train: pictures('train'), validation: pictures('validation'), test: pictures('test') } };
}

/** Files of CIFAR-10's form with just the pictures that the document asks for. */
function standIns(data: DataSpec): readonly NamedBytes[] {
  if (data.type !== 'cifar10') return [];
  const { train, validation, test } = data;
  return cifarFiles({ seed: 3, train: train ?? 0, validation, test: test ?? 0 });
}

/** Everything that a document may name: stand-ins of CIFAR-10, and the sample data sets. */
const sourceOf = (files: readonly NamedBytes[]): FileSource => ({ open: async () => files, stored: sampleContainer });

/** The examples of an imported data set, as a script's file holds them. */
const storedOf = async ({ data, seed }: ExperimentSpec): Promise<ScriptInput['stored']> =>
  data.type === 'dataset' ? loadData(data, Generator.manualSeed(seed), sourceOf([])) : undefined;

/** What the lab's own run gives, in the form of a script's output. */
async function labLosses(
  experiment: ExperimentSpec,
  variant: string,
  { events }: ExportDocument,
  files: readonly NamedBytes[],
): Promise<object> {
  const session = await createSession({
    experiment,
    variant,
    seed: experiment.seed,
    threads: 1,
    ...(events && { events }),
    files: sourceOf(files),
  });
  try {
    const train: number[] = [];
    const evaluations: object[] = [];
    for (let over = false; !over;) {
      const { steps, evaluations: due, done, failure } = session.advance(1000);
      if (failure) throw new Error(`${experiment.name}: ${failure.quantity} is not finite at step ${failure.step}`);
      train.push(...(steps?.train_loss ?? []));
      for (const { step, train: fit, validation, test } of due)
        evaluations.push({
          step,
          train_loss: fit.loss,
          ...(validation && { validation_loss: validation.loss }),
          ...(test && { test_loss: test.loss }),
        });
      over = done;
    }
    return { train_loss: train, evaluations };
  } finally {
    await session.dispose();
  }
}

async function writeDocument(write: WriteFile, given: ExportDocument): Promise<ExportEntry> {
  const { name, document, variant: chosen, events, numpy } = given;
  const experiment = parseExperiment(document);
  const variant = chosen ?? experiment.variants.at(-1)?.name ?? '';
  const resolved = resolveVariant(experiment, variant);
  const folder = name.replace(/[^a-z0-9]+/gi, '-');
  const { data, model } = resolved;
  const stored = await storedOf({ ...experiment, data });
  const input = {
    experiment,
    variant,
    seed: experiment.seed,
    ...(events && { events }),
    ...(await drawnFor({ ...experiment, data })),
    ...(stored && { stored }),
  };
  const script = ({ files }: ScriptFiles): string => {
    for (const [file, content] of files) write(`${folder}/${file}`, content);
    return [...files.keys()][0] ?? '';
  };
  const weights = sampleWeights(resolved);
  write(`${folder}/model.safetensors`, writeSafetensors(weights, { format: 'pt', name }));
  write(`${folder}/model.npz`, writeNpz(weights));
  write(`${folder}/model.onnx`, writeOnnx(name, model, data, weights));
  const files = standIns(data);
  for (const x of files) write(`${folder}/${CIFAR_FOLDER}/${x.name}`, x.bytes);
  write(`${folder}/lab.json`, JSON.stringify(await labLosses(experiment, variant, given, files)));
  return {
    name,
    folder,
    data: data.type,
    pytorch: script(pytorchScript(input)),
    numpy: numpy ? script(numpyScript(input)) : null,
    renamed: pythonNames(model).some((x, i) => x !== model.layers[i]?.name),
  };
}

/**
 * Writes a folder for each document, and `manifest.json`.
 * @param examples the bundled ones by name.
 * @param onProgress after every document.
 */
export async function writeExports(
  write: WriteFile,
  examples: Readonly<Record<string, unknown>>,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<readonly ExportEntry[]> {
  const bundled = Object.keys(SHORTENED).flatMap((name) => shortened(name, examples[name] as object));
  const documents = [...bundled, ...DOCUMENTS];
  const manifest: ExportEntry[] = [];
  for (const document of documents) {
    manifest.push(await writeDocument(write, document));
    onProgress(manifest.length, documents.length);
  }
  write('manifest.json', JSON.stringify(manifest, null, 1));
  return manifest;
}
