// The packs that the made-up team bought, wanted or was refused, as steps of orders and as grants. [P1] [P4]
import { figure } from '../../shared/catalogue/figure.ts';
import { findPack, versionInForce } from '../../shared/catalogue/lookup.ts';
import { wholeCredits, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { money } from '../../shared/kernel/money.ts';
import type { Period } from '../../shared/kernel/period.ts';
import { addDays, dayOf, startOfDay, weekdayOf } from '../../shared/kernel/time-zone.ts';
import { orderStepId, type OrderState, type OrderStep } from '../../shared/ledger/order-step.ts';
import type { TermsIndex } from '../../shared/ledger/schedule.ts';
import { defaultPriority, type Grant } from '../../shared/ledger/transaction.ts';
import { slugOf } from '../transfer/feature-slug.ts';
import type { SampleScript } from './sample-platforms.ts';
import type { Short } from './sample-play.ts';
import { sampleAdmin, type SampleSetting } from './sample-terms.ts';

interface Purchases {
  /** What was granted at set times. */
  readonly grants: readonly Grant[];
  /** Buys once when a pool is short: the next working morning for the team, within hours for one person. */
  readonly buyMore: (short: Short) => Grant | null;
  /** Every step of every order, once the story is told. */
  readonly steps: () => readonly OrderStep[];
}

export function samplePurchases(
  setting: SampleSetting,
  given: {
    readonly script: SampleScript;
    readonly index: TermsIndex;
    readonly periods: readonly Period[];
    readonly poolIdOf: (memberId: string | null) => string;
  },
): Purchases {
  const { script, index, periods, poolIdOf } = given;
  const { now } = setting;
  const steps: OrderStep[] = [];
  const ask = orderWriter(setting, index, steps);
  const bought: Bought = (order, poolId) => {
    const { orderId, credits } = ask({ ...order, ends: 'granted' });
    return grantOf(setting, { id: orderId, poolId, at: order.endsAt, amount: credits, packId: order.packId });
  };
  const whole = poolIdOf(null);
  const buyMore = buyerOf(setting, script, bought);
  if (script.platform !== 'piktochart') return { grants: [], buyMore, steps: () => steps };
  const startOf = (periodsAgo: number, days: number): Instant =>
    instant((periods.at(-1 - periodsAgo)?.start ?? now) + (days * 24 + 10) * hourMs);
  const starter = bought(
    {
      packId: 'starter',
      by: sampleAdmin ?? null,
      at: startOf(9, 21),
      endsAt: startOf(9, 22),
      note: null,
      reference: 'Sample invoice 1',
    },
    whole,
  );
  const refusedAt = startOf(7, 25);
  ask({
    packId: 'ultimate',
    by: lead,
    at: startOf(7, 24),
    ends: 'refused',
    endsAt: refusedAt,
    note: 'The larger plan begins next week',
    reference: null,
  });
  const requestedAt = instant(now - 2 * dayMs);
  ask({
    packId: 'deluxe',
    by: lead,
    at: requestedAt,
    ends: 'requested',
    endsAt: requestedAt,
    note: 'For the films of the fair',
    reference: null,
  });
  const goodwill = grantOf(setting, {
    id: setting.freshId(),
    poolId: whole,
    at: startOf(1, 6),
    amount: wholeCredits(300),
    packId: null,
  });
  return { grants: [starter, goodwill], buyMore, steps: () => steps };
}

/** Buys once: for the team when its pool runs dry, or for one person who is short of credits of their own. */
function buyerOf({ now, zone }: SampleSetting, { platform }: SampleScript, bought: Bought): Purchases['buyMore'] {
  let isDone = false;
  return ({ action, poolId, isDry }) => {
    const { memberId, at } = action;
    const daysAgo = (now - at) / dayMs;
    if (isDone) return null;
    if (platform === 'piktochart' && isDry) {
      isDone = true;
      const note = 'The pool ran dry before the reset';
      const order = { packId: 'booster', by: lead, note, reference: 'Sample invoice 2' };
      return bought({ ...order, at, endsAt: workingMorningAfter(at, zone) }, poolId);
    }
    if (platform !== 'visily' || daysAgo > 170 || daysAgo < 4) return null;
    isDone = true;
    const note = 'To finish the screens of this month';
    const order = { packId: 'top-up', by: memberId, memberId, note, reference: 'Sample invoice 3' };
    return bought({ ...order, credits: wholeCredits(1_000), at, endsAt: instant(at + 3 * hourMs) }, poolId);
  };
}

type Bought = (order: Omit<SampleOrder, 'ends'>, poolId: string) => Grant;

interface SampleOrder {
  readonly packId: string;
  readonly by: string | null;
  readonly memberId?: string;
  readonly at: Instant;
  readonly ends: OrderState;
  readonly endsAt: Instant;
  /** Where the platform publishes no amount. */
  readonly credits?: Credits;
  readonly note: string | null;
  readonly reference: string | null;
}

/** Notes the steps of an order: asked for, and how it ended. */
function orderWriter({ workspaceId, freshId }: SampleSetting, { terms }: TermsIndex, steps: OrderStep[]) {
  return (order: SampleOrder): { readonly orderId: string; readonly credits: Credits } => {
    const { packId, by, memberId = null, at, ends, endsAt, note, reference } = order;
    const pack = findPack(versionInForce(terms.catalogue, at).version, packId);
    const published = pack && pack.credits !== null ? figure(pack.credits) : null;
    const price = pack?.price ? money(pack.price.minorUnits, pack.price.currency) : null;
    const orderId = freshId();
    const step = (state: OrderState, when: Instant, more: Partial<OrderStep>): OrderStep => ({
      id: orderStepId(orderId, state),
      workspaceId,
      orderId,
      state,
      packId,
      memberId,
      at: when,
      recordedAt: when,
      authorId: by,
      credits: published,
      price,
      reference: null,
      note,
      ...more,
    });
    const credits = order.credits ?? published ?? wholeCredits(0);
    steps.push(step('requested', at, {}));
    if (ends !== 'requested') {
      const decided = { authorId: sampleAdmin ?? null, reference, ...(ends === 'granted' ? { credits } : {}) };
      steps.push(step(ends, endsAt, decided));
    }
    return { orderId, credits };
  };
}

function grantOf(
  { workspaceId }: SampleSetting,
  given: {
    readonly id: string;
    readonly poolId: string;
    readonly at: Instant;
    readonly amount: Credits;
    readonly packId: string | null;
  },
): Grant {
  const { id, poolId, at, amount, packId } = given;
  const kind = packId === null ? 'adjustment' : 'pack';
  return {
    kind: 'grant',
    id,
    workspaceId,
    poolId,
    occurredAt: at,
    recordedAt: at,
    authorId: sampleAdmin ?? null,
    origin: 'sample',
    grantKind: kind,
    amount,
    priority: defaultPriority[kind],
    expiresAt: null,
    packId,
    orderId: packId === null ? null : id,
    ...(packId === null ? { note: 'Goodwill of the platform after an outage' } : {}),
  };
}

function workingMorningAfter(at: Instant, zone: string): Instant {
  let day = addDays(dayOf(at, zone), 1);
  while (weekdayOf(day) > 5) day = addDays(day, 1);
  return instant(startOfDay(day, zone) + 9.5 * hourMs);
}

const lead = slugOf('Søren Kjærgaard');
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
