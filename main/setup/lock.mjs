// One set-up at a time per checkout: a lock folder whose owner must still be alive. Plain Node 20, no dependencies.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const OWNER_WRITE_MS = 2000;

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** True when the lock's owner is gone (or died before writing its name). @param {string} folder */
function abandoned(folder) {
  try {
    return !alive(Number(readFileSync(`${folder}/owner`, 'utf8')));
  } catch {
    try {
      return Date.now() - statSync(folder).mtimeMs > OWNER_WRITE_MS;
    } catch {
      return true;
    }
  }
}

/**
 * Runs `work` while holding the lock `folder`; waits while another living process holds it.
 * @template T
 * @param {string} folder
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, work) {
  let told = false;
  for (;;) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      if (abandoned(folder)) {
        rmSync(folder, { recursive: true, force: true });
        continue;
      }
      if (!told) process.stderr.write('overfit: another set-up is running in this folder; waiting for it\n');
      told = true;
      await sleep(200);
    }
  }
  writeFileSync(`${folder}/owner`, String(process.pid));
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
