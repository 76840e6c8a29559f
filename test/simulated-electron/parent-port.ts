// Loaded first in a simulated utility process: `process.parentPort` over Node's process channel.
import { EventEmitter } from 'node:events';
import { isMainThread } from 'node:worker_threads';

class ParentPort extends EventEmitter {
  readonly #send: (message: unknown) => unknown;
  constructor(send: (message: unknown) => unknown) {
    super();
    this.#send = send;
  }
  postMessage(message: unknown): void {
    this.#send(message);
  }
}
function openParentPort(): void {
  const send = process.send?.bind(process);
  if (send === undefined) throw new Error('a simulated utility process needs a process channel');
  const parentPort = new ParentPort(send);
  const waiting: unknown[] = [];
  process.on('message', (data) => {
    if (parentPort.listenerCount('message') > 0) parentPort.emit('message', { data, ports: [] });
    else waiting.push(data);
  });
  parentPort.on('newListener', (name) => {
    if (name !== 'message') return;
    queueMicrotask(() => {
      for (const data of waiting.splice(0)) parentPort.emit('message', { data, ports: [] });
    });
  });
  // Electron ends its utility processes when the main process is gone.
  process.on('disconnect', () => process.exit(0));
  Object.assign(process, { parentPort, send: undefined });
}

// Worker threads inherit the flags of their process, this file among them, but have no parent port.
if (isMainThread) openParentPort();
