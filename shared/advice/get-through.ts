/** The cheapest way to get through: which packs, and by when, so that credits last until a reset. */
import type { Pack, Plan } from '../catalogue/catalogue.ts';
import { figure } from '../catalogue/figure.ts';
import { forecastInSteps, type ForecastInput, type ForecastQuality } from '../forecast/forecast.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { atOnce, type Steps } from '../kernel/steps.ts';
import { addDays, addMonths, daysBetween, type LocalDate } from '../kernel/time-zone.ts';
import { cheapestLapsingPacks, type Lot } from './cheapest-lapsing.ts';
import { cheapestPacks, packsOfOneKind, type Choice, type NoChoice, type Offer } from './cheapest.ts';
import { shortByDay } from './shortfall.ts';

/** In how many of ten cases the packs are to be enough. */
export type Sureness = 'p50' | 'p90';

export interface GetThroughQuestion {
  /** As the forecast takes it, with nothing bought. */
  readonly input: ForecastInput;
  readonly today: LocalDate;
  /** Days from now to the reset until which the credits are to last. */
  readonly untilDays: number;
  readonly sureness: Sureness;
  readonly plan: Plan;
  /** The packs that the plan offers. */
  readonly packs: readonly Pack[];
  /** Lasting credits in force, with the day on which they lapse. */
  readonly lasting: readonly { readonly credits: number; readonly lapsesOn: LocalDate | null }[];
}

/** Why a pack is not among those that were weighed against each other. */
export interface LeftOut {
  readonly packId: string;
  readonly reason: 'no-amount' | 'no-price' | 'other-currency';
}

export interface GetThrough {
  readonly quality: ForecastQuality;
  /** Credits that are short until then if nothing is bought, in the case that was asked for. */
  readonly short: number;
  readonly firstShortOn: LocalDate | null;
  readonly choice: Result<Choice, NoChoice | 'too-many'>;
  /** For each purchase the day on which it is needed already in the worst of ten cases; never later than its own. */
  readonly earliest: readonly LocalDate[];
  /** null where no pack has a price: then the fewest credits are sought. */
  readonly currency: string | null;
  /** What each kind of pack alone would cost, in the order of the catalogue. */
  readonly ofOneKind: readonly { readonly packId: string; readonly count: number; readonly price: number }[];
  readonly leftOut: readonly LeftOut[];
  /**
   * That credits last until then, without the packs and with them, each bought in time; null where history bears none.
   */
  readonly lasts: { readonly without: number | null; readonly with: number | null };
}

export function getThrough(question: GetThroughQuestion): GetThrough {
  return atOnce(getThroughInSteps(question));
}

/** The same, for who serves others as well. */
export function* getThroughInSteps(question: GetThroughQuestion): Steps<GetThrough> {
  const { input, today, untilDays, sureness, packs } = question;
  const until = { ...input, daysUntilReset: untilDays };
  const result = yield* forecastInSteps(until);
  yield;
  const { offers, leftOut, currency } = offersOf(packs);
  const isDated = result.endOfPeriod !== null;
  const short = isDated ? microByDay(shortByDay(result.cumulative[sureness], input, untilDays)) : [];
  const firstShort = short.findIndex((credits) => credits > 0);
  const total = short.reduce((sum, credits) => sum + credits, 0);
  const everLapses = packs.some((pack) => pack.lapsesAfterMonths !== null && offers.some(isOf(pack)));
  const choice = everLapses
    ? lapsingChoice(question, result.cumulative[sureness], offers)
    : cheapestPacks(short, offers);
  const withPacks = choice.ok ? { ...until, ...suppliedWith(until, choice.value, question) } : until;
  yield;
  const lasts = {
    without: yield* lastsUnder(until),
    with: choice.ok && choice.value.packs > 0 ? yield* lastsUnder(withPacks) : null,
  };
  return {
    quality: result.quality,
    short: total / 1e6,
    firstShortOn: firstShort < 0 ? null : addDays(today, firstShort),
    choice,
    earliest: choice.ok ? earliestDays(choice.value, { question, worst: result.cumulative.p90, offers }) : [],
    currency,
    ofOneKind: offers.map((offer) => ({ packId: offer.packId, ...packsOfOneKind(total, offer) })),
    leftOut,
    lasts,
  };
}

function* lastsUnder(given: ForecastInput): Steps<number | null> {
  const { runOut, endOfPeriod } = yield* forecastInSteps(given);
  return runOut === null || endOfPeriod === null ? null : 1 - runOut.probability;
}

/**
 * The packs that can be weighed against each other: those with an amount, and with a price in one currency, that of the
 * first. Where none has a price, all with an amount.
 */
function offersOf(packs: readonly Pack[]): {
  readonly offers: readonly Offer[];
  readonly leftOut: readonly LeftOut[];
  readonly currency: string | null;
} {
  const currency = packs.find((pack) => pack.credits !== null && pack.price !== null)?.price?.currency ?? null;
  const offers: Offer[] = [];
  const leftOut: LeftOut[] = [];
  for (const { id: packId, credits, price } of packs) {
    if (credits === null || figure(credits) <= 0) leftOut.push({ packId, reason: 'no-amount' });
    else if (currency !== null && price === null) leftOut.push({ packId, reason: 'no-price' });
    else if (price !== null && price.currency !== currency) leftOut.push({ packId, reason: 'other-currency' });
    else offers.push({ packId, credits: figure(credits), price: price?.minorUnits ?? 0 });
  }
  return { offers, leftOut, currency };
}

