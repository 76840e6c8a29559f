// What other pages, other programs and other users of the machine can get out of the loopback server: nothing.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { PROTOCOL, SOCKET_PATH, TOKEN_PROTOCOL_PREFIX } from '../../main/contract/browser-link.ts';
import { CLOSED_UNREADABLE } from '../../main/contract/rpc-socket.ts';
import { ask, SECRET_TEXT, sendRaw, startLoopback, type Answer, type Loopback } from './loopback.ts';

let lab: Loopback;
let port: number;
beforeAll(async () => {
  lab = await startLoopback({ messageBytes: 100_000 });
  port = lab.server.port;
});
afterAll(() => lab.dispose());

const own = () => `127.0.0.1:${port}`;
const page = () => `/?token=${lab.token}`;
async function cookie(): Promise<string> {
  const { headers } = await ask(port, page());
  const [value = ''] = (headers['set-cookie']?.[0] ?? '').split(';');
  return value;
}

function expectIsolated({ headers, body }: Answer): void {
  const policy = String(headers['content-security-policy']);
  expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
  expect(policy).toContain("frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|https?:|\*/);
  expect(headers).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  expect(headers['permissions-policy']).toContain('camera=()');
  expect(headers).not.toHaveProperty('access-control-allow-origin');
  expect(headers).not.toHaveProperty('x-powered-by');
  expect(body).not.toContain(lab.folder);
  expect(body).not.toContain(SECRET_TEXT);
}

describe('the page', () => {
  test('the printed link opens it and hands out a strict cookie, which then opens its files', async () => {
    const answer = await ask(port, page());
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expectIsolated(answer);
    const [setCookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(setCookie).toMatch(new RegExp(`^overfit-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`));
    expect(setCookie).not.toContain(lab.token);

    const script = await ask(port, '/assets/app.js', { Cookie: await cookie(), 'Sec-Fetch-Site': 'same-origin' });
    expect(script.status).toBe(200);
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expectIsolated(script);
    expect((await ask(port, '/', { Cookie: `other=1; ${await cookie()}`, 'Sec-Fetch-Site': 'none' })).status).toBe(200);
  });

  test('the token is 256 bits and new for every server', async () => {
    const other = await startLoopback();
    expect(Buffer.from(lab.token, 'base64url')).toHaveLength(32);
    expect(other.token).not.toBe(lab.token);
    await other.dispose();
  });

  test('HEAD has the headers and no body', async () => {
    const answer = await ask(port, page(), {}, 'HEAD');
    expect(answer).toMatchObject({ status: 200, body: '' });
    expectIsolated(answer);
  });

  test.each([
    ['no secret', '/', {}],
    ['no secret for a script', '/assets/app.js', {}],
    ['an empty token', '/?token=', {}],
    ['a wrong token', `/?token=${'A'.repeat(43)}`, {}],
    ['a wrong cookie', '/', { Cookie: 'PORT=AAAA' }],
    ['an odd cookie header', '/', { Cookie: ';;=;PORT;=PORT=' }],
  ])('refused: %s', async (_, path, headers) => {
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replaceAll('PORT', `overfit-${port}`)]),
    );
    const answer = await ask(port, path, filled);
    expect(answer.status).toBe(403);
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expectIsolated(answer);
  });

  test('refused: the token cut short, lengthened, in another case, or beside the right cookie', async () => {
    for (const token of [lab.token.slice(0, -1), `${lab.token}A`, lab.token.toUpperCase(), `%00${lab.token}`])
      expect((await ask(port, `/?token=${token}`, { Cookie: await cookie() })).status).toBe(403);
  });

  test.each(['cross-site', 'same-site'])('refused: the cookie used by a %s page', async (site) => {
    const answer = await ask(port, '/assets/app.js', { Cookie: await cookie(), 'Sec-Fetch-Site': site });
    expect(answer.status).toBe(403);
    expectIsolated(answer);
  });

  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.evil.example:PORT',
    '[::1]:PORT',
  ])('refused: the Host %j (rebound DNS)', async (host) => {
    const answer = await ask(port, page(), { Host: host.replace('PORT', String(port)) });
    expect(answer.status).toBe(403);
    expectIsolated(answer);
  });

  test('localhost is the same machine', async () => {
    expect((await ask(port, page(), { Host: `localhost:${port}` })).status).toBe(200);
  });
});

