import { Box, Group, Paper, Text, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  /** Lets a table or list reach the panel's edges. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A panel of a screen under a second-level heading. */
export function Section({ title, description, actions, flush = false, children }: SectionProps) {
  const headingId = useId();
  return (
    <Paper component="section" aria-labelledby={headingId} withBorder>
      <Group justify="space-between" align="flex-start" gap="xs" px="md" pt="sm" pb={flush ? 'xs' : 0}>
        <Box miw={0} flex="1 1 200px">
          <Title order={2} id={headingId}>
            {title}
          </Title>
          {description === undefined ? null : (
            <Text component="div" size="sm" c="dimmed">
              {description}
            </Text>
          )}
        </Box>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </Group>
      <Box p={flush ? 0 : 'md'} pt={flush ? 0 : 'sm'}>
        {children}
      </Box>
    </Paper>
  );
}
