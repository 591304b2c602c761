import type { Digest } from './body-hash.ts';

/** What every request carries beside its token. */
export const headers = {
  /** The version of the protocol that the device speaks. [Y2] */
  protocol: 'fuelgauge-protocol',
  /** Of the device's key, as base64url of 64 bytes: on pushes and on requests for leases. [Y15] */
  signature: 'fuelgauge-signature',
} as const;

/**
 * What a device signs with its Ed25519 key: a token that was copied sends nothing without the key. `path` is the path of
 * the request without its query, `body` the very text that is sent. [Y15]
 */
export function signedText(request: { readonly path: string; readonly body: string }, digest: Digest): string {
  return `fuelgauge\nPOST\n${request.path}\n${digest(request.body)}`;
}
