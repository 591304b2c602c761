import { assert } from '../../shared/kernel/assert.ts';
import type { Plan } from '../../shared/catalogue/catalogue.ts';
import { memberAllotmentOf } from '../../shared/catalogue/allotment.ts';
import { priceOf, type Price } from '../../shared/catalogue/price.ts';
import { microPerUnit, quantity, toApproximateNumber } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { Period } from '../../shared/kernel/period.ts';
import { seededRandom } from '../../shared/kernel/random.ts';
import { addDays, addMonths, dayOf, startOfDay, windowStart, type LocalDate } from '../../shared/kernel/time-zone.ts';
import type { Change } from '../../shared/ledger/change.ts';
import type { OrderStep } from '../../shared/ledger/order-step.ts';
import { indexTerms, periodAt, planAt, scheduleOf, type TermsIndex } from '../../shared/ledger/schedule.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import type { WorkspaceRecord } from '../../shared/ledger/workspace-record.ts';
import { slugOf } from '../transfer/feature-slug.ts';
import { holidayOn } from '../../shared/holidays/holidays.ts';
import type { FoldedElsewhere, ReplicaState } from './replica-state.ts';
import { samplePurchases } from './sample-orders.ts';
import type { SamplePerson } from './sample-people.ts';
import type { SampleScript } from './sample-platforms.ts';
import { Player, type PlayedRefusal } from './sample-play.ts';
import { readingsOf, type SampleReading } from './sample-readings.ts';
import {
  breakDays,
  launchDays,
  paceOfWeek,
  sampleActions,
  shareIn,
  type SampleAction,
  type SamplePeriod,
  type SampleSpender,
} from './sample-story.ts';
import {
  agreedTerms,
  peopleOverTime,
  roleOn,
  sampleCalendar,
  sampleCaps,
  sampleCountry,
  spendersOn,
  type SampleSetting,
} from './sample-terms.ts';

/** A workspace of the made-up team with everything that is to be written, and nothing written yet. */
export interface SampleWorkspace {
  readonly record: WorkspaceRecord;
  readonly changes: readonly Change[];
  /** In the order in which they were written down. */
  readonly lines: readonly Transaction[];
  readonly orders: readonly OrderStep[];
  readonly refusals: readonly PlayedRefusal[];
  readonly readings: readonly SampleReading[];
  readonly imports: readonly { readonly at: Instant; readonly fileName: string; readonly booked: number }[];
  readonly pools: readonly FoldedElsewhere[];
  readonly index: TermsIndex;
  readonly periods: readonly Period[];
}

/**
 * Tells the story of a year at one platform. Deterministic but for ids: the same clock and zone tell the same. It gives
 * way to others between pieces of work; `giveWay` may throw to end it.
 */
