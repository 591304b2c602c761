// Looks at workspaces and writes what is to be told together with what was told: nothing is lost, nothing told twice.
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { defaultAlertRules } from '../../shared/alerts/alert.ts';
import { look } from '../../shared/alerts/look.ts';
import { watchSchema } from '../../shared/alerts/stored.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import type { Database, Transaction } from '../database/database.ts';
import { readCounter, type WorkspaceOf } from '../history/counter.ts';
import type { TermsCache } from '../history/history-terms.ts';
import { termsAtLeast } from '../history/read-terms.ts';
import { indexOf } from '../review/terms.ts';
import type { DayUses } from './day-uses.ts';
import { isOfOnePerson, messageBody } from './message-body.ts';
import { forecastDue, forecastMarkSchema } from './outlook.ts';
import { sightOf } from './sight.ts';

export interface WatchingGiven {
  readonly database: Database;
  readonly cache: TermsCache;
  readonly dayUses: DayUses;
  /** A workspace in which something happens all the time is forecast no more often than this. */
  readonly forecastMsMin: number;
  /** Instead of the database's clock. */
  readonly now?: Instant;
}

/** So many wait at most for a receiver that does not answer; the oldest make room. */
export const messagesWaitingMax = 1_000;

const thresholdsSchema = z.array(z.int());
const watchedSchema = z.object({ epoch: z.string(), seq: z.int(), watch: z.string() });
/** Beside the watch stands of what the last forecast was made, whichever process made it. */
const rememberedSchema = watchSchema.extend({ forecast: forecastMarkSchema.nullable().default(null) });

/** Looks at a workspace; answers how many messages that made. Where no webhook is set nothing is looked at. */
export async function lookAt(given: WatchingGiven, workspace: WorkspaceOf): Promise<number> {
  const { database, cache, dayUses, forecastMsMin } = given;
  const { organisationId, workspaceId } = workspace;
  return database.inOrganisation(organisationId, async (transaction) => {
    const { query } = transaction;
    // Whoever else looks, or removes the webhook, waits here.
    const { rows: hooks } = await query<{ readonly thresholds: unknown }>('SELECT thresholds FROM webhook FOR UPDATE');
    const [hook] = hooks;
    const counter = hook ? await readCounter(transaction, workspaceId) : null;
    if (!hook || !counter) return 0;
    const terms = await termsAtLeast(transaction, { cache, workspaceId, counter });
    const index = indexOf(terms);
    if (!index) return 0;
    const { rows } = await query('SELECT epoch, seq::float8 AS seq, watch FROM alert_watch WHERE workspace_id = $1', [
      workspaceId,
    ]);
    const known = rows.length === 0 ? null : watchedSchema.parse(rows[0]);
    const { forecast = null, ...remembered } = known === null ? {} : rememberedSchema.parse(JSON.parse(known.watch));
    const watch = 'since' in remembered ? remembered : null;
    const at = given.now ?? counter.now;
    const { seq, epoch, origin } = counter;
    const due = forecastDue(known?.epoch === epoch ? forecast : null, { seq, index, at, everyMs: forecastMsMin });
    const forecasting = due === null ? null : { history: { epoch, origin }, dayUses };
    const seenSeq = known?.seq ?? 0;
    const sight = await sightOf({ transaction, workspaceId, terms, index, at, watch, seenSeq, seq, forecasting });
    const thresholds = thresholdsSchema.parse(hook.thresholds);
    const looked = look(watch, sight, { ...defaultAlertRules, thresholds });
    await query(
      `INSERT INTO alert_watch (organisation_id, workspace_id, epoch, seq, watch) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (workspace_id) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, watch = excluded.watch`,
      [organisationId, workspaceId, epoch, seq, JSON.stringify({ ...looked.watch, forecast: due ?? forecast })],
    );
    const hidesPeople = holdingAt(index.privacy, at)?.hidesPeople ?? false;
    const told = looked.alerts.filter(({ fact }) => !hidesPeople || !isOfOnePerson(fact));
    const workspaceName = holdingAt(index.names, at)?.name ?? terms.record?.name ?? '';
    const of = { workspaceId, workspaceName, timeZone: index.timeZone };
    await addMessages(transaction, {
      organisationId,
      at,
      bodies: told.map((alert) => messageBody(alert, of)),
    });
    return told.length;
  });
}

async function addMessages(
  { query }: Pick<Transaction, 'query'>,
  given: { readonly organisationId: string; readonly at: Instant; readonly bodies: readonly string[] },
): Promise<void> {
  const { organisationId, at, bodies } = given;
  if (bodies.length === 0) return;
  await query(
    `INSERT INTO webhook_message (organisation_id, id, made_at, body)
     SELECT $1, id, $2, body FROM unnest($3::uuid[], $4::text[]) AS message (id, body)`,
    [organisationId, at, bodies.map(() => uuidv7()), bodies],
  );
  await query(
    `WITH lost AS (DELETE FROM webhook_message WHERE id IN
         (SELECT id FROM webhook_message ORDER BY id DESC OFFSET $1) RETURNING id)
     UPDATE webhook SET lost = lost + (SELECT count(*)::int FROM lost) WHERE EXISTS (SELECT FROM lost)`,
    [messagesWaitingMax],
  );
}

/** Every workspace of the organisations that have a webhook. */
export async function watchedWorkspaces(database: Database): Promise<readonly WorkspaceOf[]> {
  const watched: WorkspaceOf[] = [];
  for (const organisationId of await organisationsOf(database)) {
    const { rows } = await database.inOrganisation(
      organisationId,
      ({ query }) => query<{ readonly id: string }>('SELECT id FROM workspace WHERE EXISTS (SELECT FROM webhook)'),
      { readOnly: true },
    );
    watched.push(...rows.map(({ id: workspaceId }) => ({ organisationId, workspaceId })));
  }
  return watched;
}

export async function organisationsOf(database: Database): Promise<readonly string[]> {
  const { rows } = await database.asServer(({ query }) =>
    query<{ readonly id: string }>('SELECT id FROM organisation ORDER BY id'),
  );
  return rows.map(({ id }) => id);
}
