// The engine as the system sees it: the child process of a host that runs the engine's program.
import { execFileSync } from 'node:child_process';

const ENGINE = /engine-server|Overfit Lab Engine|node\.mojom\.NodeService/;

/** @throws when the host has none. Not for Windows, which has no `ps`. */
export function enginePid(host: number): number {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  for (const line of table.split('\n')) {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (Number(parent) === host && ENGINE.test(args)) return Number(pid);
  }
  throw new Error(`process ${host} has no engine:\n${table}`);
}
