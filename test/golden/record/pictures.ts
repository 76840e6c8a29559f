// Writes the pictures of the bundled cnn example for the recorders: train.bin, validation.bin and test.bin in CIFAR-10's form.
// The pictures are the lab's own and drawn by its own code, so Python gets them from here; fixtures keep their hash.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES } from '../../../assets/examples/index.ts';
import { pictureFiles } from '../../../engine/parity/pictures.ts';
import { parseExperiment } from '../../../engine/spec/index.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node test/golden/record/pictures.ts FOLDER');
mkdirSync(folder, { recursive: true });
for (const [name, bytes] of await pictureFiles(parseExperiment(EXAMPLES['cnn'])))
  writeFileSync(join(folder, name), bytes);