export async function tellSample(
  state: Pick<ReplicaState, 'catalogue' | 'ids'>,
  script: SampleScript,
  given: Omit<SampleSetting, 'freshId'> & { readonly giveWay: () => Promise<void> },
): Promise<SampleWorkspace> {
  const { workspaceId, now, zone, giveWay } = given;
  const setting: SampleSetting = { workspaceId, now, zone, freshId: state.ids.fresh };
  const record = recordOf(script, setting);
  const catalogue = state.catalogue(script.platform);
  const termsWith = (changes: readonly Change[]): TermsIndex =>
    indexTerms({ workspaceId, catalogue, anchor: record.anchor, timeZone: zone, changes });
  const periods = periodsOf(termsWith, setting, { script, anchor: record.anchor });
  const [first] = periods;
  assert(first, 'A year has periods');
  const changes = [
    ...agreedTerms(setting, script, periods),
    ...peopleOverTime(setting, script.platform, first.start),
    ...sampleCalendar(setting, first.start),
  ];
  const index = termsWith(changes);
  const spenders = spendersOn(setting, script.platform, first.start);
  const rates = ratesOf(index);
  const poolIdOf = (memberId: string | null): string => state.ids.ofName(`pool/${workspaceId}/${memberId ?? ''}`);
  await giveWay();
  const actions = sampleActions({
    script,
    random: seededRandom(script.seed),
    now,
    zone,
    spenders,
    periods: periods.map((period, place) =>
      wantedIn(period, { script, index, spenders, periodsAgo: periods.length - 1 - place }),
    ),
    rateOf: ({ feature, variant = null, metered }, at) =>
      metered ?? toApproximateNumber(rates({ feature, variant, quantity: 1, at }).credits),
    paceOf: paces(dayOf(now, zone)),
  });
  await giveWay();
  const purchases = samplePurchases(setting, { script, index, periods, poolIdOf });
  const readings = readingsOf(setting, {
    script,
    periods,
    poolId: poolIdOf(null),
    idOfReading: (id) => state.ids.ofName(`reading/${id}`),
  });
  const player = new Player({
    workspaceId,
    index,
    poolIdOf,
    dryPeriod: script.platform === 'piktochart' ? (periods.at(-3) ?? null) : null,
    entries: [...purchases.grants, ...readings.booked],
    buyMore: purchases.buyMore,
    freshId: setting.freshId,
    recordedAt: script.importedWeekly ? (at) => importedAt(at, zone) : (at) => at,
    priceOf: rates,
    now,
  });
  const all = asImported([...actions, ...momentsOf(script, setting)], { script, now, zone });
  for (const [place, action] of all.entries()) {
    player.play(action);
    if (place % actionsAtOnce === actionsAtOnce - 1) await giveWay();
  }
  const { lines, refusals, ledgers } = player.end();
  return {
    record,
    changes: [...changes, ...sampleCaps(setting, { lines, index })],
    lines,
    orders: purchases.steps(),
    refusals,
    readings: readings.taken(lines),
    imports: importsOf(script, { lines, zone }),
    pools: [...ledgers].map(([id, { memberId, ledger }]) => ({ pool: { id, memberId }, ledger })),
    index,
    periods,
  };
}

function recordOf(script: SampleScript, { workspaceId, now, zone }: SampleSetting): WorkspaceRecord {
  const { platform, name, daysIntoPeriod } = script;
  const today = dayOf(now, zone);
  // Where periods are calendar months, they begin in UTC.
  const begun = daysIntoPeriod === null ? windowStart('month', dayOf(now, 'UTC'), 1) : addDays(today, -daysIntoPeriod);
  const anchor = addMonths(begun, -12);
  return { id: workspaceId, name, platform, anchor, timeZone: zone, weekStart: 1, sample: true, createdAt: now };
}

/** The allotment periods since the beginning. The plans of a platform are cut alike. */
function periodsOf(
  termsWith: (changes: readonly Change[]) => TermsIndex,
  { workspaceId, now, zone, freshId }: SampleSetting,
  { script, anchor }: { readonly script: SampleScript; readonly anchor: LocalDate },
): readonly Period[] {
  const planId = script.terms[0]?.plan ?? null;
  const start = startOfDay(anchor, zone);
  const plan: Change = {
    id: freshId(),
    workspaceId,
    subject: '',
    effectiveFrom: start,
    recordedAt: start,
    authorId: null,
    origin: 'sample',
    reason: null,
    value: { kind: 'plan', planId },
  };
  const index = termsWith([plan]);
  const periods: Period[] = [];
  for (let period = periodAt(index, startOfDay(anchor, script.daysIntoPeriod === null ? 'UTC' : zone)); ;) {
    periods.push(period);
    if (period.end > now) return periods;
    period = periodAt(index, period.end);
  }
}

/** What everybody wants in a period: a share of what is allotted, by how active they are. */
function wantedIn(
  period: Period,
  given: {
    readonly script: SampleScript;
    readonly index: TermsIndex;
    readonly spenders: readonly SampleSpender[];
    readonly periodsAgo: number;
  },
): SamplePeriod {
  const { script, index, spenders, periodsAgo } = given;
  const { plan } = planAt(index, period.start);
  const wanted = script.wanted(periodsAgo);
  if (plan.poolScope === 'member') {
    return { ...period, wantedBy: (person) => wanted * ownAllotment(plan, script, person) * person.activity };
  }
  const { allotments } = scheduleOf(index, '', null).periodAt(period.start);
  const allotted = allotments.reduce((total, { amount }) => total + toApproximateNumber(amount), 0);
  const activity = spenders.reduce((total, spender) => total + spender.person.activity * shareIn(spender, period), 0);
  return { ...period, wantedBy: (person) => (wanted * allotted * person.activity) / activity };
}

