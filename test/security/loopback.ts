// A loopback server with a small page, and ways to talk to it that no browser would use.
import { connect as connectSocket } from 'node:net';
import { request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type Limits, type RunningServer } from '../../main/browser/server.ts';
import type { Defect } from '../../main/contract/rpc-errors.ts';
import type { Transport } from '../../main/contract/transport.ts';

export const SECRET_TEXT = 'outside the served folder';

/** Tries what the page's policy decides, then says that it ran. */
const PAGE_SCRIPT = `
try { new Function('return 1')(); globalThis.evalRefused = false; } catch { globalThis.evalRefused = true; }
try { new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)); globalThis.wasmAllowed = true; } catch { globalThis.wasmAllowed = false; }
document.title = 'loaded';
`;

export interface Loopback {
  readonly server: RunningServer;
  readonly token: string;
  readonly folder: string;
  readonly connected: Transport[];
  readonly defects: Defect[];
  dispose(): Promise<void>;
}

/** Serves `<temp>/page`; `<temp>/secret.js` lies beside it, and `page/link.js` leads to it. */
export async function startLoopback(limits: Partial<Limits> = {}): Promise<Loopback> {
  const temp = await mkdtemp(join(tmpdir(), 'overfit-security-'));
  const folder = join(temp, 'page');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><title>page</title><script type="module" src="./assets/app.js"></script>',
  );
  await writeFile(join(folder, 'assets', 'app.js'), PAGE_SCRIPT);
  await writeFile(join(folder, '.hidden.js'), SECRET_TEXT);
  await writeFile(join(folder, 'notes.txt'), SECRET_TEXT);
  await writeFile(join(temp, 'secret.js'), SECRET_TEXT);
  await symlink(join(temp, 'secret.js'), join(folder, 'link.js'));
  const connected: Transport[] = [];
  const defects: Defect[] = [];
  const server = await startServer({
    folder,
    port: 0,
    onConnect: (transport) => void connected.push(transport),
    report: (defect) => void defects.push(defect),
    limits,
  });
  return {
    server,
    token: new URL(server.url).searchParams.get('token') ?? '',
    folder,
    connected,
    defects,
    async dispose() {
      await server.close();
      await rm(temp, { recursive: true });
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request, exactly as given: no cookie jar, no normalised path. */
export async function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answer> {
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** Sends raw bytes and returns all that comes back until the server ends the connection. */
export async function sendRaw(port: number, text: string): Promise<string> {
  const socket = connectSocket({ host: '127.0.0.1', port });
  socket.setEncoding('utf8');
  let received = '';
  socket.on('data', (chunk: string) => (received += chunk));
  // A reset counts as an end: what matters is what was received before.
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return received;
}