describe('files outside', () => {
  test.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/%2E%2E%2Fsecret.js',
    '/..%2fsecret.js',
    '/%252e%252e/secret.js',
    '/..%5csecret.js',
    '/..\\secret.js',
    '/assets/%2e%2e/%2e%2e/secret.js',
    '//secret.js',
    '/./../secret.js',
    '/%c0%ae%c0%ae/secret.js',
    '/secret.js%00.html',
    '/index.html%00',
    '/%',
    '/%zz',
    '/link.js',
    '/.hidden.js',
    '/notes.txt',
    '/assets',
    '/assets/',
    '/index.html/',
    '/index.html/x.js',
    '/__proto__',
    '/constructor',
    '/a.constructor',
    '/C:/secret.js',
    '/assets/app.js::$DATA',
  ])('%s is no file', async (path) => {
    const answer = await ask(port, path, { Cookie: await cookie() });
    expect(answer.status).toBe(404);
    expectIsolated(answer);
    expect(lab.defects).toEqual([]);
  });
});

describe('requests that are none', () => {
  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('%s is refused', async (method) => {
    const answer = await ask(port, page(), {}, method);
    expect(answer.status).toBe(405);
    expectIsolated(answer);
  });

  const answerOf = (raw: string): Answer => {
    const [head = '', body = ''] = raw.split('\r\n\r\n', 2);
    const [statusLine = '', ...lines] = head.split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
    );
    return { status: Number(statusLine.split(' ')[1]), headers, body };
  };

  test.each([
    ['no HTTP', 400, () => 'hello\r\n\r\n'],
    ['no Host', 403, () => `GET ${page()} HTTP/1.1\r\nConnection: close\r\n\r\n`],
    [
      'two Hosts',
      403,
      () => `GET ${page()} HTTP/1.1\r\nHost: ${own()}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    ],
    [
      "a proxy's request",
      400,
      () => `GET http://evil.example/ HTTP/1.1\r\nHost: ${own()}\r\nConnection: close\r\n\r\n`,
    ],
    ['content', 413, () => `GET ${page()} HTTP/1.1\r\nHost: ${own()}\r\nContent-Length: 5\r\n\r\nhello`],
    [
      'chunked content',
      413,
      () => `GET ${page()} HTTP/1.1\r\nHost: ${own()}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'an expectation',
      417,
      () => `GET ${page()} HTTP/1.1\r\nHost: ${own()}\r\nExpect: magic\r\nConnection: close\r\n\r\n`,
    ],
    [
      'headers beyond the limit',
      431,
      () => `GET ${page()} HTTP/1.1\r\nHost: ${own()}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    ],
    ['a path beyond the limit', 431, () => `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: ${own()}\r\n\r\n`],
  ])('%s gets %i', async (_, status, text) => {
    const answer = answerOf(await sendRaw(port, text()));
    expect(answer.status).toBe(status);
    expectIsolated(answer);
  });

  test('a tunnel request is dropped', async () => {
    expect(await sendRaw(port, `CONNECT evil.example:80 HTTP/1.1\r\nHost: ${own()}\r\n\r\n`)).not.toContain(' 200 ');
  });

  test('a connection whose headers never end is closed', async () => {
    const impatient = await startLoopback({ headersTimeoutMs: 100, requestTimeoutMs: 100, checkEveryMs: 20 });
    const answer = answerOf(await sendRaw(impatient.server.port, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '));
    expect(answer.status).toBe(408);
    expectIsolated(answer);
    await impatient.dispose();
  });

  test('connections beyond the limit are not accepted, and those within it still work', async () => {
    const small = await startLoopback({ connections: 1 });
    const first = new WebSocket(
      `ws://127.0.0.1:${small.server.port}${SOCKET_PATH}`,
      [PROTOCOL, TOKEN_PROTOCOL_PREFIX + small.token],
      {
        origin: `http://127.0.0.1:${small.server.port}`,
      },
    );
    await once(first, 'open');
    expect(await sendRaw(small.server.port, 'GET / HTTP/1.1\r\n\r\n')).toBe('');
    expect(first.readyState).toBe(WebSocket.OPEN);
    await small.dispose();
  });
});

describe('the contract over a WebSocket', () => {
  interface Attempt {
    readonly path?: string;
    readonly protocols?: readonly string[];
    readonly origin?: string | undefined;
    readonly headers?: Readonly<Record<string, string>>;
  }
  const attempt = (given: Attempt): WebSocket =>
    new WebSocket(
      `ws://127.0.0.1:${port}${given.path ?? SOCKET_PATH}`,
      [...(given.protocols ?? [PROTOCOL, TOKEN_PROTOCOL_PREFIX + lab.token])],
      {
        ...('origin' in given
          ? given.origin === undefined
            ? {}
            : { origin: given.origin }
          : { origin: `http://${own()}` }),
        headers: given.headers ?? {},
      },
    );
  const refusal = async (given: Attempt): Promise<Answer> => {
    const socket = attempt(given);
    socket.on('error', () => undefined);
    socket.on('open', () => {
      socket.terminate();
    });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  };

  test('own page and right token: open, and the token is not echoed', async () => {
    const before = lab.connected.length;
    const socket = attempt({});
    const [response] = (await once(socket, 'upgrade')) as [IncomingMessage];
    expect(JSON.stringify(response.headers)).not.toContain(lab.token);
    if (socket.readyState !== WebSocket.OPEN) await once(socket, 'open');
    expect(socket.protocol).toBe(PROTOCOL);
    expect(lab.connected).toHaveLength(before + 1);
    socket.close();
    await once(socket, 'close');
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a file', { origin: 'file://' }],
    ['no origin', { origin: undefined }],
    ['an origin that only starts like ours', { origin: 'http://127.0.0.1:PORT.evil.example' }],
    ['https instead of http', { origin: 'https://127.0.0.1:PORT' }],
    ['the other name of this machine', { origin: 'http://localhost:PORT' }],
    ['a rebound name', { origin: 'http://evil.example:PORT', headers: { Host: 'evil.example:PORT' } }],
    ['no protocol', { protocols: [] }],
    ['no token', { protocols: [PROTOCOL] }],
    ['an empty token', { protocols: [PROTOCOL, 'overfit.token.x'] }],
    ['a wrong token', { protocols: [PROTOCOL, TOKEN_PROTOCOL_PREFIX + 'A'.repeat(43)] }],
  ] as [string, Attempt][])('refused: %s', async (_, given) => {
    const fill = (text: string) => text.replace('PORT', String(port));
    const before = lab.connected.length;
    const answer = await refusal({
      ...given,
      ...('origin' in given ? { origin: given.origin === undefined ? undefined : fill(given.origin) } : {}),
      headers: Object.fromEntries(Object.entries(given.headers ?? {}).map(([name, value]) => [name, fill(value)])),
    });
    expect(answer.status).toBe(403);
    expectIsolated(answer);
    expect(lab.connected).toHaveLength(before);
  });

  test('refused: the cookie or the token in the link instead of the protocol', async () => {
    const headers = { Cookie: await cookie() };
    const path = `${SOCKET_PATH}?token=${lab.token}`;
    expect((await refusal({ path, protocols: [PROTOCOL], headers })).status).toBe(403);
  });

  test('refused: another path', async () => {
    const answer = await refusal({ path: '/other' });
    expect(answer.status).toBe(404);
    expectIsolated(answer);
  });

  test.each([
    ['text that is no message', '{"type"', CLOSED_UNREADABLE],
    ['bytes', Buffer.from([1, 2, 3]), CLOSED_UNREADABLE],
    ['a message over the limit', 'x'.repeat(100_001), 1009],
  ])('%s ends the connection', async (_, message, code) => {
    const socket = attempt({});
    await once(socket, 'open');
    const closed = new Promise<void>((resolve) => {
      lab.connected.at(-1)?.onClose(resolve);
    });
    socket.send(message);
    const [received] = (await once(socket, 'close')) as [number];
    expect(received).toBe(code);
    await closed;
  });

  test('closing the server ends its connections', async () => {
    const other = await startLoopback();
    const socket = new WebSocket(
      `ws://127.0.0.1:${other.server.port}${SOCKET_PATH}`,
      [PROTOCOL, TOKEN_PROTOCOL_PREFIX + other.token],
      { origin: `http://127.0.0.1:${other.server.port}` },
    );
    await once(socket, 'open');
    const closed = once(socket, 'close') as Promise<[number]>;
    await other.dispose();
    expect((await closed)[0]).toBe(1001);
  });

  test('closing the server does not wait for a page that never answers', async () => {
    const other = await startLoopback({ goodbyeMs: 50 });
    const socket = new WebSocket(
      `ws://127.0.0.1:${other.server.port}${SOCKET_PATH}`,
      [PROTOCOL, TOKEN_PROTOCOL_PREFIX + other.token],
      { origin: `http://127.0.0.1:${other.server.port}` },
    );
    await once(socket, 'open');
    socket.pause();
    await other.dispose();
    socket.terminate();
  });
});
