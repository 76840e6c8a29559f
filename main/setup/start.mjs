// `npm start`: the desktop app when Electron can run here, else the same app on loopback, with the reason in one line.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { root } from './ensure-installed.mjs';
import { node24 } from './node24.mjs';

const INSTALL_TIMEOUT_MS = 120_000;

/** Path of Electron's executable, or null when it was never downloaded. */
function electronBinary() {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

/** @returns {{ binary: string } | { reason: string }} */
function desktop() {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])
    return { reason: 'not the desktop app: no display was found' };
  if (process.platform === 'linux' && process.getuid?.() === 0)
    return { reason: 'not the desktop app: Electron does not run as root' };
  const present = electronBinary();
  if (present !== null) return { binary: present };
  process.stderr.write('overfit: fetching Electron (once)\n');
  spawnSync(node24(), [join(root, 'node_modules', 'electron', 'install.js')], {
    cwd: root,
    stdio: 'ignore',
    timeout: INSTALL_TIMEOUT_MS,
  });
  const fetched = electronBinary();
  return fetched === null ? { reason: 'not the desktop app: Electron could not be downloaded' } : { binary: fetched };
}

/** A file named on the command line is meant from where the command was typed; npm has changed the folder since. @param {string} word */
function fromCaller(word) {
  return word.startsWith('-') || isAbsolute(word) ? word : resolve(process.env['INIT_CWD'] ?? process.cwd(), word);
}

const args = process.argv.slice(2).map((word, i, all) => (all[i - 1] === '--port' ? word : fromCaller(word)));
await ensureBuilt();

const browserAsked = args.includes('--browser');
const rest = args.filter((x) => x !== '--browser');
const found = browserAsked ? { reason: null } : desktop();
const child =
  'binary' in found
    ? spawn(found.binary, [root, ...rest.filter((x) => x !== '--no-open')], { stdio: 'inherit' })
    : spawn(
        node24(),
        [
          join(root, 'out', 'main', 'browser.js'),
          ...(found.reason === null ? [] : ['--reason', found.reason]),
          ...rest,
        ],
        { stdio: 'inherit' },
      );

// The child saves and ends; this process passes the wish on and waits. A terminal's Ctrl-C reaches the child directly as
// well, which takes two within a moment as one.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`overfit: could not start: ${error.message}\n`);
  process.exitCode = 1;
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
