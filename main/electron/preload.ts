// The only privileged code in the window's process: fetches a message port from the main process and hands it to the page.
import { ipcRenderer } from 'electron';
import { CONNECT_CHANNEL, PORT_CHANNEL } from './port-channels.ts';

ipcRenderer.on(PORT_CHANNEL, (event) => {
  // Its own origin only: nobody else can be listening, and should somebody be, it gets nothing.
  window.postMessage({ type: PORT_CHANNEL }, window.location.origin, [...event.ports]);
});

// By now the page's modules have run and listen.
window.addEventListener('load', () => ipcRenderer.send(CONNECT_CHANNEL), { once: true });
