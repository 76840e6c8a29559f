import { EventEmitter } from 'node:events';
import type { Session, WebContents } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { lockCommandLine, lockContents, lockSession, mayLoad } from './lockdown.ts';

type OnBeforeRequest = Parameters<Session['webRequest']['onBeforeRequest']>;
type BeforeRequest = (details: { url: string }, answer: (response: { cancel?: boolean }) => void) => void;

function lockedSession(development = false) {
  const handlers: { before?: BeforeRequest; request?: unknown; check?: unknown; device?: unknown } = {};
  const setSpellCheckerEnabled = vi.fn();
  lockSession(
    {
      setPermissionRequestHandler: (handler) => void (handlers.request = handler),
      setPermissionCheckHandler: (handler) => void (handlers.check = handler),
      setDevicePermissionHandler: (handler) => void (handlers.device = handler),
      setSpellCheckerEnabled,
      webRequest: {
        onBeforeRequest: (...args: unknown[]) => void (handlers.before = args.at(-1) as BeforeRequest),
      } as unknown as Session['webRequest'],
    },
    development,
  );
  return { handlers, setSpellCheckerEnabled };
}
const cancelled = (before: BeforeRequest | undefined, url: string) => {
  const answer = vi.fn();
  before?.({ url }, answer);
  expect(answer).toHaveBeenCalledTimes(1);
  return (answer.mock.calls[0]?.[0] as { cancel: boolean }).cancel;
};

describe('session', () => {
  it.each(['app://overfit/index.html', 'blob:app://overfit/5e0c', 'data:image/png;base64,AA=='])('loads %s', (url) => {
    expect(cancelled(lockedSession().handlers.before, url)).toBe(false);
  });

  it.each([
    'https://example.com/',
    'http://127.0.0.1:9000/',
    'ws://127.0.0.1/',
    'file:///etc/passwd',
    'ftp://example.com/',
    'app://overfit.example.com/',
    'blob:https://example.com/5e0c',
    'blob:app://overfit.example.com/5e0c',
    'data:text/html,<script></script>',
    'chrome-extension://abc/x.js',
    'devtools://devtools/bundled/inspector.html',
  ])('blocks %s', (url) => {
    expect(cancelled(lockedSession().handlers.before, url)).toBe(true);
  });

  it('loads the developer tools while developing, and still nothing from the network', () => {
    expect(mayLoad('devtools://devtools/bundled/inspector.html', true)).toBe(true);
    expect(mayLoad('https://example.com/', true)).toBe(false);
  });

  it('denies every permission and device, asked or checked, but the clipboard to its own page', () => {
    const { handlers } = lockedSession();
    type Answer = (granted: boolean) => void;
    const request = handlers.request as (
      c: null,
      p: string,
      answer: Answer,
      details: { requestingUrl: string },
    ) => void;
    const check = handlers.check as (c: null, permission: string, origin: string) => boolean;
    const granted = (permission: string, url: string): boolean[] => {
      const answer = vi.fn<Answer>();
      request(null, permission, answer, { requestingUrl: url });
      expect(answer).toHaveBeenCalledTimes(1);
      return [answer.mock.calls[0]?.[0] === true, check(null, permission, url)];
    };
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'fileSystem', 'unknown'])
      expect(granted(permission, 'app://overfit/')).toEqual([false, false]);
    expect(granted('clipboard-read', 'app://overfit/')).toEqual([true, true]);
    expect(granted('clipboard-read', 'app://overfit.example.com/')).toEqual([false, false]);
    expect(granted('clipboard-read', '')).toEqual([false, false]);
    expect((handlers.device as () => boolean)()).toBe(false);
  });

  it('switches off the spell checker, whose dictionaries are downloaded', () => {
    expect(lockedSession().setSpellCheckerEnabled).toHaveBeenCalledExactlyOnceWith(false);
  });

  it('filters no URL away from the check', () => {
    const onBeforeRequest = vi.fn<(...args: OnBeforeRequest) => void>();
    lockSession(
      {
        setPermissionRequestHandler: vi.fn(),
        setPermissionCheckHandler: vi.fn(),
        setDevicePermissionHandler: vi.fn(),
        setSpellCheckerEnabled: vi.fn(),
        webRequest: { onBeforeRequest } as unknown as Session['webRequest'],
      },
      false,
    );
    expect(onBeforeRequest.mock.calls[0]).toHaveLength(1);
  });
});

describe('pages', () => {
  function lockedContents() {
    const contents = new EventEmitter();
    const setWindowOpenHandler = vi.fn<WebContents['setWindowOpenHandler']>();
    lockContents(Object.assign(contents, { setWindowOpenHandler }) as unknown as WebContents);
    const prevented = (event: string, details: Readonly<Record<string, unknown>> = {}) => {
      const preventDefault = vi.fn();
      contents.emit(event, { ...details, preventDefault });
      return preventDefault.mock.calls.length > 0;
    };
    return { setWindowOpenHandler, prevented };
  }

  it('may not navigate anywhere, whatever the frame', () => {
    const { prevented } = lockedContents();
    for (const url of ['https://example.com/', 'file:///tmp/dropped.html', 'app://overfit/other.html', 'javascript:1'])
      for (const isMainFrame of [true, false])
        expect(prevented('will-frame-navigate', { url, isMainFrame }), url).toBe(true);
    expect(prevented('will-redirect')).toBe(true);
  });

  it('may reload the app’s own page, in the top frame only', () => {
    const { prevented } = lockedContents();
    expect(prevented('will-frame-navigate', { url: 'app://overfit/index.html', isMainFrame: true })).toBe(false);
    expect(prevented('will-frame-navigate', { url: 'app://overfit/index.html', isMainFrame: false })).toBe(true);
  });

  it('may not open windows', () => {
    const handler = lockedContents().setWindowOpenHandler.mock.calls[0]?.[0];
    expect(handler?.({ url: 'app://overfit/index.html' } as Parameters<typeof handler>[0])).toEqual({ action: 'deny' });
  });

  it('may not attach a webview', () => {
    expect(lockedContents().prevented('will-attach-webview')).toBe(true);
  });
});

it('keeps Chromium off the network: no name resolves, no updates, no pings, no proxy', () => {
  const appendSwitch = vi.fn();
  lockCommandLine({ appendSwitch });
  expect(appendSwitch.mock.calls).toEqual([
    ['disable-background-networking'],
    ['disable-component-update'],
    ['disable-domain-reliability'],
    ['no-pings'],
    ['no-proxy-server'],
    ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ]);
});
