// Which command opens the browser, on which system, and what happens when there is none.
import { expect, test } from 'vitest';
import { browserCommand, openBrowser } from './open-browser.ts';

const url = 'http://127.0.0.1:1234/?token=abc_-';

test.each([
  ['darwin', {}, { command: 'open', args: [url] }],
  ['win32', {}, { command: 'cmd.exe', args: ['/d', '/c', 'start', '""', url] }],
  ['linux', { DISPLAY: ':0' }, { command: 'xdg-open', args: [url] }],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, { command: 'xdg-open', args: [url] }],
  ['linux', { DISPLAY: '' }, null],
  ['linux', {}, null],
  ['freebsd', { DISPLAY: ':0' }, { command: 'xdg-open', args: [url] }],
] as const)('%s with %j', (platform, environment, expected) => {
  expect(browserCommand(url, platform, environment)).toEqual(expected);
});

test('a command that is not there is reported', async () => {
  const reason = await new Promise<string>((resolve) => {
    openBrowser({ command: 'no-such-browser-opener', args: [url] }, resolve);
  });
  expect(reason).toContain('no-such-browser-opener');
});
