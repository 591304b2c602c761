import { Button, Group, NumberInput, Paper, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import type { LedgerRow, SettleAnswer } from '../../../shared/bridge/views.ts';
import { formatDecimal, negate } from '../../../shared/kernel/credits.ts';
import { bridge } from '../../app/bridge.ts';
import { ReasonField } from '../../ui/fields.tsx';
import { formatCredits } from '../../ui/figures.tsx';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { strings } from './strings.ts';

type LineAction = LedgerRow['actions'][number];

interface LineActionsProps {
  readonly row: LedgerRow;
  readonly onDone: () => void;
}

/** What can still be done with a line: each opens a form that asks for what it needs, a reason above all. */
export function LineActions({ row, onDone }: LineActionsProps) {
  const [action, setAction] = useState<LineAction | null>(null);
  return (
    <section aria-label={strings.actions.title}>
      {row.actions.length === 0 ? (
        <Text size="sm" c="dimmed">
          {strings.actions.none}
        </Text>
      ) : (
        <Stack gap="sm">
          <Group gap="xs">
            {row.actions.map((candidate) => (
              <Button
                key={candidate}
                size="xs"
                variant="default"
                aria-expanded={action === candidate}
                onClick={() => setAction(action === candidate ? null : candidate)}
              >
                {strings.actions[candidate].open}
              </Button>
            ))}
          </Group>
          {action === null ? null : (
            <ActionForm key={action} row={row} action={action} onCancel={() => setAction(null)} onDone={onDone} />
          )}
        </Stack>
      )}
    </section>
  );
}

interface ActionFormProps {
  readonly row: LedgerRow;
  readonly action: LineAction;
  readonly onCancel: () => void;
  readonly onDone: () => void;
}

function doneWith(action: ActionFormProps['action'], credits: string): string {
  const { done } = strings.actions;
  return action === 'capture' || action === 'refund' ? done[action]({ credits }) : done[action];
}

interface ActionDraft {
  /** Credits, or the right quantity of a correction. */
  readonly amount: string;
  readonly reason: string;
}

function ActionForm({ row, action, onCancel, onDone }: ActionFormProps) {
  const [draft, setDraft] = useState<ActionDraft>(() => ({ amount: amountAtFirst(row, action), reason: '' }));
  const [missing, setMissing] = useState<Readonly<Record<string, string>>>({});
  const client = useQueryClient();
  const settling = useMutation({
    mutationFn: () => send(row, action, draft),
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: ['ledger-line'] });
      const credits = formatCredits(answer.credits < 0 ? negate(answer.credits) : answer.credits);
      notifications.show({ color: 'petrol', message: doneWith(action, credits) });
      onDone();
    },
  });
  const errors = { ...issuesByPath(settling.error), ...missing };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const lacking = missingIn(action, draft);
    setMissing(lacking);
    if (Object.keys(lacking).length === 0) settling.mutate();
  };
  const words = strings.actions[action];
  return (
    <Paper component="form" withBorder p="md" noValidate onSubmit={submit} aria-label={words.title}>
      <Stack gap="sm">
        <Text fw={600} size="sm">
          {words.title}
        </Text>
        {'body' in words ? <Text size="sm">{words.body}</Text> : null}
        <AmountField row={row} action={action} draft={draft} errors={errors} onChange={setDraft} />
        {needsReason(action) ? (
          <ReasonField
            value={draft.reason}
            required
            error={errors['reason']}
            data-autofocus={action === 'void'}
            onChange={(reason) => setDraft({ ...draft, reason })}
          />
        ) : null}
        <ProblemAlert error={settling.error} />
        <Group gap="xs" justify="flex-end">
          <Button size="xs" variant="default" onClick={onCancel}>
            {strings.actions.cancel}
          </Button>
          <Button size="xs" type="submit" loading={settling.isPending}>
            {words.submit}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

interface AmountFieldProps extends Pick<ActionFormProps, 'row' | 'action'> {
  readonly draft: ActionDraft;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (draft: ActionDraft) => void;
}

function AmountField({ row, action, draft, errors, onChange }: AmountFieldProps) {
  if (action === 'release' || action === 'void') return null;
  const label = {
    capture: strings.actions.capture.amount,
    refund: strings.actions.refund.amount,
    correct: strings.actions.correct.quantity,
  }[action];
  const description = {
    capture: strings.actions.amountHeld({ credits: formatCredits(row.open) }),
    refund: strings.actions.amountMost({ credits: formatCredits(row.open) }),
    correct: row.unit ?? undefined,
  }[action];
  return (
    <NumberInput
      label={label}
      description={description}
      value={draft.amount}
      onChange={(value) => onChange({ ...draft, amount: String(value) })}
      min={0}
      allowNegative={false}
      decimalScale={6}
      allowedDecimalSeparators={['.', ',']}
      required
      autoFocus
      error={errors['credits'] ?? errors['quantity'] ?? errors['amount']}
    />
  );
}

function send(row: LedgerRow, action: LineAction, { amount, reason }: ActionDraft): Promise<SettleAnswer> {
  const { id } = row;
  switch (action) {
    case 'capture':
      return bridge.usage.capture({ id, credits: amount });
    case 'release':
      return bridge.usage.release({ id });
    case 'refund':
      return bridge.usage.refund({ id, credits: amount, reason });
    case 'void':
      return bridge.usage.void({ id, reason });
    case 'correct':
      return bridge.usage.correct({ id, quantity: amount, reason });
  }
}

function amountAtFirst(row: LedgerRow, action: LineAction): string {
  if (action === 'correct') return row.quantity === null ? '' : formatDecimal(row.quantity);
  return formatDecimal(row.open);
}

function needsReason(action: LineAction): boolean {
  return action === 'refund' || action === 'void' || action === 'correct';
}

function missingIn(action: LineAction, draft: ActionDraft): Readonly<Record<string, string>> {
  const needsAmount = action === 'capture' || action === 'refund' || action === 'correct';
  return {
    ...(needsAmount && draft.amount.trim() === '' ? { amount: strings.actions.amountMissing } : {}),
    ...(needsReason(action) && draft.reason.trim() === '' ? { reason: strings.actions.reasonMissing } : {}),
  };
}
