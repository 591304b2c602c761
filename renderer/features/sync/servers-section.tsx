import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ServerView, SyncView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import { FormModal } from '../../ui/form-modal.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { strings as words } from '../../ui/sync-strings.ts';
import { strings } from './strings.ts';
import classes from './sync.module.css';

const text = strings.servers;

interface ServersSectionProps {
  readonly view: SyncView;
  /** The server of the open workspace; null for a workspace of this computer alone. */
  readonly shownId: string | null;
}

/** Every server of this computer, what may be opened there, and the way out. */
export function ServersSection({ view, shownId }: ServersSectionProps) {
  const [forgetting, setForgetting] = useState<ServerView | null>(null);
  if (view.servers.length === 0) return null;
  return (
    <Section
      title={text.section}
      description={text.hint}
      actions={
        <ButtonLink to="/connect" size="xs" variant="default">
          {text.add}
        </ButtonLink>
      }
    >
      <ul className={classes['rows']}>
        {view.servers.map((server) => (
          <li key={server.id}>
            <Server
              server={server}
              // Told above already, with the open workspace.
              problem={server.id === shownId ? null : server.problem}
              onForget={() => setForgetting(server)}
            />
          </li>
        ))}
      </ul>
      {forgetting === null ? null : (
        <ForgetDialog server={forgetting} view={view} onClose={() => setForgetting(null)} />
      )}
    </Section>
  );
}

interface ServerProps {
  readonly server: ServerView;
  readonly problem: ServerView['problem'];
  readonly onForget: () => void;
}

function Server({ server, problem, onForget }: ServerProps) {
  const looking = useMutation({ mutationFn: () => bridge.sync.refresh({ serverId: server.id }) });
  const again = server.state === 'signed-out' || server.state === 'copied';
  const troubled = server.state === 'ready' && server.problem !== null;
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs" align="flex-start">
        <div className={classes['summary']}>
          <Group gap={8}>
            <Text fw={600} className={classes['breakable'] ?? ''}>
              {server.organisationName}
            </Text>
            <Badge
              size="sm"
              variant="light"
              color={again || troubled ? 'red' : server.state === 'ready' ? 'petrol' : 'gray'}
            >
              {troubled ? text.troubled : text.state[server.state]}
            </Badge>
          </Group>
          <Text size="xs" c="dimmed" className={classes['breakable'] ?? ''}>
            {[server.address, server.personName, words.roles[server.role], server.deviceName].join(' · ')}
          </Text>
        </div>
        <Group gap="xs">
          {server.role === 'company-admin' ? (
            <ButtonLink to="/server/$serverId" params={{ serverId: server.id }} size="compact-sm" variant="light">
              {text.administer}
            </ButtonLink>
          ) : null}
          <Button size="compact-sm" variant="default" loading={looking.isPending} onClick={() => looking.mutate()}>
            {text.refresh}
          </Button>
          <Button size="compact-sm" variant="subtle" color="red" onClick={onForget}>
            {text.forget}
          </Button>
        </Group>
      </Group>
      <ProblemAlert error={looking.error} />
      {problem === null ? null : <ProblemAlert error={{ code: 'PROBLEM', data: problem }} />}
      {again && problem !== null ? (
        <ButtonLink to="/connect" size="xs" style={{ alignSelf: 'flex-start' }}>
          {strings.state.again}
        </ButtonLink>
      ) : null}
      <ServerWorkspaces server={server} />
    </Stack>
  );
}

/** What the person may open there, with a button for each: open what is here, bring what is not. */
function ServerWorkspaces({ server }: { readonly server: ServerView }) {
  const navigate = useNavigate();
  const bringing = useMutation({
    mutationFn: (workspaceId: string) => bridge.sync.open({ serverId: server.id, workspaceId }),
    onSuccess: ({ workspaceId }) => navigate({ to: '/w/$workspaceId/overview', params: { workspaceId } }),
  });
  if (server.workspaces.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {server.role === 'company-admin' ? text.noWorkspacesAdmin : text.noWorkspaces}
      </Text>
    );
  }
  return (
    <>
      <ul className={classes['rows']} aria-label={text.workspaces}>
        {server.workspaces.map(({ id, name, access, here }) => (
          <li key={id}>
            <Group justify="space-between" gap="xs">
              <Text size="sm" className={classes['summary'] ?? ''}>
                {name}{' '}
                <Text span size="xs" c="dimmed">
                  {words.roles[access]}
                </Text>
              </Text>
              {here ? (
                <ButtonLink
                  to="/w/$workspaceId/overview"
                  params={{ workspaceId: id }}
                  size="compact-sm"
                  variant="light"
                  aria-label={text.named({ action: text.open, name })}
                >
                  {text.open}
                </ButtonLink>
              ) : (
                <Button
                  size="compact-sm"
                  variant="default"
                  loading={bringing.isPending && bringing.variables === id}
                  aria-label={text.named({ action: text.bring, name })}
                  onClick={() => bringing.mutate(id)}
                >
                  {text.bring}
                </Button>
              )}
            </Group>
          </li>
        ))}
      </ul>
      <ProblemAlert error={bringing.error} />
    </>
  );
}

interface ForgetDialogProps {
  readonly server: ServerView;
  readonly view: SyncView;
  readonly onClose: () => void;
}

function ForgetDialog({ server, view, onClose }: ForgetDialogProps) {
  const own = view.workspaces.filter(({ serverId }) => serverId === server.id).length;
  return (
    <FormModal
      title={text.forgetTitle({ server: server.organisationName })}
      description={own === 0 ? text.forgetNone : text.forgetBody({ count: text.workspaceCount({ count: own }) })}
      submitLabel={text.forgetSubmit}
      danger
      onClose={onClose}
      onSubmit={() => bridge.sync.forget({ serverId: server.id })}
      onDone={() => notifications.show({ color: 'petrol', message: text.forgot })}
    >
      {() => null}
    </FormModal>
  );
}
