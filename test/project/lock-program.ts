// Takes and gives back the writer's lock many times; while it holds it, nobody else may. Prints how often it had it.
// Parameters: project file, number of times.
import { closeSync, openSync, rmSync } from 'node:fs';
import { disk } from './rows.ts';

const [path = '', times = '0'] = process.argv.slice(2);
let held = 0;
while (held < Number(times)) {
  const lock = disk.lock(path);
  if (!lock) continue;
  // Fails when another process is between these two lines.
  closeSync(openSync(`${path}.owner`, 'wx'));
  rmSync(`${path}.owner`);
  lock.release();
  held += 1;
}
console.log(`held ${held}`);
