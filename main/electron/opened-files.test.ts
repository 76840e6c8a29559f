import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { fileArgument } from './opened-files.ts';

it.each([
  [['/opt/electron', '.'], null],
  [['/opt/app', 'study.overfit'], resolve('/home/a', 'study.overfit')],
  [['/opt/app', '/data/Study.OVERFIT'], '/data/Study.OVERFIT'],
  [['/opt/app', '--allow-file-access-from-files', '../b.overfit', '--flag'], resolve('/home/b.overfit')],
  [['/opt/app', 'a.overfit', 'b.overfit'], resolve('/home/a', 'b.overfit')],
  [['/opt/app', '--out=x.overfit'], null],
  [['/opt/app', 'notes.txt', 'overfit'], null],
  [[], null],
])('of %j is %s', (args, path) => {
  expect(fileArgument(args, '/home/a')).toBe(path);
});
