import { NumberInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMemo, useState } from 'react';
import type { SubscriptionView } from '../../../shared/bridge/views.ts';
import type { GrantState } from '../../../shared/ledger/balance.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { DecimalField, decimalText, MomentField, optionalText, TextField } from '../../ui/fields.tsx';
import { formatCreditsWithUnit } from '../../ui/figures.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { MemberSelect } from '../../ui/member-select.tsx';
import { ChangeFields, changeInput, useChangeValues } from './change-fields.tsx';
import { grantName } from './grant-name.ts';
import { strings } from './strings.ts';

const text = strings.dialogs;

/** Credits that an admin enters by hand. */
export function AddGrantDialog({ onClose }: { readonly onClose: () => void }) {
  const { id: workspaceId, timeZone, poolScope, members } = useWorkspace();
  const [values, setValues] = useState<GrantValues>({
    amount: '',
    priority: 15,
    from: '',
    expires: '',
    member: null,
    note: '',
  });
  const patch = (change: Partial<GrantValues>) => setValues((before) => ({ ...before, ...change }));
  const people = useMemo(
    () => members.filter(({ active }) => active).map(({ id, name, role }) => ({ id, name, detail: role })),
    [members],
  );
  return (
    <FormModal
      title={text.grant.title}
      description={text.grant.body}
      submitLabel={text.grant.submit}
      onClose={onClose}
      onDone={() => notifications.show({ message: text.grant.done })}
      onSubmit={() => bridge.grants.add(grantInput(workspaceId, values))}
    >
      {(issues) => (
        <>
          <DecimalField
            label={text.grant.amount}
            value={values.amount}
            error={issues['amount']}
            onChange={(amount) => patch({ amount })}
            data-autofocus
          />
          {poolScope === 'member' ? (
            <MemberSelect
              label={text.grant.member}
              description={text.grant.memberHint}
              people={people}
              value={values.member}
              error={issues['member']}
              onChange={(member) => patch({ member })}
            />
          ) : null}
          <NumberInput
            label={text.grant.priority}
            description={text.grant.priorityHint}
            min={0}
            max={1000}
            allowDecimal={false}
            value={values.priority}
            error={issues['priority']}
            onChange={(value) => {
              if (typeof value === 'number') patch({ priority: value });
            }}
          />
          <MomentField
            label={text.grant.from}
            description={text.atNow({ zone: timeZone })}
            value={values.from}
            error={issues['from']}
            onChange={(from) => patch({ from })}
          />
          <MomentField
            label={text.grant.expires}
            description={text.grant.expiresHint}
            value={values.expires}
            error={issues['expires']}
            onChange={(expires) => patch({ expires })}
          />
          <TextField
            label={text.grant.note}
            maxLength={500}
            value={values.note}
            error={issues['note']}
            onChange={(note) => patch({ note })}
          />
        </>
      )}
    </FormModal>
  );
}

interface GrantValues {
  readonly amount: string;
  readonly priority: number;
  readonly from: string;
  readonly expires: string;
  readonly member: string | null;
  readonly note: string;
}

function grantInput(workspaceId: string, values: GrantValues) {
  const [from, expires, note] = [values.from, values.expires, values.note].map(optionalText);
  return {
    workspaceId,
    amount: decimalText(values.amount),
    priority: values.priority,
    ...(from === undefined ? {} : { from }),
    ...(expires === undefined ? {} : { expires }),
    ...(values.member === null ? {} : { member: values.member }),
    ...(note === undefined ? {} : { note }),
  };
}

interface VoidGrantDialogProps {
  readonly view: SubscriptionView;
  readonly grant: GrantState;
  readonly onClose: () => void;
}

/** Stops a grant at an instant; what it paid for stays paid. [G1] */
export function VoidGrantDialog({ view, grant, onClose }: VoidGrantDialogProps) {
  const { timeZone } = useWorkspace();
  const [change, setChange] = useChangeValues();
  return (
    <FormModal
      title={text.voidGrant.title}
      description={text.voidGrant.body({
        name: grantName(grant, view.packs),
        remaining: formatCreditsWithUnit(grant.remaining),
      })}
      submitLabel={text.voidGrant.submit}
      danger
      onClose={onClose}
      onSubmit={() => bridge.grants.void({ id: grant.id, ...changeInput(change) })}
    >
      {(issues) => (
        <ChangeFields values={change} onChange={setChange} issues={issues} atHint={text.atNow({ zone: timeZone })} />
      )}
    </FormModal>
  );
}
