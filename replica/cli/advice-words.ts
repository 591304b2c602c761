// Advice as the command line says it: exact values for programs, tables for people.
import type {
  CheapestView,
  CompareView,
  OutcomeRow,
  PaceRow,
  PlanComparison,
  PlatformComparison,
  WhatIfView,
} from '../../shared/bridge/advice-views.ts';
import type { Cost, CostGap } from '../../shared/advice/cost.ts';
import { credits, formatDecimal, microPerUnit } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import type { Money } from '../../shared/kernel/money.ts';
import { iso, readable, readableEstimate, readableNumberOf, readablePercent, table } from './output.ts';

/** An estimate of credits as every other figure is written: a decimal string, to the micro-credit. */
export function estimate(value: number): string {
  return formatDecimal(credits(Math.round(value * microPerUnit)));
}

/** `{"amount": "40.00", "currency": "USD"}` */
function moneyJson({ minorUnits, currency }: Money) {
  const places = minorPlaces(currency);
  return { amount: (minorUnits / 10 ** places).toFixed(places), currency };
}

export function outcomeJson({ id, outcome, problem }: OutcomeRow) {
  if (outcome === null) return { id, problem };
  const { quality, endOfPeriod, runOut, prospects, cost, planFrom, seatsFrom } = outcome;
  return {
    id,
    problem,
    quality,
    endOfPeriod: endOfPeriod === null ? null : rangeJson(endOfPeriod),
    runOut: runOut === null ? null : { p10: iso(runOut.p10), p50: iso(runOut.p50), p90: iso(runOut.p90) },
    periods: prospects.map(({ from, resetAt, allotted, lasts, short }) => ({
      from: iso(from),
      resetAt: iso(resetAt),
      allotted: formatDecimal(allotted),
      lasts,
      short: short === null ? null : { p50: estimate(short.p50), p90: estimate(short.p90), mean: estimate(short.mean) },
    })),
    cost: {
      once: cost.once.map(moneyJson),
      perPeriod: cost.perPeriod.map(moneyJson),
      unknown: cost.unknown,
    },
    planFrom: iso(planFrom),
    seatsFrom: iso(seatsFrom),
  };
}

/** Today first, and below it what each change would make of it. */
export function outcomesText({ rows, limit }: WhatIfView, timeZone: string): string {
  const dayAt = dayIn(timeZone);
  const [today] = rows;
  const first = today?.outcome?.prospects[0];
  if (!today?.outcome || !first) return today?.problem ?? '';
  if (today.outcome.endOfPeriod === null) {
    return 'There is less than a week of use: no date and no chance can be told yet.';
  }
  const later = today.outcome.prospects[1];
  const missing = limit === 'soft' ? 'overage' : 'missing';
  const head = [
    '',
    `Lasts until ${dayAt(first.resetAt)}`,
    'Runs out around',
    `Used by then`,
    `Then ${missing}`,
    `Lasts ${dayAt(later.from)} – ${dayAt(later.resetAt)}`,
    'Cost',
  ];
  const lines = rows.flatMap(({ id, outcome }) => {
    if (outcome === null) return [];
    const [now, then] = outcome.prospects;
    return [
      [
        rowNames[id],
        chance(now.lasts),
        outcome.runOut?.p50 ? dayAt(outcome.runOut.p50) : 'not in sight',
        outcome.endOfPeriod === null ? '–' : `about ${readableEstimate(outcome.endOfPeriod.p50)}`,
        now.short === null ? '–' : readableEstimate(now.short.mean),
        chance(then.lasts),
        costText(outcome.cost),
      ],
    ];
  });
  const problems = rows.flatMap(({ id, problem }) => (problem === null ? [] : [`${rowNames[id]}: ${problem}`]));
  const early = today.outcome.quality === 'early' ? ['An early estimate, from less than two weeks of use.'] : [];
  const last = rows.at(-1)?.outcome;
  const from = [
    ...(last?.planFrom ? [`The plan counts from ${dayAt(last.planFrom)} on.`] : []),
    ...(last?.seatsFrom ? [`The number of seats counts from ${dayAt(last.seatsFrom)} on.`] : []),
  ];
  const cells = table([head, ...lines], ['left', 'right', 'right', 'right', 'right', 'right', 'left']);
  return [cells, ...problems, ...early, ...from].join('\n');
}

const rowNames: Readonly<Record<OutcomeRow['id'], string>> = {
  today: 'Today',
  all: 'All together',
  seats: 'Seats',
  plan: 'Plan',
  packs: 'Packs',
  extra: 'Credits from elsewhere',
  cap: 'Cap',
  teams: 'Without the teams',
  use: 'Other use',
};

