// Sign-ins that are under way: a device begins one, the person signs in at the provider, and the device asks how it went.
// All of it lies in the database, so that any process answers; the provider is asked outside of transactions.
import { randomBytes } from 'node:crypto';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { signInRefusals, type SignInRefusal } from '../../shared/protocol/sign-in.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { AccessTokens } from '../identity/access-tokens.ts';
import { addDevice, addedBefore, withTokens, type AddedDevice, type Enrolled } from '../identity/enrol.ts';
import { hashOf } from '../identity/secrets.ts';
import { admit, nameOf, type AdmissionRules } from './admit.ts';
import type { Account, DeviceCode, IdentityProvider, Progress, ProviderProblem } from './provider.ts';

export interface SignInOptions {
  readonly database: Database;
  readonly accessTokens: AccessTokens;
  readonly provider: IdentityProvider;
  readonly rules: AdmissionRules;
  /** null: the only organisation that there is. */
  readonly organisationId: string | null;
  /** Told in a word why the provider cannot be used, or was not believed. */
  readonly onProblem: (code: string) => void;
}

export interface SignInGiven {
  readonly deviceName: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Buffer;
  readonly program: string | null;
  /** What the computer was here before; null for a new one. */
  readonly formerDeviceId: string | null;
}

/** What the device is told of the code, without the provider's own secret. */
export interface StartedSignIn extends Omit<DeviceCode, 'deviceCode' | 'intervalMs'> {
  readonly signInId: string;
  readonly pollAfterMs: number;
}

export type BeginProblem =
  | ProviderProblem['kind']
  /** So many people sign in just now that nobody else may begin. */
  | 'too-many'
  /** The server has several organisations, and nobody said whose people sign in. */
  | 'no-organisation';

export type SignInStep =
  | { readonly kind: 'waiting'; readonly pollAfterMs: number; readonly provider: 'answers' | 'silent' }
  | { readonly kind: 'joined'; readonly enrolled: Enrolled }
  | { readonly kind: 'refused'; readonly why: SignInRefusal; readonly signedInAs: string | null };

export interface SignIns {
  readonly begin: (given: SignInGiven) => Promise<Result<StartedSignIn, BeginProblem>>;
  /** How it stands. `isSigned` says whether the request was signed by a key: by another one than began it is an error. */
  readonly step: (
    signInId: string,
    isSigned: (publicKey: Buffer) => boolean,
  ) => Promise<Result<SignInStep, 'other-key'>>;
}

/** All of a server together: each makes work for the provider until it ends. */
const openMax = 1_000;
/** Longer than the provider may take to answer: meanwhile nobody else asks for the same sign-in. */
const askingMs = 45_000;
/** RFC 8628 §3.5. */
const slowDownMs = 5_000;
const intervalMsMax = 60_000;

export function openSignIns(options: SignInOptions): SignIns {
  const { database, accessTokens, provider, onProblem } = options;
  return {
    begin: async (given) => {
      const organisationId = await database.asServer((transaction) => organisationOf(transaction, options));
      if (organisationId === null) return err('no-organisation');
      if ((await database.asServer(openSignInCount)) >= openMax) return err('too-many');
      const begun = await provider.begin();
      if (!begun.ok) {
        onProblem(`${begun.error.kind}: ${begun.error.code}`);
        return err(begun.error.kind);
      }
      const { deviceCode: _, intervalMs, ...told } = begun.value;
      const signInId = randomBytes(32).toString('base64url');
      await database.asServer((transaction) => keep(transaction, { ...given, ...begun.value, signInId }));
      return ok({ ...told, signInId, pollAfterMs: intervalMs });
    },

    step: async (signInId, isSigned) => {
      const idHash = hashOf(signInId);
      const found = await database.asServer((transaction) => look(transaction, idHash, isSigned));
      switch (found.kind) {
        case 'other-key':
          return err('other-key');
        case 'joined':
          return ok({ kind: 'joined', enrolled: await withTokens(accessTokens, found.added) });
        case 'waiting':
        case 'refused':
          return ok(found);
        case 'ask':
          break;
      }
      const progress = await provider.ask(found.deviceCode);
      if ('code' in progress) onProblem(`${progress.kind}: ${progress.code}`);
      const ended = await database.asServer((transaction) => settle(transaction, { idHash, progress, options }));
      if (ended.kind !== 'joined') return ok(ended);
      return ok({ kind: 'joined', enrolled: await withTokens(accessTokens, ended.added) });
    },
  };
}

