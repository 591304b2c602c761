import { Button, Group, Loader, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { WorkspaceView } from '../../../shared/bridge/views.ts';
import { useSharedWorkspace } from '../../hooks/use-sync.ts';
import { strings } from './strings.ts';

interface OfflineAllowanceProps {
  readonly workspace: WorkspaceView;
  /** Whose use it is, where each member has a pool. */
  readonly member: string | null;
}

/** Of a pool with a hard limit on a server: what this computer may spend of it by itself, and until when. */
export function OfflineAllowance({ workspace, member }: OfflineAllowanceProps) {
  const shared = useSharedWorkspace(workspace.id);
  if (shared === null || workspace.limit !== 'hard') return null;
  const { leases, state } = shared.sync;
  const memberName = workspace.members.find(({ id }) => id === member)?.name ?? null;
  const own = leases.filter((lease) => workspace.poolScope !== 'member' || lease.memberName === memberName);
  const said = own.filter(({ standing }) => standing !== 'later').map(({ sentence }) => sentence);
  const sentences = said.length > 0 ? said : state === 'offline' || state === 'stopped' ? [strings.offline.none] : [];
  if (sentences.length === 0) return null;
  return (
    <Text size="sm" c="dimmed">
      {sentences.join(' ')}
    </Text>
  );
}

/** What answers at once never lets it flash. */
const shownAfterMs = 300;

/** While the server is asked for more credits, which may take a moment: what is going on, and a way to break it off. */
export function AskingForMore({ pending, onCancel }: { readonly pending: boolean; readonly onCancel: () => void }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    setShown(false);
    if (!pending) return;
    const timer = setTimeout(() => setShown(true), shownAfterMs);
    return () => clearTimeout(timer);
  }, [pending]);
  return (
    <div role="status">
      {pending && shown ? (
        <Group gap="xs">
          <Loader size="xs" aria-hidden />
          <Text size="sm">{strings.asking.text}</Text>
          <Button size="compact-sm" variant="default" onClick={onCancel}>
            {strings.asking.cancel}
          </Button>
        </Group>
      ) : null}
    </div>
  );
}
