import { expect, it } from 'vitest';
import { named, ON_WINDOWS } from '../../test/config/skip.ts';
import { appFolder } from './app-folder.ts';

it.skipIf(ON_WINDOWS !== null).each([
  ['linux', {}, '/home/ada/.local/share/overfit-lab'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/overfit-lab'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/overfit-lab'],
  ['darwin', {}, '/home/ada/Library/Application Support/Overfit Lab'],
  ['win32', { APPDATA: '/roaming' }, '/roaming/Overfit Lab'],
  ['win32', {}, '/home/ada/AppData/Roaming/Overfit Lab'],
  ['linux', { OVERFIT_HOME: '/elsewhere', XDG_DATA_HOME: '/data' }, '/elsewhere'],
] as const)(named('is where the system wants it (%s, %o)', ON_WINDOWS), (platform, env, expected) => {
  expect(appFolder({ platform, env, home: '/home/ada' })).toBe(expected);
});