/** Whose people sign in; null where the server cannot know. */
async function organisationOf(
  { query }: Transaction,
  { organisationId }: Pick<SignInOptions, 'organisationId'>,
): Promise<string | null> {
  const { rows } = await query<{ readonly id: string }>(
    'SELECT id FROM organisation WHERE $1::uuid IS NULL OR id = $1 LIMIT 2',
    [organisationId],
  );
  return rows.length === 1 ? (rows[0]?.id ?? null) : null;
}

async function openSignInCount({ query }: Transaction): Promise<number> {
  const { rows } = await query<{ readonly count: number }>(
    'SELECT count(*)::int AS count FROM sign_in WHERE device_code IS NOT NULL AND expires_at > now()',
  );
  return rows[0]?.count ?? 0;
}

async function keep(
  { query }: Transaction,
  given: SignInGiven & DeviceCode & { readonly signInId: string },
): Promise<void> {
  // Those that have ended are told of for a while yet: answers get lost.
  await query(`DELETE FROM sign_in WHERE expires_at < now() - interval '10 minutes'`);
  await query(
    `INSERT INTO sign_in (id_hash, public_key, device_name, program, former_device_id, device_code, interval_ms,
        ask_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7::int, now() + $7::int * interval '1 millisecond', now() + $8 * interval '1 millisecond')`,
    [
      hashOf(given.signInId),
      given.publicKey,
      given.deviceName,
      given.program,
      given.formerDeviceId,
      given.deviceCode,
      given.intervalMs,
      given.expiresInMs,
    ],
  );
}

interface SignInRow {
  readonly public_key: Buffer;
  readonly device_name: string;
  readonly program: string | null;
  readonly former_device_id: string | null;
  readonly device_code: string | null;
  readonly interval_ms: number;
  readonly wait_ms: number;
  readonly expired: boolean;
  readonly joined_organisation: string | null;
  readonly joined_person: string | null;
  readonly joined_device: string | null;
  readonly refused: string | null;
  readonly refused_as: string | null;
}

type Ended =
  | { readonly kind: 'joined'; readonly added: AddedDevice }
  | Extract<SignInStep, { readonly kind: 'refused' | 'waiting' }>;

type Found = Ended | { readonly kind: 'other-key' } | { readonly kind: 'ask'; readonly deviceCode: string };

const expired = { kind: 'refused', why: 'expired', signedInAs: null } as const;

async function lockedRow({ query }: Transaction, idHash: Buffer): Promise<SignInRow | undefined> {
  const { rows } = await query<SignInRow>(
    `SELECT public_key, device_name, program, former_device_id, device_code, interval_ms, expires_at <= now() AS expired,
        ceil(extract(epoch FROM ask_at - now()) * 1000)::float8 AS wait_ms,
        joined_organisation, joined_person, joined_device, refused, refused_as
      FROM sign_in WHERE id_hash = $1 FOR UPDATE`,
    [idHash],
  );
  return rows[0];
}

/** What is known already; or that the provider is asked now, by this caller and by nobody else. */
async function look(
  transaction: Transaction,
  idHash: Buffer,
  isSigned: (publicKey: Buffer) => boolean,
): Promise<Found> {
  const row = await lockedRow(transaction, idHash);
  if (!row) return expired;
  if (!isSigned(row.public_key)) return { kind: 'other-key' };
  const ended = await endOf(transaction, row);
  if (ended) return ended;
  if (row.device_code === null || row.expired) return expired;
  if (row.wait_ms > 0) return { kind: 'waiting', pollAfterMs: row.wait_ms, provider: 'answers' };
  await transaction.query(`UPDATE sign_in SET ask_at = now() + $2 * interval '1 millisecond' WHERE id_hash = $1`, [
    idHash,
    askingMs,
  ]);
  return { kind: 'ask', deviceCode: row.device_code };
}

