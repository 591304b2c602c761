import { Select, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { ServerView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { strings } from './strings.ts';
import { TwoLists } from './two-lists.tsx';

const text = strings.publish;

interface PublishDialogProps {
  readonly servers: readonly ServerView[];
  readonly onClose: () => void;
}

/** Before a workspace goes to a server with all of its history: what goes there, what stays, who will see it. */
export function PublishDialog({ servers, onClose }: PublishDialogProps) {
  const { id: workspaceId, name } = useWorkspace();
  const [serverId, setServerId] = useState(servers[0]?.id ?? '');
  return (
    <FormModal
      title={text.title({ name })}
      submitLabel={text.submit}
      size="lg"
      onClose={onClose}
      onSubmit={() => bridge.sync.publish({ serverId, workspaceId })}
      onDone={() => notifications.show({ color: 'petrol', message: text.done({ name }) })}
    >
      {(issues) => (
        <>
          <Select
            label={text.server}
            allowDeselect={false}
            data={servers.map(({ id, organisationName, address }) => ({
              value: id,
              label: `${organisationName} (${address})`,
            }))}
            value={serverId}
            error={issues['serverId']}
            onChange={(value) => {
              if (value !== null) setServerId(value);
            }}
          />
          <TwoLists
            lists={[
              { title: text.goes, items: text.goesItems },
              { title: text.stays, items: text.staysItems },
            ]}
          />
          <Text size="sm">{text.who}</Text>
        </>
      )}
    </FormModal>
  );
}
