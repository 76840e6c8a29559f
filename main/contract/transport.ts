// What the rpc layer needs from a connection: ordered messages of structured-clone data, and an end.

export interface Transport {
  /** Typed arrays may be sent; transports that cannot carry them encode them (codec.ts). Ignored after close. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when either side or the line is gone. */
  onClose(listener: () => void): void;
  close(): void;
}
