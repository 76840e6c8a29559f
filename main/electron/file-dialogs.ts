// The system's own file dialogs as the services' FileDialogs port: a path becomes a handle here and goes no further.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BaseWindow, Dialog, OpenDialogOptions } from 'electron';
import type { FileKind, OpenKind } from '../contract/shapes.ts';
import { DATA_ENDINGS, FILE_ENDINGS, withEnding } from '../services/file-kinds.ts';
import type { FileDialogs } from '../services/ports.ts';
import type { HostMessages } from './menu-messages.ts';

export interface FileDialogParts {
  readonly dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox'>;
  /** The window that a dialog belongs to; null while there is none. */
  readonly parent: () => BaseWindow | null;
  readonly messages: () => HostMessages;
  /** Where a save dialog starts: absolute path. */
  readonly startFolder: string;
  readonly handleFor: (path: string) => string;
}

const KIND_NAMES: Readonly<Record<FileKind, keyof HostMessages>> = {
  project: 'projectFiles',
  pytorch: 'pythonFiles',
  numpy: 'pythonFiles',
  onnx: 'onnxFiles',
  safetensors: 'safetensorsFiles',
  csv: 'csvFiles',
  npz: 'npzFiles',
};

export function nativeFileDialogs({ dialog, parent, messages, startFolder, handleFor }: FileDialogParts): FileDialogs {
  const filters = (kind: FileKind) => [
    { name: messages()[KIND_NAMES[kind]], extensions: [FILE_ENDINGS[kind].slice(1)] },
  ];
  /** The dialogs' overloads take a parent or none, never null. */
  const within = <T>(attached: (window: BaseWindow) => T, free: () => T): T => {
    const window = parent();
    return window === null ? free() : attached(window);
  };

  /** The dialog asked about the name as typed, not about the one with the extension that we add. */
  async function mayReplace(path: string): Promise<boolean> {
    const { replaceQuestion, replace, cancel } = messages();
    const options = {
      type: 'warning',
      message: replaceQuestion,
      detail: path,
      buttons: [replace, cancel],
      defaultId: 1,
      cancelId: 1,
    } as const;
    const { response } = await within(
      (window) => dialog.showMessageBox(window, { ...options, buttons: [...options.buttons] }),
      () => dialog.showMessageBox({ ...options, buttons: [...options.buttons] }),
    );
    return response === 0;
  }

  function openOptions(kind: OpenKind): OpenDialogOptions {
    const { openTitle, importTitle, dataFiles, allFiles } = messages();
    switch (kind) {
      case 'project':
        return { title: openTitle, filters: filters('project'), properties: ['openFile'] };
      case 'data':
        return {
          title: importTitle,
          // The files of MNIST have no ending.
          filters: [
            { name: dataFiles, extensions: [...DATA_ENDINGS] },
            { name: allFiles, extensions: ['*'] },
          ],
          properties: ['openFile'],
        };
      case 'folder':
        return { title: importTitle, properties: ['openDirectory'] };
      default:
        return kind satisfies never;
    }
  }

  return {
    kind: 'native',
    async chooseOpen(kind) {
      const options = openOptions(kind);
      const { canceled, filePaths } = await within(
        (window) => dialog.showOpenDialog(window, options),
        () => dialog.showOpenDialog(options),
      );
      const path = filePaths[0];
      return canceled || path === undefined ? null : handleFor(path);
    },
    async chooseSave(suggestedName, kind) {
      const options = {
        title: kind === 'project' ? messages().saveTitle : messages().exportTitle,
        filters: filters(kind),
        defaultPath: join(startFolder, suggestedName),
        properties: ['showOverwriteConfirmation' as const],
      };
      const { canceled, filePath } = await within(
        (window) => dialog.showSaveDialog(window, options),
        () => dialog.showSaveDialog(options),
      );
      if (canceled || filePath === '') return null;
      const path = withEnding(filePath, kind);
      if (path === filePath) return handleFor(path);
      return existsSync(path) && !(await mayReplace(path)) ? null : handleFor(path);
    },
  };
}
