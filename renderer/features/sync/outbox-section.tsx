import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconMailbox } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { WorkspaceSyncView } from '../../../shared/bridge/sync-views.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount, formatMoment } from '../../ui/figures.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { formatAge, formatEntries } from '../../ui/sync-words.ts';
import { OutboxList } from './outbox-list.tsx';
import { strings } from './strings.ts';
import { useOutbox, type OutboxShow } from './use-outbox.ts';

const text = strings.outbox;

interface OutboxSectionProps {
  readonly sync: WorkspaceSyncView;
  readonly asOf: Instant;
}

/** What waits to be sent, how much and since when; and what the server did not take as it was, until it was seen. */
export function OutboxSection({ sync, asOf }: OutboxSectionProps) {
  const { timeZone } = useWorkspace();
  const { outbox, workspaceId } = sync;
  const [chosen, setChosen] = useState<OutboxShow | null>(null);
  // What wants a look comes first, unless somebody chose a list.
  const show = chosen ?? (outbox.refused > 0 ? 'refused' : outbox.conflicts > 0 ? 'conflicts' : 'waiting');
  const counts: Readonly<Record<OutboxShow, number>> = {
    waiting: outbox.waiting,
    refused: outbox.refused,
    conflicts: outbox.conflicts,
  };
  const seeing = useMutation({
    mutationFn: (ids: readonly string[] | null) =>
      bridge.sync.dismiss({ workspaceId, ...(ids === null ? {} : { ids: [...ids] }) }),
  });
  const list = useOutbox(workspaceId, { show, counts, oldestAt: outbox.oldestAt });
  return (
    <Section
      title={text.section}
      flush
      description={
        outbox.waiting === 0 || outbox.oldestAt === null
          ? undefined
          : [
              text.size({ entries: formatEntries(outbox.waiting) }),
              text.age({ age: formatAge(outbox.oldestAt, asOf), moment: formatMoment(outbox.oldestAt, timeZone) }),
            ].join(' ')
      }
    >
      <Stack gap="xs">
        <Group px="md" pt={4} justify="space-between" gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={text.lists}
            value={show}
            onChange={setChosen}
            data={shows.map((value) => ({ value, label: text[value]({ count: formatCount(counts[value]) }) }))}
          />
          {show === 'waiting' || counts[show] < 2 ? null : (
            <Button
              size="compact-sm"
              variant="default"
              loading={seeing.isPending}
              onClick={() => seeing.mutate(list.entries.map(({ id }) => id))}
            >
              {text.seenAll}
            </Button>
          )}
        </Group>
        {show === 'waiting' || counts[show] === 0 ? null : (
          <Text size="sm" c="dimmed" px="md">
            {text[`${show}Hint`]}
          </Text>
        )}
        <ProblemAlert error={seeing.error} />
        {list.error === null ? null : <ProblemAlert error={list.error} onRetry={list.retry} />}
        {list.pending ? (
          <Loading blocks={[120]} />
        ) : list.entries.length === 0 ? (
          <EmptyState icon={<IconMailbox size={22} />} title={text.empty[show]}>
            {text.emptyBody[show]}
          </EmptyState>
        ) : (
          <OutboxList
            key={show}
            label={text.label[show]}
            list={list}
            zone={timeZone}
            onSeen={show === 'waiting' ? null : (id) => seeing.mutate([id])}
          />
        )}
      </Stack>
    </Section>
  );
}

const shows: readonly OutboxShow[] = ['waiting', 'refused', 'conflicts'];
