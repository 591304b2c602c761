// Sends what waits, in its order. A receiver that does not answer is tried again, later each time, and in the end no more.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Result } from '../../shared/kernel/result.ts';
import { instant } from '../../shared/kernel/instant.ts';
import type { Database } from '../database/database.ts';
import { clockMs } from '../history/counter.ts';
import { trialBody } from './message-body.ts';
import { sendMessage, type SendOptions, type SendProblem } from './send.ts';

export interface DeliveryGiven {
  readonly database: Database;
  readonly sending: SendOptions;
  readonly stopSignal: AbortSignal;
}

/** While one process sends, no other one does; it is longer than all that is sent at once can take. */
const claimMs = 5 * 60_000;
const atOnceMax = 20;
const againMsMin = 10_000;
const againMsMax = 60 * 60_000;
/** Of a receiver that has not answered for so long nothing more is expected. */
const givenUpMs = 3 * 86_400_000;

const claimedSchema = z.object({
  url: z.string(),
  secret: z.instanceof(Buffer),
  messages: z.array(z.object({ id: z.string(), body: z.string() })),
});

/** Sends the messages of an organisation that are due; answers how many arrived. */
export async function deliverDue(given: DeliveryGiven, organisationId: string): Promise<number> {
  const { database, sending, stopSignal } = given;
  const { rows } = await database.inOrganisation(organisationId, ({ query }) =>
    query(
      `UPDATE webhook SET due_at = ${clockMs} + $1
       WHERE stopped_at IS NULL AND due_at <= ${clockMs} AND EXISTS (SELECT FROM webhook_message)
       RETURNING url, secret, (SELECT json_agg(message ORDER BY message.id) FROM
         (SELECT id, body FROM webhook_message ORDER BY id LIMIT $2) AS message) AS messages`,
      [claimMs, atOnceMax],
    ),
  );
  if (rows.length === 0) return 0;
  const { messages, ...to } = claimedSchema.parse(rows[0]);
  let arrived = 0;
  for (const message of messages) {
    const sent = await sendMessage(to, message, { ...sending, stopSignal });
    // What was cut off here is sent again under the same id.
    if (stopSignal.aborted) break;
    await note(database, { organisationId, messageId: message.id, sent });
    if (!sent.ok) return arrived;
    arrived += 1;
  }
  await database.inOrganisation(organisationId, ({ query }) => query('UPDATE webhook SET due_at = 0'));
  return arrived;
}

/** Sends a message of no meaning now. Where it arrives, all that waits is due. */
export async function tryWebhook(
  given: DeliveryGiven,
  organisationId: string,
): Promise<Result<null, SendProblem> | null> {
  const { database, sending, stopSignal } = given;
  const { rows } = await database.inOrganisation(organisationId, ({ query }) =>
    query<{ readonly url: string; readonly secret: Buffer }>('SELECT url, secret FROM webhook'),
  );
  const [to] = rows;
  if (!to) return null;
  const message = { id: randomUUID(), body: trialBody(instant(Date.now())) };
  const sent = await sendMessage(to, message, { ...sending, stopSignal });
  await note(database, { organisationId, messageId: message.id, sent });
  return sent;
}

/** A message that arrived goes; one that did not is tried again, ever later, until nothing more is expected. */
async function note(
  database: Database,
  given: {
    readonly organisationId: string;
    readonly messageId: string;
    readonly sent: Result<null, SendProblem>;
  },
): Promise<void> {
  const { organisationId, messageId, sent } = given;
  await database.inOrganisation(organisationId, async ({ query }) => {
    if (sent.ok) {
      await query('DELETE FROM webhook_message WHERE id = $1', [messageId]);
      await query(
        `UPDATE webhook SET delivered_at = ${clockMs}, failing_since = NULL, attempts = 0, problem = NULL,
           stopped_at = NULL, due_at = CASE WHEN failing_since IS NULL THEN due_at ELSE 0 END`,
      );
      return;
    }
    const { why, gone } = sent.error;
    await query(
      `UPDATE webhook SET problem = $1, attempts = attempts + 1, failing_since = coalesce(failing_since, ${clockMs}),
         due_at = ${clockMs} + least($2::float8 * power(2, least(attempts, 20)), $3::float8),
         stopped_at = CASE WHEN $4 OR ${clockMs} - failing_since > $5 THEN coalesce(stopped_at, ${clockMs}) ELSE stopped_at END`,
      [why, againMsMin, againMsMax, gone, givenUpMs],
    );
  });
}
