// What the server thinks of an entry, in words. [Y5]
import type { RowSyncView } from '../../shared/bridge/sync-views.ts';
import { formatCreditsWithUnit } from './figures.tsx';
import { strings } from './verdict-strings.ts';

/** What it means, and what to do about it; each is empty where nothing has to be said. */
export function verdictWords(sync: RowSyncView): { readonly message: string; readonly todo: string } {
  switch (sync.state) {
    case 'booked':
      return { message: '', todo: '' };
    case 'waiting':
      return { message: strings.waiting, todo: '' };
    case 'late':
      return { message: strings.late, todo: '' };
    case 'over-cap':
      return { message: strings.overCap, todo: strings.overCapTodo };
    case 'overrun': {
      const credits = sync.excess === null ? '' : formatCreditsWithUnit(sync.excess);
      return { message: strings.overrun({ credits }), todo: strings.overrunTodo };
    }
    case 'conflict':
      return { message: strings.conflict, todo: strings.conflictTodo };
    case 'refused':
      return sync.reason === null
        ? { message: sync.message, todo: sync.todo }
        : { message: strings.refused[sync.reason], todo: strings.refusedTodo[sync.reason] };
  }
}