function ownAllotment(plan: Plan, { platform }: SampleScript, person: SamplePerson): number {
  const allotment = memberAllotmentOf(plan.allotment, roleOn(platform, person), { periodNumber: 1, entered: null });
  return allotment.ok ? toApproximateNumber(allotment.value) : 0;
}

/** Prices by the catalogue, each looked up once a day. */
function ratesOf(index: TermsIndex): (action: Pick<SampleAction, 'feature' | 'variant' | 'quantity' | 'at'>) => Price {
  const { catalogue } = index.terms;
  const known = new Map<string, Price>();
  return ({ feature, variant, quantity: units, at }) => {
    // Versions of a catalogue begin with a day.
    const key = `${Math.floor(at / dayMs)}/${feature}/${variant ?? ''}/${units}`;
    const price = known.get(key);
    if (price) return price;
    const amount = quantity(units * microPerUnit);
    const priced = priceOf(catalogue, planAt(index, at).plan, { feature, variant, quantity: amount, at });
    assert(priced.ok, `The catalogue prices ${feature}`);
    known.set(key, priced.value);
    return priced.value;
  };
}

/** How busy each day is: the week, holidays, the end of the year, the company’s own break, the launch. */
function paces(today: LocalDate): (day: LocalDate) => number {
  const known = new Map<LocalDate, number>();
  const launched = launchDays(today);
  const away = { first: addDays(today, -breakDays.from), last: addDays(today, -breakDays.to) };
  const isWithin = (day: LocalDate, span: typeof launched): boolean => day >= span.first && day <= span.last;
  return (day) => {
    const found = known.get(day);
    if (found !== undefined) return found;
    const holiday = holidayOn(day, sampleCountry, null) ? 0.05 : 1;
    const yearEnd = day.slice(5) >= '12-24' || day.slice(5) <= '01-02' ? 0.15 : 1;
    const closed = isWithin(day, away) ? 0.08 : 1;
    const launch = isWithin(day, launched) ? 3 : 1;
    const pace = paceOfWeek(day) * Math.min(holiday, yearEnd, closed) * launch;
    known.set(day, pace);
    return pace;
  };
}

function momentsOf({ moments }: SampleScript, { now }: SampleSetting): readonly SampleAction[] {
  return moments.map(({ hoursAgo, person, feature, quantity: units, note = null, course }) => ({
    at: instant(Math.round(now - hoursAgo * hourMs)),
    memberId: slugOf(person),
    feature,
    variant: null,
    quantity: units,
    metered: null,
    note,
    course,
  }));
}

/** In order; of what is imported weekly no more than the last Monday brought. */
function asImported(
  actions: readonly SampleAction[],
  given: { readonly script: SampleScript; readonly now: Instant; readonly zone: string },
): readonly SampleAction[] {
  const { script, now, zone } = given;
  const sorted = actions.toSorted((left, right) => left.at - right.at);
  if (!script.importedWeekly) return sorted;
  return sorted.filter(({ at }) => importedAt(at, zone) < now);
}

/** What is used in a week is imported on the next Monday morning. */
function importedAt(at: Instant, zone: string): Instant {
  const monday = addDays(windowStart('week', dayOf(at, zone), 1), 7);
  return instant(startOfDay(monday, zone) + 9 * hourMs);
}

function importsOf(
  { importedWeekly }: SampleScript,
  { lines, zone }: { readonly lines: readonly Transaction[]; readonly zone: string },
): SampleWorkspace['imports'] {
  if (!importedWeekly) return [];
  const byImport = Map.groupBy(lines, ({ occurredAt }) => importedAt(occurredAt, zone));
  return [...byImport].map(([at, booked]) => ({
    at,
    fileName: `mirage-usage-until-${addDays(dayOf(at, zone), -1)}.csv`,
    booked: booked.length,
  }));
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** So many take a few hundredths of a second. */
const actionsAtOnce = 500;
