import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { startTransition, useEffect, useState, type ReactNode } from 'react';
import classes from './page.module.css';

interface PageProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** Buttons of the screen, at the end of the title's line. */
  readonly actions?: ReactNode;
  /** Forms read better narrow; tables and charts take more, and tables of many columns most of what there is. */
  readonly width?: 'full' | 'form' | 'wide';
  readonly children: ReactNode;
}

/** A screen: one first-level heading, the title of the window, and what the screen shows. */
export function Page({ title, description, actions, width = 'full', children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Fuelgauge`;
  }, [title]);
  // The title answers a change of screen at once; what is below it is drawn in steps that give way to the person.
  const [isDrawn, setIsDrawn] = useState(false);
  useEffect(() => startTransition(() => setIsDrawn(true)), []);
  return (
    <Box className={classes['page'] ?? ''} data-width={width}>
      <Group justify="space-between" align="flex-start" gap="sm" mb="lg">
        <Stack gap={2} className={classes['heading'] ?? ''}>
          <Title order={1} className={classes['title'] ?? ''}>
            {title}
          </Title>
          {description === undefined ? null : (
            <Text component="div" c="dimmed" size="sm" maw={680}>
              {description}
            </Text>
          )}
        </Stack>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </Group>
      {isDrawn ? children : <div aria-busy />}
    </Box>
  );
}
