import { z } from 'zod';
import { durationMs, id } from './fields.ts';
import { limits } from './limits.ts';

const text = z.string().min(1).max(limits.textLengthMax);

/** What a person may do in the whole organisation; what in one workspace follows from its own history. */
export const organisationRoles = ['company-admin', 'team-lead', 'member', 'guest', 'visitor'] as const;
export type OrganisationRole = (typeof organisationRoles)[number];

/**
 * Joins a device with an invite code: at least 50 bits, as 11 letters and digits of base 32, and good for one device. A
 * request may be sent again as long as the invite lasts, signed by the same key: it is the same device then. [Y13]
 */
export const enrolRequestSchema = z.object({
  inviteCode: z
    .string()
    .transform((code) => code.toUpperCase().replaceAll(/[\s-]/g, ''))
    .pipe(z.string().regex(/^[0-9A-HJKMNP-TV-Z]{11,40}$/)),
  deviceName: text,
  /** Ed25519, as base64url of 32 bytes: what the device signs its requests with. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

/** An access token for some minutes, and what renews it. Both say nothing to the device. */
export const tokensSchema = z.object({ accessToken: text, refreshToken: text, expiresInMs: durationMs });

export const refreshRequestSchema = z.object({ refreshToken: text });

/** Who a device speaks for, and what they may open. `memberId` is the member of that workspace's own history. */
export const meAnswerSchema = z.object({
  organisation: z.object({ id, name: text }),
  person: z.object({ id, name: text, role: z.enum(organisationRoles) }),
  deviceId: id,
  workspaces: z
    .array(z.object({ id, name: text, access: z.enum(organisationRoles), memberId: id.nullable() }))
    .max(limits.pageRowsMax),
});
export type MeAnswer = z.output<typeof meAnswerSchema>;

export const enrolAnswerSchema = z.object({ me: meAnswerSchema, tokens: tokensSchema });
export type EnrolAnswer = z.output<typeof enrolAnswerSchema>;

/** Makes an empty workspace on the server, for a history that is pushed next. Once more does nothing. */
export const publishRequestSchema = z.object({ id, name: text });
export const publishAnswerSchema = z.object({ id });
