import { expect, it } from 'vitest';
import { appFolder } from './app-folder.ts';

it.skipIf(process.platform === 'win32').each([
  ['linux', {}, '/home/ada/.local/share/overfit-lab'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/overfit-lab'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/overfit-lab'],
  ['darwin', {}, '/home/ada/Library/Application Support/Overfit Lab'],
  ['win32', { APPDATA: '/roaming' }, '/roaming/Overfit Lab'],
  ['win32', {}, '/home/ada/AppData/Roaming/Overfit Lab'],
  ['linux', { OVERFIT_HOME: '/elsewhere', XDG_DATA_HOME: '/data' }, '/elsewhere'],
] as const)('is where the system wants it (%s, %o)', (platform, env, expected) => {
  expect(appFolder({ platform, env, home: '/home/ada' })).toBe(expected);
});
