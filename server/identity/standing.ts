// What a person and a device may do just now, remembered for a moment and forgotten at once when it changes.
import { z } from 'zod';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { organisationRoles } from '../../shared/protocol/identity.ts';
import type { Database } from '../database/database.ts';
import type { TokenClaims } from './access-tokens.ts';
import type { Caller, CallerProblem } from './caller.ts';

/** Somebody's role, workspaces or devices changed: what was known of them holds no more. */
export interface StandingChange {
  readonly organisationId: string;
  readonly personId: string;
}

export interface Standings {
  /** Who sends. `fresh`: as the database says now, and not as it said a few seconds ago. */
  readonly of: (claims: TokenClaims, given: { readonly fresh: boolean }) => Promise<Result<Caller, CallerProblem>>;
  /** Calls `heard` when something of a person changed, in this process or another: whoever serves them looks again. */
  readonly onChange: (heard: (change: StandingChange) => void) => () => void;
  /** After the transaction of a change was committed. */
  readonly tell: (change: StandingChange) => Promise<void>;
  readonly close: () => Promise<void>;
}

const channel = 'fuelgauge_standing';
const rememberedMs = 10_000;
const rememberedMax = 20_000;
/** A notification may get lost with its connection: this finds what it told. */
const pollMs = 5_000;

export async function openStandings(database: Database, onFailure: (error: unknown) => void): Promise<Standings> {
  const remembered = new Map<
    string,
    { readonly standing: Promise<Result<Caller, CallerProblem>>; readonly until: number }
  >();
  const personByDevice = new Map<string, string>();
  const listeners = new Set<(change: StandingChange) => void>();

  const hear = (change: StandingChange): void => {
    for (const [deviceId, personId] of personByDevice) {
      if (personId !== change.personId) continue;
      remembered.delete(deviceId);
      personByDevice.delete(deviceId);
    }
    for (const listener of listeners) listener(change);
  };
  const unlisten = await database.listen(channel, (payload) => {
    const change = changeSchema.safeParse(parsedJson(payload));
    if (change.success) hear(change.data);
  });
  const poll = await openPoll(database, hear, onFailure);

  return {
    of: async (claims, { fresh }) => {
      const before = remembered.get(claims.deviceId);
      if (before && !fresh && before.until > Date.now()) return before.standing;
      const standing = readStanding(database, claims);
      if (remembered.size >= rememberedMax) {
        remembered.clear();
        personByDevice.clear();
      }
      remembered.set(claims.deviceId, { standing, until: Date.now() + rememberedMs });
      personByDevice.set(claims.deviceId, claims.personId);
      standing.catch(() => remembered.delete(claims.deviceId));
      return standing;
    },
    onChange: (heard) => {
      listeners.add(heard);
      return () => {
        listeners.delete(heard);
      };
    },
    tell: async (change) => {
      hear(change);
      await database.notify(channel, JSON.stringify(change));
    },
    close: async () => {
      poll.stop();
      await unlisten();
    },
  };
}

const changeSchema = z.object({ organisationId: z.uuid(), personId: z.uuid() });

function parsedJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

const standingSchema = z.object({
  public_key: z.instanceof(Buffer),
  revoked: z.boolean(),
  role: z.enum(organisationRoles),
  active: z.boolean(),
  memberships: z.array(z.object({ workspaceId: z.string(), memberId: z.string() })),
});

async function readStanding(database: Database, claims: TokenClaims): Promise<Result<Caller, CallerProblem>> {
  const { organisationId, personId, deviceId } = claims;
  const { rows } = await database.inOrganisation(organisationId, ({ query }) =>
    query(
      `SELECT d.public_key, d.revoked_at IS NOT NULL AS revoked, p.role, p.active,
          (SELECT coalesce(json_agg(json_build_object('workspaceId', m.workspace_id, 'memberId', m.member_id)), '[]')
            FROM membership m WHERE m.person_id = p.id) AS memberships
        FROM device d JOIN person p ON p.id = d.person_id
        WHERE d.id = $1 AND p.id = $2`,
      [deviceId, personId],
    ),
  );
  if (rows.length === 0) return err('unauthenticated');
  const { public_key: publicKey, revoked, role, active, memberships } = standingSchema.parse(rows[0]);
  if (revoked || !active) return err('revoked');
  return ok({ organisationId, personId, deviceId, role, memberships, publicKey });
}

/** Asks again and again what changed since the last time, overlapping by more than a transaction takes: hearing twice does nothing. */
async function openPoll(
  database: Database,
  hear: (change: StandingChange) => void,
  onFailure: (error: unknown) => void,
): Promise<{ readonly stop: () => void }> {
  const look = async (since: string): Promise<string> =>
    database.asServer(async ({ query }) => {
      const { rows } = await query<{ readonly organisationId: string; readonly personId: string }>(
        `SELECT organisation_id AS "organisationId", id AS "personId" FROM person WHERE standing_changed_at > $1
          UNION SELECT organisation_id, person_id FROM device WHERE revoked_at > $1`,
        [since],
      );
      for (const change of rows) hear(change);
      const { rows: times } = await query<{ readonly since: string }>(
        `SELECT (now() - interval '60 seconds')::text AS since`,
      );
      return times[0]?.since ?? since;
    });
  let since = await look('infinity');
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= look(since)
      .then((next) => {
        since = next;
      })
      .catch(onFailure)
      .finally(() => {
        running = undefined;
      });
  }, pollMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
