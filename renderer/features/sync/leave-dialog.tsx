import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { bridge } from '../../app/bridge.ts';
import type { SharedWorkspace } from '../../hooks/shared-workspace.ts';
import { FormModal } from '../../ui/form-modal.tsx';
import { formatEntries } from '../../ui/sync-words.ts';
import { strings } from './strings.ts';
import { TwoLists } from './two-lists.tsx';

const text = strings.leave;

interface LeaveDialogProps {
  readonly shared: SharedWorkspace;
  readonly onClose: () => void;
}

/** Before a workspace leaves its server: what stays and what goes. */
export function LeaveDialog({ shared: { sync, server }, onClose }: LeaveDialogProps) {
  return (
    <FormModal
      title={text.title({ server: server.organisationName })}
      description={text.body}
      submitLabel={text.submit}
      danger
      size="lg"
      onClose={onClose}
      onSubmit={() => bridge.sync.leave({ workspaceId: sync.workspaceId })}
      onDone={() => notifications.show({ color: 'petrol', message: text.done })}
    >
      {() => (
        <>
          <TwoLists
            lists={[
              { title: text.stays, items: text.staysItems },
              { title: text.goes, items: text.goesItems },
            ]}
          />
          {sync.outbox.waiting === 0 ? null : (
            <Text size="sm" fw={600}>
              {text.waiting({ entries: formatEntries(sync.outbox.waiting) })}
            </Text>
          )}
        </>
      )}
    </FormModal>
  );
}
