import { Badge } from '@mantine/core';
import type { RowSyncView } from '../../shared/bridge/sync-views.ts';
import { syncMarkOf } from './sync-words.ts';

/** What the server thinks of an entry, beside it; nothing for what is booked. */
export function SyncMark({ sync }: { readonly sync: RowSyncView | undefined }) {
  const mark = syncMarkOf(sync);
  if (mark === null) return null;
  return (
    <Badge size="xs" flex="none" variant="light" color={mark.color}>
      {mark.label}
    </Badge>
  );
}
