// Two transports joined in one process, with the same copying and ordering as a real line.
import type { Transport } from './transport.ts';

class Endpoint implements Transport {
  readonly #messageListeners: ((message: unknown) => void)[] = [];
  readonly #closeListeners: (() => void)[] = [];
  #peer: Endpoint | null = null;
  #closed = false;

  static pair(): readonly [Transport, Transport] {
    const [a, b] = [new Endpoint(), new Endpoint()];
    a.#peer = b;
    b.#peer = a;
    return [a, b];
  }

  send(message: unknown): void {
    if (this.#closed) return;
    const peer = this.#peer;
    const copy = structuredClone(message);
    queueMicrotask(() => {
      if (peer) peer.#deliver(copy);
    });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messageListeners.push(listener);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#end();
    const peer = this.#peer;
    // After the messages that were sent before it.
    queueMicrotask(() => {
      if (peer) peer.#end();
    });
  }

  #deliver(message: unknown): void {
    if (!this.#closed) for (const listener of this.#messageListeners) listener(message);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#closeListeners) listener();
  }
}

/** What one end sends, the other receives; closing either closes both. */
export const inProcessPair = (): readonly [Transport, Transport] => Endpoint.pair();
