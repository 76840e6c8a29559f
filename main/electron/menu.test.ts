import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { menuTemplate, type MenuActions, type MenuState } from './menu.ts';
import { failureSentence, hostLocale, hostMessages, type HostLocale } from './menu-messages.ts';

const actions = () =>
  ({
    newProject: vi.fn(),
    openProject: vi.fn(),
    openRecent: vi.fn(),
    saveProjectAs: vi.fn(),
    takeFromProject: vi.fn(),
    set: vi.fn(),
    about: vi.fn(),
  }) satisfies MenuActions;
const state = (change: Partial<MenuState> = {}): MenuState => ({
  messages: hostMessages.en,
  platform: 'linux',
  settings: { locale: 'system', theme: 'dark', pace: null, threads: 1 },
  recent: [],
  development: false,
  ...change,
});
const items = (item: MenuItemConstructorOptions | undefined) => (item?.submenu ?? []) as MenuItemConstructorOptions[];
const all = (list: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  list.flatMap((item) => [item, ...all(items(item))]);
const byId = (template: readonly MenuItemConstructorOptions[], id: string) => {
  const found = all(template).find((item) => item.id === id);
  if (found === undefined) throw new Error(`no item ${id}`);
  return found;
};
const click = (item: MenuItemConstructorOptions) => (item.click as () => void)();

describe.each(['en', 'zh-CN'] satisfies HostLocale[])('menu in %s', (locale) => {
  const messages = hostMessages[locale];
  it.each(['linux', 'win32', 'darwin'] as const)('labels every item on %s from the catalogue', (platform) => {
    const words = new Set([...Object.values<string>(messages), 'English', '简体中文']);
    for (const item of all(menuTemplate(state({ messages, platform, development: true }), actions())))
      if (item.type !== 'separator') expect(words).toContain(item.label);
  });
  it('has no empty word', () => {
    expect(Object.entries(messages).filter(([, word]) => word.trim() === '')).toEqual([]);
  });
});

it('is really translated', () => {
  const same = Object.keys(hostMessages.en).filter(
    (key) => hostMessages.en[key as keyof typeof hostMessages.en] === hostMessages['zh-CN'][key as 'file'],
  );
  expect(same).toEqual(['appName']);
});

describe('menu', () => {
  it('asks for the action of each item', () => {
    const calls = actions();
    const recent = [{ handle: 'h1', name: 'R&D', location: '/home/a', openedAt: 0 }];
    const template = menuTemplate(state({ recent }), calls);
    click(byId(template, 'new'));
    click(byId(template, 'open'));
    click(byId(template, 'save-as'));
    click(byId(template, 'take'));
    click(byId(template, 'about'));
    click(byId(template, 'theme-light'));
    click(byId(template, 'language-zh-CN'));
    const [only, ...rest] = items(byId(template, 'open-recent'));
    expect(rest).toEqual([]);
    expect(only?.label).toBe('R&&D — /home/a');
    click(only ?? {});
    expect(calls.newProject).toHaveBeenCalledOnce();
    expect(calls.openProject).toHaveBeenCalledOnce();
    expect(calls.saveProjectAs).toHaveBeenCalledOnce();
    expect(calls.takeFromProject).toHaveBeenCalledOnce();
    expect(calls.about).toHaveBeenCalledOnce();
    expect(calls.openRecent).toHaveBeenCalledExactlyOnceWith('h1');
    expect(calls.set.mock.calls).toEqual([[{ theme: 'light' }], [{ locale: 'zh-CN' }]]);
  });

  it('says so when there are no recent files', () => {
    expect(items(byId(menuTemplate(state(), actions()), 'open-recent'))).toEqual([
      { label: 'No recent projects', enabled: false },
    ]);
  });

  it('marks the theme and language in use', () => {
    const template = menuTemplate(state(), actions());
    const checked = all(template)
      .filter(({ checked: on }) => on)
      .map(({ id }) => id);
    expect(checked).toEqual(['theme-dark', 'language-system']);
  });

  it('reloads and opens developer tools only while developing', () => {
    const roles = (development: boolean) =>
      all(menuTemplate(state({ development }), actions())).map(({ role }) => role);
    expect(roles(true)).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']));
    expect(roles(false)).not.toContain('reload');
    expect(roles(false)).not.toContain('toggleDevTools');
  });

  it('has Quit and About where the system wants them, once', () => {
    const place = (platform: NodeJS.Platform, id: string) =>
      menuTemplate(state({ platform }), actions())
        .filter((menu) => items(menu).some((item) => item.id === id))
        .map((menu) => menu.id);
    expect([place('linux', 'quit'), place('win32', 'quit'), place('darwin', 'quit')]).toEqual([
      ['file'],
      ['file'],
      ['app'],
    ]);
    expect([place('linux', 'about'), place('darwin', 'about')]).toEqual([['help'], ['app']]);
  });

  it('gives no two items the same key', () => {
    const keys = all(menuTemplate(state(), actions())).flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('language', () => {
  it.each([
    ['system', ['zh-Hans-CN', 'en'], 'zh-CN'],
    ['system', ['zh'], 'zh-CN'],
    ['system', ['zh-TW'], 'zh-CN'],
    ['system', ['en-GB', 'zh-CN'], 'en'],
    ['system', ['fr'], 'en'],
    ['system', ['zhx'], 'en'],
    ['system', [], 'en'],
    ['en', ['zh-CN'], 'en'],
    ['zh-CN', ['en'], 'zh-CN'],
  ] as const)('setting %s on a system with %j shows %s', (setting, preferred, shown) => {
    expect(hostLocale(setting, preferred)).toBe(shown);
  });

  it('words failures that a person can act on, and no others', () => {
    expect(failureSentence('en', 'DISK_FULL')).toMatch(/disk is full/);
    expect(failureSentence('zh-CN', 'DISK_FULL')).toMatch(/磁盘已满/);
    expect(failureSentence('en', 'INTERNAL')).toBeNull();
    expect(failureSentence('en', 'toString')).toBeNull();
  });
});
