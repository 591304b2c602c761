// The webhook of an organisation: set, shown, tried and removed by its company admins.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { defaultAlertRules } from '../../shared/alerts/alert.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { WebhookStanding } from '../../shared/protocol/webhook.ts';
import type { Transaction } from '../database/database.ts';
import { clockMs } from '../history/counter.ts';

type Query = Pick<Transaction, 'query'>;

const storedSchema = z.object({
  url: z.string(),
  thresholds: z.array(z.int()),
  set_at: z.int(),
  delivered_at: z.int().nullable(),
  failing_since: z.int().nullable(),
  problem: z.string().nullable(),
  due_at: z.int(),
  stopped_at: z.int().nullable(),
  lost: z.int(),
  waiting: z.int(),
});

const moment = (value: number | null): Instant | null => (value === null ? null : instant(value));

/** Null where none is set. */
export async function readWebhook({ query }: Query): Promise<WebhookStanding | null> {
  const { rows } = await query(
    `SELECT url, thresholds, set_at::float8, delivered_at::float8, failing_since::float8, problem, due_at::float8,
       stopped_at::float8, lost, (SELECT count(*)::int FROM webhook_message) AS waiting FROM webhook`,
  );
  if (rows.length === 0) return null;
  const stored = storedSchema.parse(rows[0]);
  const failing = stored.failing_since !== null;
  const state = stored.stopped_at !== null ? 'stopped' : failing ? 'failing' : 'ready';
  return {
    url: stored.url,
    thresholds: stored.thresholds,
    setAt: instant(stored.set_at),
    state,
    waiting: stored.waiting,
    lost: stored.lost,
    deliveredAt: moment(stored.delivered_at),
    failingSince: moment(stored.failing_since),
    nextTryAt: state === 'failing' ? instant(stored.due_at) : null,
    problem: stored.problem,
  };
}

/** Sets it, or changes what is set. Answers the secret where it is a new one. */
export async function setWebhook(
  { query }: Query,
  given: {
    readonly organisationId: string;
    readonly url: string;
    readonly thresholds: readonly number[] | undefined;
    readonly newSecret: boolean;
  },
): Promise<{ readonly secret: string | null }> {
  const { organisationId, url, newSecret } = given;
  const fresh = randomBytes(32);
  const thresholds = given.thresholds && [...new Set(given.thresholds)].toSorted((left, right) => left - right);
  const { rows } = await query<{ readonly secret: Buffer }>(
    `INSERT INTO webhook (organisation_id, url, secret, thresholds, set_at) VALUES ($1, $2, $3, coalesce($4::jsonb, $5::jsonb), ${clockMs})
     ON CONFLICT (organisation_id) DO UPDATE SET url = excluded.url, set_at = excluded.set_at,
       thresholds = coalesce($4::jsonb, webhook.thresholds),
       secret = CASE WHEN $6 THEN excluded.secret ELSE webhook.secret END,
       failing_since = NULL, attempts = 0, problem = NULL, due_at = 0, stopped_at = NULL, lost = 0
     RETURNING secret`,
    [
      organisationId,
      url,
      fresh,
      thresholds === undefined ? null : JSON.stringify(thresholds),
      JSON.stringify(defaultAlertRules.thresholds),
      newSecret,
    ],
  );
  const secret = rows[0]?.secret;
  return { secret: secret?.equals(fresh) === true ? `whsec_${fresh.toString('base64')}` : null };
}

/** Removes it with what waits and what was told; set again, it begins anew. */
export async function removeWebhook({ query }: Query): Promise<boolean> {
  // Whoever looks at a workspace holds this row until the end.
  const { rowCount } = await query('DELETE FROM webhook');
  await query('DELETE FROM webhook_message');
  await query('DELETE FROM alert_watch');
  return rowCount === 1;
}
