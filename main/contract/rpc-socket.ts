// A transport over an open WebSocket, the same for the window's and for the server's end.
import { decode, DEFAULT_MAX_LENGTH, encode } from './codec.ts';
import type { Transport } from './transport.ts';

/** The used part of WebSocket (DOM, and the ws package's). */
export interface Socket {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

const OPEN = 1;
const NORMAL = 1000;
/** "Application-defined" range of RFC 6455: a browser may not send 1003, 1007 or 1009 itself. */
export const CLOSED_UNREADABLE = 4400;

/**
 * @param socket already open.
 * @param maxReceived characters of one message; a longer or unreadable one ends the connection with CLOSED_UNREADABLE.
 * @returns a transport whose `send` throws CodecError for what cannot be sent as text.
 */
export function socketTransport(socket: Socket, maxReceived = DEFAULT_MAX_LENGTH): Transport {
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let closed = false;
  const end = () => {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener();
  };
  const close = (code: number, reason: string) => {
    socket.close(code, reason);
    // The peer's goodbye may never come.
    end();
  };
  socket.addEventListener('close', end);
  socket.addEventListener('message', ({ data }) => {
    if (closed) return;
    let message: unknown;
    try {
      if (typeof data !== 'string') throw new TypeError('binary message');
      message = decode(data, maxReceived);
    } catch {
      close(CLOSED_UNREADABLE, 'unreadable message');
      return;
    }
    for (const listener of messageListeners) listener(message);
  });
  return {
    send(message) {
      if (!closed && socket.readyState === OPEN) socket.send(encode(message));
    },
    onMessage(listener) {
      messageListeners.push(listener);
    },
    onClose(listener) {
      closeListeners.push(listener);
    },
    close() {
      if (!closed) close(NORMAL, 'closed');
    },
  };
}
