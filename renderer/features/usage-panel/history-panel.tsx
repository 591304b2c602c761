import { useMemo } from 'react';
import type { UsageBucket, UsageEvent, UsagePanelView } from '../../../shared/bridge/usage-panel-views.ts';
import { noCredits } from '../../../shared/kernel/credits.ts';
import { formatInstant } from '../../../shared/kernel/instant.ts';
import { HistoryChart, type HistoryBar } from '../../charts/history-chart.tsx';
import { formatCredits, formatDay, formatHour, formatShare, formatShortDay, formatSpan } from '../../ui/figures.tsx';
import { eventText } from './event-text.ts';
import { strings } from './strings.ts';

interface HistoryPanelProps {
  readonly view: UsagePanelView;
  /** The first instant of the bar that is opened. */
  readonly onOpen: (start: number) => void;
}

/** Use over the window, with the comparison to the one before. [A1] [A2] */
export function HistoryPanel({ view, onOpen }: HistoryPanelProps) {
  const bars = useMemo(() => barsOf(view), [view]);
  const startByKey = useMemo(
    () => new Map(view.buckets.map((bucket) => [String(bucket.start), bucket.start])),
    [view.buckets],
  );
  const busiest = bars.reduce<HistoryBar | undefined>(
    (best, bar) => (best === undefined || bar.used > best.used ? bar : best),
    undefined,
  );
  return (
    <HistoryChart
      title={strings.history.title}
      description={`${formatCredits(view.total)} · ${strings.uses({ count: view.transactions })} · ${comparedWith(view)}`}
      period={formatSpan(view.window.first, view.window.last)}
      spoken={
        busiest === undefined || busiest.used <= noCredits
          ? strings.history.spokenNone
          : strings.history.spoken({
              total: formatCredits(view.total),
              busiest: busiest.name,
              used: formatCredits(busiest.used),
            })
      }
      bars={bars}
      usedName={strings.history.used}
      whenName={strings.history.when}
      openName={({ name }) => strings.history.open({ when: name })}
      onOpen={({ key }) => {
        const start = startByKey.get(key);
        if (start !== undefined) onOpen(start);
      }}
    />
  );
}

function barsOf({ buckets, window, timeZone, events }: UsagePanelView): readonly HistoryBar[] {
  return buckets.map((bucket) => ({
    key: String(bucket.start),
    label: window.period === 'day' ? formatHour(bucket.start, timeZone) : formatShortDay(bucket.firstDay),
    begins: window.period === 'day' ? formatInstant(bucket.start) : bucket.firstDay,
    name: nameOfBucket(bucket, timeZone),
    used: bucket.credits,
    events: within(events, bucket).map(eventText),
  }));
}

/** How a person calls a bar. */
export function nameOfBucket(bucket: UsageBucket, timeZone: string): string {
  const { start, end, firstDay, lastDay } = bucket;
  if (firstDay !== lastDay) return strings.history.week({ first: formatDay(firstDay), last: formatDay(lastDay) });
  const isHour = end - start <= longestHourMs;
  return isHour ? `${formatDay(firstDay)}, ${formatHour(start, timeZone, 'with-zone')}` : formatDay(firstDay);
}

function within(events: readonly UsageEvent[], { start, end }: UsageBucket): readonly UsageEvent[] {
  return events.filter(({ at }) => at >= start && at < end);
}

function comparedWith({ total, previousTotal, window }: UsagePanelView): string {
  const name = strings.windowNames[window.period];
  if (previousTotal <= 0) return strings.before.none({ before: name });
  const change = (total - previousTotal) / previousTotal;
  if (change === 0) return strings.before.same({ before: name });
  const share = formatShare(Math.abs(change));
  return change > 0 ? strings.before.more({ share, before: name }) : strings.before.less({ share, before: name });
}

/** Where clocks are changed by half an hour, an hour may be longer. */
const longestHourMs = 2 * 3_600_000;
