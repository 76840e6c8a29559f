// Quitting waits until runs are stopped with a checkpoint and everything is stored, once, and then quits whatever happened.
import type { App } from 'electron';

/**
 * @param close ends the services; resolves when everything is stored.
 * @param onFailure told when that failed. The app quits all the same: what could be stored has been.
 * @returns a function that starts closing without quitting, for when the system ends the session.
 */
export function closeBeforeQuit(
  app: Pick<App, 'on' | 'quit'>,
  close: () => Promise<void>,
  onFailure: (error: unknown) => Promise<void>,
): () => Promise<void> {
  let closed = false;
  let closing: Promise<void> | null = null;
  const closeOnce = () => (closing ??= close().catch(onFailure));
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void closeOnce().finally(() => {
      if (closed) return;
      closed = true;
      app.quit();
    });
  });
  return closeOnce;
}
