/**
 * The forecast in the form in which forecasters are compared: a history of daily use and a horizon in, ranges of the
 * use from now to the end of each coming day out, and for a pool also the day on which it is used up.
 */
import { forecast } from '../../shared/forecast/forecast.ts';

interface Asked {
  /** 0 = Sunday: the weekday of the first day to come. */
  readonly weekday: number;
  /** Days left in the calendar month, today included. */
  readonly remainingInMonth: number;
  /** Credits left; with it the run-out is answered. */
  readonly pool?: number;
  readonly seed: number;
}

interface Answer {
  readonly p10: readonly number[];
  readonly p50: readonly number[];
  readonly p90: readonly number[];
  readonly hasRunOut: true;
  /** Days counted from 1; `horizonDays + 1` = not within them. */
  readonly runOut?: {
    readonly p10: number;
    readonly p50: number;
    readonly p90: number;
    readonly probability: number;
  };
}

/** The whole of today is still to come, and nothing of the pool lapses at the end of the month. */
export default function forecaster(history: readonly number[], horizonDays: number, asked: Asked): Answer {
  const { cumulative, runOut } = forecast({
    history,
    horizonDays,
    daysUntilReset: asked.remainingInMonth,
    todayFractionLeft: 1,
    usedThisPeriod: 0,
    availableNow: asked.pool ?? 1,
    expiringNow: 0,
    replenish: [],
    weekdayOfFirstHistoryDay: (((asked.weekday - history.length) % 7) + 7) % 7,
    seed: asked.seed,
  });
  const { p10, p50, p90 } = cumulative;
  const answer: Answer = { p10, p50, p90, hasRunOut: true };
  if (asked.pool === undefined || runOut === null) return answer;
  const dayOf = (offset: number | null): number => (offset === null ? horizonDays + 1 : Math.floor(offset) + 1);
  return {
    ...answer,
    runOut: {
      p10: dayOf(runOut.p10),
      p50: dayOf(runOut.p50),
      p90: dayOf(runOut.p90),
      probability: runOut.probability,
    },
  };
}
