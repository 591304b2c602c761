// The form of a refresh token: which device, the secret of its family, and a secret of its own.
import { randomBytes } from 'node:crypto';
import { hashOf } from './secrets.ts';

const idBytes = 16;
const secretBytes = 32;

export interface RefreshToken {
  readonly deviceId: string;
  /** The same for all tokens of an enrolment. */
  readonly family: Buffer;
  readonly secret: Buffer;
}

export function freshRefreshToken(deviceId: string, family: Buffer = randomBytes(secretBytes)): RefreshToken {
  return { deviceId, family, secret: randomBytes(secretBytes) };
}

/** As one text that says nothing to the device. */
export function refreshTokenText({ deviceId, family, secret }: RefreshToken): string {
  return Buffer.concat([Buffer.from(deviceId.replaceAll('-', ''), 'hex'), family, secret]).toString('base64url');
}

/** The parts of a text, or null when it is no such token. */
export function parseRefreshToken(text: string): RefreshToken | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== idBytes + 2 * secretBytes || bytes.toString('base64url') !== text) return null;
  const hex = bytes.subarray(0, idBytes).toString('hex');
  return {
    deviceId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    family: bytes.subarray(idBytes, idBytes + secretBytes),
    secret: bytes.subarray(idBytes + secretBytes),
  };
}

export function hashesOf({ family, secret }: RefreshToken): { readonly family: Buffer; readonly secret: Buffer } {
  return { family: hashOf(family), secret: hashOf(secret) };
}
