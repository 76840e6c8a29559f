// Every word that the desktop host itself shows: menu, native dialogs, crash notices. The window has its own catalogue.
import type { ErrorCode } from '../contract/errors.ts';
import type { Settings } from '../contract/shapes.ts';

const en = {
  appName: 'Overfit Lab',
  file: 'File',
  new: 'New Project',
  open: 'Open…',
  openRecent: 'Open Recent',
  noRecent: 'No recent projects',
  saveAs: 'Save As…',
  take: 'Take from Another Project…',
  quit: 'Quit',
  edit: 'Edit',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select All',
  view: 'View',
  reload: 'Reload',
  developerTools: 'Developer Tools',
  actualSize: 'Actual Size',
  zoomIn: 'Zoom In',
  zoomOut: 'Zoom Out',
  fullScreen: 'Full Screen',
  theme: 'Theme',
  themeSystem: 'Same as System',
  themeLight: 'Light',
  themeDark: 'Dark',
  language: 'Language',
  languageSystem: 'Same as System',
  help: 'Help',
  about: 'About Overfit Lab',
  hide: 'Hide Overfit Lab',
  hideOthers: 'Hide Others',
  showAll: 'Show All',
  projectFiles: 'Overfit Lab projects',
  openTitle: 'Open a project',
  saveTitle: 'Save the project as',
  exportTitle: 'Export the run as',
  importTitle: 'Import data',
  dataFiles: 'Data files',
  allFiles: 'All files',
  pythonFiles: 'Python scripts',
  onnxFiles: 'ONNX models',
  safetensorsFiles: 'safetensors files',
  csvFiles: 'CSV tables',
  npzFiles: 'NumPy arrays',
  replaceQuestion: 'A file with this name already exists. Replace it?',
  replace: 'Replace',
  cancel: 'Cancel',
  close: 'Close',
  failed: 'That did not work',
  goneTitle: 'The window stopped working',
  goneDetail: 'Nothing is lost: runs go on, and everything is stored. Reason: ',
  goneReload: 'Reload the Window',
  closeFailed: 'Not everything could be stored while quitting',
} as const;

export type HostMessages = { readonly [K in keyof typeof en]: string };
export type HostLocale = 'en' | 'zh-CN';

const zhCN: HostMessages = {
  appName: 'Overfit Lab',
  file: '文件',
  new: '新建项目',
  open: '打开…',
  openRecent: '打开最近的项目',
  noRecent: '没有最近的项目',
  saveAs: '另存为…',
  take: '从另一个项目取用…',
  quit: '退出',
  edit: '编辑',
  undo: '撤销',
  redo: '重做',
  cut: '剪切',
  copy: '复制',
  paste: '粘贴',
  selectAll: '全选',
  view: '视图',
  reload: '重新加载',
  developerTools: '开发者工具',
  actualSize: '实际大小',
  zoomIn: '放大',
  zoomOut: '缩小',
  fullScreen: '全屏',
  theme: '主题',
  themeSystem: '跟随系统',
  themeLight: '浅色',
  themeDark: '深色',
  language: '语言',
  languageSystem: '跟随系统',
  help: '帮助',
  about: '关于 Overfit Lab',
  hide: '隐藏 Overfit Lab',
  hideOthers: '隐藏其他',
  showAll: '全部显示',
  projectFiles: 'Overfit Lab 项目',
  openTitle: '打开项目',
  saveTitle: '项目另存为',
  exportTitle: '将运行导出为',
  importTitle: '导入数据',
  dataFiles: '数据文件',
  allFiles: '所有文件',
  pythonFiles: 'Python 脚本',
  onnxFiles: 'ONNX 模型',
  safetensorsFiles: 'safetensors 文件',
  csvFiles: 'CSV 表格',
  npzFiles: 'NumPy 数组',
  replaceQuestion: '已存在同名文件。要替换它吗？',
  replace: '替换',
  cancel: '取消',
  close: '关闭',
  failed: '操作未能完成',
  goneTitle: '窗口已停止工作',
  goneDetail: '没有丢失任何内容：训练仍在继续，一切均已保存。原因：',
  goneReload: '重新加载窗口',
  closeFailed: '退出时未能保存全部内容',
};

export const hostMessages: Readonly<Record<HostLocale, HostMessages>> = { en, 'zh-CN': zhCN };

/** What a person can do something about. Other failures show their own message. */
type WordedCode = Extract<
  ErrorCode,
  | 'FILE_NOT_FOUND'
  | 'FILE_FOREIGN'
  | 'FILE_DAMAGED'
  | 'FILE_ACCESS'
  | 'FILE_IN_USE'
  | 'FILE_EXISTS'
  | 'DISK_FULL'
  | 'READ_ONLY'
>;

const failures: Readonly<Record<HostLocale, Readonly<Record<WordedCode, string>>>> = {
  en: {
    FILE_NOT_FOUND: 'The file is not there any more. It may have been moved or deleted.',
    FILE_FOREIGN: 'This file is not an Overfit Lab project.',
    FILE_DAMAGED: 'This file is damaged, and nothing in it could be read. It was not changed.',
    FILE_ACCESS: 'The file could not be read or written. Check its permissions and those of its folder.',
    FILE_IN_USE: 'Another program has this file open. Close it there, or choose another name.',
    FILE_EXISTS: 'A file with this name already exists. Choose another name.',
    DISK_FULL: 'The disk is full. Free some space and try again.',
    READ_ONLY: 'This project is open for reading only. Save it under another name to change it.',
  },
  'zh-CN': {
    FILE_NOT_FOUND: '文件已不存在，可能已被移动或删除。',
    FILE_FOREIGN: '此文件不是 Overfit Lab 项目。',
    FILE_DAMAGED: '此文件已损坏，无法读取其中任何内容。文件未被更改。',
    FILE_ACCESS: '无法读取或写入该文件。请检查文件及其文件夹的权限。',
    FILE_IN_USE: '另一个程序正在使用该文件。请在那里关闭它，或另选文件名。',
    FILE_EXISTS: '已存在同名文件。请另选文件名。',
    DISK_FULL: '磁盘已满。请释放一些空间后重试。',
    READ_ONLY: '此项目以只读方式打开。要修改它，请另存为其他名称。',
  },
};

/** A sentence for `code` in the reader's language, or null when the failure has only its own words. */
export function failureSentence(locale: HostLocale, code: string): string | null {
  const table: Readonly<Record<string, string>> = failures[locale];
  return Object.hasOwn(table, code) ? (table[code] ?? null) : null;
}

/**
 * The language to show.
 * @param preferred the system's languages as BCP 47 tags, best first. Every Chinese gets 简体中文, anything else English.
 */
export function hostLocale(setting: Settings['locale'], preferred: readonly string[]): HostLocale {
  if (setting !== 'system') return setting;
  return /^zh\b/i.test(preferred[0] ?? '') ? 'zh-CN' : 'en';
}
