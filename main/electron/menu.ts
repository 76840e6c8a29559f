// The application menu as data: what it holds on each system and in each language, and which action each item asks for.
import type { MenuItemConstructorOptions } from 'electron';
import type { Output } from '../contract/methods.ts';
import type { Settings } from '../contract/shapes.ts';
import type { HostMessages } from './menu-messages.ts';

export interface MenuState {
  readonly messages: HostMessages;
  readonly platform: NodeJS.Platform;
  readonly settings: Settings;
  readonly recent: Output<'project.recent'>;
  readonly development: boolean;
}

export interface MenuActions {
  newProject(): void;
  openProject(): void;
  openRecent(handle: string): void;
  saveProjectAs(): void;
  takeFromProject(): void;
  set(change: Partial<Settings>): void;
  about(): void;
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };

function recentItems({ messages, recent }: MenuState, actions: MenuActions): MenuItemConstructorOptions[] {
  if (recent.length === 0) return [{ label: messages.noRecent, enabled: false }];
  // A name is text, not a mnemonic: `&` would be eaten.
  return recent.map(({ handle, name, location }) => ({
    label: `${name} — ${location}`.replaceAll('&', '&&'),
    click: () => actions.openRecent(handle),
  }));
}

function fileMenu(state: MenuState, actions: MenuActions): MenuItemConstructorOptions {
  const { messages, platform } = state;
  return {
    id: 'file',
    label: messages.file,
    submenu: [
      { id: 'new', label: messages.new, accelerator: 'CmdOrCtrl+N', click: () => actions.newProject() },
      { id: 'open', label: messages.open, accelerator: 'CmdOrCtrl+O', click: () => actions.openProject() },
      { id: 'open-recent', label: messages.openRecent, submenu: recentItems(state, actions) },
      SEPARATOR,
      {
        id: 'save-as',
        label: messages.saveAs,
        accelerator: 'CmdOrCtrl+Shift+S',
        click: () => actions.saveProjectAs(),
      },
      {
        id: 'take',
        label: messages.take,
        accelerator: 'CmdOrCtrl+Shift+O',
        click: () => actions.takeFromProject(),
      },
      ...(platform === 'darwin'
        ? []
        : [SEPARATOR, { id: 'quit', label: messages.quit, role: 'quit', accelerator: 'CmdOrCtrl+Q' } as const]),
    ],
  };
}

function editMenu({ messages }: MenuState): MenuItemConstructorOptions {
  return {
    id: 'edit',
    label: messages.edit,
    submenu: [
      { role: 'undo', label: messages.undo },
      { role: 'redo', label: messages.redo },
      SEPARATOR,
      { role: 'cut', label: messages.cut },
      { role: 'copy', label: messages.copy },
      { role: 'paste', label: messages.paste },
      { role: 'selectAll', label: messages.selectAll },
    ],
  };
}

function viewMenu({ messages, settings, development }: MenuState, actions: MenuActions): MenuItemConstructorOptions {
  const theme = (value: Settings['theme'], label: string): MenuItemConstructorOptions => ({
    id: `theme-${value}`,
    label,
    type: 'radio',
    checked: settings.theme === value,
    click: () => actions.set({ theme: value }),
  });
  const language = (value: Settings['locale'], label: string): MenuItemConstructorOptions => ({
    id: `language-${value}`,
    label,
    type: 'radio',
    checked: settings.locale === value,
    click: () => actions.set({ locale: value }),
  });
  return {
    id: 'view',
    label: messages.view,
    submenu: [
      ...(development
        ? ([
            { role: 'reload', label: messages.reload },
            { role: 'toggleDevTools', label: messages.developerTools },
            SEPARATOR,
          ] as const)
        : []),
      { role: 'resetZoom', label: messages.actualSize },
      { role: 'zoomIn', label: messages.zoomIn },
      { role: 'zoomOut', label: messages.zoomOut },
      { role: 'togglefullscreen', label: messages.fullScreen },
      SEPARATOR,
      {
        label: messages.theme,
        submenu: [
          theme('system', messages.themeSystem),
          theme('light', messages.themeLight),
          theme('dark', messages.themeDark),
        ],
      },
      {
        label: messages.language,
        // A language is named in itself, so that whoever needs it can find it.
        submenu: [
          language('system', messages.languageSystem),
          language('en', 'English'),
          language('zh-CN', '简体中文'),
        ],
      },
    ],
  };
}

function appMenu({ messages }: MenuState, actions: MenuActions): MenuItemConstructorOptions {
  return {
    id: 'app',
    label: messages.appName,
    submenu: [
      { id: 'about', label: messages.about, click: () => actions.about() },
      SEPARATOR,
      { role: 'hide', label: messages.hide },
      { role: 'hideOthers', label: messages.hideOthers },
      { role: 'unhide', label: messages.showAll },
      SEPARATOR,
      { id: 'quit', label: messages.quit, role: 'quit' },
    ],
  };
}

/** macOS keeps About and Quit in the application's own menu; the other systems in Help and File. */
export function menuTemplate(state: MenuState, actions: MenuActions): MenuItemConstructorOptions[] {
  const everywhere = [fileMenu(state, actions), editMenu(state), viewMenu(state, actions)];
  if (state.platform === 'darwin') return [appMenu(state, actions), ...everywhere];
  const { help, about } = state.messages;
  return [
    ...everywhere,
    { id: 'help', label: help, submenu: [{ id: 'about', label: about, click: () => actions.about() }] },
  ];
}
