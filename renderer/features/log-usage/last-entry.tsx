import { Button, Group, Text } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import type { LedgerRow } from '../../../shared/bridge/views.ts';
import { formatMoment } from '../../ui/figures.tsx';
import { creditsOfLine, quantityOfLine, titleOfLine } from '../../ui/ledger-words.ts';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';

interface LastEntryProps {
  readonly last: LedgerRow | null;
  readonly zone: string;
  readonly pending: boolean;
  readonly onRepeat: (row: LedgerRow) => void;
}

/** What I logged last, to log the same again with one press. */
export function LastEntry({ last, zone, pending, onRepeat }: LastEntryProps) {
  return (
    <Section title={strings.last.title}>
      {last === null ? (
        <Text size="sm" c="dimmed">
          {strings.last.none}
        </Text>
      ) : (
        <Group justify="space-between" gap="xs">
          <Text size="sm" flex="1 1 220px">
            {strings.last.line({
              what: [titleOfLine(last), quantityOfLine(last)].filter((part) => part !== '').join(', '),
              credits: creditsOfLine(last),
              when: formatMoment(last.occurredAt, zone),
            })}
          </Text>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRepeat size={16} aria-hidden />}
            title={strings.last.repeatHint}
            loading={pending}
            disabled={last.featureId === null}
            onClick={() => onRepeat(last)}
          >
            {strings.last.repeat}
          </Button>
        </Group>
      )}
    </Section>
  );
}
