// The lines over which the contract must behave the same, each as a way to open one and get both of its ends.
import { once, EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MessageChannel, type MessagePort as NodePort } from 'node:worker_threads';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import { inProcessPair } from '../../main/contract/rpc-in-process.ts';
import { portTransport, type EmitterPort } from '../../main/contract/rpc-port.ts';
import { socketTransport } from '../../main/contract/rpc-socket.ts';
import type { Transport } from '../../main/contract/transport.ts';
import { openWebSocket } from '../../renderer/host/websocket.ts';

export interface OpenLine {
  readonly window: Transport;
  readonly host: Transport;
  dispose(): Promise<void>;
}
export interface Line {
  readonly name: string;
  open(): Promise<OpenLine>;
}

/** Electron's MessagePortMain: an emitter whose messages come wrapped in an event, as in its documentation. */
class MainPort extends EventEmitter implements EmitterPort {
  readonly #port: NodePort;
  constructor(port: NodePort) {
    super();
    this.#port = port;
    port.on('close', () => this.emit('close'));
  }
  postMessage(message: unknown): void {
    this.#port.postMessage(message);
  }
  start(): void {
    this.#port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
  }
  close(): void {
    this.#port.close();
  }
}

const inProcess: Line = {
  name: 'in-process',
  open() {
    const [window, host] = inProcessPair();
    return Promise.resolve({ window, host, dispose: () => Promise.resolve() });
  },
};

const messagePort: Line = {
  name: 'MessagePort',
  open() {
    const { port1, port2 } = new MessageChannel();
    return Promise.resolve({
      window: portTransport(port1),
      host: portTransport(port2),
      dispose: () => {
        port1.close();
        return Promise.resolve();
      },
    });
  },
};

const messagePortMain: Line = {
  name: 'MessagePort to MessagePortMain',
  open() {
    const { port1, port2 } = new MessageChannel();
    return Promise.resolve({
      window: portTransport(port1),
      host: portTransport(new MainPort(port2)),
      dispose: () => {
        port1.close();
        return Promise.resolve();
      },
    });
  },
};

const webSocket: Line = {
  name: 'WebSocket',
  async open() {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, 'connection') as Promise<[ServerSocket]>;
    const window = await openWebSocket(`ws://127.0.0.1:${port}/`, []);
    const [socket] = await accepted;
    return {
      window,
      host: socketTransport(socket),
      dispose: () =>
        new Promise((resolve) => {
          for (const client of server.clients) client.terminate();
          server.close(() => {
            resolve();
          });
        }),
    };
  },
};

export const LINES: readonly Line[] = [inProcess, messagePort, messagePortMain, webSocket];
