// How a shared workspace stands, in a few words: the same in the frame, on the sync screen and in the settings.
import type { RowSyncView, WorkspaceSyncView } from '../../shared/bridge/sync-views.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { personLocale } from '../i18n/language.ts';
import { formatCount, formatMoment, formatShare } from './figures.tsx';
import { strings } from './sync-strings.ts';

/** How pressing it is: `stopped` and `look` want a person, `away` and `busy` do not. */
export type SyncMood = 'fine' | 'busy' | 'away' | 'look' | 'stopped';

export interface SyncState {
  readonly mood: SyncMood;
  readonly label: string;
}

interface StateOptions {
  readonly sync: WorkspaceSyncView;
  readonly serverName: string;
  readonly zone: string;
}

/** `Offline since 12 Mar 2026, 14:05 · 3 waiting`. */
export function syncStateOf({ sync, serverName, zone }: StateOptions): SyncState {
  const { state, outbox, progress, problem } = sync;
  const waiting = outbox.waiting === 0 ? [] : [strings.state.waiting({ entries: formatCount(outbox.waiting) })];
  const notTaken = outbox.refused + outbox.conflicts;
  const look = notTaken === 0 ? [] : [strings.state.look({ entries: formatCount(notTaken) })];
  const said = (mood: SyncMood, ...parts: readonly string[]): SyncState => ({
    mood: look.length > 0 && (mood === 'fine' || mood === 'away') ? 'look' : mood,
    label: [...parts, ...look].join(' · '),
  });
  switch (state) {
    case 'first-pull':
      return said('busy', firstPullWords(progress));
    case 'syncing':
      return said('busy', strings.state.syncing);
    case 'up-to-date':
      return said('fine', strings.state.upToDate({ server: serverName }));
    case 'waiting':
      if (problem !== null) return said('away', strings.state.trying, ...waiting);
      return said('busy', ...(waiting.length > 0 ? waiting : [strings.state.behind]));
    case 'offline': {
      const since = sync.lastSuccessAt;
      const away =
        since === null ? strings.state.offline : strings.state.offlineSince({ moment: formatMoment(since, zone) });
      return said('away', away, ...waiting);
    }
    case 'stopped':
      return said('stopped', strings.state.stopped, ...waiting);
  }
}

export function firstPullWords(progress: WorkspaceSyncView['progress']): string {
  const share = shareOf(progress);
  return share === null ? strings.state['first-pull'] : strings.state.firstPull({ share: formatShare(share) });
}

/** How much of the first pull is here, 0 to 1; null while nobody knows how much there is. */
export function shareOf(progress: WorkspaceSyncView['progress']): number | null {
  if (progress === null || progress.total === null || progress.total === 0) return null;
  return Math.min(1, progress.done / progress.total);
}

/** `1 entry`, `1,204 entries`. */
export function formatEntries(count: number): string {
  return strings.entries({ count });
}

/** How long ago, in the largest unit that fits: `3 days ago`, `now`. */
export function formatAge(at: Instant, asOf: Instant, locale: string = personLocale()): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const seconds = Math.max(0, Math.round((asOf - at) / 1000));
  for (const [unit, length] of units) if (seconds >= length) return format.format(-Math.floor(seconds / length), unit);
  return format.format(0, 'second');
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const satisfies readonly (readonly [Intl.RelativeTimeFormatUnit, number])[];

/** What is shown of a verdict beside the line; nothing for what is simply booked. */
export function syncMarkOf(
  row: RowSyncView | undefined,
): { readonly label: string; readonly color: 'gray' | 'amber' | 'red' } | null {
  if (row === undefined || row.state === 'booked') return null;
  return { label: strings.marks[row.state], color: colors[row.state] };
}

const colors = {
  waiting: 'gray',
  late: 'gray',
  'over-cap': 'amber',
  overrun: 'red',
  refused: 'red',
  conflict: 'amber',
} as const;
