// Becoming a device of a server by an invite.
import type { KeyObject } from 'node:crypto';
import { ok, type Result } from '../../shared/kernel/result.ts';
import { enrolAnswerSchema, type EnrolAnswer } from '../../shared/protocol/identity.ts';
import type { Invite } from '../../shared/protocol/invite.ts';
import { routes } from '../../shared/protocol/routes.ts';
import { headers } from '../../shared/protocol/signature.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { inviteHash, keyForInvite, publicKeyText, signatureOf } from './device-secrets.ts';
import type { Endpoint } from './request.ts';
import { callUnknown, type CallFailure } from './server-client.ts';

/** What a server that let this computer in has said, and with which key it knows it. */
export interface Joined {
  readonly endpoint: Endpoint;
  readonly key: KeyObject;
  readonly deviceName: string;
  readonly answer: EnrolAnswer;
  /** As SHA-256 of its code; missing where it was let in otherwise. */
  readonly invite?: string;
}

/** Asks the server of an invite to let this computer in. Asked again with the same invite, it shows the same key. */
export async function enrol(
  secrets: SecretStore,
  given: { readonly invite: Invite; readonly deviceName: string; readonly serverIds: readonly string[] },
): Promise<Result<Joined, CallFailure>> {
  const { invite, deviceName, serverIds } = given;
  const key = await keyForInvite(secrets, invite.code, serverIds);
  const body = JSON.stringify({ inviteCode: invite.code, deviceName, publicKey: publicKeyText(key) });
  const signature = signatureOf(key, { path: routes.enrol, body });
  const endpoint = { address: invite.server, fingerprint: invite.fingerprint };
  const request = { method: 'POST', path: routes.enrol, body, headers: { [headers.signature]: signature } } as const;
  const answer = await callUnknown(endpoint, request, enrolAnswerSchema);
  if (!answer.ok) return answer;
  return ok({ endpoint, key, deviceName, answer: answer.value, invite: inviteHash(invite.code) });
}
