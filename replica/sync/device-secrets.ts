// What a device has to keep to itself: the key that it signs with, and the token that renews its tokens.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { signedText } from '../../shared/protocol/signature.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { jsonIn } from './server-records.ts';

/** The secrets of one server on this computer. */
export interface DeviceSecrets {
  /** Ed25519, as base64url of PKCS #8. */
  readonly privateKey: string;
  readonly refreshToken: string;
  /** The invite that it joined with, as SHA-256 of the code. */
  readonly invite?: string;
}

const secretsSchema = z.object({
  privateKey: z.string(),
  refreshToken: z.string(),
  invite: z.string().exactOptional(),
});

/** null where there are none, or none that can be read. */
export async function readDeviceSecrets(store: SecretStore, serverId: string): Promise<DeviceSecrets | null> {
  const secrets = secretsSchema.safeParse(jsonIn(await store.read(secretName(serverId))));
  return secrets.success ? secrets.data : null;
}

export function keepDeviceSecrets(store: SecretStore, serverId: string, secrets: DeviceSecrets | null): Promise<void> {
  return store.write(secretName(serverId), secrets === null ? null : JSON.stringify(secrets));
}

/**
 * The key for joining with an invite. It is kept before it is sent: where the answer gets lost, or what follows on it, the
 * same invite is tried again with the same key, and a server that took it knows the device.
 */
export async function keyForInvite(store: SecretStore, code: string, serverIds: readonly string[]): Promise<KeyObject> {
  for (const serverId of serverIds) {
    const secrets = await readDeviceSecrets(store, serverId);
    if (secrets?.invite === inviteHash(code)) return privateKeyIn(secrets.privateKey);
  }
  const name = inviteName(code);
  const kept = await store.read(name);
  if (kept !== null) return privateKeyIn(kept);
  const { privateKey } = generateKeyPairSync('ed25519');
  await store.write(name, privateKeyText(privateKey));
  return privateKey;
}

export function forgetKeyForInvite(store: SecretStore, code: string): Promise<void> {
  return store.write(inviteName(code), null);
}

export function privateKeyIn(text: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(text, 'base64url'), format: 'der', type: 'pkcs8' });
}

export function privateKeyText(key: KeyObject): string {
  return key.export({ format: 'der', type: 'pkcs8' }).toString('base64url');
}

/** 32 bytes as base64url, as the wire has it. */
export function publicKeyText(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'jwk' }).x ?? '';
}

/** What proves that a request comes from the device itself. [Y15] */
export function signatureOf(key: KeyObject, request: { readonly path: string; readonly body: string }): string {
  return sign(null, Buffer.from(signedText(request, sha256)), key).toString('base64url');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function secretName(serverId: string): string {
  return `server/${serverId}`;
}

export function inviteHash(code: string): string {
  return sha256(code);
}

function inviteName(code: string): string {
  return `invite/${inviteHash(code)}`;
}
