import { Button, Stack } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { EmptyState } from '../ui/empty-state.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
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
        <Stack gap="xs" align="flex-start">
          <Button onClick={onRetry}>{strings.error.reload}</Button>
          <ButtonLink to="/welcome" variant="default">
            {strings.error.otherWorkspaces}
          </ButtonLink>
        </Stack>
      </Stack>
    </Page>
  );
}

export function NotFoundScreen() {
  return (
    <Page title={strings.notFound.title} width="form">
      <EmptyState
        icon={<IconMapOff size={22} />}
        title={strings.notFound.title}
        action={
          <ButtonLink to="/" variant="default">
            {strings.notFound.action}
          </ButtonLink>
        }
      >
        {strings.notFound.body}
      </EmptyState>
    </Page>
  );
}