/** Whole micro-credits; rounding up in sum keeps a fraction a day from adding up. */
function microByDay(credits: readonly number[]): readonly number[] {
  let [sum, given] = [0, 0];
  return credits.map((value) => {
    sum += value;
    const whole = Math.max(0, Math.ceil(sum * 1e6 - 1e-3) - given);
    given += whole;
    return whole;
  });
}

/** The slots of time in which packs that lapse are weighed begin where something changes. */
function lapsingChoice(
  question: GetThroughQuestion,
  cumulative: readonly number[],
  offers: readonly Offer[],
): Result<Choice, NoChoice | 'too-many'> {
  const { input, today, untilDays, packs, plan } = question;
  if (offers.length === 0) return err('no-offers');
  // What the allotment leaves over is needed from packs, those in force included.
  const onlyAllotment = {
    ...input,
    availableNow: Math.max(0, input.expiringNow ?? input.availableNow),
    replenish: input.replenish.filter((event) => event.setTo !== undefined),
  };
  const needByDay = microByDay(shortByDay(cumulative, onlyAllotment, untilDays));
  const lastDay = needByDay.findLastIndex((need) => need > 0);
  if (lastDay < 0) return ok({ purchases: [], price: 0, packs: 0, credits: 0 });
  const dayOfLapse = (from: number, months: number): number =>
    daysBetween(today, addMonths(addDays(today, from), months));
  const lapses = question.lasting.map(({ credits, lapsesOn }) => ({
    credits: Math.round(credits * 1e6),
    day: lapsesOn === null ? null : daysBetween(today, lapsesOn),
  }));
  const begins = [
    0,
    ...input.replenish.map((event) => Math.floor(event.dayOffset)),
    ...lapses.flatMap(({ day }) => day ?? []),
    ...needByDay.flatMap((need, day) => (need > 0 && (needByDay[day - 1] ?? 0) === 0 ? [day] : [])),
  ];
  const months = new Set(packs.flatMap((pack) => pack.lapsesAfterMonths ?? []));
  const withLapses = [...begins, ...begins.flatMap((day) => [...months].map((count) => dayOfLapse(day, count)))];
  const starts = [...new Set(withLapses)]
    .filter((day) => day >= 0 && day <= lastDay)
    .sort((left, right) => left - right);
  const needBySlot = starts.map((start, slot) =>
    needByDay.slice(start, starts[slot + 1] ?? needByDay.length).reduce((sum, need) => sum + need, 0),
  );
  // A slot that ends after the lapse cannot count on what lapses.
  const slotOf = (day: number | null): number | null =>
    day === null ? null : starts.findIndex((_, slot) => (starts[slot + 1] ?? lastDay + 1) > day);
  const untilSlot = (day: number | null): number | null => (day !== null && day > lastDay ? null : slotOf(day));
  const lots: readonly Lot[] = lapses.map(({ credits, day }) => ({ credits, from: 0, until: untilSlot(day) }));
  const lapsing = offers.map((offer) => {
    const lapsesAfter = packs.find((pack) => pack.id === offer.packId)?.lapsesAfterMonths ?? null;
    const goneBefore = starts.map((start) => (lapsesAfter === null ? null : untilSlot(dayOfLapse(start, lapsesAfter))));
    return { ...offer, goneBefore };
  });
  const choice = cheapestLapsingPacks({ needBySlot, lots, offers: lapsing, onlyWhenShort: plan.packs.onlyWhenUsedUp });
  if (!choice.ok) return choice;
  const purchases = choice.value.purchases.map((purchase) => ({ ...purchase, day: starts[purchase.day] ?? 0 }));
  return ok({ ...choice.value, purchases });
}

/** How early each purchase could be needed, where more is used than in the case that was asked for. */
function earliestDays(
  { purchases }: Choice,
  given: {
    readonly question: GetThroughQuestion;
    readonly worst: readonly number[];
    readonly offers: readonly Offer[];
  },
): readonly LocalDate[] {
  const { today, input, untilDays } = given.question;
  let shortSoFar = 0;
  const shortUntil = shortByDay(given.worst, input, untilDays).map((credits) => (shortSoFar += credits * 1e6));
  let bought = 0;
  return purchases.map(({ packId, day, count }) => {
    const before = bought;
    bought += count * (given.offers.find((offer) => offer.packId === packId)?.credits ?? 0);
    const needed = shortUntil.findIndex((short) => short > before);
    return addDays(today, needed < 0 ? day : Math.min(day, needed));
  });
}

/**
 * The supply with what is bought. A pack that never lapses is taken to be there when it is needed, whenever that is; one
 * that lapses from its day on.
 */
function suppliedWith(
  input: ForecastInput,
  choice: Choice,
  { packs, today }: GetThroughQuestion,
): Pick<ForecastInput, 'availableNow' | 'replenish' | 'expiringNow'> {
  let { availableNow } = input;
  const replenish = [...input.replenish];
  const startOf = (day: number): number => (day === 0 ? 0 : day - 1 + input.todayFractionLeft);
  for (const { packId, day, count } of choice.purchases) {
    const pack = packs.find((known) => known.id === packId);
    const months = pack?.lapsesAfterMonths ?? null;
    const add = pack?.credits ? (figure(pack.credits) / 1e6) * count : 0;
    if (months === null || day === 0) availableNow += add;
    else replenish.push({ dayOffset: startOf(day), add });
    if (months === null) continue;
    const lapsesOn = daysBetween(today, addMonths(addDays(today, day), months));
    replenish.push({ dayOffset: startOf(lapsesOn), add: -add });
  }
  return { availableNow, replenish, expiringNow: input.expiringNow ?? input.availableNow };
}

function isOf(pack: Pack): (offer: Offer) => boolean {
  return (offer) => offer.packId === pack.id;
}