export function cheapestJson(view: CheapestView) {
  const { asOf, untilAt, short, answer, ofOneKind, ...others } = view;
  return {
    ...others,
    asOf: iso(asOf),
    untilAt: iso(untilAt),
    short: formatDecimal(short),
    answer:
      answer.kind === 'buy'
        ? {
            kind: answer.kind,
            purchases: answer.purchases.map(({ credits: amount, price, ...purchase }) => ({
              ...purchase,
              credits: formatDecimal(amount),
              price: price === null ? null : moneyJson(price),
            })),
            price: answer.price === null ? null : moneyJson(answer.price),
            credits: formatDecimal(answer.credits),
            left: formatDecimal(answer.left),
          }
        : answer,
    ofOneKind: ofOneKind.map(({ credits: amount, price, ...kind }) => ({
      ...kind,
      credits: formatDecimal(amount),
      price: price === null ? null : moneyJson(price),
    })),
  };
}

export function cheapestText(view: CheapestView, timeZone: string): string {
  const { answer, untilAt, short, firstShortOn, sureness, lasts, ofOneKind, leftOut, sold, onlyWhenUsedUp } = view;
  const until = dayIn(timeZone)(untilAt);
  const surely = sureness === 'safe' ? 'in 9 of 10 cases' : 'in 5 of 10 cases';
  const needed = `Without more credits, ${readable(short)} are short by ${until}${firstShortOn === null ? '' : `, from ${firstShortOn} on`} (${surely} no more).`;
  switch (answer.kind) {
    case 'nothing-short':
      return `Nothing to buy: the credits last until ${until} ${surely}.`;
    case 'too-early':
      return 'It takes a week of use before anybody can say how many packs are needed.';
    case 'no-figure':
      return answer.problem;
    case 'no-offers':
      return `${needed}\n${noOffers[sold]}`;
    case 'too-fine':
    case 'too-many':
      return `${needed}\nThere are too many combinations to weigh all of them, and a guess is not given. Ask about fewer resets.`;
    case 'buy':
  }
  const rows = answer.purchases.map(({ count, packName, credits: amount, price, on, earliest }) => [
    `${count} × ${packName}`,
    `needed on ${on}`,
    earliest < on ? `could be needed from ${earliest} on` : '',
    readable(amount),
    price === null ? 'price not known' : moneyText(price),
  ]);
  const total = answer.price === null ? 'no price is known' : moneyText(answer.price);
  return [
    needed,
    table([...rows, ['Total', '', '', readable(answer.credits), total]], ['left', 'left', 'left', 'right', 'right']),
    'No combination of packs and days costs less.',
    ...(ofOneKind.length > 1
      ? [
          `Alone: ${ofOneKind.map(({ count, packName, price }) => `${count} × ${packName}${price === null ? '' : ` ${moneyText(price)}`}`).join(', ')}.`,
        ]
      : []),
    ...(lasts.with === null || lasts.without === null
      ? []
      : [
          `With them the credits last in ${readablePercent(lasts.with)} of the cases seen in past use, instead of ${readablePercent(lasts.without)}.`,
        ]),
    ...(onlyWhenUsedUp ? ['The platform sells more only once nothing is left: wait until then.'] : []),
    ...(leftOut.length === 0
      ? []
      : [`Not weighed: ${leftOut.map(({ packName, reason }) => `${packName} (${reasons[reason]})`).join(', ')}.`]),
  ].join('\n');
}

const noOffers: Readonly<Record<CheapestView['sold'], string>> = {
  request: 'The platform sells credits through its account team: ask for at least as many.',
  order: 'No pack of this plan has an amount that is known.',
  no: 'Nothing is sold on top of this plan.',
};
const reasons = {
  'no-amount': 'no amount is published',
  'no-price': 'no price is known',
  'other-currency': 'sold in another currency',
} as const;

export function platformJson({ platform, platformName, covered, unpriced, plans }: PlatformComparison) {
  return {
    platform,
    name: platformName,
    covered,
    unpriced,
    plans: plans.map(({ planId, planName, present, limit, replay, problem, packs, price }) => ({
      id: planId,
      name: planName,
      present,
      limit,
      problem,
      price: price === null ? null : { ...moneyJson(price.price), per: price.per },
      ...(replay === null
        ? {}
        : {
            used: formatDecimal(replay.used),
            allotted: formatDecimal(replay.allotted),
            periods: replay.periods,
            short: formatDecimal(replay.short),
            shortPeriods: replay.shortPeriods,
            unattributed: formatDecimal(replay.unattributed),
            planCost: replay.planCost === null ? null : moneyJson(replay.planCost),
            packs: replay.packs.ok
              ? {
                  needed: packs,
                  credits: formatDecimal(replay.packs.value.credits),
                  price: replay.packs.value.price === null ? null : moneyJson(replay.packs.value.price),
                }
              : { problem: replay.packs.error },
          }),
    })),
  };
}

