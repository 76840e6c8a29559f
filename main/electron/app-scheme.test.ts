import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { securityHeaders } from '../node/page-headers.ts';
import { APP_SCHEME_REGISTRATION, APP_URL, isAppUrl, serveAssets } from './app-scheme.ts';

let base: string;
let folder: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'overfit-assets-'));
  folder = join(base, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  mkdirSync(join(base, 'renderer-secrets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'index-B_k9~.js'), 'export {}');
  writeFileSync(join(folder, 'assets', 'kernel.wasm'), Uint8Array.of(0, 97, 115, 109));
  writeFileSync(join(folder, 'notes.txt'), 'not part of the window');
  writeFileSync(join(base, 'secret.js'), 'secret');
  writeFileSync(join(base, 'renderer-secrets', 'secret.js'), 'secret');
});
afterAll(() => rmSync(base, { recursive: true }));

const get = (url: string, method = 'GET') => serveAssets(folder)(new Request(url, { method }));

describe('isAppUrl', () => {
  it.each([APP_URL, 'app://overfit/', 'app://overfit/a?b#c'])('accepts %s', (url) => {
    expect(isAppUrl(url)).toBe(true);
  });
  it.each([
    'app://other/index.html',
    'app://overfit.example.com/',
    'app://overfit:8080/',
    'https://overfit/',
    'file:///index.html',
    'app:overfit',
    'about:blank',
    'data:text/html,app://overfit/',
    'nonsense',
    '',
  ])('refuses %s', (url) => {
    expect(isAppUrl(url)).toBe(false);
  });
});

describe('app:// protocol', () => {
  it('is standard and secure, and never bypasses the content security policy', () => {
    expect(APP_SCHEME_REGISTRATION).toEqual({
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    });
  });

  it.each([
    ['app://overfit/', 'text/html; charset=utf-8'],
    ['app://overfit/index.html', 'text/html; charset=utf-8'],
    ['app://overfit/index.html?x=1', 'text/html; charset=utf-8'],
    ['app://overfit/assets/index-B_k9~.js', 'text/javascript; charset=utf-8'],
    ['app://overfit/assets/kernel.wasm', 'application/wasm'],
  ])('serves %s as %s', async (url, type) => {
    const response = await get(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
  });

  it('serves the file’s own bytes', async () => {
    expect(new Uint8Array(await (await get('app://overfit/assets/kernel.wasm')).arrayBuffer())).toEqual(
      Uint8Array.of(0, 97, 115, 109),
    );
  });

  it.each([
    'app://overfit/../secret.js',
    'app://overfit/..%2fsecret.js',
    'app://overfit/%2e%2e/secret.js',
    'app://overfit/%2e%2e%2fsecret.js',
    'app://overfit/assets/..%2f..%2fsecret.js',
    'app://overfit/..%5csecret.js',
    'app://overfit/..%2frenderer-secrets/secret.js',
    'app://overfit/C:%5csecret.js',
    'app://overfit/index.html%00.js',
    'app://overfit/%zz.js',
    'app://overfit//etc/passwd.js',
    'app://overfit/missing.js',
    'app://overfit/assets',
    'app://overfit/assets/',
    'app://overfit/index.html/x.js',
    'app://overfit/notes.txt',
    `app://overfit/${'a'.repeat(5000)}.js`,
    'app://other/index.html',
  ])('answers 404 with an empty body to %s', async (url) => {
    const response = await get(url);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  });

  it.each(['POST', 'PUT', 'DELETE'])('refuses %s', async (method) => {
    expect((await get(APP_URL, method)).status).toBe(405);
  });

  it('answers HEAD without a body', async () => {
    const response = await get(APP_URL, 'HEAD');
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it.each([APP_URL, 'app://overfit/missing.js', 'app://other/'])('sends every security header with %s', async (url) => {
    const { headers } = await get(url);
    for (const [name, value] of Object.entries(securityHeaders([]))) expect(headers.get(name)).toBe(value);
  });

  it('isolates the page and allows no inline script, no eval and no other origin', () => {
    const headers = securityHeaders([]);
    expect(headers).toMatchObject({
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'X-Content-Type-Options': 'nosniff',
    });
    const policy = new Map(
      (headers['Content-Security-Policy'] ?? '').split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources] as const;
      }),
    );
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(policy.get('connect-src')).toEqual(["'self'"]);
    expect(headers['Content-Security-Policy']).not.toMatch(/'unsafe-|https?:|\*/);
  });
});
