// What the simulated main process and the driver that owns the browser say to each other, over Node's process channel.

/** The simulated app:// origin: Chromium knows no such scheme, and `.invalid` never resolves. */
export const SIMULATED_ORIGIN = 'https://app.overfit.invalid';
export const APP_ORIGIN = 'app://overfit';

export const toChromium = (url: string): string =>
  url.startsWith(`${APP_ORIGIN}/`) ? SIMULATED_ORIGIN + url.slice(APP_ORIGIN.length) : url;
export const fromChromium = (url: string): string =>
  url.startsWith(`${SIMULATED_ORIGIN}/`) ? APP_ORIGIN + url.slice(SIMULATED_ORIGIN.length) : url;

export interface MenuItemState {
  readonly id: string | null;
  readonly role: string | null;
  readonly label: string | null;
  readonly type: string;
  readonly enabled: boolean;
  readonly checked: boolean;
  readonly submenu: readonly MenuItemState[] | null;
}

export interface WindowFacts {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly backgroundColor: string | null;
  readonly preload: string;
  readonly webPreferences: Readonly<Record<string, unknown>>;
}

/** `text` is the codec's form of structured-clone data; it is carried through, not read. */
export type FromMain =
  | { readonly type: 'ready' }
  | { readonly type: 'window.create'; readonly window: number; readonly facts: WindowFacts }
  | { readonly type: 'window.load'; readonly window: number; readonly url: string }
  | { readonly type: 'window.show'; readonly window: number }
  | { readonly type: 'window.reload'; readonly window: number }
  | { readonly type: 'window.close'; readonly window: number }
  | {
      readonly type: 'ipc';
      readonly window: number;
      readonly channel: string;
      readonly text: string;
      readonly ports: readonly number[];
    }
  | { readonly type: 'port.message'; readonly window: number; readonly port: number; readonly text: string }
  | { readonly type: 'port.close'; readonly window: number; readonly port: number }
  | {
      readonly type: 'answer';
      readonly request: number;
      readonly blocked: boolean;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
    }
  | { readonly type: 'navigation.answer'; readonly request: number; readonly prevented: boolean }
  | {
      readonly type: 'dialog';
      readonly request: number;
      readonly kind: DialogKind;
      readonly options: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'menu'; readonly items: readonly MenuItemState[] }
  | { readonly type: 'theme'; readonly source: 'system' | 'light' | 'dark' }
  | { readonly type: 'about' }
  | { readonly type: 'second-instance'; readonly argv: readonly string[]; readonly folder: string };

export type ToMain =
  | {
      readonly type: 'ipc';
      readonly window: number;
      readonly url: string;
      readonly channel: string;
      readonly text: string;
    }
  | { readonly type: 'port.message'; readonly port: number; readonly text: string }
  | { readonly type: 'port.close'; readonly port: number }
  /** A new document: everything that the old one held is gone. */
  | { readonly type: 'document'; readonly window: number }
  | { readonly type: 'loaded'; readonly window: number; readonly error: string | null }
  | {
      readonly type: 'request';
      readonly request: number;
      readonly window: number;
      readonly url: string;
      readonly method: string;
    }
  | {
      readonly type: 'navigation';
      readonly request: number;
      readonly window: number;
      readonly url: string;
      readonly mainFrame: boolean;
    }
  | { readonly type: 'popup'; readonly window: number; readonly url: string }
  | { readonly type: 'dialog.answer'; readonly request: number; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly type: 'menu.click'; readonly path: readonly number[] }
  | { readonly type: 'gone'; readonly window: number; readonly reason: 'crashed' | 'clean-exit' }
  | { readonly type: 'close-window'; readonly window: number }
  | { readonly type: 'open-file'; readonly path: string }
  | { readonly type: 'second-instance'; readonly argv: readonly string[]; readonly folder: string }
  | { readonly type: 'quit' };

export type DialogKind = 'open' | 'save' | 'message' | 'error';
