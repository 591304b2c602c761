import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconInfoCircle } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReadingDetailView, ReadingEffect } from '../../../shared/bridge/reading-views.ts';
import { bridge } from '../../app/bridge.ts';
import { useFocusInvalid } from '../../hooks/use-focus-invalid.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { ReasonField } from '../../ui/fields.tsx';
import { CreditsText } from '../../ui/figures.tsx';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import classes from './readings.module.css';
import { strings } from './strings.ts';

const text = strings.book;

/** What booking the difference would change, and the button that does it; or why there is none. */
export function BookSection({ view }: { readonly view: ReadingDetailView }) {
  const { effect, blocked } = view;
  if (blocked !== null) {
    return (
      <Alert variant="light" color="gray" icon={<IconInfoCircle aria-hidden />}>
        {text.blocked[blocked]}
      </Alert>
    );
  }
  if (effect === null) return null;
  return (
    <Section title={text.section} description={text.body}>
      <Stack gap="md">
        <Effect effect={effect} />
        <Confirmation readingId={view.id} />
      </Stack>
    </Section>
  );
}

function Effect({ effect }: { readonly effect: ReadingEffect }) {
  return (
    <Table aria-label={text.effect} className={classes['effect'] ?? ''}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{text.what}</Table.Th>
          <Table.Th scope="col" data-numeric>
            {text.before}
          </Table.Th>
          <Table.Th scope="col" data-numeric>
            {text.after}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {(['used', 'available', 'overage'] as const).map((figure) => (
          <Table.Tr key={figure}>
            <Table.Th scope="row">{text[figure]}</Table.Th>
            <Table.Td data-numeric>
              <CreditsText value={effect[figure].before} />
            </Table.Td>
            <Table.Td data-numeric>
              <CreditsText
                value={effect[figure].after}
                fw={effect[figure].after === effect[figure].before ? 400 : 600}
              />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Confirmation({ readingId }: { readonly readingId: string }) {
  const { id: workspaceId } = useWorkspace();
  const { isAdmin } = useDirectory();
  const [reason, setReason] = useState<string>(text.reasonDefault);
  const booking = useMutation({
    mutationFn: () => bridge.readings.confirmDrift({ workspaceId, readingId, reason }),
    onSuccess: () => notifications.show({ color: 'petrol', message: text.done }),
  });
  const form = useFocusInvalid(booking.error);
  if (!isAdmin) {
    return (
      <Text size="sm" c="dimmed">
        {strings.adminOnly}
      </Text>
    );
  }
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!booking.isPending) booking.mutate();
      }}
    >
      <Stack gap="sm" maw={560}>
        <ReasonField
          label={text.reason}
          value={reason}
          error={issuesByPath(booking.error)['reason']}
          onChange={setReason}
        />
        <ProblemAlert error={booking.error} nameOf={() => text.reason} />
        <Group>
          <Button type="submit" loading={booking.isPending}>
            {text.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
