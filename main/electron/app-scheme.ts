// The app's own origin, app://overfit: serves the built window from one folder, and nothing else, with the security headers.
import type { CustomScheme } from 'electron';
import { readPageFile } from '../node/page-files.ts';
import { securityHeaders } from '../node/page-headers.ts';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://overfit';
export const APP_URL = `${APP_ORIGIN}/index.html`;

/** Must be given to `protocol.registerSchemesAsPrivileged` before the app is ready. */
export const APP_SCHEME_REGISTRATION: CustomScheme = {
  scheme: APP_SCHEME,
  // `standard` gives it an origin and relative URLs, `secure` makes it a secure context; fetch is how WASM and modules load.
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

/** True for URLs of the app's own origin, by parsed scheme and host, never by prefix. */
export function isAppUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === `${APP_SCHEME}:` && `${parsed.protocol}//${parsed.host}` === APP_ORIGIN;
}

/** The window's own origin is all it talks to: its line to the services is a message port. */
const HEADERS = securityHeaders([]);

const refuse = (status: number) => new Response(null, { status, headers: HEADERS });

/**
 * What `protocol.handle('app', …)` answers with.
 * @param folder absolute path of the built window.
 */
export function serveAssets(folder: string): (request: Request) => Promise<Response> {
  return async ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return refuse(405);
    const file = isAppUrl(url) ? await readPageFile(folder, new URL(url).pathname) : null;
    if (file === null) return refuse(404);
    const headers = { ...HEADERS, 'Content-Type': file.type };
    return new Response(method === 'HEAD' ? null : new Uint8Array(file.bytes), { status: 200, headers });
  };
}
