// Writes everything that can be exported of every document into a folder, for check_exports.py to run with the real consumers:
//     node test/interop/write-exports.ts FOLDER
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  numpyScript,
  pytorchScript,
  writeNpz,
  writeOnnx,
  writeSafetensors,
  type ScriptFiles,
} from '../../engine/interop/index.ts';
import { parseExperiment, resolveVariant } from '../../engine/spec/index.ts';
import { DOCUMENTS, type ExportDocument } from './documents.ts';
import { pythonNames } from '../../engine/interop/script/names.ts';
import { samplePictures } from './sample-pictures.ts';
import { sampleWeights } from './sample-weights.ts';

function writeFiles(folder: string, { files }: ScriptFiles): string {
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  return [...files.keys()][0] ?? '';
}

/** What check_exports.py has to know of one document. */
interface Entry {
  readonly name: string;
  readonly folder: string;
  readonly data: string;
  /** File names. */
  readonly pytorch: string;
  readonly numpy: string | null;
  /** Whether a layer's name is no Python name, so that the script calls it otherwise. */
  readonly renamed: boolean;
}

function writeDocument(folder: string, { name, document, variant: chosen, events, numpy }: ExportDocument): Entry {
  const experiment = parseExperiment(document);
  const variant = chosen ?? experiment.variants.at(-1)?.name ?? '';
  const resolved = resolveVariant(experiment, variant);
  const own = join(folder, name.replace(/[^a-z0-9]+/gi, '-'));
  mkdirSync(own, { recursive: true });
  const { data, model } = resolved;
  const input = {
    experiment,
    variant,
    seed: experiment.seed,
    ...(events && { events }),
    ...(data.type === 'shapes32' && { pictures: samplePictures(data) }),
  };
  const weights = sampleWeights(resolved);
  writeFileSync(join(own, 'model.safetensors'), writeSafetensors(weights, { format: 'pt', name }));
  writeFileSync(join(own, 'model.npz'), writeNpz(weights));
  writeFileSync(join(own, 'model.onnx'), writeOnnx(name, model, data, weights));
  return {
    name,
    folder: own,
    data: data.type,
    pytorch: writeFiles(own, pytorchScript(input)),
    numpy: numpy ? writeFiles(own, numpyScript(input)) : null,
    renamed: pythonNames(model).some((x, i) => x !== model.layers[i]?.name),
  };
}

interface RecordedRun {
  readonly variant: string;
  readonly seed: number;
  readonly train_loss: readonly number[];
  readonly evaluations: readonly {
    readonly step: number;
    readonly train_eval_loss: number;
    readonly test_loss: number;
  }[];
}

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** The bundled example's variants, with the losses that are recorded of them (and that the lab's engine is held to). */
function writeRegression(folder: string): unknown[] {
  const { cases } = read('../../assets/parity/regression.json') as { readonly cases: readonly RecordedRun[] };
  const document = read('../../assets/examples/regression.json') as Record<string, unknown>;
  return cases.map(({ variant, seed, train_loss, evaluations }) => {
    const name = `regression ${variant}`;
    const entry = writeDocument(folder, { name, document: { ...document, seed }, variant, numpy: true });
    const rows = evaluations.map((x) => ({ step: x.step, train_loss: x.train_eval_loss, test_loss: x.test_loss }));
    writeFileSync(join(entry.folder, 'lab.json'), JSON.stringify({ train_loss, evaluations: rows }));
    return entry;
  });
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('say where to: node test/interop/write-exports.ts FOLDER');
mkdirSync(folder, { recursive: true });
const manifest = [...writeRegression(folder), ...DOCUMENTS.map((document) => writeDocument(folder, document))];
writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest, null, 1));
console.log(`wrote ${manifest.length} exports to ${folder}`);