export function compareText({ from, to, used, here, others }: CompareView): string {
  if (used === 0) return 'No use to compare yet.';
  const platforms = [here, ...others].map((platform) => {
    const { platformName, covered, unpriced, plans } = platform;
    const head = [platformName, 'Allotted', 'Used', 'Beyond it', 'Packs for that', 'Cost'];
    const cells = table([head, ...plans.map(planCells)], ['left', 'right', 'right', 'right', 'left', 'left']);
    return [
      '',
      cells,
      ...(platform !== here && covered < 1
        ? [`${readablePercent(covered)} of what was used is matched to features there; the rest is not counted.`]
        : []),
      ...(unpriced.length === 0 ? [] : [`No rate is known for ${unpriced.join(', ')}.`]),
    ].join('\n');
  });
  const hint =
    others.length > 0
      ? 'Credits of different platforms are not the same unit: compare what is beyond, and what it costs.'
      : 'Other platforms are compared once features are matched: fuelgauge advice match.';
  return [`${from} – ${to}: ${readable(used)} used, played again on each plan.`, ...platforms, '', hint].join('\n');
}

function planCells({ planName, present, limit, replay, problem, packs, price }: PlanComparison): readonly string[] {
  const name = `${planName}${present ? ' (now)' : ''}`;
  if (replay === null) return [name, '', '', '', problem ?? '', ''];
  const { allotted, used, short, shortPeriods, periods, packs: needed, planCost } = replay;
  const beyond = limit === 'soft' ? 'overage' : 'refused';
  const cost = [
    ...(planCost === null ? [price === null ? 'plan not priced' : ''] : [`${moneyText(planCost)} for the plan`]),
    ...(needed.ok && needed.value.price !== null && needed.value.packs.length > 0
      ? [`${moneyText(needed.value.price)} for packs`]
      : []),
  ].filter((part) => part !== '');
  return [
    name,
    readable(allotted),
    readable(used),
    short === 0 ? 'none' : `${readable(short)} ${beyond} in ${shortPeriods} of ${readableNumberOf(periods, 'period')}`,
    short === 0
      ? ''
      : needed.ok
        ? packs.map(({ packName, count }) => `${count} × ${packName}`).join(', ')
        : noPacks[needed.error],
    cost.join(', '),
  ];
}

const noPacks = {
  'not-sold': 'none are sold',
  'no-amounts': 'no amounts are published',
  'no-offers': 'none are published',
  'too-fine': 'too many combinations',
} as const;

export function paceJson({ id, name, used, cap, quality, pacePerDay, end, reach }: PaceRow) {
  return {
    id,
    name,
    used: formatDecimal(used),
    cap: cap === null ? null : { credits: formatDecimal(cap.credits), per: cap.per, windowEnd: iso(cap.windowEnd) },
    quality,
    pacePerDay: pacePerDay === null ? null : estimate(pacePerDay),
    end: end === null ? null : rangeJson(end),
    reach:
      reach === null
        ? null
        : { p10: iso(reach.p10), p50: iso(reach.p50), p90: iso(reach.p90), probability: reach.probability },
  };
}

export function paceRows(rows: readonly PaceRow[], timeZone: string): readonly (readonly string[])[] {
  const dayAt = dayIn(timeZone);
  return rows.map(({ name, used, cap, pacePerDay, reach }) => [
    name,
    cap === null ? readable(used) : `${readable(used)} of ${readable(cap.credits)} a ${cap.per}`,
    pacePerDay === null ? '–' : `${readableEstimate(pacePerDay)} a day`,
    cap === null
      ? 'no cap'
      : reach === null
        ? 'too little use to tell'
        : used >= cap.credits
          ? 'reached'
          : `${readablePercent(reach.probability)} likely by ${dayAt(cap.windowEnd)}${reach.p50 === null ? '' : `, around ${dayAt(reach.p50)}`}`,
  ]);
}

function rangeJson({ p10, p50, p90, ...rest }: { p10: number; p50: number; p90: number; mean?: number }) {
  const range = { p10: estimate(p10), p50: estimate(p50), p90: estimate(p90) };
  return rest.mean === undefined ? range : { ...range, mean: estimate(rest.mean) };
}

function chance(lasts: number | null): string {
  return lasts === null ? '–' : readablePercent(lasts);
}

function costText({ once, perPeriod, unknown }: Cost): string {
  const parts = [
    ...once.map((amount) => `${moneyText(amount)} once`),
    ...perPeriod.map((amount) => `${moneyText(amount)} a period`),
    ...new Set(unknown.map((gap) => gapText(gap))),
  ];
  return parts.join(', ') || 'nothing to buy';
}

/** What has no price; “advice price” takes that of a plan. */
function gapText(gap: CostGap): string {
  switch (gap.kind) {
    case 'pack-price':
      return `pack ${gap.packId} not priced`;
    case 'plan-price':
      return `plan ${gap.planId} not priced`;
    case 'credits-price':
      return 'credits from elsewhere not priced';
    case 'overage-price':
      return 'overage not priced';
  }
}

function moneyText({ minorUnits, currency }: Money): string {
  return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(
    minorUnits / 10 ** minorPlaces(currency),
  );
}

function minorPlaces(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

function dayIn(timeZone: string): (at: Instant) => string {
  const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone });
  return (at) => days.format(at);
}
