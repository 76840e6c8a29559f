// MessageChannelMain and MessagePortMain: entangled in this process until one end is transferred to a page.
import { EventEmitter } from 'node:events';
import { decode, encode } from '../../main/contract/codec.ts';
import { hear, tell } from './driver-link.ts';

let lastPort = 0;
/** Local ends whose other end lies in a page, by the number that the page knows. */
const remoteEnds = new Map<number, { readonly local: MessagePortMain; readonly window: number }>();

export class MessagePortMain extends EventEmitter {
  peer: MessagePortMain | null = null;
  #remote: { readonly port: number; readonly window: number } | null = null;
  #started = false;
  #closed = false;
  #waiting: unknown[] = [];

  postMessage(message: unknown): void {
    if (this.#closed) return;
    if (this.#remote) tell({ type: 'port.message', ...this.#remote, text: encode(message) });
    else this.peer?.deliver(structuredClone(message));
  }

  start(): void {
    this.#started = true;
    for (const data of this.#waiting.splice(0)) this.deliver(data);
  }

  close(): void {
    if (this.#closed) return;
    if (this.#remote) tell({ type: 'port.close', ...this.#remote });
    else this.peer?.disconnected();
    this.disconnected();
  }

  deliver(data: unknown): void {
    if (this.#closed) return;
    if (!this.#started) this.#waiting.push(data);
    else setImmediate(() => this.emit('message', { data, ports: [] }));
  }

  disconnected(): void {
    if (this.#closed) return;
    this.#closed = true;
    setImmediate(() => this.emit('close'));
  }

  /** This end moves to a page; the other end talks to it there. @returns the number that the page knows it by. */
  transferTo(window: number): number {
    const local = this.peer;
    if (local === null || this.#closed) throw new TypeError('port cannot be transferred');
    const port = ++lastPort;
    remoteEnds.set(port, { local, window });
    local.#remote = { port, window };
    const sentBefore = this.#waiting.splice(0);
    this.#closed = true;
    // After the transfer itself, which the caller sends in this turn.
    queueMicrotask(() => {
      for (const message of sentBefore) local.postMessage(message);
    });
    return port;
  }
}

export class MessageChannelMain {
  readonly port1 = new MessagePortMain();
  readonly port2 = new MessagePortMain();
  constructor() {
    this.port1.peer = this.port2;
    this.port2.peer = this.port1;
  }
}

hear('port.message', ({ port, text }) => remoteEnds.get(port)?.local.deliver(decode(text)));
hear('port.close', ({ port }) => {
  remoteEnds.get(port)?.local.disconnected();
  remoteEnds.delete(port);
});

/** A page is gone or replaced, and its ends of all channels with it. */
export function closePortsOf(window: number): void {
  for (const [port, end] of remoteEnds) {
    if (end.window !== window) continue;
    remoteEnds.delete(port);
    end.local.disconnected();
  }
}
