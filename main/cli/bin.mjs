#!/usr/bin/env node
// `overfit`: starts the command line on the packaged Node 24, building it first when needed. Runs on Node 20 itself.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from '../setup/build.mjs';
import { root } from '../setup/ensure-installed.mjs';
import { node24 } from '../setup/node24.mjs';

await ensureBuilt();
const child = spawn(node24(), [join(root, 'out', 'main', 'cli.js'), ...process.argv.slice(2)], { stdio: 'inherit' });

// A terminal sends Ctrl-C to the command line as well, other senders only to this process; it takes the two as one.
// On Windows `kill` would end it without saving, and every Ctrl-C reaches it through the console.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => {
    if (process.platform !== 'win32') child.kill(signal);
  });
child.on('error', (error) => {
  process.stderr.write(`overfit: could not start: ${error.message}\n`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exitCode = code ?? 1;
  else {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
});
