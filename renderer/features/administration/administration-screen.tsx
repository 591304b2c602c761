import { Paper } from '@mantine/core';
import { IconServerCog } from '@tabler/icons-react';
import { administeredServer, useSync } from '../../hooks/use-sync.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Administration } from './administration.tsx';
import { strings } from './strings.ts';

/** The administration of the server of the open workspace, inside the frame of the workspace. */
export function AdministrationScreen() {
  const { id } = useWorkspace();
  const { data, error, retry } = useSync();
  const server = administeredServer(data, id);
  return (
    <Page
      title={strings.title}
      description={
        server === null
          ? undefined
          : strings.description({ organisation: server.organisationName, address: server.address })
      }
    >
      {server !== null ? (
        <Administration key={server.id} server={server} />
      ) : data !== undefined ? (
        <Paper withBorder>
          <EmptyState
            icon={<IconServerCog size={22} />}
            title={strings.none}
            action={
              <ButtonLink to="/connect" mt="xs">
                {strings.connect}
              </ButtonLink>
            }
          >
            {strings.noneBody}
          </EmptyState>
        </Paper>
      ) : error === null ? (
        <Loading />
      ) : (
        <ProblemAlert error={error} onRetry={retry} />
      )}
    </Page>
  );
}
