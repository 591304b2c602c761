import { credits as exactly, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { LocalDate } from '../kernel/time-zone.ts';
import type { AlertFact } from './alert.ts';

/** How figures, instants and names are written in the sentences. */
export interface AlertWording {
  /** With its unit: `1 credit`, `2,000 credits`. */
  readonly credits: (value: Credits) => string;
  readonly moment: (at: Instant) => string;
  readonly day: (date: LocalDate) => string;
  /** The day on which something happens, where more would promise too much. */
  readonly dayAt: (at: Instant) => string;
  /** Of a share from 0 to 1. */
  readonly percent: (share: number) => string;
  /** The name of a member. */
  readonly member: (id: string) => string;
}

/** The one place that turns an alert into words: a headline, and what is behind it. */
export function alertSentences(
  fact: AlertFact,
  wording: AlertWording,
): { readonly headline: string; readonly detail: string } {
  const { credits, moment } = wording;
  switch (fact.kind) {
    case 'threshold':
      return threshold(fact, wording);
    case 'run-out':
      return runOut(fact, wording);
    case 'reset': {
      const over = fact.overage > 0 ? `, ${credits(fact.overage)} over` : '';
      const headline = `A new period has begun: ${credits(fact.allotted)} allotted`;
      return {
        headline,
        detail: `Used in the one before: ${credits(fact.used)}${over}. It ended on ${moment(fact.resetAt)}.`,
      };
    }
    case 'hold-expiring': {
      const whose = fact.memberId === null ? '' : ` of ${wording.member(fact.memberId)}`;
      return fact.expired
        ? {
            headline: `A hold${whose} timed out: ${credits(fact.credits)} are free again`,
            detail: `It ended on ${moment(fact.expiresAt)} without an answer. What was used after all can still be logged.`,
          }
        : {
            headline: `A hold${whose} is about to time out: ${credits(fact.credits)}`,
            detail: `Capture or release it by ${moment(fact.expiresAt)}; then its credits are free again.`,
          };
    }
    case 'hold-open': {
      const whose = fact.memberId === null ? '' : ` of ${wording.member(fact.memberId)}`;
      return {
        headline: `A hold${whose} has been open for more than a day: ${credits(fact.credits)}`,
        detail: `It began on ${moment(fact.since)}. Capture what was used, or release it.`,
      };
    }
    case 'order-decided': {
      const how = { granted: 'was granted', refused: 'was refused', cancelled: 'was cancelled' }[fact.outcome];
      const amount = fact.credits === null || fact.outcome !== 'granted' ? '' : `: ${credits(fact.credits)}`;
      const detail = fact.outcome === 'granted' ? 'Its credits can be spent.' : 'No credits were added.';
      return { headline: `The order of ${fact.packName} ${how}${amount}`, detail };
    }
    case 'sync-stuck': {
      const { how, waiting, lastSuccessAt } = fact;
      const entries = waiting === 1 ? '1 entry is' : `${waiting} entries are`;
      const since =
        lastSuccessAt === null ? 'It never went well so far.' : `It last went well on ${moment(lastSuccessAt)}.`;
      return how === 'stopped'
        ? {
            headline: 'Sync has stopped: nothing is sent until you look after it',
            detail: `${since} ${waiting === 0 ? 'Nothing waits on this computer.' : `${entries} on this computer only, and kept.`} The page Sync says what to do.`,
          }
        : {
            headline: `Sync is stuck: ${entries} on this computer only, for more than a day`,
            detail: `${since} Everything is kept and tried again by itself. The page Sync says why.`,
          };
    }
    case 'digest':
      return digest(fact, wording);
  }
}

function threshold(fact: Extract<AlertFact, { kind: 'threshold' }>, wording: AlertWording) {
  const { percent, used, of, basis, memberId, recovered } = fact;
  const whose = memberId === null ? '' : ` of ${wording.member(memberId)}`;
  const what = basis === 'allotment' ? `the allotment${whose}` : `the credits that were granted${whose}`;
  const over = used > of ? `, ${wording.credits(exactly(used - of))} over` : '';
  const since = recovered ? ' It is below again meanwhile.' : '';
  return {
    headline: `${wording.percent(percent / 100)} of ${what} ${percent === 100 ? 'is used up' : 'is used'}`,
    detail: `${wording.credits(used)} used of ${wording.credits(of)}${over}. Resets on ${wording.moment(fact.period.end)}.${since}`,
  };
}

function runOut(fact: Extract<AlertFact, { kind: 'run-out' }>, { credits, dayAt, moment, percent }: AlertWording) {
  const range =
    fact.p10 === null || fact.p90 === null
      ? ''
      : ` (between ${dayAt(fact.p10)} and ${dayAt(fact.p90)}, four times of five)`;
  const when = fact.p50 === null ? '' : ` Probably on ${dayAt(fact.p50)}${range}.`;
  return {
    headline: `Credits may run out before the reset: ${percent(fact.probability)} likely`,
    detail: `${credits(fact.available)} left until ${moment(fact.resetAt)}.${when}`,
  };
}

function digest(fact: Extract<AlertFact, { kind: 'digest' }>, { credits, day, moment }: AlertWording) {
  const top = fact.topFeature === null ? '' : ` Most by ${fact.topFeature.name}: ${credits(fact.topFeature.credits)}.`;
  return {
    headline: `The week before ${day(fact.monday)}: ${credits(fact.used)} used`,
    detail: `${credits(fact.weekBeforeUsed)} in the week before that.${top} ${credits(fact.available)} left until ${moment(fact.resetAt)}.`,
  };
}
