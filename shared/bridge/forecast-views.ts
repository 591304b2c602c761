import type { RecordTally } from '../forecast/record.ts';
import type { Instant } from '../kernel/instant.ts';
import type { LocalDate } from '../kernel/time-zone.ts';
import type { Range } from './views.ts';

/** One forecast of the past: use from the day on which it was made to the last day, both included. */
export interface PastForecastView extends Range {
  readonly madeOn: LocalDate;
  readonly until: LocalDate;
  readonly actual: number;
  readonly outcome: 'inside' | 'below' | 'above';
}

export interface RecordLine extends RecordTally {
  /** How many days the forecasts reached; null for up to the reset. */
  readonly days: number | null;
}

/** What the forecast would have said on past days beside what came, worked out anew from what is booked today. */
export interface ForecastRecordView {
  readonly today: LocalDate;
  /** Up to the reset, oldest first. */
  readonly forecasts: readonly PastForecastView[];
  readonly lines: readonly RecordLine[];
  /** So many outcomes it takes to say how often the range holds. */
  readonly needed: number;
}

/** The outlook of one member's pool. */
export interface PoolOutlookView {
  readonly poolId: string;
  readonly memberId: string | null;
  readonly quality: 'none' | 'pace-only' | 'early' | 'full';
  /** That the pool is empty before its reset, 0 to 1; null where too little is known. */
  readonly probability: number | null;
  /** In the middle of the range; null where it is not reached before the reset or too little is known. */
  readonly runOutAt: Instant | null;
}
