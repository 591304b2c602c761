import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TermsCache } from '../../../server/history/history-terms.ts';
import { DayUses } from '../../../server/alerts/day-uses.ts';
import { lookAt, messagesWaitingMax, watchedWorkspaces, type WatchingGiven } from '../../../server/alerts/watching.ts';
import { readWebhook, removeWebhook, setWebhook } from '../../../server/alerts/webhooks.ts';
import { poolOf } from '../../../server/review/terms.ts';
import type { Database } from '../../../server/database/database.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import { orderStepId } from '../../../shared/ledger/order-step.ts';
import type { Transaction } from '../../../shared/ledger/transaction.ts';
import type { Entry } from '../../../shared/protocol/entry.ts';
import { at, cr, grant, hold, refund, usage } from '../../support/ledger-lines.ts';
import { published, serveWorkspace, type Published, type ServedWorkspace } from '../../support/served-workspace.ts';
import { testDatabase } from '../../support/test-database.ts';
import { change, member } from '../../support/workspace-terms.ts';

const happened = { pricing: 'metered', unitRate: null, happened: true } as const;
const noon = at('2026-03-11T12:00');

const bodySchema = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.object({
    workspace: z.object({ name: z.string() }),
    headline: z.string(),
    detail: z.string(),
    figures: z.record(z.string(), z.unknown()),
  }),
});
type Body = z.output<typeof bodySchema>;

interface Watched extends ServedWorkspace {
  /** Looks as another process would, and takes what is to be told. */
  readonly told: (now?: Instant) => Promise<readonly Body[]>;
  readonly headlines: (now?: Instant) => Promise<readonly string[]>;
  readonly line: (line: Transaction, memberId?: string | null) => Entry;
  readonly use: (amount: number, when?: Instant, changes?: object) => Entry & { readonly kind: 'line' };
}

/** Piktochart Pro with three seats: 1,500 credits for all, anew on the first of each month. */
async function watched(given: Partial<Published> = {}, thresholds?: readonly number[]): Promise<Watched> {
  const { database } = await testDatabase();
  const served = await serveWorkspace(database);
  const { organisationId, workspaceId, poolId, admin } = served;
  await admin.push(
    ...published(workspaceId, {
      platform: 'piktochart',
      plan: 'pro',
      seats: { member: 3 },
      from: at('2026-01-01'),
      changes: [{ value: member({ name: 'Ana Costa' }), subject: 'ana' }],
      ...given,
    }),
  );
  await set(database, organisationId, thresholds);
  const line: Watched['line'] = (written, memberId) => ({
    kind: 'line',
    line: { ...written, workspaceId, poolId: memberId ? poolOf(workspaceId, memberId).poolId : poolId },
  });
  const told: Watched['told'] = async (now = noon) => {
    await lookAt(looker(database, now), served);
    return taken(database, organisationId);
  };
  return {
    ...served,
    told,
    line,
    headlines: async (now) => (await told(now)).map(({ data }) => data.headline),
    use: (amount, when = at('2026-03-10T09:00'), changes = {}) => ({
      kind: 'line',
      line: { ...usage(randomUUID(), when, cr(amount), { ...happened, ...changes }), workspaceId, poolId },
    }),
  };
}

/** A process that has looked at nothing so far. */
function looker(database: Database, now: Instant): WatchingGiven {
  return { database, cache: new TermsCache(), dayUses: new DayUses(), forecastMsMin: 0, now };
}

async function set(database: Database, organisationId: string, thresholds?: readonly number[]): Promise<void> {
  const given = { organisationId, url: 'https://hooks.invalid/', thresholds, newSecret: false };
  await database.inOrganisation(organisationId, (transaction) => setWebhook(transaction, given));
}

/** What waits for the receiver, which then has it. */
async function taken(database: Database, organisationId: string): Promise<readonly Body[]> {
  const { rows } = await database.inOrganisation(organisationId, ({ query }) =>
    query<{ readonly body: string }>(
      'WITH gone AS (DELETE FROM webhook_message RETURNING id, body) SELECT body FROM gone ORDER BY id',
    ),
  );
  return rows.map(({ body }) => bodySchema.parse(JSON.parse(body)));
}

