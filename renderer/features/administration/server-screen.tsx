import { Paper } from '@mantine/core';
import { IconServerOff, IconUserShield } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useSync } from '../../hooks/use-sync.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { strings as words } from '../../ui/sync-strings.ts';
import { Administration } from './administration.tsx';
import { strings } from './strings.ts';

/** The administration of any server of this computer, also before there is a workspace. */
export function ServerScreen() {
  const { serverId } = useParams({ from: '/setup/server/$serverId' });
  const { data, error, retry } = useSync();
  const server = data?.servers.find(({ id }) => id === serverId);
  if (data === undefined) {
    return (
      <Page title={strings.title}>{error === null ? <Loading /> : <ProblemAlert error={error} onRetry={retry} />}</Page>
    );
  }
  return (
    <Page
      title={strings.title}
      description={
        server === undefined
          ? undefined
          : strings.description({ organisation: server.organisationName, address: server.address })
      }
    >
      {server === undefined ? (
        <Paper withBorder>
          <EmptyState
            icon={<IconServerOff size={22} />}
            title={strings.notFound}
            action={
              <ButtonLink to="/connect" mt="xs">
                {strings.connect}
              </ButtonLink>
            }
          >
            {strings.notFoundBody}
          </EmptyState>
        </Paper>
      ) : server.role === 'company-admin' ? (
        <Administration server={server} />
      ) : (
        <Paper withBorder>
          <EmptyState icon={<IconUserShield size={22} />} title={strings.onlyAdmins}>
            {strings.onlyAdminsBody({ person: server.personName, role: words.roles[server.role] })}
          </EmptyState>
        </Paper>
      )}
    </Page>
  );
}
