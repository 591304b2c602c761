import { Button, Group, Stack } from '@mantine/core';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { ButtonLink } from '../ui/links.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { SetupShell } from './app-shell.tsx';
import { strings } from './strings.ts';

/** In the place of a screen that failed: what happened, and ways on. */
export function RouteErrorScreen({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <ErrorScreen
      title={strings.error.title}
      error={error}
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}

interface ErrorScreenProps {
  readonly title: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

export function ErrorScreen({ title, error, onRetry }: ErrorScreenProps) {
  return (
    <Page title={title} width="form">
      <Stack align="flex-start" gap="md" p={{ base: 'xs', sm: 0 }}>
        <ProblemAlert error={error} />
        <Group gap="xs">
          <Button onClick={onRetry}>{strings.error.reload}</Button>
          <ButtonLink to="/welcome" variant="default">
            {strings.error.otherWorkspaces}
          </ButtonLink>
        </Group>
      </Stack>
    </Page>
  );
}

/** In the place of a screen that no address leads to. */
export function NotFoundScreen() {
  return (
    <Page title={strings.notFound.title} description={strings.notFound.body} width="form">
      <ButtonLink to="/" variant="default">
        {strings.notFound.action}
      </ButtonLink>
    </Page>
  );
}

/** The same outside a workspace, in a frame of its own. */
export function RootNotFoundScreen() {
  return (
    <SetupShell>
      <NotFoundScreen />
    </SetupShell>
  );
}

export function RootErrorScreen(props: ErrorComponentProps) {
  return (
    <SetupShell>
      <RouteErrorScreen {...props} />
    </SetupShell>
  );
}