describe('the server tells', () => {
  it('[N1] of thresholds once, whoever looks and however often, and of nothing that was before the first look', async () => {
    const { admin, told, headlines, use } = await watched();
    await admin.push(use(800));
    expect(await headlines()).toEqual([]);
    await admin.push(use(300), use(100));
    const [message, ...others] = await told();
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      type: 'alert.threshold',
      timestamp: '2026-03-11T12:00:00.000Z',
      data: {
        workspace: { name: 'Design' },
        headline: '80% of the allotment is used',
        detail: '1,200 credits used of 1,500 credits. Resets on 1 Apr 2026, 00:00 (UTC).',
        figures: { percent: 80, used: '1200', of: '1500', basis: 'allotment', scope: 'workspace', recovered: false },
      },
    });
    expect(await headlines()).toEqual([]);
    await admin.push(use(300));
    expect(await headlines()).toEqual(['100% of the allotment is used up']);
    expect(await headlines(at('2026-03-12T12:00'))).toEqual([]);
  });

  it('[N1] of what was crossed and has recovered between two looks, and again after a recovery', async () => {
    const { admin, told, headlines, use, line } = await watched();
    expect(await headlines()).toEqual([]);
    const large = use(1_300);
    if (large.line.kind !== 'usage') throw new Error('A use');
    await admin.push(large, line(refund(randomUUID(), large.line, at('2026-03-10T10:00'), cr(1_300))));
    const messages = await told();
    expect(messages.map(({ data }) => data.figures)).toMatchObject([
      { percent: 50, recovered: true },
      { percent: 80, recovered: true },
    ]);
    expect(messages[0]?.data.detail).toContain('It is below again meanwhile.');
    await admin.push(use(800));
    expect(await headlines()).toEqual(['50% of the allotment is used']);
  });

  it('[N1] of thresholds that the admin sets; of one that is set below what is used, once', async () => {
    const { admin, database, organisationId, headlines, use } = await watched({}, [90]);
    await admin.push(use(800));
    expect(await headlines()).toEqual([]);
    await set(database, organisationId, [30, 90]);
    expect(await headlines()).toEqual(['30% of the allotment is used']);
    expect(await headlines()).toEqual([]);
  });

  it('[N1] of what is used of grants where nothing is allotted', async () => {
    const { admin, headlines, line, use } = await watched({ plan: 'pro', seats: { member: 0 } });
    await admin.push(line(grant(randomUUID(), at('2026-02-01'), cr(1_000))), use(300, at('2026-02-10')));
    expect(await headlines()).toEqual([]);
    await admin.push(use(250));
    expect(await headlines()).toEqual(['50% of the credits that were granted is used']);
  });

  it('[N2] of each reset and each Monday, also of those in which it stood still', async () => {
    const { admin, told, headlines, use } = await watched();
    await admin.push(use(100, at('2026-03-03T09:00')));
    expect(await headlines()).toEqual([]);
    await admin.push(use(50, at('2026-03-10T09:00')));
    // 16 March is a Monday.
    expect(await headlines(at('2026-03-15T23:59'))).toEqual([]);
    const [digest] = await told(at('2026-03-16T00:00'));
    expect(digest).toMatchObject({
      type: 'alert.digest',
      data: {
        headline: 'The week before 16 Mar 2026: 50 credits used',
        figures: { monday: '2026-03-16', used: '50', weekBeforeUsed: '100', available: '1350' },
      },
    });
    expect(await headlines(at('2026-03-22T12:00'))).toEqual([]);
    const later = await told(at('2026-05-05T12:00'));
    expect(later.map(({ type }) => type)).toEqual(['alert.reset', 'alert.reset', 'alert.digest']);
    expect(later[0]?.data.figures).toMatchObject({ used: '150', overage: '0', allotted: '1500' });
    expect(later[2]?.data.figures).toMatchObject({ monday: '2026-05-04', used: '0' });
    expect(await headlines(at('2026-05-05T12:01'))).toEqual([]);
    // The clock of the database may be set back and forth.
    expect(await headlines(at('2026-03-20T12:00'))).toEqual([]);
    expect(await headlines(at('2026-05-05T12:02'))).toEqual([]);
  });

  it('[N1] of a late line in a period that ended since the first look', async () => {
    const { admin, headlines, told, use } = await watched();
    await headlines(at('2026-03-30T12:00'));
    await headlines(at('2026-04-02T12:00'));
    await admin.push(use(800, at('2026-03-30T13:00')));
    const [late] = await told(at('2026-04-02T12:01'));
    expect(late?.data.figures).toMatchObject({ percent: 50, resetAt: '2026-04-01T00:00:00.000Z' });
  });

  it('[N2] [H8] of holds and of orders, each once', async () => {
    const { admin, workspaceId, headlines, line } = await watched();
    expect(await headlines()).toEqual([]);
    const [soon, open] = [
      hold(randomUUID(), at('2026-03-11T11:00'), cr(20), at('2026-03-11T14:00')),
      hold(randomUUID(), at('2026-03-11T11:00'), cr(30)),
    ];
    await admin.push(line(soon), line(open));
    expect(await headlines()).toEqual([]);
    expect(await headlines(at('2026-03-11T13:30'))).toEqual(['A hold is about to time out: 20 credits']);
    expect(await headlines(at('2026-03-12T12:00'))).toEqual(['A hold has been open for more than a day: 30 credits']);
    const orderId = randomUUID();
    const step = {
      orderId,
      workspaceId,
      packId: 'starter',
      memberId: null,
      at: noon,
      recordedAt: noon,
      authorId: null,
      credits: cr(2_000),
      price: null,
      reference: null,
      note: null,
    };
    await admin.push(
      { kind: 'order', order: { ...step, id: orderStepId(orderId, 'requested'), state: 'requested' } },
      { kind: 'order', order: { ...step, id: orderStepId(orderId, 'refused'), state: 'refused' } },
    );
    expect(await headlines(at('2026-03-12T12:01'))).toEqual(['The order of Starter was refused']);
    expect(await headlines(at('2026-03-13T12:01'))).toEqual([]);
  });

  it('[V1] of credits of one’s own without a name, and of nobody in particular while people are hidden', async () => {
    const { admin, workspaceId, told, headlines, line } = await watched({
      platform: 'visily',
      plan: 'pro',
      seats: { editor: 2 },
      changes: [
        { value: member({ name: 'Ana Costa', role: 'editor' }), subject: 'ana' },
        { value: member({ name: 'Ben Okoro', role: 'editor' }), subject: 'ben' },
      ],
    });
    expect(await headlines()).toEqual([]);
    const use = (memberId: string, amount: number): Entry =>
      line(usage(randomUUID(), at('2026-03-10T09:00'), cr(amount), { ...happened, memberId }), memberId);
    await admin.push(use('ana', 1_600));
    const [message, ...others] = await told();
    expect(others).toEqual([]);
    expect(message?.data).toMatchObject({
      headline: '50% of the allotment of one person is used',
      figures: { used: '1600', of: '3000', scope: 'person' },
    });
    const text = JSON.stringify(message);
    for (const secret of ['ana', 'Ana', poolOf(workspaceId, 'ana').poolId]) expect(text).not.toContain(secret);
    const privacy = change(at('2026-03-01'), { kind: 'privacy', hidesPeople: true, teamMin: 3 });
    await admin.push({ kind: 'change', change: { ...privacy, id: randomUUID(), workspaceId } });
    await admin.push(use('ben', 3_000));
    expect(await headlines()).toEqual([]);
  });
});

