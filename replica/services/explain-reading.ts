import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import {
  explainDrift,
  type CountedUse,
  type DriftPart,
  type PendingHold,
  type RateChange,
} from '../../shared/analytics/explain-drift.ts';
import type { readingInput, readingStateInput } from '../../shared/bridge/inputs.ts';
import type { ReadingDetailView, ReadingEffect } from '../../shared/bridge/reading-views.ts';
import type { Issue } from '../../shared/bridge/problem.ts';
import { figure } from '../../shared/catalogue/figure.ts';
import { add, credits, noCredits, sum, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { addDays, dayOf, daysBetween, startOfDay, weekdayOf, type LocalDate } from '../../shared/kernel/time-zone.ts';
import type { PoolState } from '../../shared/ledger/pool-state.ts';
import type { Reading } from '../../shared/ledger/reading.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import { availableOf, withCorrection } from '../../shared/ledger/what-if.ts';
import { putRecord } from '../database/append.ts';
import { readRecords } from '../database/stored-rows.ts';
import { daysOf } from '../projections/usage-figures.ts';
import { unusualDaysOf } from './calendar.ts';
import { datesFrom } from './dates-from.ts';
import { actorOf } from './log-usage.ts';
import { namesOf, type Names } from './names.ts';
import { wrongInput } from './problems.ts';
import { readCredits } from './reading.ts';
import { latestFirst, readingView } from './readings-view.ts';
import {
  bookedLater,
  bookingIdOf,
  bookingLine,
  clashes,
  driftOf,
  readingNamed,
  readingsOf,
  refuseWhoIsNoAdmin,
} from './readings.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** A reading with its gap explained, as far as the ledger shows it. People are compared and never named. [G13] [V1] */
export async function explainReading(
  state: ReplicaState,
  given: z.output<typeof readingInput>,
): Promise<ReadingDetailView> {
  const before = state.workspace(given.workspaceId);
  const lines = await linesOfPeriod(state, before, readingNamed(state, before, given.readingId));
  // From here on nothing else comes in between.
  const workspace = state.workspace(given.workspaceId);
  const reading = readingNamed(state, workspace, given.readingId);
  const view = readingView(state, workspace, reading);
  const { period, at, booking } = view;
  // What opened again after it was booked is explained by what came since; before, what was booked is.
  const reopened = booking !== null && view.drift !== noCredits;
  const gap = reopened ? view.drift : add(view.drift, booking?.credits ?? noCredits);
  const earlier = previousReading(state, workspace, { reading, start: period.start });
  const since = earlier?.at ?? period.start;
  const { uses, ledgerByFeature } = countedUses(state, workspace, { reading, lines, since });
  const days = daysFrom(uses, { since, at, zone: workspace.timeZone });
  const { parts, byFeature, byDay, restOfFeatures, restOfDays } = explainDrift({
    gap,
    carried: earlier === null || reopened ? noCredits : driftOf(state, workspace, earlier),
    enteredAt: reopened ? booking.recordedAt : reading.recordedAt,
    uses,
    pending: pendingHolds(state, workspace, { reading, start: period.start }),
    rates: rateChanges(workspace, { since, at }),
    workDays: workDays(state, workspace, { since, at }),
    days,
    stated: statedOf(state, reading.id),
    ledgerByFeature,
  });
  const names = namesOf(workspace);
  const named = nameWith(names);
  return {
    ...view,
    since: { at: since, readingId: earlier?.id ?? null },
    gap,
    parts: parts.map((part) => shownPart(part, named)),
    byFeature: byFeature.map(named),
    restOfFeatures,
    byDay,
    restOfDays,
    ...whatBookingDoes(state, workspace, { reading, view }),
  };
}

/** Keeps what the platform says by feature, to compare it with the ledger. Nothing is booked by it. */
export async function setStated(
  state: ReplicaState,
  given: z.output<typeof readingStateInput>,
): Promise<{ readonly features: number }> {
  const workspace = state.workspace(given.workspaceId);
  refuseWhoIsNoAdmin(state, workspace, 'enters what the platform says');
  const reading = readingNamed(state, workspace, given.readingId);
  const known = knownFeatures(workspace);
  const issues: Issue[] = [];
  const byFeature: Record<string, Credits> = {};
  for (const [place, { feature, credits: text }] of given.byFeature.entries()) {
    const path = `byFeature.${place}`;
    if (!known.has(feature)) issues.push({ path: `${path}.feature`, message: `“${feature}” is no feature here` });
    if (feature in byFeature) issues.push({ path: `${path}.feature`, message: `“${feature}” is there twice` });
    byFeature[feature] = readCredits(text, `${path}.credits`);
  }
  if (sum(Object.values(byFeature)) > reading.used) {
    issues.push({ path: 'byFeature', message: 'adds up to more than the reading itself' });
  }
  if (issues.length > 0) throw wrongInput(issues);
  const body = { byFeature };
  await putRecord(state.database, 'settings', { id: statedId(reading.id), workspaceId: workspace.id, body });
  state.signal.changed(workspace.id);
  return { features: given.byFeature.length };
}

function statedOf(state: ReplicaState, readingId: string): ReadonlyMap<string, Credits> | null {
  const [record] = readRecords(state.database, 'settings', 'id=?', [statedId(readingId)]);
  if (!record) return null;
  const stated = statedSchema.safeParse(record.body);
  if (stated.success) {
    const byFeature = new Map(Object.entries(stated.data.byFeature));
    return byFeature.size === 0 ? null : byFeature;
  }
  state.database.damaged.note('settings', record.id);
  return null;
}

function statedId(readingId: string): string {
  return `reading-stated/${readingId}`;
}

const statedSchema = z.object({ byFeature: z.record(z.string(), z.int().transform(credits)) });

function knownFeatures({ index, catalogue }: Workspace): ReadonlySet<string> {
  const listed = catalogue.versions.flatMap((version) => version.features.map(({ id }) => id));
  return new Set([...index.features.keys(), ...listed]);
}

/** What happened up to the reading, in its period; in pieces, as a period may have a hundred thousand lines. */
async function linesOfPeriod(
  state: ReplicaState,
  workspace: Workspace,
  reading: Reading,
): Promise<readonly Transaction[]> {
  const { start } = readingView(state, workspace, reading).period;
  const { id: poolId } = state.poolOf(workspace, null, reading.at);
  const lines: Transaction[] = [];
  let last: { readonly at: number; readonly id: string } = { at: start - 1, id: '\uffff' };
  for (;;) {
    const page = state.linesWhere(pageWhere, [poolId, last.at, last.at, last.id, reading.at]);
    lines.push(...page);
    const end = page.at(-1);
    if (!end || page.length < linesPerPage) return lines;
    last = { at: end.occurredAt, id: end.id };
    await setImmediate();
  }
}

const linesPerPage = 1_000;
const pageWhere = `"poolId"=? AND "occurredAt">=? AND ("occurredAt","id")>(?,?) AND "occurredAt"<=?
  ORDER BY "occurredAt", "id" LIMIT ${linesPerPage}`;

function previousReading(
  state: ReplicaState,
  workspace: Workspace,
  { reading, start }: { readonly reading: Reading; readonly start: Instant },
): Reading | null {
  const earlier = readingsOf(state, workspace.id).filter(({ at }) => at < reading.at && at >= start);
  return earlier.toSorted(latestFirst)[0] ?? null;
}

/** What counts in the period of a reading, without what was booked for the reading itself. */
function countedUses(
  state: ReplicaState,
  workspace: Workspace,
  given: { readonly reading: Reading; readonly lines: readonly Transaction[]; readonly since: Instant },
): { readonly uses: readonly CountedUse[]; readonly ledgerByFeature: ReadonlyMap<string | null, Credits> } {
  const { reading, lines, since } = given;
  const { start } = readingView(state, workspace, reading).period;
  const own = bookingIdOf(state, reading.id);
  const uses: CountedUse[] = [];
  const ledgerByFeature = new Map<string | null, Credits>();
  for (const line of lines) {
    const use = useOf(line);
    if (!use || use.at < start || line.id === own || !('featureId' in line)) continue;
    ledgerByFeature.set(line.featureId, add(ledgerByFeature.get(line.featureId) ?? noCredits, use.credits));
    if (line.occurredAt <= since && since !== start) continue;
    uses.push({
      id: line.id,
      linkedId: 'linkedId' in line ? line.linkedId : null,
      at: use.at,
      day: dayOf(use.at, workspace.timeZone),
      recordedAt: line.recordedAt,
      source: line.origin === 'import' || line.origin === 'reading' ? line.origin : 'hand',
      featureId: line.featureId,
      variant: line.variant,
      who: line.memberId,
      credits: use.credits,
      quantity: line.kind === 'usage' && line.unitRate !== null ? line.quantity : null,
    });
  }
  return { uses, ledgerByFeature };
}

/** Every day from the first that counts to that of the reading. */
function daysFrom(
  uses: readonly CountedUse[],
  { since, at, zone }: { readonly since: Instant; readonly at: Instant; readonly zone: string },
): readonly LocalDate[] {
  const begins = dayOf(since, zone);
  const first = uses.reduce((least, { day }) => (day < least ? day : least), begins);
  const last = uses.reduce((most, { day }) => (day > most ? day : most), dayOf(at, zone));
  return datesFrom(first, daysBetween(first, last) + 1);
}

/** Holds that began in the period and were open when the reading was taken. */
function pendingHolds(
  state: ReplicaState,
  workspace: Workspace,
  { reading, start }: { readonly reading: Reading; readonly start: Instant },
): readonly PendingHold[] {
  const pool = state.poolOf(workspace, null, reading.at);
  const open = [...state.poolAt(workspace, pool, reading.at).openHoldById.values()].map(({ id, at, parts }) => ({
    id,
    at,
    held: credits(parts.reduce((total, part) => total + part.held, 0)),
  }));
  return open.flatMap(({ id, at, held }) => {
    const line = state.line(id);
    if (at < start || line?.kind !== 'hold') return [];
    return [{ day: dayOf(at, workspace.timeZone), featureId: line.featureId, credits: held }];
  });
}

/** Prices that another version of the catalogue has set within the span. [C1] */
function rateChanges(
  { catalogue: { versions } }: Workspace,
  { since, at }: { readonly since: Instant; readonly at: Instant },
): readonly RateChange[] {
  return versions.flatMap((version, place) => {
    const before = versions[place - 1];
    const from = startOfDay(version.effectiveFrom, 'UTC');
    if (!before || from <= since || from > at) return [];
    return version.features.flatMap(({ id: featureId, rates }) =>
      rates.flatMap(({ variant = null, credits: text }) => {
        const old = before.features
          .find((feature) => feature.id === featureId)
          ?.rates.find((rate) => (rate.variant ?? null) === variant)?.credits;
        if (text === null || old === null || old === undefined || old === text) return [];
        return [{ at: from, featureId, variant, before: figure(old), after: figure(text) }];
      }),
    );
  });
}

/** Whole days of the span that are not closed, on days of the week on which the team has used something lately. */
function workDays(
  state: ReplicaState,
  workspace: Workspace,
  { since, at }: { readonly since: Instant; readonly at: Instant },
): readonly LocalDate[] {
  const { timeZone } = workspace;
  const dayOfSince = dayOf(since, timeZone);
  const first = startOfDay(dayOfSince, timeZone) === since ? dayOfSince : addDays(dayOfSince, 1);
  const end = dayOf(at, timeZone);
  const span = { workspaceId: workspace.id, from: addDays(end, -lookBackDays), to: end };
  const usual = new Set(daysOf(state.database.connection, span).map(({ day }) => weekdayOf(day)));
  const closed = new Set(
    unusualDaysOf(state, workspace, { first, last: end }).flatMap(({ date, percent }) => (percent === 0 ? date : [])),
  );
  return datesFrom(first, Math.max(0, daysBetween(first, end))).filter(
    (day) => usual.has(weekdayOf(day)) && !closed.has(day),
  );
}

const lookBackDays = 56;

function nameWith(names: Names) {
  return <Row extends { readonly featureId: string | null }>(row: Row) => ({
    ...row,
    featureName: row.featureId === null ? null : names.feature(row.featureId),
  });
}

function shownPart(
  { places, ...part }: DriftPart,
  named: ReturnType<typeof nameWith>,
): ReadingDetailView['parts'][number] {
  return { ...part, places: places.slice(0, placesMax).map(named), morePlaces: Math.max(0, places.length - placesMax) };
}

const placesMax = 20;

/** What confirming would change, or why it cannot be confirmed; asked of the books as they are. */
function whatBookingDoes(
  state: ReplicaState,
  workspace: Workspace,
  { reading, view }: { readonly reading: Reading; readonly view: ReturnType<typeof readingView> },
): Pick<ReadingDetailView, 'effect' | 'blocked'> {
  const { drift, period } = view;
  if (drift === noCredits) return { effect: null, blocked: null };
  if (view.booking !== null) return { effect: null, blocked: 'booked-before' };
  const pool = state.poolOf(workspace, null, reading.at);
  if (bookedLater(state, workspace, pool, reading)) return { effect: null, blocked: 'later-booked' };
  const line = bookingLine(state, workspace, reading, { drift, actor: actorOf(state, workspace.id) });
  if (drift < noCredits && clashes(state, workspace, { pool, line })) {
    return { effect: null, blocked: 'given-back-since' };
  }
  const now = instant(Math.max(state.clock(), reading.at));
  const start = state.scheduleOf(workspace, pool).periodAt(reading.at).start;
  const ledger = state.ledgerOf(workspace, pool, start);
  const before = figuresOf(ledger.stateAt(now), period.start);
  const after = figuresOf(withCorrection(ledger, line, now), period.start);
  const both = (pick: keyof typeof before) => ({ before: before[pick], after: after[pick] });
  const effect: ReadingEffect = { used: both('used'), overage: both('overage'), available: both('available') };
  return { effect, blocked: null };
}

function figuresOf(pool: PoolState, periodStart: Instant) {
  const totals = pool.totalsByPeriodStart.get(periodStart) ?? { used: 0, overage: 0 };
  return { used: credits(totals.used), overage: credits(totals.overage), available: availableOf(pool) };
}
