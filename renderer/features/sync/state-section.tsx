import { Badge, Button, Menu, Stack } from '@mantine/core';
import { IconDots, IconRefresh } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyncView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import type { SharedWorkspace } from '../../hooks/shared-workspace.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { Facts, type Fact } from '../../ui/facts.tsx';
import { Moment } from '../../ui/figures.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { strings as words } from '../../ui/sync-strings.ts';
import { formatAge, syncStateOf, type SyncMood } from '../../ui/sync-words.ts';
import { LeaveDialog } from './leave-dialog.tsx';
import { strings } from './strings.ts';

const text = strings.state;

interface StateSectionProps {
  readonly shared: SharedWorkspace;
  readonly secrets: SyncView['secrets'];
}

/** Whether the server has everything, since when not, and what is in the way. */
export function StateSection({ shared, secrets }: StateSectionProps) {
  const { sync, server } = shared;
  const workspace = useWorkspace();
  const [leaving, setLeaving] = useState(false);
  const syncing = useMutation({ mutationFn: () => bridge.sync.now({ workspaceId: workspace.id }) });
  const problem = sync.problem ?? server.problem;
  // Nothing that stops for good passes without a new invite.
  const again = sync.state === 'stopped';
  return (
    <Section
      title={text.section}
      actions={
        <>
          <Button
            size="xs"
            leftSection={<IconRefresh size={16} aria-hidden />}
            loading={syncing.isPending}
            onClick={() => syncing.mutate()}
          >
            {text.now}
          </Button>
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <Button size="xs" variant="default" aria-label={text.more}>
                <IconDots size={16} aria-hidden />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item color="red" onClick={() => setLeaving(true)}>
                {text.leave}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      }
    >
      <Stack gap="md">
        {problem === null ? null : <ProblemAlert error={{ code: 'PROBLEM', data: problem }} />}
        {again ? (
          <ButtonLink to="/connect" size="xs" style={{ alignSelf: 'flex-start' }}>
            {text.again}
          </ButtonLink>
        ) : null}
        <ProblemAlert error={syncing.error} />
        <Facts facts={factsOf(shared, secrets, workspace.timeZone)} />
      </Stack>
      {leaving ? <LeaveDialog shared={shared} onClose={() => setLeaving(false)} /> : null}
    </Section>
  );
}

function factsOf({ sync, server, asOf }: SharedWorkspace, secrets: SyncView['secrets'], zone: string): Fact[] {
  const { mood, label } = syncStateOf({ sync, serverName: server.organisationName, zone });
  return [
    {
      label: text.state,
      value: (
        <Badge variant="light" color={moodColors[mood]} style={{ height: 'auto', whiteSpace: 'normal' }} role="status">
          {label}
        </Badge>
      ),
    },
    { label: text.server, value: server.organisationName, hint: server.address },
    {
      label: text.as,
      value: text.asPerson({ person: server.personName, role: words.roles[server.role] }),
      ...(sync.access === server.role ? {} : { hint: `${text.access}: ${words.roles[sync.access]}` }),
    },
    { label: text.device, value: server.deviceName },
    {
      label: text.lastSuccess,
      value: sync.lastSuccessAt === null ? text.never : <Moment at={sync.lastSuccessAt} zone={zone} />,
      ...(sync.lastSuccessAt === null ? {} : { hint: formatAge(sync.lastSuccessAt, asOf) }),
    },
    ...(sync.nextTryAt === null ? [] : [{ label: text.nextTry, value: <Moment at={sync.nextTryAt} zone={zone} /> }]),
    { label: text.live, value: sync.live ? text.liveYes : text.liveNo },
    { label: text.key, value: text.keys[secrets] },
  ];
}

const moodColors: Readonly<Record<SyncMood, string>> = {
  fine: 'petrol',
  busy: 'gray',
  away: 'gray',
  look: 'amber',
  stopped: 'red',
};
