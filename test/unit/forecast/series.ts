/** Histories to forecast from, and an input with ordinary values to vary. */
import type { ForecastInput } from '../../../shared/forecast/forecast.ts';
import { seededRandom } from '../../../shared/kernel/random.ts';

export function inputFor(history: readonly number[], changes: Partial<ForecastInput> = {}): ForecastInput {
  return {
    history,
    horizonDays: 30,
    daysUntilReset: 20,
    todayFractionLeft: 1,
    usedThisPeriod: 0,
    availableNow: 1000,
    replenish: [],
    weekdayOfFirstHistoryDay: 0,
    seed: 1,
    ...changes,
  };
}

export function constant(dayCount: number, use: number): readonly number[] {
  return Array.from({ length: dayCount }, () => use);
}

/** Team use as it often looks: weekdays 0–4 busy, 5 and 6 nearly idle, noisy, with a burst now and then. */
export function teamUse(options: { readonly seed: number; readonly dayCount: number }): readonly number[] {
  const random = seededRandom(options.seed);
  return Array.from({ length: options.dayCount }, (_, day) => {
    const busy = day % 7 < 5 ? 100 : 8;
    const noise = 0.4 + 1.2 * random();
    const burst = random() < 0.05 ? 4 : 1;
    return Math.round(busy * noise * burst);
  });
}
