import { defaultAlertRules, type DigestFigures } from '../../shared/alerts/alert.ts';
import { lastMonday } from '../../shared/alerts/delivery.ts';
import { look } from '../../shared/alerts/look.ts';
import type { HoldSeen, OrderSeen, ResetSeen, Sight, UseSeen, Watch } from '../../shared/alerts/watch.ts';
import { findPack } from '../../shared/catalogue/lookup.ts';
import { credits, noCredits, sum, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { contains, type Period } from '../../shared/kernel/period.ts';
import { addDays, dayOf, startOfDay } from '../../shared/kernel/time-zone.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import type { KeptAlert, KeptAlerts } from './alert-records.ts';
import { usedBetween } from './sample-readings.ts';
import type { SampleWorkspace } from './sample-workspace.ts';

/**
 * What would have been told of the last month, had somebody looked every morning: the rules that look at real workspaces
 * look at this one. What is older than a few days was seen. [N1] [N2]
 */
export function sampleAlerts(told: SampleWorkspace, now: Instant, zone: string): KeptAlerts {
  const today = dayOf(now, zone);
  const mornings = Array.from({ length: daysWatched }, (_, place) =>
    instant(startOfDay(addDays(today, place - daysWatched), zone) + 9 * hourMs),
  );
  // Neither a period nor the weeks of a digest reach back any further.
  const since = now - (daysWatched + 40) * dayMs;
  const recent = { ...told, lines: told.lines.filter(({ recordedAt }) => recordedAt >= since) };
  let watch: Watch | null = null;
  const alerts: KeptAlert[] = [];
  for (const at of [...mornings, now]) {
    const looked = look(watch, sightAt(recent, at, { zone, watch }), defaultAlertRules);
    watch = looked.watch;
    for (const alert of looked.alerts) {
      const isOld = now - at > unseenMs;
      alerts.push({ ...alert, seenAt: isOld ? instant(at + hourMs) : null, takenAt: alert.at });
    }
  }
  return { watch: watch ?? emptyWatch(now), alerts };
}

function sightAt(
  told: SampleWorkspace,
  at: Instant,
  { zone, watch }: { readonly zone: string; readonly watch: Watch | null },
): Sight {
  const written = told.lines.filter((line) => line.recordedAt <= at);
  const period = told.periods.findLast(({ start }) => start <= at);
  return {
    at,
    uses: period ? usesIn(told, { period, at, written }) : [],
    resets: watch === null ? [] : resetsUntil(told, watch.since, at),
    runOut: null,
    holds: holdsAt(written, at),
    orders: decidedOrders(told, at),
    sync: null,
    digest: period ? digestAt(told, { at, zone, written, period, mondays: watch?.mondays ?? [] }) : null,
  };
}

function usesIn(
  { pools }: SampleWorkspace,
  given: { readonly period: Period; readonly at: Instant; readonly written: readonly Transaction[] },
): readonly UseSeen[] {
  const { period, at, written } = given;
  const linesByPool = Map.groupBy(written, ({ poolId }) => poolId);
  return pools.flatMap(({ pool, ledger }): readonly UseSeen[] => {
    const allotments = ledger?.schedule.periodAt(at).allotments ?? [];
    const of = sum(allotments.filter(({ effectiveFrom }) => effectiveFrom <= at).map(({ amount }) => amount));
    if (of === noCredits) return [];
    const used = usedBetween(linesByPool.get(pool.id) ?? [], period.start, at);
    const opening = { used: noCredits, of, basis: 'allotment' } as const;
    const { start, end } = period;
    return [
      {
        poolId: pool.id,
        memberId: pool.memberId,
        period: { start, end },
        until: at,
        opening,
        course: [{ ...opening, used }],
      },
    ];
  });
}

function resetsUntil({ periods, pools }: SampleWorkspace, since: Instant, at: Instant): readonly ResetSeen[] {
  return periods.flatMap(({ start }, place): readonly ResetSeen[] => {
    const previous = periods[place - 1];
    if (!previous || start <= since || start > at) return [];
    const totals = pools.map(({ ledger }) => ledger?.stateAt(at).totalsByPeriodStart.get(previous.start));
    const allotted = pools.flatMap(({ ledger }) => ledger?.schedule.periodAt(start).allotments ?? []);
    return [
      {
        start,
        previous: { start: previous.start, end: previous.end },
        used: credits(totals.reduce((total, part) => total + (part?.used ?? 0), 0)),
        overage: credits(totals.reduce((total, part) => total + (part?.overage ?? 0), 0)),
        allotted: sum(allotted.filter(({ effectiveFrom }) => effectiveFrom === start).map(({ amount }) => amount)),
      },
    ];
  });
}

/** Holds that nobody had settled by then. */
function holdsAt(written: readonly Transaction[], at: Instant): readonly HoldSeen[] {
  const settled = new Set(
    written.flatMap((line) => (line.kind === 'capture' || line.kind === 'release' ? [line.linkedId] : [])),
  );
  return written.flatMap((line): readonly HoldSeen[] => {
    if (line.kind !== 'hold' || settled.has(line.id) || at - line.occurredAt > daysWatched * dayMs) return [];
    const { id, memberId, credits: held, occurredAt: since, expiresAt } = line;
    const isExpired = expiresAt !== null && expiresAt <= at;
    return [{ id, memberId, credits: held, since, expiresAt, state: isExpired ? 'expired' : 'open' }];
  });
}

function decidedOrders({ orders, index }: SampleWorkspace, at: Instant): readonly OrderSeen[] {
  const versions = index.terms.catalogue.versions.toReversed();
  return orders.flatMap(({ orderId, packId, state, credits: amount, at: decidedAt }): readonly OrderSeen[] => {
    if (decidedAt > at || state === 'requested' || state === 'approved') return [];
    const pack = versions.map((version) => findPack(version, packId)).find((known) => known !== undefined);
    return [{ id: orderId, packName: pack?.name ?? packId, outcome: state, credits: amount }];
  });
}

function digestAt(
  { pools, index }: SampleWorkspace,
  given: {
    readonly at: Instant;
    readonly zone: string;
    readonly written: readonly Transaction[];
    readonly period: Period;
    readonly mondays: readonly string[];
  },
): DigestFigures | null {
  const { at, zone, written, period, mondays } = given;
  const monday = lastMonday(at, zone);
  if (mondays.includes(monday)) return null;
  const weekBefore = (weeks: number): Period => ({
    start: startOfDay(addDays(monday, -7 * weeks), zone),
    end: startOfDay(addDays(monday, 7 - 7 * weeks), zone),
  });
  const lastWeek = weekBefore(1);
  const creditsByFeature = new Map<string, number>();
  for (const line of written) {
    const use = useOf(line);
    if (!use || !contains(lastWeek, use.at) || line.kind === 'grant' || line.featureId === null) continue;
    creditsByFeature.set(line.featureId, (creditsByFeature.get(line.featureId) ?? 0) + use.credits);
  }
  const [top] = [...creditsByFeature].toSorted((left, right) => right[1] - left[1]);
  const features = index.terms.catalogue.versions.flatMap((version) => version.features);
  const usedIn = ({ start, end }: Period): Credits => usedBetween(written, start, instant(end - 1));
  return {
    monday,
    used: usedIn(lastWeek),
    weekBeforeUsed: usedIn(weekBefore(2)),
    available: sum(pools.map(({ ledger }) => (ledger ? balanceOf(ledger.stateAt(at), at).available : noCredits))),
    resetAt: period.end,
    topFeature: top
      ? { name: features.find(({ id }) => id === top[0])?.name ?? top[0], credits: credits(top[1]) }
      : null,
  };
}

function emptyWatch(since: Instant): Watch {
  return {
    since,
    nextNumber: 1,
    reached: [],
    resets: [],
    runOuts: [],
    holds: [],
    orders: [],
    stuckSince: null,
    mondays: [],
  };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const daysWatched = 32;
const unseenMs = 2 * dayMs;
