import { Anchor, Badge, Drawer, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { RowSyncView } from '../../../shared/bridge/sync-views.ts';
import type { LedgerRow } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { formatCredits, formatMoment, Moment } from '../../ui/figures.tsx';
import {
  creditsOfLine,
  holdStateWords,
  kindWords,
  quantityOfLine,
  titleOfLine,
  personOf,
} from '../../ui/ledger-words.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { SyncMark } from '../../ui/sync-mark.tsx';
import classes from './ledger.module.css';
import { LineActions } from './line-actions.tsx';
import { verdictWords } from '../../ui/verdict-words.ts';
import { strings } from './strings.ts';

interface LineDetailsProps {
  /** null closes the drawer. */
  readonly row: LedgerRow | null;
  readonly workspaceId: string;
  readonly zone: string;
  readonly onClose: () => void;
  readonly onOpen: (row: LedgerRow) => void;
}

/** Everything that is known of one line, and what can still be done with it. */
export function LineDetails({ row, workspaceId, zone, onClose, onOpen }: LineDetailsProps) {
  return (
    <Drawer
      opened={row !== null}
      onClose={onClose}
      position="right"
      size="md"
      title={row === null ? '' : titleOfLine(row)}
      classNames={{ title: classes['drawerTitle'] ?? '' }}
    >
      {row === null ? null : (
        <Stack gap="lg" key={row.id}>
          <Fields row={row} zone={zone} />
          {row.sync === undefined ? null : <WithServer sync={row.sync} />}
          {row.receipt === undefined || row.receipt.length === 0 ? null : <Receipt receipt={row.receipt} />}
          {row.linkedId === null ? null : (
            <Linked linkedId={row.linkedId} workspaceId={workspaceId} zone={zone} onOpen={onOpen} />
          )}
          <LineActions row={row} onDone={onClose} />
        </Stack>
      )}
    </Drawer>
  );
}

function Fields({ row, zone }: { readonly row: LedgerRow; readonly zone: string }) {
  const { field } = strings.details;
  const isUse = row.kind !== 'grant';
  const quantity = quantityOfLine(row);
  return (
    <dl className={classes['fields']}>
      <Field name={field.kind}>
        {kindWords[row.kind]}{' '}
        {row.happened ? (
          <Badge size="xs" variant="light" color="gray">
            {strings.marks.happened}
          </Badge>
        ) : null}
      </Field>
      {row.holdState === null ? null : <Field name={field.state}>{holdStateWords[row.holdState]}</Field>}
      <Field name={field.credits}>{creditsOfLine(row)}</Field>
      {row.overage > 0 ? <Field name={field.overage}>{formatCredits(row.overage)}</Field> : null}
      {row.holdState === 'open' ? <Field name={field.open}>{formatCredits(row.open)}</Field> : null}
      {quantity === '' ? null : <Field name={field.quantity}>{quantity}</Field>}
      {row.usedBefore === undefined || row.usedAfter === undefined ? null : (
        <Field name={field.used}>
          {strings.details.fromTo({ before: formatCredits(row.usedBefore), after: formatCredits(row.usedAfter) })}
        </Field>
      )}
      {row.variant === null ? null : <Field name={field.variant}>{row.variant}</Field>}
      {row.pricing === null ? null : <Field name={field.pricing}>{strings.details.pricing[row.pricing]}</Field>}
      {isUse ? <Field name={field.member}>{personOf(row)}</Field> : null}
      {isUse ? <Field name={field.team}>{row.teamName ?? '–'}</Field> : null}
      <Field name={field.occurredAt}>
        <Moment at={row.occurredAt} zone={zone} />
      </Field>
      {row.spentAt === row.occurredAt ? null : (
        <Field name={field.spentAt}>
          <Moment at={row.spentAt} zone={zone} />
        </Field>
      )}
      <Field name={field.recordedAt}>
        <Moment at={row.recordedAt} zone={zone} />
      </Field>
      {row.authorName === undefined ? null : (
        <Field name={field.author}>{row.authorName ?? strings.details.nobody}</Field>
      )}
      <Field name={field.origin}>{originWords(row.origin)}</Field>
      {row.reason === undefined || row.reason === null ? null : <Field name={field.reason}>{row.reason}</Field>}
      {row.note === null || row.note === '' || row.note === row.reason ? null : (
        <Field name={field.note}>{row.note}</Field>
      )}
      <Field name={field.id}>
        <span className={classes['id']}>{row.id}</span>
      </Field>
    </dl>
  );
}

/** Whether the server has it, what it thinks of it, and what to do about that. [Y5] */
function WithServer({ sync }: { readonly sync: RowSyncView }) {
  const { server } = strings.details;
  const { message, todo } = verdictWords(sync);
  return (
    <section>
      <Group gap={8} mb={4}>
        <Text fw={600} component="h3" size="sm" m={0}>
          {server.title}
        </Text>
        {sync.state === 'booked' ? null : <SyncMark sync={sync} />}
      </Group>
      <Text size="sm">{sync.state === 'booked' ? server.booked : message}</Text>
      {sync.excess === null ? null : <Text size="sm">{server.excess({ credits: formatCredits(sync.excess) })}</Text>}
      {todo === '' ? null : (
        <Text size="sm">
          <Text span inherit fw={600}>
            {server.todo}
          </Text>
          {todo}
        </Text>
      )}
    </section>
  );
}

function Field({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Receipt({ receipt }: { readonly receipt: NonNullable<LedgerRow['receipt']> }) {
  return (
    <section>
      <Text fw={600} component="h3" size="sm" m={0}>
        {strings.details.paidBy}
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        {strings.details.paidByNote}
      </Text>
      <dl className={classes['fields']} data-figures>
        {receipt.map((share) => (
          <Field key={share.grantId ?? share.kind} name={share.label}>
            {formatCredits(share.credits)}
          </Field>
        ))}
      </dl>
    </section>
  );
}

interface LinkedProps {
  readonly linkedId: string;
  readonly workspaceId: string;
  readonly zone: string;
  readonly onOpen: (row: LedgerRow) => void;
}

/** The line that this one follows from; its id is a text that the ledger can be asked for. */
function Linked({ linkedId, workspaceId, zone, onOpen }: LinkedProps) {
  const { data, error, isPending } = useQuery({
    queryKey: ['ledger-line', workspaceId, linkedId],
    queryFn: async ({ signal }) => {
      const page = await bridge.ledger.page(
        { workspaceId, filter: { text: linkedId }, cursor: null, limit: 1 },
        { signal },
      );
      return page.rows.find((row) => row.id === linkedId) ?? null;
    },
    staleTime: 0,
  });
  return (
    <section>
      <Text fw={600} component="h3" size="sm" m={0} mb={4}>
        {strings.details.linked}
      </Text>
      <ProblemAlert error={error} />
      {isPending || error !== null ? null : data === null ? (
        <Text size="sm" c="dimmed">
          {strings.details.linkedMissing}
        </Text>
      ) : (
        <Text size="sm">
          {[titleOfLine(data), creditsOfLine(data), formatMoment(data.occurredAt, zone)].join(' · ')}{' '}
          <Anchor component="button" type="button" inherit onClick={() => onOpen(data)}>
            {strings.details.showLinked}
          </Anchor>
        </Text>
      )}
    </section>
  );
}

function originWords(origin: string): string {
  switch (origin) {
    case 'app':
    case 'command-line':
    case 'import':
    case 'reading':
    case 'sample':
      return strings.details.origin[origin];
    default:
      return origin;
  }
}
