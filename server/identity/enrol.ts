// A device joins, and renews its tokens from then on.
import { v7 as uuidv7 } from 'uuid';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { Database, Transaction } from '../database/database.ts';
import { accessTokenMs, type AccessTokens, type TokenClaims } from './access-tokens.ts';
import {
  freshRefreshToken,
  hashesOf,
  parseRefreshToken,
  refreshTokenText,
  type RefreshToken,
} from './refresh-token.ts';
import { hashOf, isSame } from './secrets.ts';
import type { Standings } from './standing.ts';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInMs: number;
}

export interface Enrolled {
  readonly claims: TokenClaims;
  readonly tokens: Tokens;
}

export interface EnrolGiven {
  readonly inviteCode: string;
  readonly deviceName: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Buffer;
  /** The request was signed by that key: only then may an invite that this very key has used answer again. */
  readonly signed: boolean;
  readonly program: string | null;
}

export interface Doorkeeper {
  readonly database: Database;
  readonly accessTokens: AccessTokens;
  readonly standings: Standings;
}

/** How long a device may stay away before it needs a new invite. */
const refreshDays = 90;
/** Answers that got lost in a row; the oldest of their tokens is given up. */
const givenMax = 8;

/** Uses an invite up. An unknown, used, withdrawn or expired code is all the same to who tries it. */
export async function enrol(
  { database, accessTokens }: Doorkeeper,
  given: EnrolGiven,
): Promise<Result<Enrolled, 'bad-invite'>> {
  const enrolled = await database.asServer((transaction) => useInvite(transaction, given));
  if (!enrolled) return err('bad-invite');
  return ok(await withTokens(accessTokens, enrolled));
}

interface InviteUse {
  readonly organisation_id: string;
  readonly person_id: string;
  readonly used_by_device: string | null;
}

async function useInvite(transaction: Transaction, given: EnrolGiven): Promise<AddedDevice | null> {
  const { query } = transaction;
  // The row is locked: of two devices that use one code at once, the second one finds it used.
  const { rows } = await query<InviteUse>(
    `SELECT i.organisation_id, i.person_id, i.used_by_device
      FROM invite i JOIN person p ON p.id = i.person_id
      WHERE i.code_hash = $1 AND i.withdrawn_at IS NULL AND i.expires_at > now() AND p.active
      FOR UPDATE OF i`,
    [hashOf(given.inviteCode)],
  );
  const [invite] = rows;
  if (!invite) return null;
  const { organisation_id: organisationId, person_id: personId } = invite;
  if (invite.used_by_device !== null) {
    const claims = { organisationId, personId, deviceId: invite.used_by_device };
    return given.signed ? addedBefore(transaction, claims, { ...given, until: 'end' }) : null;
  }
  const added = await addDevice(transaction, { ...given, organisationId, personId });
  await query('UPDATE invite SET used_at = now(), used_by_device = $2 WHERE code_hash = $1', [
    hashOf(given.inviteCode),
    added.claims.deviceId,
  ]);
  return added;
}

/** A device that was let in, and what renews its tokens. */
export interface AddedDevice {
  readonly claims: TokenClaims;
  readonly refreshToken: RefreshToken;
}

/** Adds a device of a person. */
export async function addDevice(
  transaction: Transaction,
  given: {
    readonly organisationId: string;
    readonly personId: string;
    readonly deviceName: string;
    /** Ed25519, 32 bytes. */
    readonly publicKey: Buffer;
    readonly program: string | null;
  },
): Promise<AddedDevice> {
  const { organisationId, personId, deviceName, publicKey, program } = given;
  const claims = { organisationId, personId, deviceId: uuidv7() };
  await transaction.query(
    'INSERT INTO device (organisation_id, id, person_id, name, public_key, program) VALUES ($1, $2, $3, $4, $5, $6)',
    [organisationId, claims.deviceId, personId, deviceName, publicKey, program],
  );
  return { claims, refreshToken: await beginFamily(transaction, claims) };
}

/**
 * Answers a device again whose answer got lost; null where another key asks, or it may not be used any more.
 * `until` first-use: once it has renewed its tokens it has its answer.
 */
export async function addedBefore(
  transaction: Transaction,
  claims: TokenClaims,
  given: { readonly publicKey: Buffer; readonly until: 'first-use' | 'end' },
): Promise<AddedDevice | null> {
  const isTheirs = await belongsTo(transaction, claims.deviceId, given);
  return isTheirs ? { claims, refreshToken: await beginFamily(transaction, claims) } : null;
}

/**
 * Whether a device has that key and may be used. How far it came with the answer before, only the device knows: its process
 * may have ended at any moment since. Its tokens begin anew, so that a copy of its key and the device itself do not both go
 * on unseen.
 */
async function belongsTo(
  { query }: Transaction,
  deviceId: string,
  { publicKey, until }: { readonly publicKey: Buffer; readonly until: 'first-use' | 'end' },
): Promise<boolean> {
  const { rowCount } = await query(
    `SELECT FROM device d JOIN person p ON p.id = d.person_id JOIN refresh_family f ON f.device_id = d.id
      WHERE d.id = $1 AND d.public_key = $2 AND d.revoked_at IS NULL AND p.active AND ($3 OR f.used_hash IS NULL)`,
    [deviceId, publicKey, until === 'end'],
  );
  return rowCount === 1;
}

