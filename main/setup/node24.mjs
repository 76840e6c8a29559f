// Finds the Node that everything runs on: the locked Node 24 of the platform package, else the running one when it is new enough.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ensure-installed.mjs';

/** node:sqlite without a flag and relaxed SIMD need Node 24. */
const NEEDED_MAJOR = 24;

/** @returns {string} path of the executable; ends the process with a clear line when there is none. */
export function node24() {
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const packaged = join(
    root,
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    'bin',
    binary,
  );
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return process.execPath;
  process.stderr.write(
    `overfit: needs Node ${NEEDED_MAJOR} or newer, and no packaged Node exists for ${process.platform}-${process.arch}; ` +
      `this is Node ${process.versions.node}. Install Node ${NEEDED_MAJOR} and try again.\n`,
  );
  process.exit(2);
}
