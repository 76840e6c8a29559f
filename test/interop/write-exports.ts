// Writes everything that can be exported of every document into a folder, for check_exports.py to run with the real consumers:
//     node test/interop/write-exports.ts FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  matchWeights,
  numpyScript,
  pytorchScript,
  writeNpz,
  writeOnnx,
  writeSafetensors,
  type NamedArrays,
  type ScriptFiles,
} from '../../engine/interop/index.ts';
import { Generator, uniform } from '../../engine/random/index.ts';
import {
  elements,
  layerShapes,
  parseExperiment,
  resolveVariant,
  type ResolvedVariant,
} from '../../engine/spec/index.ts';
import { DOCUMENTS, type ExportDocument } from './documents.ts';
import { pythonNames } from '../../engine/interop/script/names.ts';
import { samplePictures } from './sample-pictures.ts';

/** Weights as after some training: small numbers, and running variances above zero. */
function sampleWeights({ model, data }: ResolvedVariant): NamedArrays {
  const generator = Generator.manualSeed(11);
  const arrays = layerShapes(model, data).flatMap(({ name, parameterShapes, state }) =>
    [...parameterShapes, ...state].map((x) => {
      const [low, high] = x.name === 'running_var' ? [0.5, 2] : [-0.5, 0.5];
      const values = uniform(generator, new Float32Array(elements(x.shape)), low, high);
      return [`${name}.${x.name}`, { shape: x.shape, values }] as const;
    }),
  );
  return matchWeights(model, data, new Map(arrays));
}

function writeFiles(folder: string, { files }: ScriptFiles): string {
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  return [...files.keys()][0] ?? '';
}

/** What check_exports.py has to know of one document. */
function writeDocument(folder: string, { name, document, variant: chosen, events, numpy }: ExportDocument): unknown {
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
    /** Whether a layer's name is no Python name, so that the script calls it otherwise. */
    renamed: pythonNames(model).some((x, i) => x !== model.layers[i]?.name),
  };
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('say where to: node test/interop/write-exports.ts FOLDER');
mkdirSync(folder, { recursive: true });
const manifest = DOCUMENTS.map((document) => writeDocument(folder, document));
writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest, null, 1));
console.log(`wrote ${manifest.length} exports to ${folder}`);
