// The only privileged code in the window's process: fetches a message port from the main process and hands it to the page, and tells
// the main process where a dropped file lies. The page itself never learns a path.
import { ipcRenderer, webUtils } from 'electron';
import { CONNECT_CHANNEL, DROP_CHANNEL, PORT_CHANNEL } from './port-channels.ts';

ipcRenderer.on(PORT_CHANNEL, (event) => {
  // Its own origin only: nobody else can be listening, and should somebody be, it gets nothing.
  window.postMessage({ type: PORT_CHANNEL }, window.location.origin, [...event.ports]);
});

// By now the page's modules have run and listen.
window.addEventListener('load', () => ipcRenderer.send(CONNECT_CHANNEL), { once: true });

// Before the page, whose handlers cannot keep it from here. Scripts can make such an event, but not a trusted one.
window.addEventListener(
  'drop',
  ({ isTrusted, dataTransfer }) => {
    const [file, ...more] = dataTransfer?.files ?? [];
    // The page says that one thing at a time is taken.
    if (!isTrusted || !file || more.length > 0) return;
    const path = webUtils.getPathForFile(file);
    if (path !== '') ipcRenderer.send(DROP_CHANNEL, path);
  },
  { capture: true },
);
