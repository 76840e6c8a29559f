// Second half of "one command on a fresh clone": builds kernels, services and window when their sources are newer than the build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, root } from './ensure-installed.mjs';
import { withLock } from './lock.mjs';
import { node24 } from './node24.mjs';

const out = join(root, 'out');
const stamp = join(out, '.overfit-built');
const SOURCES = ['engine', 'main', 'renderer', 'assets', 'electron.config.ts', 'tsconfig.json', 'package-lock.json'];
const GENERATED = join('engine', 'kernels', 'cpu', 'build');

/** Names, sizes and times of every source file: cheap, and changes whenever an edit is saved. */
function sourcesDigest() {
  const hash = createHash('sha256');
  /** @param {string} path */
  const visit = (path) => {
    if (path === GENERATED || path.endsWith('.test.ts')) return;
    const full = join(root, path);
    const stat = statSync(full);
    if (stat.isDirectory()) for (const name of readdirSync(full).sort()) visit(join(path, name));
    else hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  for (const source of SOURCES) if (existsSync(join(root, source))) visit(source);
  return hash.digest('hex');
}

/** @param {string[]} args */
function runNode(args) {
  const result = spawnSync(node24(), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}${result.stderr}\noverfit: the build failed: node ${args.join(' ')}\n`);
    process.exit(1);
  }
}

/** Builds into out/ unless it is up to date. Safe when several commands start at once. */
export async function ensureBuilt() {
  await ensureInstalled();
  const fresh = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === sourcesDigest();
  if (fresh()) return;
  await withLock(join(root, '.overfit-setup-lock'), () => {
    if (fresh()) return;
    process.stderr.write('overfit: building (first start, or the sources changed)\n');
    const digest = sourcesDigest();
    rmSync(stamp, { force: true });
    runNode(['engine/kernels/cpu/build.mjs', '--if-stale']);
    runNode([
      'node_modules/electron-vite/bin/electron-vite.js',
      'build',
      '-c',
      'electron.config.ts',
      '--logLevel',
      'warn',
    ]);
    writeFileSync(stamp, digest);
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await ensureBuilt();
