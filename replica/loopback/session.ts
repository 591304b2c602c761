// Who may talk to the loopback server: a page that was opened with a one-time token, or a program with the API token.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface LoopbackSession {
  /** For programs of the same person, which read it from a file of mode 0600. Lives as long as the server. */
  readonly apiToken: string;
  /** A token that opens one page, once. */
  issuePageToken(): string;
  /** Spends `token`: true once for each issued one. */
  redeemPageToken(token: string): boolean;
  /** The value of the `Set-Cookie` header that lets the page in. */
  pageCookie(): string;
  hasPageCookie(cookieHeader: string | undefined): boolean;
  isApiToken(token: string | undefined): boolean;
}

/** More would only pile up when addresses are asked for and never opened; the oldest goes first. */
const PAGE_TOKENS_MAX = 32;

const SECRET_BYTES = 32;

/**
 * `port` becomes a part of the cookie's name: cookies do not tell ports of one host apart, and two data directories
 * may be open at once. `randomToken` gives a new secret at each call.
 */
export function createLoopbackSession(port: number, randomToken: () => string = randomSecret): LoopbackSession {
  const apiToken = randomToken();
  const pageSecret = randomToken();
  const cookieName = `fuelgauge-${port}`;
  const pageTokens: string[] = [];

  return {
    apiToken,
    issuePageToken() {
      const token = randomToken();
      pageTokens.push(token);
      if (pageTokens.length > PAGE_TOKENS_MAX) pageTokens.shift();
      return token;
    },
    redeemPageToken(token) {
      // All are compared, so that the time taken says nothing about which one was near.
      const matches = pageTokens.map((issued) => equalInConstantTime(issued, token));
      const index = matches.indexOf(true);
      if (index < 0) return false;
      pageTokens.splice(index, 1);
      return true;
    },
    pageCookie() {
      return `${cookieName}=${pageSecret}; HttpOnly; SameSite=Strict; Path=/`;
    },
    hasPageCookie(cookieHeader) {
      const value = cookieValue(cookieHeader ?? '', cookieName);
      return value !== undefined && equalInConstantTime(pageSecret, value);
    },
    isApiToken(token) {
      return token !== undefined && equalInConstantTime(apiToken, token);
    },
  };
}

function randomSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** Compares hashes, which have one length: the comparison tells neither where two secrets differ nor how long one is. */
function equalInConstantTime(expected: string, given: string): boolean {
  return timingSafeEqual(createHash('sha256').update(expected).digest(), createHash('sha256').update(given).digest());
}

function cookieValue(cookieHeader: string, name: string): string | undefined {
  for (const pair of cookieHeader.split(';')) {
    const separator = pair.indexOf('=');
    if (separator >= 0 && pair.slice(0, separator).trim() === name) return pair.slice(separator + 1).trim();
  }
  return undefined;
}
