// Writes the pictures of the bundled cnn example for the recorders: train.bin, validation.bin and test.bin in CIFAR-10's form.
// The pictures are the lab's own and drawn by its own code, so Python gets them from here; fixtures keep their hash.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadData } from '../../../engine/data/index.ts';
import { Generator } from '../../../engine/random/index.ts';
import { elements, parseExperiment, SPLITS } from '../../../engine/spec/index.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node test/golden/record/pictures.ts FOLDER');
const example = new URL('../../../assets/examples/cnn.json', import.meta.url);
const { data, seed } = parseExperiment(JSON.parse(readFileSync(example, 'utf8')));
const { input, splits } = await loadData(data, Generator.manualSeed(seed));
const size = elements(input);
mkdirSync(folder, { recursive: true });
for (const split of SPLITS) {
  const { rows, x, y } = splits[split] ?? { rows: 0, x: new Uint8Array(), y: new Int32Array() };
  const bytes = new Uint8Array(rows * (1 + size));
  for (let i = 0; i < rows; i++) {
    bytes[i * (1 + size)] = y[i] as number;
    bytes.set(x.subarray(i * size, (i + 1) * size), i * (1 + size) + 1);
  }
  writeFileSync(join(folder, `${split}.bin`), bytes);
}
