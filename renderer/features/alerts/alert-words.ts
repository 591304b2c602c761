// Turns an alert into words. The replica says the same in English to notifications and webhooks.
import type { AlertView } from '../../../shared/bridge/alert-views.ts';
import { subtract } from '../../../shared/kernel/credits.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import { formatCreditsWithUnit, formatDay, formatDayOf, formatMoment, formatShare } from '../../ui/figures.tsx';
import { strings } from './alert-strings.ts';

type Fact = AlertView['fact'];

interface Surroundings {
  /** Of the workspace. */
  readonly zone: string;
  /** Of whoever an alert names; the replica tells nothing of people whom this person may not see. */
  readonly nameOf: (memberId: string) => string;
}

export interface AlertWords {
  readonly headline: string;
  readonly detail: string;
}

/** A headline, and what is behind it. */
export function alertWords(fact: Fact, { zone, nameOf }: Surroundings): AlertWords {
  const moment = (at: Instant): string => strings.zone({ moment: formatMoment(at, zone), zone });
  const whose = (memberId: string | null): string =>
    memberId === null ? '' : strings.whose({ name: nameOf(memberId) });
  switch (fact.kind) {
    case 'threshold':
      return thresholdWords(fact, whose(fact.memberId), moment(fact.period.end));
    case 'run-out':
      return runOutWords(fact, zone, moment(fact.resetAt));
    case 'reset':
      return {
        headline: strings.reset.headline({ credits: formatCreditsWithUnit(fact.allotted) }),
        detail: strings.reset.detail({
          credits: formatCreditsWithUnit(fact.used),
          over: fact.overage > 0 ? strings.over({ credits: formatCreditsWithUnit(fact.overage) }) : '',
          moment: moment(fact.resetAt),
        }),
      };
    case 'hold-expiring': {
      const text = fact.expired ? strings.expired : strings.expiring;
      const credits = formatCreditsWithUnit(fact.credits);
      return {
        headline: text.headline({ whose: whose(fact.memberId), credits }),
        detail: text.detail({ moment: moment(fact.expiresAt) }),
      };
    }
    case 'hold-open': {
      const credits = formatCreditsWithUnit(fact.credits);
      return {
        headline: strings.holdOpen.headline({ whose: whose(fact.memberId), credits }),
        detail: strings.holdOpen.detail({ moment: moment(fact.since) }),
      };
    }
    case 'order-decided':
      return orderWords(fact);
    case 'sync-stuck':
      return syncWords(fact, fact.lastSuccessAt === null ? null : moment(fact.lastSuccessAt));
    case 'digest': {
      const { topFeature } = fact;
      const top =
        topFeature === null
          ? ''
          : strings.digest.top({ feature: topFeature.name, credits: formatCreditsWithUnit(topFeature.credits) });
      return {
        headline: strings.digest.headline({ day: formatDay(fact.monday), credits: formatCreditsWithUnit(fact.used) }),
        detail: strings.digest.detail({
          before: formatCreditsWithUnit(fact.weekBeforeUsed),
          top,
          available: formatCreditsWithUnit(fact.available),
          moment: moment(fact.resetAt),
        }),
      };
    }
  }
}

function thresholdWords(fact: Extract<Fact, { kind: 'threshold' }>, whose: string, moment: string): AlertWords {
  const { percent, used, of, basis } = fact;
  const name = percent === 100 ? (`${basis}Up` as const) : basis;
  const over = used > of ? strings.over({ credits: formatCreditsWithUnit(subtract(used, of)) }) : '';
  const detail = strings.threshold.detail({
    used: formatCreditsWithUnit(used),
    of: formatCreditsWithUnit(of),
    over,
    moment,
  });
  return {
    headline: strings.threshold[name]({ share: formatShare(percent / 100), whose }),
    detail: fact.recovered ? `${detail}${strings.threshold.recovered}` : detail,
  };
}

function runOutWords(fact: Extract<Fact, { kind: 'run-out' }>, zone: string, moment: string): AlertWords {
  const text = strings.runOut;
  const [from, day, to] = [fact.p10, fact.p50, fact.p90].map((at) => (at === null ? null : formatDayOf(at, zone)));
  const when =
    day === null || day === undefined
      ? ''
      : typeof from === 'string' && typeof to === 'string'
        ? text.whenBetween({ day, from, to })
        : text.when({ day });
  return {
    headline: text.headline({ share: formatShare(fact.probability) }),
    detail: `${text.detail({ credits: formatCreditsWithUnit(fact.available), moment })}${when}`,
  };
}

function orderWords({ packName, outcome, credits }: Extract<Fact, { kind: 'order-decided' }>): AlertWords {
  const text = strings.order;
  if (outcome !== 'granted') return { headline: text[outcome]({ pack: packName }), detail: text.notAdded };
  const headline =
    credits === null
      ? text.granted({ pack: packName })
      : text.grantedCredits({ pack: packName, credits: formatCreditsWithUnit(credits) });
  return { headline, detail: text.added };
}

function syncWords({ how, waiting }: Extract<Fact, { kind: 'sync-stuck' }>, moment: string | null): AlertWords {
  const text = strings.sync;
  const since = moment === null ? text.never : text.last({ moment });
  if (how === 'waiting') return { headline: text.stuck({ count: waiting }), detail: text.stuckDetail({ since }) };
  const detail = waiting === 0 ? text.stoppedNothing({ since }) : text.stoppedWaiting({ since, count: waiting });
  return { headline: text.stopped, detail };
}
