// Access tokens: signed with a key of the server, good for ten minutes, looked up nowhere.
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, type CryptoKey, type JWK } from 'jose';
import { z } from 'zod';
import { assert } from '../../shared/kernel/assert.ts';
import type { Database, Transaction } from '../database/database.ts';

/** Whom a token is for. */
export interface TokenClaims {
  readonly organisationId: string;
  readonly personId: string;
  readonly deviceId: string;
}

export interface AccessTokens {
  readonly sign: (claims: TokenClaims) => Promise<string>;
  /** Whose it is; null for one that was not made here, or has ended. */
  readonly verify: (token: string) => Promise<TokenClaims | null>;
}

export const accessTokenMs = 10 * 60_000;
/** A key signs for this long and is then replaced; its tokens are believed until the last has ended. */
const keyDays = 30;
const issuer = 'fuelgauge';
/** Clocks of several servers differ a little. */
const toleranceSeconds = 10;
/** A key that another server made since is looked for at most this often. */
const reloadMsMin = 5_000;
/** A burst of requests carries the same token: its signature is checked once. */
const rememberedMax = 10_000;

interface Keys {
  readonly signing: { readonly id: string; readonly key: CryptoKey; readonly replaceAfter: number };
  readonly byId: ReadonlyMap<string, CryptoKey>;
}

export function openAccessTokens(database: Database): AccessTokens {
  let loading: Promise<Keys> | undefined;
  let loadedAt = 0;
  const remembered = new Map<string, { readonly claims: TokenClaims; readonly until: number }>();

  const load = (): Promise<Keys> => {
    loadedAt = Date.now();
    loading = database.asServer(readKeys).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  const keyOf = async (id: string): Promise<CryptoKey | undefined> => {
    const known = (await (loading ?? load())).byId.get(id);
    if (known || Date.now() - loadedAt < reloadMsMin) return known;
    return (await load()).byId.get(id);
  };

  return {
    sign: async (claims) => {
      let keys = await (loading ?? load());
      if (keys.signing.replaceAfter < Date.now() && Date.now() - loadedAt >= reloadMsMin) keys = await load();
      return new SignJWT({ org: claims.organisationId, per: claims.personId })
        .setProtectedHeader({ alg: 'EdDSA', kid: keys.signing.id })
        .setIssuer(issuer)
        .setSubject(claims.deviceId)
        .setIssuedAt()
        .setExpirationTime(Math.floor((Date.now() + accessTokenMs) / 1_000))
        .sign(keys.signing.key);
    },
    verify: async (token) => {
      const before = remembered.get(token);
      if (before) return before.until > Date.now() ? before.claims : null;
      const verified = await verifyToken(token, keyOf);
      if (!verified) return null;
      if (remembered.size >= rememberedMax) remembered.clear();
      remembered.set(token, verified);
      return verified.claims;
    },
  };
}

const payloadSchema = z.object({ sub: z.uuid(), org: z.uuid(), per: z.uuid(), exp: z.int() });

async function verifyToken(
  token: string,
  keyOf: (id: string) => Promise<CryptoKey | undefined>,
): Promise<{ readonly claims: TokenClaims; readonly until: number } | null> {
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await keyOf(kid);
        if (!key) throw new UnknownKey();
        return key;
      },
      { issuer, algorithms: ['EdDSA'], clockTolerance: toleranceSeconds },
    );
    const { sub, org, per, exp } = payloadSchema.parse(payload);
    const claims = { deviceId: sub, organisationId: org, personId: per };
    return { claims, until: (exp + toleranceSeconds) * 1_000 };
  } catch (error) {
    // A database that does not answer is no reason to call a token wrong.
    if (error instanceof UnknownKey || isTokenFailure(error)) return null;
    throw error;
  }
}

class UnknownKey extends Error {}

function isTokenFailure(error: unknown): boolean {
  return (
    error instanceof z.ZodError || (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J'))
  );
}

interface KeyRow {
  readonly id: string;
  readonly public_jwk: JWK;
  readonly private_jwk: JWK;
  readonly replace_after_ms: number;
}

/** The keys that tokens may still be signed with, after making the next one where it is due. */
async function readKeys(transaction: Transaction): Promise<Keys> {
  // Several servers that start at once make one key between them.
  await transaction.query('SELECT pg_advisory_xact_lock(4605123878)');
  await transaction.query(
    `UPDATE signing_key SET retired_at = now() WHERE retired_at IS NULL AND created_at < now() - $1 * interval '1 day'`,
    [keyDays],
  );
  const { rowCount } = await transaction.query('SELECT FROM signing_key WHERE retired_at IS NULL');
  if (rowCount === 0) await makeKey(transaction);
  const { rows } = await transaction.query<KeyRow>(
    `SELECT id, public_jwk, private_jwk,
        (extract(epoch FROM created_at + $1 * interval '1 day') * 1000)::float8 AS replace_after_ms
      FROM signing_key
      WHERE retired_at IS NULL OR retired_at > now() - interval '1 hour'
      ORDER BY retired_at NULLS FIRST, created_at DESC`,
    [keyDays],
  );
  const [present] = rows;
  assert(present, 'A key was just made where there was none.');
  const byId = new Map<string, CryptoKey>();
  for (const row of rows) byId.set(row.id, await imported(row.public_jwk));
  return {
    signing: { id: present.id, key: await imported(present.private_jwk), replaceAfter: present.replace_after_ms },
    byId,
  };
}

async function makeKey({ query }: Transaction): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  await query('INSERT INTO signing_key (id, public_jwk, private_jwk) VALUES ($1, $2, $3)', [
    randomUUID(),
    await exportJWK(publicKey),
    await exportJWK(privateKey),
  ]);
}

async function imported(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'EdDSA');
  assert(!(key instanceof Uint8Array), 'A key of Ed25519 is no shared secret.');
  return key;
}
