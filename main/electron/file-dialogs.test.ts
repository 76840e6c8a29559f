import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BaseWindow, OpenDialogOptions } from 'electron';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nativeFileDialogs, type FileDialogParts } from './file-dialogs.ts';
import { hostMessages } from './menu-messages.ts';

const window = { id: 1 } as BaseWindow;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overfit-dialogs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function parts(parent: BaseWindow | null = window) {
  const showOpenDialog = vi.fn<(...args: unknown[]) => unknown>();
  const showSaveDialog = vi.fn<(...args: unknown[]) => unknown>();
  const showMessageBox = vi.fn<(...args: unknown[]) => unknown>();
  const handleFor = vi.fn((path: string) => `handle of ${path}`);
  const dialogs = nativeFileDialogs({
    dialog: { showOpenDialog, showSaveDialog, showMessageBox } as unknown as FileDialogParts['dialog'],
    parent: () => parent,
    messages: () => hostMessages.en,
    startFolder: folder,
    handleFor,
  });
  return { dialogs, showOpenDialog, showSaveDialog, showMessageBox, handleFor };
}
const saveTo = (filePath: string) => {
  const all = parts();
  all.showSaveDialog.mockResolvedValue({ canceled: false, filePath });
  return all;
};

it('opens one project file, belonging to the window, and answers with a handle', async () => {
  const { dialogs, showOpenDialog } = parts();
  showOpenDialog.mockResolvedValue({ canceled: false, filePaths: ['/a/b.overfit'] });
  expect(dialogs.kind).toBe('native');
  expect(await dialogs.chooseOpen('project')).toBe('handle of /a/b.overfit');
  expect(showOpenDialog).toHaveBeenCalledExactlyOnceWith(window, {
    title: 'Open a project',
    filters: [{ name: 'Overfit Lab projects', extensions: ['overfit'] }],
    properties: ['openFile'],
  });
});

it.each([
  ['data', ['openFile'], ['csv', '*']],
  ['folder', ['openDirectory'], []],
] as const)('chooses %s to import', async (kind, properties, endings) => {
  const { dialogs, showOpenDialog } = parts();
  showOpenDialog.mockResolvedValue({ canceled: false, filePaths: ['/a/measured'] });
  expect(await dialogs.chooseOpen(kind)).toBe('handle of /a/measured');
  const options = showOpenDialog.mock.calls[0]?.[1] as OpenDialogOptions;
  expect(options).toMatchObject({ title: 'Import data', properties });
  expect((options.filters ?? []).map((x) => x.extensions[0])).toEqual(endings);
});

it('belongs to no window when there is none', async () => {
  const { dialogs, showOpenDialog, showSaveDialog } = parts(null);
  showOpenDialog.mockResolvedValue({ canceled: true, filePaths: [] });
  showSaveDialog.mockResolvedValue({ canceled: true, filePath: '' });
  await dialogs.chooseOpen('project');
  await dialogs.chooseSave('x', 'project');
  expect(showOpenDialog.mock.calls[0]).toHaveLength(1);
  expect(showSaveDialog.mock.calls[0]).toHaveLength(1);
});

it('answers null when cancelled, and makes no handle', async () => {
  const { dialogs, showOpenDialog, showSaveDialog, handleFor } = parts();
  showOpenDialog.mockResolvedValue({ canceled: true, filePaths: ['/left/over.overfit'] });
  showSaveDialog.mockResolvedValue({ canceled: true, filePath: '/left/over.overfit' });
  expect(await dialogs.chooseOpen('project')).toBeNull();
  expect(await dialogs.chooseSave('x', 'project')).toBeNull();
  expect(handleFor).not.toHaveBeenCalled();
});

it('suggests a name in the start folder and lets the system ask before replacing', async () => {
  const { dialogs, showSaveDialog, showMessageBox } = saveTo(join(folder, 'study.overfit'));
  writeFileSync(join(folder, 'study.overfit'), '');
  expect(await dialogs.chooseSave('study', 'project')).toBe(`handle of ${join(folder, 'study.overfit')}`);
  expect(showSaveDialog).toHaveBeenCalledExactlyOnceWith(window, {
    title: 'Save the project as',
    filters: [{ name: 'Overfit Lab projects', extensions: ['overfit'] }],
    defaultPath: join(folder, 'study'),
    properties: ['showOverwriteConfirmation'],
  });
  expect(showMessageBox).not.toHaveBeenCalled();
});

it('adds the extension', async () => {
  expect(await saveTo(join(folder, 'study')).dialogs.chooseSave('x', 'project')).toBe(
    `handle of ${join(folder, 'study.overfit')}`,
  );
  expect(await saveTo(join(folder, 'v1.2')).dialogs.chooseSave('x', 'project')).toBe(
    `handle of ${join(folder, 'v1.2.overfit')}`,
  );
  expect(await saveTo(join(folder, 'A.OVERFIT')).dialogs.chooseSave('x', 'project')).toBe(
    `handle of ${join(folder, 'A.OVERFIT')}`,
  );
});

it.each([
  [0, true],
  [1, false],
])(
  'asks itself before it replaces a file that got its name from the added extension (answer %i)',
  async (response, goes) => {
    const { dialogs, showMessageBox } = saveTo(join(folder, 'study'));
    writeFileSync(join(folder, 'study.overfit'), '');
    showMessageBox.mockResolvedValue({ response });
    expect(await dialogs.chooseSave('x', 'project')).toBe(goes ? `handle of ${join(folder, 'study.overfit')}` : null);
    expect(showMessageBox.mock.calls[0]?.[1]).toMatchObject({
      detail: join(folder, 'study.overfit'),
      buttons: ['Replace', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
    });
  },
);

it.each([
  ['onnx', 'net', 'net.onnx', 'ONNX models', 'onnx'],
  ['pytorch', 'script.py', 'script.py', 'Python scripts', 'py'],
  ['csv', 'runs', 'runs.csv', 'CSV tables', 'csv'],
] as const)('exports as %s under its own ending', async (kind, typed, written, name, extension) => {
  const { dialogs, showSaveDialog } = saveTo(join(folder, typed));
  expect(await dialogs.chooseSave('x', kind)).toBe(`handle of ${join(folder, written)}`);
  expect(showSaveDialog.mock.calls[0]?.[1]).toMatchObject({
    title: 'Export the run as',
    filters: [{ name, extensions: [extension] }],
  });
});
