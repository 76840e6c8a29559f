// The loopback server: serves the built window to the local browser and carries the contract over a WebSocket.
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { PROTOCOL, SOCKET_PATH } from '../contract/browser-link.ts';
import { newDefectId, type Report } from '../contract/rpc-errors.ts';
import { socketTransport } from '../contract/rpc-socket.ts';
import type { Transport } from '../contract/transport.ts';
import { Access, type RequestFacts, type Verdict } from './access.ts';
import { readPageFile } from '../node/page-files.ts';
import { securityHeaders } from '../node/page-headers.ts';

export interface Limits {
  readonly headerBytes: number;
  /** For all headers of a request to arrive; a connection that is slower is closed. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly checkEveryMs: number;
  readonly keepAliveMs: number;
  readonly connections: number;
  /** Of one message from a page, in bytes; documents and calls are far smaller. */
  readonly messageBytes: number;
  /** For a page to answer the goodbye when the server closes. */
  readonly goodbyeMs: number;
}

const LIMITS: Limits = {
  headerBytes: 16 * 1024,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  checkEveryMs: 1_000,
  keepAliveMs: 5_000,
  connections: 256,
  messageBytes: 16 * 1024 * 1024,
  goodbyeMs: 500,
};

export interface ServerOptions {
  /** The built window. */
  readonly folder: string;
  /** 0: any free one. */
  readonly port: number;
  /** A page has connected and is entitled to the contract. */
  readonly onConnect: (transport: Transport) => void;
  readonly report: Report;
  readonly limits?: Partial<Limits>;
}

export interface RunningServer {
  readonly port: number;
  /** With the token: whoever has it has the lab. */
  readonly url: string;
  /** Ends every connection; resolves when the port is free. */
  close(): Promise<void>;
}

const REASONS = {
  wrong_host: 'This address does not belong to the lab.',
  wrong_origin: 'Another page may not use the lab.',
  wrong_secret: 'Open the lab with the whole link that it printed when it started.',
} as const satisfies Record<Exclude<Verdict, 'granted'>, string>;

const STATUS_OF_CLIENT_ERROR: ReadonlyMap<string, number> = new Map([
  ['HPE_HEADER_OVERFLOW', 431],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
]);

/** @returns null for a target that is no path (as in CONNECT or a proxy's request). */
function splitTarget(target: string | undefined): { path: string; query: URLSearchParams } | null {
  if (!target?.startsWith('/')) return null;
  const [path = '/', query = ''] = target.split('?', 2);
  return { path, query: new URLSearchParams(query) };
}

const factsOf = ({ headers, headersDistinct }: IncomingMessage, query: URLSearchParams): RequestFacts => ({
  // Of two Hosts, Node keeps the first; a request that names two is not from a browser.
  host: headersDistinct.host?.length === 1 ? headers.host : undefined,
  origin: headers.origin,
  cookie: headers.cookie,
  fetchSite: typeof headers['sec-fetch-site'] === 'string' ? headers['sec-fetch-site'] : undefined,
  offeredProtocols: headers['sec-websocket-protocol'],
  query,
});

class LoopbackServer implements RunningServer {
  readonly port: number;
  readonly #access: Access;
  readonly #options: ServerOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #goodbyeMs: number;

  constructor(http: Server, options: ServerOptions, limits: Limits) {
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: limits.messageBytes,
      perMessageDeflate: false,
      handleProtocols: () => PROTOCOL,
    });
    this.#goodbyeMs = limits.goodbyeMs;
    this.#http = http;
    this.#options = options;
    this.port = (http.address() as AddressInfo).port;
    this.#access = new Access(this.port);
    this.#headers = securityHeaders([`ws://127.0.0.1:${this.port}`, `ws://localhost:${this.port}`]);
    http.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response));
    http.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
      this.#refuse(response, 417, 'Expectations are not supported.');
    });
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head);
    });
    http.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
      if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
      else this.#refuseRaw(socket, STATUS_OF_CLIENT_ERROR.get(error.code ?? '') ?? 400, 'Bad request.');
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/?token=${this.#access.token}`;
  }

  close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.close(1001, 'the lab is closing');
    const impatient = setTimeout(() => {
      for (const socket of this.#sockets.clients) socket.terminate();
    }, this.#goodbyeMs);
    return new Promise((resolve) => {
      this.#http.close(() => {
        clearTimeout(impatient);
        resolve();
      });
      this.#http.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        this.#refuse(response, 405, 'Only GET is supported.', { Allow: 'GET, HEAD' });
        return;
      }
      if (request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0) {
        this.#refuse(response, 413, 'Requests carry no content here.');
        return;
      }
      const target = splitTarget(request.url);
      if (target === null) {
        this.#refuse(response, 400, 'Bad request.');
        return;
      }
      const { path, query } = target;
      const verdict = this.#access.judgePage(factsOf(request, query));
      if (verdict !== 'granted') {
        this.#refuse(response, 403, REASONS[verdict]);
        return;
      }
      const file = await readPageFile(this.#options.folder, path);
      if (file === null) {
        this.#refuse(response, 404, 'There is no such file.');
        return;
      }
      response.writeHead(200, {
        ...this.#headers,
        ...(query.has('token') ? { 'Set-Cookie': this.#access.cookie } : {}),
        'Content-Type': file.type,
        'Content-Length': file.bytes.length,
      });
      response.end(request.method === 'HEAD' ? undefined : file.bytes);
    } catch (error) {
      this.#options.report({ id: newDefectId(), where: 'the loopback server', error });
      this.#refuse(response, 500, 'The file could not be read.');
    }
  }

  #refuse(response: ServerResponse, status: number, reason: string, more: Record<string, string> = {}): void {
    // The rest of a refused request is not worth reading.
    response.writeHead(status, {
      ...this.#headers,
      ...more,
      'Content-Type': 'text/plain; charset=utf-8',
      Connection: 'close',
    });
    response.end(`${reason}\n`);
  }

  /** For connections that have no response object: upgrades and broken requests. */
  #refuseRaw(socket: Duplex, status: number, reason: string): void {
    const headers = { ...this.#headers, 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${reason}\n`);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A peer that resets while being refused is no event of ours.
    socket.on('error', () => socket.destroy());
    const target = splitTarget(request.url);
    if (target === null) {
      this.#refuseRaw(socket, 400, 'Bad request.');
      return;
    }
    const verdict = this.#access.judgeSocket(factsOf(request, target.query));
    if (verdict !== 'granted') this.#refuseRaw(socket, 403, REASONS[verdict]);
    else if (target.path !== SOCKET_PATH) this.#refuseRaw(socket, 404, 'There is no such file.');
    else
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        // Oversized or malformed frames: ws ends the connection itself, which the transport reports as closed.
        webSocket.on('error', () => undefined);
        this.#options.onConnect(socketTransport(webSocket));
      });
  }
}

/** Listens on 127.0.0.1. @throws the listen error (EADDRINUSE, EACCES). */
export function startServer(options: ServerOptions): Promise<RunningServer> {
  const limits = { ...LIMITS, ...options.limits };
  const http = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    keepAliveTimeout: limits.keepAliveMs,
    // A missing Host is refused here with our own headers instead of by Node without them.
    requireHostHeader: false,
  });
  http.maxConnections = limits.connections;
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen({ host: '127.0.0.1', port: options.port, exclusive: true }, () => {
      http.off('error', reject);
      resolve(new LoopbackServer(http, options, limits));
    });
  });
}
