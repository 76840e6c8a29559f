// A file or folder that was dropped on the window: its path becomes a handle here, and only when it can be used for something.
import { statSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import type { IpcMain } from 'electron';
import type { DroppedFile } from '../contract/shapes.ts';
import { droppedKind } from '../services/file-kinds.ts';
import { DROP_CHANNEL } from './port-channels.ts';
import { isTrustedSender } from './window-port.ts';

export function receiveDrops(
  ipcMain: Pick<IpcMain, 'on'>,
  handleFor: (path: string) => string,
  take: (file: DroppedFile) => void,
): void {
  ipcMain.on(DROP_CHANNEL, (event, path: unknown) => {
    // A window that was taken over may send anything.
    if (!isTrustedSender(event) || typeof path !== 'string' || !isAbsolute(path) || path.includes('\0')) return;
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found?.isFile() && !found?.isDirectory()) return;
    const name = basename(path);
    const kind = droppedKind(name, found.isDirectory());
    take({ name, kind, handle: kind === 'other' ? null : handleFor(path) });
  });
}
