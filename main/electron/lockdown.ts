// Everything a page of ours may not do: navigate, open windows, embed, ask for permissions (but for the clipboard's text), reach the network.
import type { CommandLine, Session, WebContents } from 'electron';
import { APP_ORIGIN, APP_URL, isAppUrl } from './app-scheme.ts';

/**
 * Stops Chromium's own traffic before it starts (updates, pings, proxy discovery) and any name from resolving,
 * because the app makes no network request at all. Before the app is ready.
 */
export function lockCommandLine(commandLine: Pick<CommandLine, 'appendSwitch'>): void {
  commandLine.appendSwitch('disable-background-networking');
  commandLine.appendSwitch('disable-component-update');
  commandLine.appendSwitch('disable-domain-reliability');
  commandLine.appendSwitch('no-pings');
  commandLine.appendSwitch('no-proxy-server');
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/** Local bytes of our own origin, and the developer tools' own pages while developing. */
export function mayLoad(url: string, development: boolean): boolean {
  if (isAppUrl(url) || url.startsWith(`blob:${APP_ORIGIN}/`) || url.startsWith('data:image/')) return true;
  return development && URL.parse(url)?.protocol === 'devtools:';
}

type LockedSession = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setSpellCheckerEnabled'
  | 'webRequest'
>;

export function lockSession(session: LockedSession, development: boolean): void {
  // The paste button: our own page may ask for the clipboard's text, which pasting by keys gives it without asking.
  const mayHave = (permission: string, url: string): boolean => permission === 'clipboard-read' && isAppUrl(url);
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(mayHave(permission, requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) => mayHave(permission, requestingOrigin));
  session.setDevicePermissionHandler(() => false);
  // Its dictionaries are downloaded.
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(url, development) }));
}

/** For every page that ever comes to be (`web-contents-created`), so that none is forgotten. */
export function lockContents(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  // Covers every frame and every way to navigate (links, scripts, dropped files); the app's page may only reload itself.
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || event.url !== APP_URL) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
