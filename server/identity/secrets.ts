// Secrets that are told once and kept as hashes.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Of letters and digits that are not mistaken for each other: 5 bits each. [Y13] */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 12;

/** 60 bits, in groups: `7KQ2-M3XD-9PTV`. */
export function freshInviteCode(): string {
  const code = [...randomBytes(codeLength)].map((byte) => letters[byte % letters.length]).join('');
  return code.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** SHA-256: enough for secrets with this many random bits, which nobody can try one by one. */
export function hashOf(secret: string | Buffer): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Takes the same time wherever two hashes differ. */
export function isSame(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/** SHA-256 of a text as hexadecimal, as the protocol takes it. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
