import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/project/sample.ts';
import { nodeFileSystem } from '../node/folders.ts';
import { DEFAULT_SETTINGS, SettingsService } from './settings-service.ts';

function setUp(stored?: string) {
  const folder = temporaryFolder();
  const app = join(folder, 'app');
  const path = join(app, 'settings.json');
  if (stored !== undefined) {
    mkdirSync(app);
    writeFileSync(path, stored);
  }
  return { path, load: () => new SettingsService(nodeFileSystem(folder, app)) };
}

it('begins with the defaults and writes nothing before the first change', () => {
  const { path, load } = setUp();
  expect(load().get()).toEqual(DEFAULT_SETTINGS);
  expect(existsSync(path)).toBe(false);
});

it('keeps changes for the next start', () => {
  const { path, load } = setUp();
  const settings = load();
  expect(settings.set({ locale: 'zh-CN', pace: null, theme: undefined })).toEqual({
    ...DEFAULT_SETTINGS,
    locale: 'zh-CN',
    pace: null,
  });
  expect(load().get()).toEqual(settings.get());
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(settings.get());
});

it('refuses what is no setting and stays as it was', () => {
  const { load } = setUp();
  const settings = load();
  expect(() => settings.set({ threads: 0 })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }) as Error);
  expect(() => settings.set({ colour: 'red' } as never)).toThrow(
    expect.objectContaining({ code: 'BAD_INPUT' }) as Error,
  );
  expect(settings.get()).toEqual(DEFAULT_SETTINGS);
});

it.each(['{"theme": "dark", "thre', '', '7', 'null', '{"theme":"purple","threads":"many"}'])(
  'falls back to the defaults for damaged settings and keeps them aside: %s',
  (stored) => {
    const { path, load } = setUp(stored);
    expect(load().get()).toEqual(DEFAULT_SETTINGS);
    expect(readFileSync(`${path}.bak`, 'utf8')).toBe(stored);
    load().set({ theme: 'light' });
    expect(load().get().theme).toBe('light');
  },
);

it('takes what it knows from settings of another version', () => {
  const { load } = setUp('{"locale":"en","theme":"dark","pace":10,"threads":3,"sound":true}');
  expect(load().get()).toEqual({ locale: 'en', theme: 'dark', pace: 10, threads: 3 });
});
