import { Button, Group, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { OutboxEntry } from '../../../shared/bridge/sync-views.ts';
import { formatMoment } from '../../ui/figures.tsx';
import { SyncMark } from '../../ui/sync-mark.tsx';
import { verdictWords } from '../../ui/verdict-words.ts';
import { strings } from './strings.ts';
import classes from './sync.module.css';
import type { OutboxPages } from './use-outbox.ts';

const text = strings.outbox;

interface OutboxListProps {
  readonly label: string;
  readonly list: OutboxPages;
  readonly zone: string;
  /** null where there is nothing to be seen to. */
  readonly onSeen: ((id: string) => void) | null;
}

/** Entries of any number: only those in view are in the document. */
export function OutboxList({ label, list, zone, onSeen }: OutboxListProps) {
  const viewport = useRef<HTMLDivElement>(null);
  const { entries, total, readOn } = list;
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => (onSeen === null ? estimatedHeight : estimatedHeight * 2),
    getItemKey: (index) => entries[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  const nearEnd = lastSeen >= entries.length - 20;
  useEffect(() => {
    if (nearEnd) readOn();
  }, [nearEnd, readOn]);
  return (
    <div
      ref={viewport}
      className={classes['viewport']}
      // What scrolls must be reachable by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      <ul className={classes['entries']} aria-label={label} style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, key, start }) => {
          const entry = entries[index];
          return entry === undefined ? null : (
            <li
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              aria-setsize={total}
              aria-posinset={index + 1}
              className={classes['entry']}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Entry entry={entry} zone={zone} onSeen={onSeen} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface EntryProps {
  readonly entry: OutboxEntry;
  readonly zone: string;
  readonly onSeen: ((id: string) => void) | null;
}

function Entry({ entry, zone, onSeen }: EntryProps) {
  const { id, summary, recordedAt, sync, row } = entry;
  const who = row?.memberName ?? null;
  const details = [
    ...(who === null ? [] : [who]),
    ...(recordedAt === null ? [] : [text.recorded({ moment: formatMoment(recordedAt, zone) })]),
  ];
  const { message, todo } = verdictWords(sync);
  return (
    <Group gap="xs" justify="space-between" align="flex-start">
      <div className={classes['summary']}>
        <Group gap={8}>
          <Text size="sm" fw={600} className={classes['breakable'] ?? ''}>
            {summary}
          </Text>
          <SyncMark sync={sync} />
        </Group>
        <Text size="xs" c="dimmed">
          {details.join(' · ')}
        </Text>
        {onSeen === null ? null : (
          <>
            <Text size="sm" mt={4}>
              {message}
            </Text>
            {todo === '' ? null : (
              <Text size="sm">
                <Text span inherit fw={600}>
                  {text.todo}
                </Text>
                {todo}
              </Text>
            )}
          </>
        )}
      </div>
      {onSeen === null ? null : (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={text.seenNamed({ what: summary })}
          onClick={() => onSeen(id)}
        >
          {text.seen}
        </Button>
      )}
    </Group>
  );
}

const estimatedHeight = 58;
