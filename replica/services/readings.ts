import { z } from 'zod';
import type { Plan } from '../../shared/catalogue/catalogue.ts';
import type { driftConfirmInput, readingAddInput } from '../../shared/bridge/inputs.ts';
import { credits, noCredits, subtract, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { Reading } from '../../shared/ledger/reading.ts';
import { periodAt, planAt } from '../../shared/ledger/schedule.ts';
import { clashesWithLater } from '../../shared/ledger/what-if.ts';
import type { Correction } from '../../shared/ledger/transaction.ts';
import { readingSchema } from '../../shared/protocol/records.ts';
import { appendRecords } from '../database/append.ts';
import { readRecords } from '../database/stored-rows.ts';
import { checkCountable } from './countable.ts';
import { accessOf } from './people.ts';
import { notFound, problem, wrongField } from './problems.ts';
import { readCredits, readMoment } from './reading.ts';
import type { Actor, Pool, ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/**
 * Takes a reading. The first one of a workspace without any line opens its balance and is booked; a later one shows the
 * drift, which is booked only on confirmation. [G13]
 */
export async function addReading(state: ReplicaState, given: z.output<typeof readingAddInput>, actor: Actor) {
  const workspace = state.workspace(given.workspaceId);
  const at = readMoment(given.at, 'at', { zone: workspace.timeZone, now: state.clock() });
  const used = readCredits(given.used, 'used');
  refuseWherePoolsArePersonal(planAt(workspace.index, at).plan, 'used');
  const opening = state.linesWhere('"workspaceId"=? LIMIT 1', [workspace.id]).length === 0;
  const pool = state.poolOf(workspace, null, at);
  checkCountable(state, workspace, { pool, amount: used, path: 'used' });
  const readingId = await writeReading(state, { workspaceId: workspace.id, at, used });
  if (opening && used > noCredits) {
    const given = { workspaceId: workspace.id, poolId: pool.id, at, used, readingId };
    await state.appendLines(workspace.id, [openingLine(state, given, actor)]);
    return { readingId, drift: noCredits, booked: true };
  }
  const drift = driftOf(state, workspace, { id: readingId, workspaceId: workspace.id, at, used });
  state.signal.changed(workspace.id);
  return { readingId, drift, booked: false };
}

/** Books the gap between a reading and the ledger as a correction of its own. [G13] [L3] */
export async function confirmDrift(state: ReplicaState, given: z.output<typeof driftConfirmInput>, actor: Actor) {
  const workspace = state.workspace(given.workspaceId);
  refuseWhoIsNoAdmin(state, workspace, 'books what a reading differs by');
  const reading = readingNamed(state, workspace, given.readingId);
  const drift = driftOf(state, workspace, reading);
  if (drift === noCredits) {
    throw problem('conflict', 'The ledger already agrees with this reading.', { todo: 'There is nothing to book.' });
  }
  const pool = state.poolOf(workspace, null, reading.at);
  if (bookedLater(state, workspace, pool, reading)) {
    throw problem('conflict', 'A later reading of this period was booked already; it has taken this gap in.', {
      todo: 'Confirm the latest reading only.',
    });
  }
  const line = { ...bookingLine(state, workspace, reading, { drift, actor }), reason: given.reason };
  if (drift < noCredits && clashes(state, workspace, { pool, line })) {
    throw problem('conflict', 'Some of what this reading takes away was given back since, by a refund or a void.', {
      todo: 'Take a reading of now and confirm that one.',
    });
  }
  if ((await state.appendLines(workspace.id, [line])).length > 0) {
    throw problem('conflict', 'This reading was booked before; entries that came later have opened a new gap.', {
      todo: 'Take a new reading and confirm that one.',
    });
  }
  return { transactionId: line.id, credits: drift };
}

/** The correction that makes the ledger agree with a reading. */
export function bookingLine(
  state: ReplicaState,
  workspace: Workspace,
  reading: Reading,
  { drift, actor }: { readonly drift: Credits; readonly actor: Actor },
): Correction {
  const { id: readingId, at } = reading;
  const { id: poolId } = state.poolOf(workspace, null, at);
  return openingLine(state, { workspaceId: workspace.id, poolId, at, used: drift, readingId }, actor);
}

/** It takes from the uses of the whole period, the latest first. */
export function clashes(
  state: ReplicaState,
  workspace: Workspace,
  { pool, line }: { readonly pool: Pool; readonly line: Correction },
): boolean {
  const { start } = state.scheduleOf(workspace, pool).periodAt(line.spentAt);
  return clashesWithLater(state.ledgerOf(workspace, pool, start), line, state.clock());
}

/** Whether a later reading of the same period was booked: a gap that it closed must not be closed a second time. */
export function bookedLater(state: ReplicaState, workspace: Workspace, pool: Pool, reading: Reading): boolean {
  const { end } = periodAt(workspace.index, reading.at);
  return state
    .linesWhere(`"poolId"=? AND "occurredAt">? AND "occurredAt"<? AND "kind"='correction'`, [pool.id, reading.at, end])
    .some((line) => line.origin === 'reading');
}

/** Reading minus ledger, in the allotment period of the reading: positive when the platform counted more. */
export function driftOf(state: ReplicaState, workspace: Workspace, reading: Reading): Credits {
  const used = state
    .poolsOf(workspace, reading.at)
    .map((pool) => state.usedAt(workspace, pool, reading.at))
    .reduce((total, part) => credits(total + part), noCredits);
  return subtract(reading.used, used);
}

/** The latest reading of the allotment period that holds `at`. */
export function latestReading(state: ReplicaState, workspace: Workspace, at: Instant): Reading | null {
  const period = periodAt(workspace.index, at);
  const readings = readingsOf(state, workspace.id).filter(
    (reading) => reading.at >= period.start && reading.at < period.end && reading.at <= at,
  );
  return readings.toSorted((left, right) => left.at - right.at).at(-1) ?? null;
}

export async function writeReading(state: ReplicaState, given: Omit<Reading, 'id'>): Promise<string> {
  const id = state.ids.fresh();
  const body = { at: given.at, used: given.used, recordedAt: state.clock() };
  await appendRecords(state.database, 'readings', [{ id, workspaceId: given.workspaceId, body }]);
  return id;
}

/** Use that nobody logged, as the platform counted it. */
export function openingLine(
  state: ReplicaState,
  given: {
    readonly workspaceId: string;
    readonly poolId: string;
    readonly at: Instant;
    readonly used: Credits;
    readonly readingId: string;
  },
  actor: Actor,
): Correction {
  return {
    kind: 'correction',
    id: bookingIdOf(state, given.readingId),
    workspaceId: given.workspaceId,
    poolId: given.poolId,
    occurredAt: given.at,
    recordedAt: state.clock(),
    spentAt: given.at,
    authorId: actor.memberId,
    origin: 'reading',
    memberId: null,
    teamId: null,
    featureId: null,
    variant: null,
    linkedId: null,
    credits: given.used,
    reason: 'Reading of what the platform says was used',
  };
}

/** One reading is booked once, however often it is confirmed. */
export function bookingIdOf(state: ReplicaState, readingId: string): string {
  return state.ids.ofName(`reading/${readingId}`);
}

export function readingNamed(state: ReplicaState, workspace: Workspace, id: string): KnownReading {
  const reading = readingsOf(state, workspace.id).find((known) => known.id === id);
  if (!reading) throw notFound('reading', id);
  return reading;
}

/** Corrections are for company admins, and so is what they are decided by. [E5] */
export function refuseWhoIsNoAdmin(state: ReplicaState, workspace: Workspace, what: string): void {
  if (accessOf(state, workspace) === 'company-admin') return;
  throw problem('refused', `Only a company admin ${what}.`, { todo: 'Ask a company admin of this workspace.' });
}

/** A reading as this computer keeps it. */
export interface KnownReading extends Reading {
  /** When it was entered; where it was entered on another computer, as of when it is. */
  readonly recordedAt: Instant;
}

const storedSchema = readingSchema
  .extend({ recordedAt: z.int().transform(instant).optional() })
  .transform((reading): KnownReading => ({ ...reading, recordedAt: reading.recordedAt ?? reading.at }));

export function readingsOf(state: ReplicaState, workspaceId: string): readonly KnownReading[] {
  return readRecords(state.database, 'readings', '"workspaceId"=?', [workspaceId]).flatMap(({ id, body }) => {
    const parsed = storedSchema.safeParse({ ...body, id, workspaceId });
    if (parsed.success) return [parsed.data];
    state.database.damaged.note('readings', id);
    return [];
  });
}

/** What a platform counts for the whole workspace cannot be told apart by member, so no pool could be corrected by it. */
export function refuseWherePoolsArePersonal(plan: Plan, path: string): void {
  if (plan.poolScope !== 'member') return;
  throw wrongField(
    path,
    `each member has credits of their own in ${plan.name}; log what each of them used as already happened instead`,
  );
}
