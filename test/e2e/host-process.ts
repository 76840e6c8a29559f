// The loopback host as a process, without a browser: its one line, and windows that speak the contract to it directly.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { PROTOCOL, SOCKET_PATH, TOKEN_PROTOCOL_PREFIX } from '../../main/contract/browser-link.ts';
import { connect } from '../../main/contract/client.ts';
import type { LabClient } from '../../main/contract/methods.ts';
import { socketTransport } from '../../main/contract/rpc-socket.ts';
import type { RunSummary } from '../../main/contract/shapes.ts';

const root = join(import.meta.dirname, '../..');

export interface HostWindow {
  readonly client: LabClient;
  close(): Promise<void>;
}

export class HostProcess {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(home: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    const entry = join(root, 'out/main/browser.js');
    if (!existsSync(entry)) throw new Error('out/main/browser.js is missing: run `npm run build`');
    this.child = spawn(process.execPath, [entry, '--no-open', ...args], {
      env: { ...process.env, ...env, OVERFIT_HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that Ctrl-C can be sent as a terminal sends it.
      detached: process.platform !== 'win32',
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exit = once(this.child, 'close').then(([code]) => code as number | null);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The link of its one line. @throws when it ends before. */
  async link(): Promise<URL> {
    const found = () => /^Overfit Lab is ready at (\S+)/.exec(this.stdout)?.[1];
    while (found() === undefined) {
      const ended = await Promise.race([
        once(this.child.stdout ?? this.child, 'data').then(() => false),
        this.exit.then(() => true),
      ]);
      if (ended && found() === undefined)
        throw new Error(`the host ended before it was ready:\n${this.stdout}${this.stderr}`);
    }
    return new URL(found() ?? '');
  }

  async openWindow(): Promise<HostWindow> {
    const link = await this.link();
    const token = link.searchParams.get('token') ?? '';
    const socket = new WebSocket(`ws://${link.host}${SOCKET_PATH}`, [PROTOCOL, TOKEN_PROTOCOL_PREFIX + token], {
      origin: link.origin,
    });
    await once(socket, 'open');
    return {
      client: connect(socketTransport(socket)),
      async close() {
        const closed = once(socket, 'close');
        socket.close();
        await closed;
      },
    };
  }

  /** Ctrl-C as a terminal sends it: to the host and to its engine. @returns the exit code. */
  async interrupt(): Promise<number | null> {
    if (process.platform === 'win32') this.child.kill('SIGINT');
    else process.kill(-this.pid, 'SIGINT');
    return this.exit;
  }

  /** Ends what is left of it, engine included. */
  async kill(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      if (process.platform === 'win32') this.child.kill('SIGKILL');
      else process.kill(-this.pid, 'SIGKILL');
    }
    await this.exit;
  }

  /** As a service manager ends a process. @returns the exit code. */
  async terminate(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.exit;
  }
}

/** Starts the open project's first variant. */
export async function startRun(client: LabClient): Promise<RunSummary> {
  const { experiments } = await client.call('project.current', null);
  const [experiment] = experiments;
  const [variant] = experiment?.document.variants ?? [];
  if (!experiment || !variant) throw new Error('the app should open on an example');
  const [run] = await client.call('run.start', {
    experimentId: experiment.id,
    variants: [variant.name],
    seed: null,
    paused: false,
  });
  if (!run) throw new Error('no run was started');
  return run;
}

/** Resolves with the first summary of the run that fits, the one of now included. */
export async function runWhen(
  client: LabClient,
  runId: string,
  fits: (run: RunSummary) => boolean,
): Promise<RunSummary> {
  const { promise, resolve } = Promise.withResolvers<RunSummary>();
  const end = client.subscribe('run.changed', (run) => {
    if (run.id === runId && fits(run)) resolve(run);
  });
  const now = (await client.call('run.list', null)).find(({ id }) => id === runId);
  if (now && fits(now)) resolve(now);
  const found = await promise;
  end();
  return found;
}
