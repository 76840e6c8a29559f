// First half of "one command on a fresh clone": installs the locked dependencies when they are missing or outdated.
// Plain Node 20 without dependencies, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withLock } from './lock.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = join(root, 'node_modules');
/** Written last: a stamp that is there means that the install was completed. */
const stamp = join(modules, '.overfit-installed');

function lockfileHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function installed() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfileHash();
}

export async function ensureInstalled() {
  if (installed()) return;
  await withLock(join(root, '.overfit-setup-lock'), () => {
    if (installed()) return;
    rmSync(stamp, { force: true });
    process.stderr.write('overfit: installing the locked dependencies (once)\n');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const result = spawnSync(
      npm,
      ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      // The child writes to stderr only: stdout belongs to the command that was asked for.
      { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' },
    );
    if (result.error) throw result.error;
    if (result.status !== 0) {
      process.stderr.write('overfit: `npm ci` failed (its message is above); nothing else was changed\n');
      process.exit(result.status ?? 1);
    }
    mkdirSync(modules, { recursive: true });
    writeFileSync(stamp, lockfileHash());
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await ensureInstalled();
