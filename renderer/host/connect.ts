// How the window finds its lab: a port handed over by the desktop app's preload, or the browser host's WebSocket.
import { PROTOCOL, SOCKET_PATH, TOKEN_PROTOCOL_PREFIX } from '../../main/contract/browser-link.ts';
import { connect } from '../../main/contract/client.ts';
import { LabError } from '../../main/contract/errors.ts';
import type { LabClient } from '../../main/contract/methods.ts';
import { portTransport } from '../../main/contract/rpc-port.ts';
import { openWebSocket } from './websocket.ts';

/** `type` of the window message with which the preload hands over the port. */
const PORT_MESSAGE = 'overfit:port';
const TOKEN_KEY = 'overfit:token';
/** After the page has loaded; the preload asks for the port then, and gets it within milliseconds. */
const PORT_TIMEOUT_MS = 5_000;

/**
 * The browser host's secret, from the link or from an earlier load of this tab. The link's is moved into the tab's
 * storage, so that it stays out of the address bar, the history and screenshots.
 */
function takeToken(window: Window): string | null {
  const url = new URL(window.location.href);
  const given = url.searchParams.get('token');
  if (given === null) return window.sessionStorage.getItem(TOKEN_KEY);
  window.sessionStorage.setItem(TOKEN_KEY, given);
  url.searchParams.delete('token');
  window.history.replaceState(window.history.state, '', url);
  return given;
}

const isPortMessage = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === PORT_MESSAGE;

function receivePort(window: Window): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    let timer: number | undefined;
    const receive = (event: MessageEvent<unknown>) => {
      const [port] = event.ports;
      // Only this window's own preload: a frame or an opener has another source.
      if (event.source !== window || !isPortMessage(event.data) || !port) return;
      window.removeEventListener('message', receive);
      window.clearTimeout(timer);
      resolve(port);
    };
    window.addEventListener('message', receive);
    const giveUpLater = () => {
      timer = window.setTimeout(() => {
        window.removeEventListener('message', receive);
        reject(new LabError('CONNECTION_LOST', 'open the lab with the whole link that it printed when it started'));
      }, PORT_TIMEOUT_MS);
    };
    if (window.document.readyState === 'complete') giveUpLater();
    else window.addEventListener('load', giveUpLater, { once: true });
  });
}

/**
 * Call it while the page's first module runs: the desktop app hands the port over right after the load event.
 * @throws LabError CONNECTION_LOST when there is no lab behind this page.
 */
export async function connectToHost(window: Window = globalThis.window): Promise<LabClient> {
  const token = takeToken(window);
  if (token === null) return connect(portTransport(await receivePort(window)));
  const url = new URL(SOCKET_PATH, window.location.href);
  url.protocol = 'ws:';
  return connect(await openWebSocket(url.href, [PROTOCOL, TOKEN_PROTOCOL_PREFIX + token]));
}
