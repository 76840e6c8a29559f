import type { BaseWindow, Dialog } from 'electron';
import { expect, it, vi } from 'vitest';
import { LabError } from '../contract/errors.ts';
import type { HostLocale } from './menu-messages.ts';
import { nativeNotices } from './notices.ts';

const window = { id: 1 } as BaseWindow;
function notices(locale: HostLocale, parent: BaseWindow | null = window, response = 0) {
  const showMessageBox = vi.fn<(...args: unknown[]) => unknown>().mockResolvedValue({ response });
  return {
    showMessageBox,
    notices: nativeNotices(
      { showMessageBox } as unknown as Pick<Dialog, 'showMessageBox'>,
      () => parent,
      () => locale,
    ),
  };
}

it('says a failure in the reader’s language, with the file in its own words', async () => {
  const { notices: native, showMessageBox } = notices('zh-CN');
  await native.failed(new LabError('FILE_FOREIGN', '/a/b.overfit is no project.'));
  expect(showMessageBox).toHaveBeenCalledExactlyOnceWith(window, {
    type: 'error',
    message: '操作未能完成',
    detail: '此文件不是 Overfit Lab 项目。\n/a/b.overfit is no project.',
    buttons: ['关闭'],
  });
});

it.each([
  [new Error('unforeseen'), 'unforeseen'],
  ['text', 'text'],
  [new LabError('INTERNAL', 'report 7'), 'report 7'],
])('shows the own words of %s', async (error, detail) => {
  const { notices: native, showMessageBox } = notices('en', null);
  await native.failed(error);
  expect(showMessageBox.mock.calls[0]?.[0]).toMatchObject({ message: 'That did not work', detail });
});

it.each([
  [0, true],
  [1, false],
])('offers to reload a window whose process died (answer %i)', async (response, reload) => {
  const { notices: native, showMessageBox } = notices('en', window, response);
  expect(await native.windowGone('oom')).toBe(reload);
  expect(showMessageBox.mock.calls[0]?.[1]).toMatchObject({
    detail: expect.stringMatching(/Nothing is lost.*oom$/) as unknown,
    buttons: ['Reload the Window', 'Quit'],
    cancelId: 1,
  });
});
