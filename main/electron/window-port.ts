// How a page gets its line to the services: only our own top frame is answered, with one side of a fresh message channel.
import { MessageChannelMain } from 'electron';
import type { IpcMain, IpcMainEvent } from 'electron';
import { portTransport } from '../contract/rpc-port.ts';
import type { Transport } from '../contract/transport.ts';
import { isAppUrl } from './app-scheme.ts';
import { CONNECT_CHANNEL, PORT_CHANNEL } from './port-channels.ts';

type Sender = Pick<IpcMainEvent, 'senderFrame' | 'sender'>;

/** True for the top frame of a page of app://overfit; a frame that has gone or moved on meanwhile is nobody. */
export function isTrustedSender({ senderFrame, sender }: Sender): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isAppUrl(senderFrame.url);
}

/** Answers each trusted page that asks with a transport of its own. The sender is checked before anything else. */
export function offerPorts(ipcMain: Pick<IpcMain, 'on'>, serve: (transport: Transport) => void): void {
  ipcMain.on(CONNECT_CHANNEL, (event) => {
    if (!isTrustedSender(event)) return;
    const { port1, port2 } = new MessageChannelMain();
    serve(portTransport(port1));
    event.sender.postMessage(PORT_CHANNEL, null, [port2]);
  });
}