describe('what is remembered', () => {
  it('two who look at the same time tell once', async () => {
    const { admin, database, organisationId, workspaceId, headlines, use } = await watched();
    await headlines();
    await admin.push(use(800));
    const looks = Array.from({ length: 6 }, () => lookAt(looker(database, noon), { organisationId, workspaceId }));
    expect((await Promise.all(looks)).toSorted((left, right) => left - right)).toEqual([0, 0, 0, 0, 0, 1]);
    expect(await taken(database, organisationId)).toHaveLength(1);
  });

  it('a look that is cut off keeps neither what it saw nor what it told', async () => {
    const { admin, database, organisationId, headlines, use } = await watched();
    await headlines();
    await admin.push(use(800));
    await database.inOrganisation(organisationId, ({ query }) =>
      query('UPDATE webhook SET thresholds = $1', [JSON.stringify('none')]),
    );
    await expect(headlines()).rejects.toThrow('Invalid input');
    await set(database, organisationId, [50, 80, 100]);
    expect(await headlines()).toEqual(['50% of the allotment is used']);
  });

  it('a webhook that is removed forgets; set again, it begins with what is', async () => {
    const { admin, database, organisationId, headlines, use } = await watched();
    await headlines();
    await admin.push(use(800));
    expect(await database.inOrganisation(organisationId, removeWebhook)).toBe(true);
    expect(await watchedWorkspaces(database)).toEqual([]);
    expect(await headlines()).toEqual([]);
    await set(database, organisationId);
    expect(await watchedWorkspaces(database)).toHaveLength(1);
    expect(await headlines()).toEqual([]);
    await admin.push(use(450));
    expect(await headlines()).toEqual(['80% of the allotment is used']);
  });

  it('so many wait at most; how many were dropped for it is told', async () => {
    const { admin, database, organisationId, workspaceId, headlines, use } = await watched();
    await headlines();
    await database.inOrganisation(organisationId, ({ query }) =>
      query(
        `INSERT INTO webhook_message (organisation_id, id, made_at, body)
         SELECT $1, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 0, '{}' FROM generate_series(1, $2::int) AS n`,
        [organisationId, messagesWaitingMax],
      ),
    );
    await admin.push(use(1_300));
    await lookAt(looker(database, noon), { organisationId, workspaceId });
    const standing = await database.inOrganisation(organisationId, readWebhook);
    expect(standing).toMatchObject({ waiting: messagesWaitingMax, lost: 2 });
  });
});
