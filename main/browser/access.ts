// Who may talk to the loopback server: a secret in the link, a Host that cannot be rebound, an Origin that is our own page.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { PROTOCOL, TOKEN_PROTOCOL_PREFIX } from '../contract/browser-link.ts';

/** 256 bits, base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Compares digests, so that neither the content nor the length of the secret shows in the time it takes. */
export function sameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

/** The used part of a request's headers. */
export interface RequestFacts {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly cookie: string | undefined;
  readonly fetchSite: string | undefined;
  readonly offeredProtocols: string | undefined;
  readonly query: URLSearchParams;
}

export type Verdict = 'granted' | 'wrong_host' | 'wrong_origin' | 'wrong_secret';

/**
 * The link's token opens everything. The cookie opens only the page's files: browsers send cookies to every port of the
 * machine, so its value must not be worth stealing for another local server.
 */
export class Access {
  readonly token: string;
  readonly #cookieSecret: string;
  readonly #port: number;

  constructor(port: number, token = newSecret(), cookieSecret = newSecret()) {
    this.#port = port;
    this.token = token;
    this.#cookieSecret = cookieSecret;
  }

  /** `Set-Cookie`; the name holds the port because cookies of all ports share one jar. */
  get cookie(): string {
    return `${this.#cookieName}=${this.#cookieSecret}; Path=/; HttpOnly; SameSite=Strict`;
  }

  get #cookieName(): string {
    return `overfit-${this.#port}`;
  }

  /** A request for the page or one of its files. */
  judgePage(request: RequestFacts): Verdict {
    if (!this.#isOwnHost(request.host)) return 'wrong_host';
    const token = request.query.get('token');
    if (token !== null) return sameSecret(token, this.token) ? 'granted' : 'wrong_secret';
    // Other ports of this machine are the same "site" and get the cookie sent along: they may not use it.
    if (!['same-origin', 'none', undefined].includes(request.fetchSite)) return 'wrong_origin';
    return this.#cookies(request.cookie).some((value) => sameSecret(value, this.#cookieSecret))
      ? 'granted'
      : 'wrong_secret';
  }

  /** A WebSocket that wants to speak the contract: the token is among the offered subprotocols. */
  judgeSocket(request: RequestFacts): Verdict {
    if (!this.#isOwnHost(request.host)) return 'wrong_host';
    if (request.origin !== `http://${request.host}`) return 'wrong_origin';
    const offered = (request.offeredProtocols ?? '').split(',').map((protocol) => protocol.trim());
    const tokens = offered.filter((x) => x.startsWith(TOKEN_PROTOCOL_PREFIX));
    const known = tokens.some((x) => sameSecret(x.slice(TOKEN_PROTOCOL_PREFIX.length), this.token));
    return known && offered.includes(PROTOCOL) ? 'granted' : 'wrong_secret';
  }

  #isOwnHost(host: string | undefined): host is string {
    return host === `127.0.0.1:${this.#port}` || host === `localhost:${this.#port}`;
  }

  #cookies(header: string | undefined): string[] {
    const prefix = `${this.#cookieName}=`;
    return (header ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(prefix))
      .map((pair) => pair.slice(prefix.length));
  }
}
