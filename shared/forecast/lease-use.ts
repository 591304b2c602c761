/** How much one device is likely to use while it is offline: what a lease should hold. */
import { forecast, type ForecastInput } from './forecast.ts';

/** For how long a device should be able to go on by itself. */
export const leaseDays = 3;

/** What is known of the use of a pool, or of the device itself. */
export type LeaseHistory = Pick<
  ForecastInput,
  'history' | 'todayFractionLeft' | 'dayFactor' | 'weekdayOfFirstHistoryDay' | 'excludedDays' | 'seed'
> & {
  /**
   * The device's share of the use in `history`, 0–1; 1 for a history of its own. Others' bursts are not the device's: a
   * part of a use is less even than the whole of it, so that the spread shrinks by the root of the share only.
   */
  readonly share?: number;
};

/**
 * P90 of the use in the next three days, in credits; null with nothing to learn from. Three days from now end inside a
 * day unless it is midnight: the part of that day counts.
 */
export function expectedLeaseUse({ share = 1, ...known }: LeaseHistory): number | null {
  const { cumulative, quality } = forecast({
    ...known,
    horizonDays: leaseDays + 1,
    daysUntilReset: null,
    usedThisPeriod: 0,
    // Whether it lasts is not asked here.
    availableNow: 1,
    replenish: [],
  });
  if (quality === 'none') return null;
  const after = (sums: readonly number[]): number => {
    const before = sums[leaseDays - 1] ?? 0;
    return before + (1 - known.todayFractionLeft) * ((sums[leaseDays] ?? before) - before);
  };
  const mean = after(cumulative.mean);
  return Math.max(0, mean * share + (after(cumulative.p90) - mean) * Math.sqrt(share));
}
