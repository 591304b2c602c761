// What a page of Fuelgauge may load and talk to, as one header, for both shells.
import { assert } from '../kernel/assert.ts';

export interface ContentSecurityPolicyOptions {
  /** Base64 (either alphabet) of at least 128 random bits, new for every page: the mark of trusted style tags. */
  readonly nonce: string;
  /**
   * Origins besides the page's own that it may connect to, such as `ws://127.0.0.1:4711`. Not every browser counts the
   * WebSocket of the same host as `'self'`.
   */
  readonly connectOrigins?: readonly string[];
}

const NONCE_PATTERN = /^[A-Za-z0-9+/_-]{22,}={0,2}$/;
const ORIGIN_PATTERN = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.:[\]-]+$/;

/**
 * The value of the `Content-Security-Policy` header: nothing but the app's own files, no inline script, and inline
 * style only under the nonce. A malformed nonce or origin is a bug, since it could add directives of its own.
 */
export function contentSecurityPolicy({ nonce, connectOrigins = [] }: ContentSecurityPolicyOptions): string {
  assert(NONCE_PATTERN.test(nonce), 'The nonce of a page is Base64 of at least 128 bits.');
  for (const origin of connectOrigins) {
    assert(ORIGIN_PATTERN.test(origin), `Not an origin that a page may connect to: ${origin}`);
  }
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `connect-src ${["'self'", ...connectOrigins].join(' ')}`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/** The headers that every answer of either shell carries, whatever is in its body. Names are in lower case. */
export function securityHeaders(options: ContentSecurityPolicyOptions): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(options),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}
