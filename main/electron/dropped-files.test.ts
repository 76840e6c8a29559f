import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpcMain } from 'electron';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { receiveDrops } from './dropped-files.ts';

vi.mock('electron', () => ({ MessageChannelMain: class {} }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overfit-drops-'));
  for (const name of ['a.overfit', 'iris.csv', 'letter.docx']) writeFileSync(join(folder, name), 'x');
  mkdirSync(join(folder, 'flowers'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function receiving() {
  const ipcMain = new EventEmitter();
  const take = vi.fn();
  const handleFor = vi.fn((path: string) => `handle of ${path}`);
  receiveDrops(ipcMain as unknown as IpcMain, handleFor, take);
  const send = (path: unknown, url = 'app://overfit/index.html') => {
    const frame = { url };
    ipcMain.emit('overfit:drop', { senderFrame: frame, sender: { mainFrame: frame } }, path);
  };
  return { take, handleFor, send };
}

it.each([
  ['a.overfit', 'project'],
  ['iris.csv', 'data'],
  ['flowers', 'data'],
])('%s becomes a handle for a %s', (name, kind) => {
  const { take, send } = receiving();
  send(join(folder, name));
  expect(take.mock.calls).toEqual([[{ name, kind, handle: `handle of ${join(folder, name)}` }]]);
});

it('what can be used for nothing is named, and has no handle', () => {
  const { take, handleFor, send } = receiving();
  send(join(folder, 'letter.docx'));
  expect(take.mock.calls).toEqual([[{ name: 'letter.docx', kind: 'other', handle: null }]]);
  expect(handleFor).not.toHaveBeenCalled();
});

it('what no drop could have sent is passed over', () => {
  const { take, send } = receiving();
  for (const path of ['iris.csv', '', join(folder, 'gone.csv'), `${folder}/iris.csv\0`, 7, null, {}, '/dev/null'])
    send(path);
  send(join(folder, 'iris.csv'), 'https://example.com/');
  send(join(folder, 'iris.csv'), 'file:///iris.csv');
  expect(take).not.toHaveBeenCalled();
});
