// A workspace on a server's database, with devices that push to it: as the server does it, without HTTP.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Database } from '../../server/database/database.ts';
import type { Standing } from '../../server/history/booking.ts';
import { lockCounter } from '../../server/history/counter.ts';
import { TermsCache } from '../../server/history/history-terms.ts';
import { leasesFor } from '../../server/history/lending.ts';
import { acceptFrom } from '../../server/history/push.ts';
import { poolOf } from '../../server/review/terms.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import type { LocalDate } from '../../shared/kernel/time-zone.ts';
import type { ChangeValue } from '../../shared/ledger/change.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import { contentOf, type Entry } from '../../shared/protocol/entry.ts';
import type { PushResult } from '../../shared/protocol/push.ts';
import type { LeaseRequest } from '../../shared/protocol/lease-messages.ts';
import { change } from './workspace-terms.ts';

export interface ServedWorkspace {
  readonly organisationId: string;
  readonly workspaceId: string;
  /** The pool that all share. */
  readonly poolId: string;
  readonly database: Database;
  readonly device: (standing: Standing, deviceId?: string) => ServedDevice;
  readonly admin: ServedDevice;
}

export interface ServedDevice {
  readonly deviceId: string;
  readonly push: (...entries: readonly Entry[]) => Promise<PushResult>;
  /** What the verdicts are, in order: the kind, or the reason of a refusal. */
  readonly verdicts: (...entries: readonly Entry[]) => Promise<readonly string[]>;
  readonly leases: (request: LeaseRequest) => ReturnType<typeof leasesFor>;
}

export interface Published {
  readonly platform: string;
  readonly plan: string;
  readonly seats?: Readonly<Record<string, number>>;
  readonly anchor?: LocalDate;
  readonly from: Instant;
  readonly changes?: readonly { readonly value: ChangeValue; readonly subject?: string; readonly from?: Instant }[];
}

/** Makes an organisation with an empty workspace. */
export async function serveWorkspace(database: Database, cache = new TermsCache()): Promise<ServedWorkspace> {
  const [organisationId, workspaceId] = [randomUUID(), randomUUID()];
  await database.asServer(async ({ query }) => {
    await query('INSERT INTO organisation (id, name) VALUES ($1, $2)', [organisationId, 'Some organisation']);
    await query('INSERT INTO workspace (organisation_id, id, name) VALUES ($1, $2, $3)', [
      organisationId,
      workspaceId,
      'Design',
    ]);
  });
  const numbers = new Map<string, number>();
  const device = (standing: Standing, deviceId: string = randomUUID()): ServedDevice => {
    const given = { database, cache, workspace: { organisationId, workspaceId }, standing };
    const push = async (...entries: readonly Entry[]): Promise<PushResult> => {
      const rows = entries.map((entry) => {
        const number = (numbers.get(deviceId) ?? 0) + 1;
        numbers.set(deviceId, number);
        return { id: contentOf(entry).id, by: { deviceId, number }, entry: JSON.parse(JSON.stringify(entry)) };
      });
      const epoch = await presentEpoch(database, organisationId, workspaceId);
      const { answer } = await acceptFrom(given, { request: { epoch, rows }, deviceId });
      if (answer.kind !== 'pushed') throw new Error(`Another epoch: ${answer.epoch}`);
      return answer;
    };
    return {
      deviceId,
      push,
      verdicts: async (...entries) =>
        (await push(...entries)).accepted.map(({ verdict }) =>
          verdict.kind === 'refused' ? verdict.reason : verdict.kind,
        ),
      leases: (request) => leasesFor(given, { request, deviceId }),
    };
  };
  const admin = device({ role: 'company-admin', memberId: null });
  return { organisationId, workspaceId, poolId: poolOf(workspaceId, null).poolId, database, device, admin };
}

/** The history's epoch; begins it where nothing was written yet. */
export async function presentEpoch(database: Database, organisationId: string, workspaceId: string): Promise<string> {
  return database.inOrganisation(
    organisationId,
    async (transaction) => (await lockCounter(transaction, { organisationId, workspaceId })).epoch,
  );
}

/** What the first device writes: the workspace, its plan and seats, and more. */
export function published(workspaceId: string, given: Published): readonly Entry[] {
  const { platform, plan, seats, anchor = '2026-01-01', from, changes = [] } = given;
  const dated = (value: ChangeValue, subject = '', at = from): Entry => ({
    kind: 'change',
    change: { ...change(at, value, subject), id: randomUUID(), workspaceId },
  });
  return [
    {
      kind: 'workspace',
      workspace: {
        id: workspaceId,
        name: 'Design',
        platform,
        anchor,
        timeZone: 'UTC',
        weekStart: 1,
        sample: false,
        createdAt: from,
      },
    },
    dated({ kind: 'plan', planId: plan }),
    ...(seats ? [dated({ kind: 'seats', seatsByRole: seats })] : []),
    ...changes.map(({ value, subject, from: at }) => dated(value, subject, at)),
  ];
}

/** A line of a workspace's own pool. */
export function lineIn({ workspaceId, poolId }: ServedWorkspace, line: Transaction): Entry {
  return { kind: 'line', line: { ...line, workspaceId, poolId } };
}

/** Reads as the owner of the tables, past row-level security, for what tests look at. */
export async function readAll<Row extends pg.QueryResultRow>(
  ownerUrl: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
