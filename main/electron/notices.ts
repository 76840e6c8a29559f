// Native message boxes for what happens outside the window: a menu action that failed, a window whose process died.
import type { BaseWindow, Dialog, RenderProcessGoneDetails } from 'electron';
import { LabError } from '../contract/errors.ts';
import { failureSentence, hostMessages, type HostLocale } from './menu-messages.ts';

export interface Notices {
  /** @param title what could not be done. */
  failed(error: unknown, title?: string): Promise<void>;
  /** @returns true when the person wants the window back. */
  windowGone(reason: RenderProcessGoneDetails['reason']): Promise<boolean>;
}

export function nativeNotices(
  dialog: Pick<Dialog, 'showMessageBox'>,
  parent: () => BaseWindow | null,
  locale: () => HostLocale,
): Notices {
  const show = (options: Parameters<Dialog['showMessageBox']>[0] & { message: string }) => {
    const window = parent();
    return window === null ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options);
  };
  return {
    async failed(error, title) {
      const language = locale();
      const messages = hostMessages[language];
      const sentence = error instanceof LabError ? failureSentence(language, error.code) : null;
      const own = error instanceof Error ? error.message : String(error);
      await show({
        type: 'error',
        message: title ?? messages.failed,
        // The file's name is in the error's own words.
        detail: sentence === null ? own : `${sentence}\n${own}`,
        buttons: [messages.close],
      });
    },
    async windowGone(reason) {
      const messages = hostMessages[locale()];
      const { response } = await show({
        type: 'error',
        message: messages.goneTitle,
        detail: messages.goneDetail + reason,
        buttons: [messages.goneReload, messages.quit],
        defaultId: 0,
        cancelId: 1,
      });
      return response === 0;
    },
  };
}
