import { z } from 'zod';
import { durationMs, id } from './fields.ts';
import { limits } from './limits.ts';

const text = z.string().min(1).max(limits.textLengthMax);

/** Joins a device with an invite code: at least 50 bits, as 11 letters and digits of base 32, and good for one use. [Y13] */
export const enrolRequestSchema = z.object({
  inviteCode: z
    .string()
    .transform((code) => code.toUpperCase().replaceAll(/[\s-]/g, ''))
    .pipe(z.string().regex(/^[0-9A-HJKMNP-TV-Z]{11,40}$/)),
  deviceName: text,
  /** Ed25519, as base64url of 32 bytes: what the device signs its entries with. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

/** An access token for some minutes, and what renews it. Both say nothing to the device. */
export const tokensSchema = z.object({ accessToken: text, refreshToken: text, expiresInMs: durationMs });

export const enrolAnswerSchema = z.object({
  deviceId: id,
  memberId: id,
  workspaceIds: z.array(id).max(limits.pageRowsMax),
  tokens: tokensSchema,
});

export const refreshRequestSchema = z.object({ refreshToken: text });
