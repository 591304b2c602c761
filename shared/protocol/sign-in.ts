import { z } from 'zod';
import { durationMs, id } from './fields.ts';
import { meAnswerSchema, tokensSchema } from './identity.ts';
import { limits } from './limits.ts';

/**
 * Joining without an invite: the server asks its identity provider for a code (RFC 8628), the person enters it on a page of
 * the provider, and the device asks the server how it went. What the provider answers stays on the server. [Y17]
 */

const text = z.string().min(1).max(limits.textLengthMax);
const publicKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** By which word of the provider people are known: an address that it has verified, or its own name for the account. */
export const signInNames = ['email', 'subject'] as const;
export type SignInName = (typeof signInNames)[number];

/** What a server tells everybody of itself: whether people sign in there, and with what; null where they do not. */
export const aboutSchema = z.object({
  signIn: z.object({ provider: z.string().min(1).max(120), by: z.enum(signInNames) }).nullable(),
});

/** Begins one for a new device; signed by its key, which all that follows is bound to. [Y15] */
export const signInRequestSchema = z.object({
  deviceName: text,
  /** Ed25519, as base64url of 32 bytes. */
  publicKey,
  /** What this computer was on this server before: one that was revoked needs an invite. */
  formerDeviceId: id.exactOptional(),
});

export const signInStartedSchema = z.object({
  /** A secret of this sign-in: 32 bytes as base64url. */
  signInId: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** What the person enters at the provider. */
  userCode: z.string().min(1).max(64),
  /** The page where they do. */
  page: text,
  /** The same with the code in it, where the provider has such a page. */
  pageWithCode: text.nullable(),
  expiresInMs: durationMs,
  pollAfterMs: durationMs,
});

/** Asks how it went; signed by the same key. */
export const signInPollSchema = z.object({ signInId: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

/** Why nobody was let in. Each is final: a new sign-in has to be begun. */
export const signInRefusals = [
  /** The person, or the provider, said no. */
  'denied',
  /** The time is over, it was used, or the server does not know of it. */
  'expired',
  /** The provider knows the person, and nobody of that name may come in here. */
  'unknown-person',
  /** The provider did not say an address that it has verified. */
  'no-verified-address',
  /** The person is no longer active here. */
  'person-left',
  /** Another account of the provider has been this person here before. */
  'other-account',
  /** This computer was revoked: only an invite brings it back. */
  'device-revoked',
  /** What the provider said proves nothing: wrong signature, issuer, audience or time. */
  'untrusted',
] as const;
export type SignInRefusal = (typeof signInRefusals)[number];

export const signInAnswerSchema = z.discriminatedUnion('kind', [
  /** `silent`: the provider does not answer just now; it is asked again. */
  z.object({ kind: z.literal('waiting'), pollAfterMs: durationMs, provider: z.enum(['answers', 'silent']) }),
  z.object({ kind: z.literal('joined'), me: meAnswerSchema, tokens: tokensSchema }),
  z.object({
    kind: z.literal('refused'),
    why: z.enum(signInRefusals),
    /** As whom the provider signed the person in, for them to tell an admin; null where that is not known. */
    signedInAs: z.string().max(limits.textLengthMax).nullable(),
  }),
]);
export type SignInAnswer = z.output<typeof signInAnswerSchema>;
