import type { OverviewView } from '../../../shared/bridge/views.ts';
import { CreditGauge } from '../../charts/credit-gauge.tsx';
import { GaugeTwin } from '../../charts/gauge-twin.tsx';
import { personLocale } from '../../i18n/language.ts';
import { formatCredits, formatDayOf, formatMoment, formatSpan } from '../../ui/figures.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { Fact } from './fact-list.tsx';
import { daysUntil, isMidnight, leftIn } from './overview-model.ts';
import classes from './overview.module.css';
import { strings } from './strings.ts';

interface BalancePanelProps {
  readonly view: OverviewView;
  readonly workspaceId: string;
  readonly zone: string;
}

/** What is left of how much, and until when. */
export function BalancePanel({ view, workspaceId, zone }: BalancePanelProps) {
  const { balance, resetAt } = view;
  const packs = leftIn(view, 'pack');
  const adjustments = leftIn(view, 'adjustment');
  const days = daysUntil(resetAt, view.asOf, zone);
  const reset = isMidnight(resetAt, zone) ? formatDayOf(resetAt, zone) : formatMoment(resetAt, zone);
  return (
    <GaugeTwin
      title={strings.balanceTitle}
      balance={balance}
      period={formatSpan(view.periodFirstDay, view.periodLastDay)}
    >
      <div className={classes['balance']}>
        <CreditGauge balance={balance} />
        <dl className={classes['facts']}>
          <Fact label={strings.facts.available} value={formatCredits(balance.available)} />
          <Fact
            label={strings.facts.held}
            value={balance.held > 0 ? formatCredits(balance.held) : strings.facts.heldNone}
            detail={
              view.openHolds.length > 0
                ? strings.facts.heldCount({ count: strings.facts.holds({ count: view.openHolds.length }) })
                : null
            }
          />
          <Fact
            label={strings.facts.packs}
            value={packs.count === 0 ? strings.facts.packsNone : formatCredits(packs.credits)}
            detail={packs.count === 0 ? null : strings.facts.packCount({ count: packs.count })}
          />
          {adjustments.count === 0 ? null : (
            <Fact label={strings.facts.adjustments} value={formatCredits(adjustments.credits)} />
          )}
          <Fact label={strings.facts.period} value={formatSpan(view.periodFirstDay, view.periodLastDay)} />
          <Fact label={strings.facts.reset} value={reset} detail={relativeDays(days)} />
        </dl>
      </div>
      <AnchorLink to="/w/$workspaceId/subscription" params={{ workspaceId }} size="sm" data-no-picture>
        {strings.facts.openSubscription}
      </AnchorLink>
    </GaugeTwin>
  );
}

/** `today`, `tomorrow`, `in 11 days`, in the person's language. */
function relativeDays(days: number): string {
  return new Intl.RelativeTimeFormat(personLocale(), { numeric: 'auto' }).format(days, 'day');
}
