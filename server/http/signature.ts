// Whether a request was signed by the key of a device.
import { createPublicKey, verify } from 'node:crypto';
import { headers, signedText } from '../../shared/protocol/signature.ts';
import { digest } from '../identity/secrets.ts';

/** What stands before the 32 bytes of an Ed25519 key in the form that Node reads (RFC 8410). */
const keyHeader = Buffer.from('302a300506032b6570032100', 'hex');
const signatureBytes = 64;

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it was sent, with or without a query. */
  readonly url: string;
  /** The body, unpacked. */
  readonly bodyText: string;
}

/** `publicKey` are 32 bytes. [Y15] */
export function isSignedBy(publicKey: Buffer, request: SignedRequest): boolean {
  const sent = request.headers[headers.signature];
  if (typeof sent !== 'string' || publicKey.length !== 32) return false;
  const signature = Buffer.from(sent, 'base64url');
  if (signature.length !== signatureBytes) return false;
  const path = request.url.split('?', 1)[0] ?? '';
  const text = signedText({ path, body: request.bodyText }, digest);
  try {
    const key = createPublicKey({ key: Buffer.concat([keyHeader, publicKey]), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), key, signature);
  } catch {
    // 32 bytes that are no point of the curve.
    return false;
  }
}
