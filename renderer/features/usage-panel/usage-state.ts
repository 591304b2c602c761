import { shiftWindow, type WindowKind } from '../../../shared/kernel/time-zone.ts';
import type { UsageSearch } from '../../../shared/analytics/view-link.ts';
import type { UsageWindow } from '../../../shared/bridge/usage-panel-views.ts';

/** The part of an address that says which window is looked at. */
export function windowGiven({ period = 'quarter', day }: UsageSearch) {
  return { period, ...(day === undefined ? {} : { day }) };
}

/** The address of the window before or after; the present one is the one without a day. */
export function steppedTo(search: UsageSearch, window: UsageWindow, by: -1 | 1): UsageSearch {
  const { day: _, ...rest } = search;
  const day = shiftWindow(window.period, window.first, by);
  const end = shiftWindow(window.period, day, 1);
  return day <= window.today && window.today < end ? rest : { ...rest, day };
}

/** Another span around the same days; a window that was gone back to is not left for the present. */
export function inPeriod(search: UsageSearch, period: WindowKind, window: UsageWindow | undefined): UsageSearch {
  const { period: _, day: __, ...rest } = search;
  const day = window === undefined || window.current ? undefined : window.last;
  return { ...rest, ...(period === 'quarter' ? {} : { period }), ...(day === undefined ? {} : { day }) };
}
