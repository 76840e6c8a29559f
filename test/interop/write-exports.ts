// Writes everything that can be exported of every document into a folder, for check_exports.py to run with the real consumers:
//     node test/interop/write-exports.ts FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { writeExports } from '../../engine/parity/exports.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('say where to: node test/interop/write-exports.ts FOLDER');
const manifest = await writeExports((path, content) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}, EXAMPLES);
console.log(`wrote ${manifest.length} exports to ${folder}`);
