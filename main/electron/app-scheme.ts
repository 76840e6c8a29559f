// The app's own origin, app://overfit: serves the built window from one folder, and nothing else, with the security headers.
import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { CustomScheme } from 'electron';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://overfit';
export const APP_URL = `${APP_ORIGIN}/index.html`;

/** Must be given to `protocol.registerSchemesAsPrivileged` before the app is ready. */
export const APP_SCHEME_REGISTRATION: CustomScheme = {
  scheme: APP_SCHEME,
  // `standard` gives it an origin and relative URLs, `secure` makes it a secure context; fetch is how WASM and modules load.
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

/** `default-src 'none'` first; every source that the window needs is named. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  // Both together make the page cross-origin isolated, so that it may use SharedArrayBuffer.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Origin-Agent-Cluster': '?1',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), usb=(), serial=(), bluetooth=(), payment=(), display-capture=()',
  // An update replaces the files under the same names.
  'Cache-Control': 'no-store',
};

/** What a built window is made of. A file of another kind is not part of it and is not served. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** True for URLs of the app's own origin, by parsed scheme and host, never by prefix. */
export function isAppUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === `${APP_SCHEME}:` && `${parsed.protocol}//${parsed.host}` === APP_ORIGIN;
}

/**
 * The file that a URL names inside `folder`.
 * @returns null when it names anything else: another origin, a path out of the folder, an unknown kind of file.
 */
export function assetFile(folder: string, url: string): { readonly path: string; readonly contentType: string } | null {
  if (!isAppUrl(url)) return null;
  let pathname: string;
  try {
    pathname = decodeURIComponent(new URL(url).pathname);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
  // A decoded separator, drive letter or NUL can only come from an attempt to leave the folder.
  if (/[\\:\0]/.test(pathname)) return null;
  const path = join(folder, pathname === '/' ? 'index.html' : pathname);
  if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return null;
  const contentType = Object.entries(CONTENT_TYPES).find(([extension]) => extension === extname(path).toLowerCase());
  return contentType === undefined ? null : { path, contentType: contentType[1] };
}

const refuse = (status: number) => new Response(null, { status, headers: SECURITY_HEADERS });
const MISSING: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'];

/**
 * What `protocol.handle('app', …)` answers with.
 * @param folder absolute path of the built window.
 */
export function serveAssets(folder: string): (request: Request) => Promise<Response> {
  return async ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return refuse(405);
    const file = assetFile(folder, url);
    if (file === null) return refuse(404);
    try {
      const bytes = new Uint8Array(await readFile(file.path));
      const headers = { ...SECURITY_HEADERS, 'Content-Type': file.contentType };
      return new Response(method === 'HEAD' ? null : bytes, { status: 200, headers });
    } catch (error) {
      if (error instanceof Error && 'code' in error && MISSING.includes(error.code)) return refuse(404);
      throw error;
    }
  };
}
