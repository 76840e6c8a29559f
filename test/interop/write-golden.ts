// Writes the scripts of the bundled example that are held as a whole; to be read before they are committed:
//     node test/interop/write-golden.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { numpyScript, pytorchScript } from '../../engine/interop/index.ts';
import { parseExperiment } from '../../engine/spec/index.ts';
import { DOCUMENTS } from '../../engine/parity/export-documents.ts';

const example = new URL('../../assets/examples/regression.json', import.meta.url);
const experiment = parseExperiment(JSON.parse(readFileSync(example, 'utf8')));

const write = (name: string, text: string | Uint8Array): void =>
  writeFileSync(new URL(`fixtures/${name}`, import.meta.url), text);

for (const variant of ['dropout', 'combined'])
  for (const [name, text] of pytorchScript({ experiment, variant, seed: experiment.seed }).files) write(name, text);

for (const { name: wanted, document } of DOCUMENTS.filter((x) => x.name.startsWith('numpy dropout'))) {
  const tutorial = parseExperiment(document);
  for (const [name, text] of numpyScript({ experiment: tutorial, variant: 'base', seed: tutorial.seed }).files)
    write(name, text);
  console.log(`wrote ${wanted}`);
}
