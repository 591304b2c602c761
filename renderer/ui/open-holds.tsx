import { Badge, Button, Group, NumberInput, Paper, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconClockExclamation } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import type { LedgerRow } from '../../shared/bridge/views.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { bridge } from '../app/bridge.ts';
import { formatCredits, formatCreditsWithUnit, Moment } from './figures.tsx';
import { titleOfLine } from './ledger-words.ts';
import { strings } from './open-holds-strings.ts';
import classes from './open-holds.module.css';
import { ProblemAlert } from './problem-alert.tsx';

/** A hold that stays open longer than this asks for an answer. [H8] */
const flaggedAfterMs = 24 * 3_600_000;

export function isFlagged(hold: Pick<LedgerRow, 'occurredAt'>, asOf: Instant): boolean {
  return asOf - hold.occurredAt > flaggedAfterMs;
}

interface OpenHoldsProps {
  readonly holds: readonly LedgerRow[];
  readonly asOf: Instant;
  readonly zone: string;
}

/** Holds that wait for an answer, the oldest first: capture all or part of each, or release it. */
export function OpenHolds({ holds, asOf, zone }: OpenHoldsProps) {
  const oldestFirst = holds.toSorted((left, right) => left.occurredAt - right.occurredAt);
  return (
    <ul className={classes['list']}>
      {oldestFirst.map((hold) => (
        <li key={hold.id} className={classes['item']}>
          <OpenHold hold={hold} flagged={isFlagged(hold, asOf)} zone={zone} />
        </li>
      ))}
    </ul>
  );
}

interface OpenHoldProps {
  readonly hold: LedgerRow;
  readonly flagged: boolean;
  readonly zone: string;
}

function OpenHold({ hold, flagged, zone }: OpenHoldProps) {
  const [part, setPart] = useState(false);
  const title = titleOfLine(hold);
  const credits = formatCredits(hold.open);
  const settle = useSettle(hold, title);
  const capture = (amount?: string) =>
    settle.mutate({ action: 'capture', ...(amount === undefined ? {} : { amount }) });
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs" align="flex-start">
        <div className={classes['what']}>
          <Text fw={600}>
            {title} · {credits}
          </Text>
          <Text size="sm" c="dimmed" component="div">
            {strings.heldBy({ who: hold.memberHidden ? strings.other : (hold.memberName ?? strings.nobody) })}{' '}
            {strings.since} <Moment at={hold.occurredAt} zone={zone} />
            {hold.note === null || hold.note === '' ? null : ` · ${hold.note}`}
          </Text>
          {flagged ? (
            <Badge mt={4} variant="light" color="amber" leftSection={<IconClockExclamation size={14} aria-hidden />}>
              {strings.flagged}
            </Badge>
          ) : null}
        </div>
        <Group gap={6}>
          <Button
            size="compact-sm"
            loading={settle.isPending && settle.variables.action === 'capture'}
            disabled={settle.isPending}
            aria-label={strings.named({ action: strings.captureAll({ credits }), title })}
            onClick={() => capture()}
          >
            {strings.captureAll({ credits })}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={part}
            aria-label={strings.named({ action: strings.capturePart, title })}
            onClick={() => setPart(!part)}
          >
            {strings.capturePart}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            loading={settle.isPending && settle.variables.action === 'release'}
            disabled={settle.isPending}
            aria-label={strings.named({ action: strings.release, title })}
            onClick={() => settle.mutate({ action: 'release' })}
          >
            {strings.release}
          </Button>
        </Group>
      </Group>
      {part ? (
        <PartForm held={credits} pending={settle.isPending} onCapture={capture} onCancel={() => setPart(false)} />
      ) : null}
      <ProblemAlert error={settle.error} />
    </Stack>
  );
}

interface Settlement {
  readonly action: 'capture' | 'release';
  /** Credits as a decimal; absent for all that is held. */
  readonly amount?: string;
}

function useSettle(hold: LedgerRow, title: string) {
  return useMutation({
    mutationFn: ({ action, amount }: Settlement) =>
      action === 'release'
        ? bridge.usage.release({ id: hold.id })
        : bridge.usage.capture({ id: hold.id, ...(amount === undefined ? {} : { credits: amount }) }),
    onSuccess: (answer, { action }) => {
      notifications.show({
        color: 'petrol',
        message:
          action === 'release'
            ? strings.released({ title })
            : strings.captured({ credits: formatCreditsWithUnit(answer.credits), title }),
      });
    },
  });
}

interface PartFormProps {
  readonly held: string;
  readonly pending: boolean;
  readonly onCapture: (amount: string) => void;
  readonly onCancel: () => void;
}

function PartForm({ held, pending, onCapture, onCancel }: PartFormProps) {
  const [amount, setAmount] = useState<string | number>('');
  const [missing, setMissing] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (amount === '') setMissing(true);
    else onCapture(String(amount));
  };
  return (
    <Paper component="form" withBorder p="sm" onSubmit={submit} noValidate>
      <Group gap="xs" align="flex-end">
        <NumberInput
          label={strings.partLabel}
          description={strings.partDescription({ held })}
          value={amount}
          onChange={(value) => {
            setAmount(value);
            setMissing(false);
          }}
          error={missing ? strings.amountMissing : null}
          min={0}
          allowNegative={false}
          decimalScale={6}
          allowedDecimalSeparators={['.', ',']}
          flex="1 1 220px"
          data-autofocus
          autoFocus
        />
        <Button type="submit" loading={pending}>
          {strings.partSubmit}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {strings.partCancel}
        </Button>
      </Group>
    </Paper>
  );
}