async function beginFamily({ query }: Transaction, claims: TokenClaims): Promise<RefreshToken> {
  const token = freshRefreshToken(claims.deviceId);
  const hashes = hashesOf(token);
  await query(
    `INSERT INTO refresh_family (organisation_id, device_id, family_hash, given_hashes, expires_at)
      VALUES ($1, $2, $3, ARRAY[$4::bytea], now() + $5 * interval '1 day')
      ON CONFLICT (device_id) DO UPDATE SET family_hash = excluded.family_hash, used_hash = NULL,
        given_hashes = excluded.given_hashes, renewed_at = now(), expires_at = excluded.expires_at`,
    [claims.organisationId, claims.deviceId, hashes.family, hashes.secret, refreshDays],
  );
  return token;
}

interface FamilyRow {
  readonly organisation_id: string;
  readonly person_id: string;
  readonly family_hash: Buffer;
  readonly used_hash: Buffer | null;
  readonly given_hashes: readonly Buffer[];
  readonly expired: boolean;
  readonly barred: boolean;
}

type Renewal =
  | { readonly kind: 'renewed'; readonly claims: TokenClaims; readonly refreshToken: RefreshToken }
  | { readonly kind: 'unauthenticated' | 'revoked' }
  | { readonly kind: 'copied'; readonly organisationId: string; readonly personId: string };

/**
 * New tokens for a refresh token. The one that was shown holds until one of those given for it is used, since answers get
 * lost; whoever shows one that was replaced for good has a copy, and the device is revoked.
 */
export async function renewTokens(
  { database, accessTokens, standings }: Doorkeeper,
  given: { readonly refreshToken: string; readonly program: string | null },
): Promise<Result<Tokens, 'unauthenticated' | 'revoked'>> {
  const token = parseRefreshToken(given.refreshToken);
  if (!token) return err('unauthenticated');
  const renewal = await database.asServer((transaction) => renew(transaction, token, given.program));
  switch (renewal.kind) {
    case 'unauthenticated':
    case 'revoked':
      return err(renewal.kind);
    case 'copied':
      await standings.tell({ organisationId: renewal.organisationId, personId: renewal.personId });
      return err('revoked');
    case 'renewed':
      return ok(await tokensOf(accessTokens, renewal.claims, renewal.refreshToken));
  }
}

async function renew(transaction: Transaction, shown: RefreshToken, program: string | null): Promise<Renewal> {
  const { query } = transaction;
  const hashes = hashesOf(shown);
  const { rows } = await query<FamilyRow>(
    `SELECT f.organisation_id, d.person_id, f.family_hash, f.used_hash, f.given_hashes,
        f.expires_at <= now() AS expired, d.revoked_at IS NOT NULL OR NOT p.active AS barred
      FROM refresh_family f JOIN device d ON d.id = f.device_id JOIN person p ON p.id = d.person_id
      WHERE f.device_id = $1 FOR UPDATE OF f`,
    [shown.deviceId],
  );
  const [family] = rows;
  if (!family || !isSame(family.family_hash, hashes.family)) return { kind: 'unauthenticated' };
  if (family.barred) return { kind: 'revoked' };
  if (family.expired) return { kind: 'unauthenticated' };
  const { organisation_id: organisationId, person_id: personId } = family;
  const isGiven = family.given_hashes.some((hash) => isSame(hash, hashes.secret));
  const isUsed = family.used_hash !== null && isSame(family.used_hash, hashes.secret);
  if (!isGiven && !isUsed) {
    await query(`UPDATE device SET revoked_at = now(), revoked_reason = 'token-reuse' WHERE id = $1`, [shown.deviceId]);
    return { kind: 'copied', organisationId, personId };
  }
  const refreshToken = freshRefreshToken(shown.deviceId, shown.family);
  // The first use of one that was given ends all others.
  const still = isGiven ? [] : family.given_hashes.slice(-(givenMax - 1));
  await query(
    `UPDATE refresh_family SET used_hash = $2, given_hashes = $3::bytea[], renewed_at = now(),
        expires_at = now() + $4 * interval '1 day' WHERE device_id = $1`,
    [shown.deviceId, hashes.secret, [...still, hashesOf(refreshToken).secret], refreshDays],
  );
  await query('UPDATE device SET last_seen_at = now(), program = coalesce($2, program) WHERE id = $1', [
    shown.deviceId,
    program,
  ]);
  return { kind: 'renewed', claims: { organisationId, personId, deviceId: shown.deviceId }, refreshToken };
}

/** A device with the tokens that it is told. */
export async function withTokens(accessTokens: AccessTokens, { claims, refreshToken }: AddedDevice): Promise<Enrolled> {
  return { claims, tokens: await tokensOf(accessTokens, claims, refreshToken) };
}

async function tokensOf(accessTokens: AccessTokens, claims: TokenClaims, refreshToken: RefreshToken): Promise<Tokens> {
  return {
    accessToken: await accessTokens.sign(claims),
    refreshToken: refreshTokenText(refreshToken),
    expiresInMs: accessTokenMs,
  };
}
