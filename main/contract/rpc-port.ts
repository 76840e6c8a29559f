// A transport over a message port: the window's MessagePort, a worker's, or Electron's MessagePortMain.
import type { Transport } from './transport.ts';

/** The used part of MessagePort (DOM, Node) as events. */
export interface EventTargetPort {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close' | 'messageerror', listener: () => void): void;
  start(): void;
  close(): void;
}
/** The used part of Electron's MessagePortMain. */
export interface EmitterPort {
  postMessage(message: unknown): void;
  on(type: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(type: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** The port is started when the first message listener is set; until then it keeps what arrives. */
export function portTransport(port: EventTargetPort | EmitterPort): Transport {
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let closed = false;
  let started = false;
  const end = () => {
    if (closed) return;
    closed = true;
    port.close();
    for (const listener of closeListeners) listener();
  };
  const receive = ({ data }: { readonly data: unknown }) => {
    if (!closed) for (const listener of messageListeners) listener(data);
  };
  if ('addEventListener' in port) {
    port.addEventListener('message', receive);
    port.addEventListener('close', end);
    // A message that cannot be read means that nothing after it can be trusted to be complete.
    port.addEventListener('messageerror', end);
  } else {
    port.on('message', receive);
    port.on('close', end);
  }
  return {
    send(message) {
      if (!closed) port.postMessage(message);
    },
    onMessage(listener) {
      messageListeners.push(listener);
      if (!started) port.start();
      started = true;
    },
    onClose(listener) {
      closeListeners.push(listener);
    },
    close: end,
  };
}
