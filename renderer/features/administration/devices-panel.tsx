import { Badge, Button, Group, List, SegmentedControl, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDevices } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { ServerDeviceView, ServerView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import type { DataColumn } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatMoment } from '../../ui/figures.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { ListPanel } from './list-panel.tsx';
import { ownZone } from './own-zone.ts';
import { strings } from './strings.ts';
import { useAskAgain, useDevices } from './use-administration.ts';

const text = strings.devices;

/** Computers that joined, and which of them are let in. */
export function DevicesPanel({ server }: { readonly server: ServerView }) {
  const devices = useDevices(server.id);
  const askAgain = useAskAgain(server.id);
  const [show, setShow] = useState<'active' | 'all'>('active');
  const [revoking, setRevoking] = useState<ServerDeviceView | null>(null);
  const columns = useMemo(() => columnsOf(setRevoking), []);
  const rows = useMemo(
    () => devices.data?.filter(({ revokedAt }) => show === 'all' || revokedAt === null),
    [devices.data, show],
  );
  return (
    <>
      <ListPanel
        title={strings.tabs.devices}
        hint={text.hint}
        answer={{ data: rows, error: devices.error, isFetching: devices.isFetching, refetch: devices.refetch }}
        above={null}
        actions={
          <SegmentedControl
            size="xs"
            aria-label={text.state}
            value={show}
            onChange={setShow}
            data={[
              { value: 'active', label: text.states.active },
              { value: 'all', label: text.states.all },
            ]}
          />
        }
        columns={columns}
        rowKey={({ id }) => id}
        nameOf={nameOf}
        initialSort={{ id: 'seen', descending: true }}
        empty={
          <EmptyState icon={<IconDevices size={22} />} title={text.emptyTitle}>
            {text.emptyBody}
          </EmptyState>
        }
      />
      {revoking === null ? null : (
        <RevokeDialog
          serverId={server.id}
          device={revoking}
          onClose={() => {
            setRevoking(null);
            void askAgain();
          }}
        />
      )}
    </>
  );
}

function nameOf({ name, personName }: ServerDeviceView): string {
  return `${name} ${personName}`;
}

function columnsOf(onRevoke: (device: ServerDeviceView) => void): readonly DataColumn<ServerDeviceView>[] {
  return [
    {
      id: 'name',
      header: text.columns.name,
      sortBy: ({ name }) => name,
      cell: (device) => (
        <>
          <Group gap={8}>
            <Text inherit fw={600}>
              {device.name}
            </Text>
            {device.isThisOne ? (
              <Badge size="xs" variant="light">
                {text.this}
              </Badge>
            ) : null}
            {device.revokedAt === null ? null : (
              <Badge size="xs" variant="light" color="red">
                {text.revoked[device.revokedReason ?? 'admin']}
              </Badge>
            )}
          </Group>
          <Text size="xs" c="dimmed">
            {text.joined({ moment: formatMoment(device.enrolledAt, ownZone) })}
          </Text>
        </>
      ),
    },
    {
      id: 'person',
      header: text.columns.person,
      sortBy: ({ personName }) => personName,
      cell: ({ personName }) => personName,
    },
    {
      id: 'program',
      header: text.columns.program,
      wideOnly: true,
      sortBy: ({ program }) => program ?? '',
      cell: ({ program }) => program ?? text.unknown,
    },
    {
      id: 'seen',
      header: text.columns.seen,
      width: 190,
      wideOnly: true,
      sortBy: ({ lastSeenAt }) => lastSeenAt,
      cell: ({ lastSeenAt }) => formatMoment(lastSeenAt, ownZone),
    },
    {
      id: 'actions',
      header: strings.actions,
      headerHidden: true,
      width: 112,
      cell: (device) =>
        device.revokedAt === null ? (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            aria-label={text.revokeNamed({ name: device.name })}
            onClick={() => onRevoke(device)}
          >
            {text.revoke}
          </Button>
        ) : null,
    },
  ];
}

interface RevokeDialogProps {
  readonly serverId: string;
  readonly device: ServerDeviceView;
  readonly onClose: () => void;
}

/** Before a device is let in no more: what that means, and what it does not. */
function RevokeDialog({ serverId, device, onClose }: RevokeDialogProps) {
  return (
    <FormModal
      title={text.revokeTitle({ name: device.name })}
      submitLabel={text.revokeSubmit}
      danger
      onClose={onClose}
      onSubmit={() => bridge.administration.devices.revoke({ serverId, deviceId: device.id })}
      onDone={() => notifications.show({ color: 'petrol', message: text.done({ name: device.name }) })}
    >
      {() => (
        <>
          <List size="sm" listStyleType="disc" spacing={4} withPadding={false} ps="md">
            {text.revokeBody.map((sentence) => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
          </List>
          {device.isThisOne ? (
            <Text size="sm" fw={600}>
              {text.revokeThis}
            </Text>
          ) : null}
        </>
      )}
    </FormModal>
  );
}
