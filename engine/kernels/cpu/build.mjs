// Compiles the kernels: AssemblyScript to two WASM builds, embedded as base64 in one generated module so that no host
// needs to find files. `--if-stale` does nothing when the output is newer than every source. Safe when run twice at once.
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dispatchSource, recordsSource } from '../../plan/record-layout.ts';
import { convTilesSource } from './conv-tiles.mjs';
import { tilesSource } from './tiles.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const buildFolder = join(here, 'build');
const output = join(buildFolder, 'binaries.ts');

const sources = () => [
  join(here, 'build.mjs'),
  join(here, 'tiles.mjs'),
  join(here, 'conv-tiles.mjs'),
  join(here, '../../plan/kernel-table.ts'),
  join(here, '../../plan/record-layout.ts'),
  ...readdirSync(join(here, 'assembly')).map((name) => join(here, 'assembly', name)),
];

function isStale() {
  const built = statSync(output, { throwIfNoEntry: false });
  return !built || sources().some((path) => statSync(path).mtimeMs >= built.mtimeMs);
}

/** What must not be in a kernel, as the WASM text spells it: the planner owns every byte, and a step allocates nothing. */
const FORBIDDEN = {
  '(data ': 'static data, which would lie in the arena (Math.pow and array literals bring some)',
  'memory.grow': 'an allocation (objects, arrays and strings make some)',
};

/** Writes under a name of its own, then renames: a reader or a second build never sees half a file. */
function write(path, content) {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

const FEATURES = { plain: ['simd', 'threads'], relaxed: ['simd', 'threads', 'relaxed-simd'] };

async function compile(name) {
  const { default: asc } = await import('assemblyscript/asc');
  const [wasm, text] = ['wasm', 'wat'].map((ending) => join('build', `${name}.${process.pid}.${ending}`));
  const { error, stderr } = await asc.main(
    [
      'assembly/index.ts',
      ...['--baseDir', here, '--outFile', wasm, '--textFile', text],
      ...['--runtime', 'stub', '--use', 'abort=', '--noAssert', '--noExportMemory'],
      ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
      ...['-O3', '--converge'],
      ...FEATURES[name].flatMap((feature) => ['--enable', feature]),
    ],
    {},
  );
  if (error) throw new Error(`the ${name} kernels do not compile:\n${stderr.toString()}`);
  const [bytes, listing] = [readFileSync(join(here, wasm)), readFileSync(join(here, text), 'utf8')];
  for (const path of [wasm, text]) rmSync(join(here, path));
  for (const [sign, what] of Object.entries(FORBIDDEN))
    if (listing.includes(sign)) throw new Error(`the ${name} kernels contain ${what}`);
  return bytes.toString('base64');
}

if (process.argv.includes('--if-stale') && !isStale()) process.exit(0);
mkdirSync(buildFolder, { recursive: true });
write(join(buildFolder, 'tiles.ts'), tilesSource());
write(join(buildFolder, 'conv-tiles.ts'), convTilesSource());
write(join(buildFolder, 'records.ts'), recordsSource());
write(join(buildFolder, 'dispatch.ts'), dispatchSource());
const plain = await compile('plain');
const relaxed = await compile('relaxed');
write(
  output,
  `// Written by engine/kernels/cpu/build.mjs.
/** WASM modules in base64. */
export const PLAIN = '${plain}';
export const RELAXED = '${relaxed}';
`,
);