/** How a sign-in has ended; null while it goes on. */
async function endOf(transaction: Transaction, row: SignInRow): Promise<Ended | null> {
  const { joined_organisation: organisationId, joined_person: personId, joined_device: deviceId } = row;
  if (organisationId !== null && personId !== null && deviceId !== null) {
    const added = await addedBefore(
      transaction,
      { organisationId, personId, deviceId },
      { publicKey: row.public_key, until: 'first-use' },
    );
    return added ? { kind: 'joined', added } : expired;
  }
  const why = signInRefusals.find((known) => known === row.refused);
  return why === undefined ? null : { kind: 'refused', why, signedInAs: row.refused_as };
}

/** Keeps what the provider said, and lets the person's device in where it may come in. */
async function settle(
  transaction: Transaction,
  given: { readonly idHash: Buffer; readonly progress: Progress; readonly options: SignInOptions },
): Promise<Ended> {
  const { idHash, progress, options } = given;
  const row = await lockedRow(transaction, idHash);
  if (!row) return expired;
  const ended = await endOf(transaction, row);
  if (ended) return ended;
  const wait = async (intervalMs: number, pollAfterMs = intervalMs): Promise<Ended> => {
    await transaction.query(
      `UPDATE sign_in SET interval_ms = $2::int, ask_at = now() + $3 * interval '1 millisecond' WHERE id_hash = $1`,
      [idHash, intervalMs, pollAfterMs],
    );
    return { kind: 'waiting', pollAfterMs, provider: pollAfterMs > intervalMs ? 'silent' : 'answers' };
  };
  const refuse = async (why: SignInRefusal, signedInAs: string | null): Promise<Ended> => {
    await transaction.query('UPDATE sign_in SET device_code = NULL, refused = $2, refused_as = $3 WHERE id_hash = $1', [
      idHash,
      why,
      signedInAs,
    ]);
    return { kind: 'refused', why, signedInAs };
  };
  switch (progress.kind) {
    case 'pending':
      return wait(row.interval_ms);
    case 'slow-down':
      return wait(Math.min(row.interval_ms + slowDownMs, intervalMsMax));
    case 'silent':
    case 'unusable':
      return wait(row.interval_ms, row.interval_ms * 2);
    case 'denied':
    case 'expired':
    case 'untrusted':
      return refuse(progress.kind, null);
    case 'signed-in': {
      const { account } = progress;
      const joined = await letIn(transaction, { account, row, options });
      if (!joined.ok) return refuse(joined.error, nameOf(account, options.rules.by));
      const { organisationId, personId, deviceId } = joined.value.claims;
      await transaction.query(
        `UPDATE sign_in SET device_code = NULL, joined_organisation = $2, joined_person = $3, joined_device = $4
          WHERE id_hash = $1`,
        [idHash, organisationId, personId, deviceId],
      );
      return { kind: 'joined', added: joined.value };
    }
  }
}

async function letIn(
  transaction: Transaction,
  given: { readonly account: Account; readonly row: SignInRow; readonly options: SignInOptions },
): Promise<Result<AddedDevice, SignInRefusal>> {
  const { account, row, options } = given;
  const organisationId = await organisationOf(transaction, options);
  if (organisationId === null) return err('unknown-person');
  // A person who had left and was let in again may use their computers; what an admin or a copy ended stays ended.
  const { rowCount } = await transaction.query(
    `SELECT FROM device WHERE organisation_id = $1 AND id = $2 AND revoked_reason IN ('admin', 'token-reuse')`,
    [organisationId, row.former_device_id],
  );
  if (rowCount !== 0) return err('device-revoked');
  const person = await admit(transaction, { organisationId, account, rules: options.rules });
  if (!person.ok) return person;
  const added = await addDevice(transaction, {
    organisationId,
    personId: person.value,
    deviceName: row.device_name,
    publicKey: row.public_key,
    program: row.program,
  });
  return ok(added);
}
