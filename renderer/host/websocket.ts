// Opens the browser host's line: a WebSocket whose first offer carries the secret, because a URL would end up in logs.
import { LabError } from '../../main/contract/errors.ts';
import { socketTransport } from '../../main/contract/rpc-socket.ts';
import type { Transport } from '../../main/contract/transport.ts';

/**
 * @param protocols subprotocols to offer; the server picks one.
 * @returns once the line is open.
 * @throws LabError CONNECTION_LOST when it cannot be opened (server gone, wrong token; a browser does not say which).
 */
export function openWebSocket(url: string, protocols: readonly string[]): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [...protocols]);
    const refused = () => {
      reject(new LabError('CONNECTION_LOST', 'the lab does not answer, or the link to it is no longer valid'));
    };
    socket.addEventListener('close', refused, { once: true });
    socket.addEventListener(
      'open',
      () => {
        socket.removeEventListener('close', refused);
        resolve(socketTransport(socket));
      },
      { once: true },
    );
  });
}
