// Moments, ages and sizes of backups, in the person's locale and the zone of this computer.
import type { FileCheckView } from '../../../shared/bridge/backup-views.ts';
import { assert } from '../../../shared/kernel/assert.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import { formatCount, formatList, formatMoment } from '../figures.tsx';
import { personLocale } from '../../i18n/language.ts';
import { strings } from './strings.ts';

const computerZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `20 Nov 2026, 10:15` */
export function formatBackupMoment(at: Instant, locale: string = personLocale()): string {
  return formatMoment(at, computerZone, locale);
}

const steps = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `2 hours ago`, `yesterday`; what lies less than a minute back is *just now*. */
export function formatAge(at: Instant, now: number, locale: string = personLocale()): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const step = steps.find(([, milliseconds]) => Math.abs(now - at) >= milliseconds);
  if (step === undefined) return strings.now;
  const [unit, milliseconds] = step;
  return format.format(-Math.trunc((now - at) / milliseconds), unit);
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** `4.2 MB`, to three digits. */
export function formatBytes(bytes: number, locale: string = personLocale()): string {
  const place = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const unit = units[place];
  assert(unit !== undefined, 'The place of a unit is within the list.');
  const format = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: place === 0 ? 'long' : 'short',
    maximumSignificantDigits: 3,
  });
  return format.format(bytes / 1000 ** place);
}

/** `2 workspaces, 1,204 transactions` */
export function describeContents({
  workspaces,
  transactions,
}: Pick<FileCheckView, 'workspaces' | 'transactions'>): string {
  return strings.holds({
    workspaces: strings.workspace({ count: workspaces.length }),
    transactions: strings.transaction({ count: transactions }),
  });
}

const namesShownMax = 5;

/** `Design (1,200 transactions) and Research (4 transactions)` */
export function describeWorkspaces(workspaces: FileCheckView['workspaces']): string {
  const named = workspaces
    .slice(0, namesShownMax)
    .map(({ name, transactions }) =>
      strings.namedWorkspace({ name, transactions: strings.transaction({ count: transactions }) }),
    );
  const hidden = workspaces.length - named.length;
  return formatList(hidden > 0 ? [...named, strings.andMore({ count: formatCount(hidden) })] : named);
}
