// A real file system of a few hundred kilobytes, where this process may mount one.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './sample.ts';

export interface SmallDisk {
  readonly folder: string;
  readonly remount: (options: string) => void;
}

const run = (command: string, parameters: readonly string[]) => {
  const { status, stderr } = spawnSync(command, parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')}: ${stderr}`);
};

function whyNot(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'needs root on Linux, to mount a small file system';
  // In many containers even root may not mount.
  const probe = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']);
  return probe.status === 0 ? null : 'needs the right to mount a small file system';
}

/** Why `smallDisk` cannot be used here, or null. */
export const smallDiskMissing = whyNot();

/** A file system that is unmounted when the test ends. */
export function smallDisk(sizeKb: number): SmallDisk {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  run('mount', ['-t', 'tmpfs', '-o', `size=${sizeKb}k`, 'none', folder]);
  onTestFinished(() => {
    run('umount', ['--lazy', folder]);
  });
  return {
    folder,
    remount(options) {
      run('mount', ['-o', `remount,${options}`, folder]);
    },
  };
}
