// The three ipc channels there are, named once for the main process and the preload.

/** Preload → main: the page is loaded and asks for its line. */
export const CONNECT_CHANNEL = 'overfit:connect';
/** Main → preload, with one port; preload → page as a window message of this type. */
export const PORT_CHANNEL = 'overfit:port';
/** Preload → main, with an absolute path: the person dropped this on the window. */
export const DROP_CHANNEL = 'overfit:drop';
