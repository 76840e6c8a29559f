// Runs in the page's isolated world before any script: the sandboxed preload's `electron` module, bridged to the driver.
//
// Bundled with the codec by bundle.ts. `simulatedSend` is a binding of this world only; the page cannot see it.
import { decode, encode } from '../../main/contract/codec.ts';

declare const simulatedSend: (text: string) => void;

type Listener = (event: { readonly ports: readonly MessagePort[] }, ...args: unknown[]) => void;

interface Bridge {
  ipc(channel: string, text: string, ports: readonly number[]): void;
  portMessage(port: number, text: string): void;
  portClose(port: number): void;
  draggedFrom(folder: string): void;
}

/** Where the files lie that the driver drags over the page: Chromium itself tells no page. */
let folderOfDragged = '';
const listeners = new Map<string, Listener[]>();
const ports = new Map<number, MessagePort>();
const say = (message: Readonly<Record<string, unknown>>) => simulatedSend(JSON.stringify(message));

/** @returns the page's end of a channel whose other end is the main process. */
function remotePort(id: number): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => say({ type: 'port.message', port: id, text: encode(data) });
  port1.addEventListener('close', () => say({ type: 'port.close', port: id }));
  ports.set(id, port1);
  return port2;
}

const bridge: Bridge = {
  ipc(channel, text, ids) {
    const args = decode(text) as unknown[];
    const event = { ports: ids.map(remotePort) };
    for (const listener of listeners.get(channel) ?? []) listener(event, ...args);
  },
  portMessage(port, text) {
    ports.get(port)?.postMessage(decode(text));
  },
  portClose(port) {
    ports.get(port)?.close();
    ports.delete(port);
  },
  draggedFrom(folder) {
    folderOfDragged = folder;
  },
};

const ipcRenderer = {
  on(channel: string, listener: Listener) {
    listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
    return ipcRenderer;
  },
  send(channel: string, ...args: unknown[]) {
    say({ type: 'ipc', channel, text: encode(args) });
  },
};

const webUtils = {
  getPathForFile: ({ name }: File) => (folderOfDragged === '' ? '' : `${folderOfDragged}/${name}`),
};

// As in Electron: the preload runs in the top frame of a real document, with this much of `require`.
if (window.top === window && location.protocol === 'https:') {
  say({ type: 'document' });
  Object.assign(globalThis, {
    simulatedBridge: bridge,
    simulatedRequire: (name: string) => {
      if (name === 'electron') return { ipcRenderer, webUtils };
      throw new Error(`module not found: ${name}`);
    },
  });
}
