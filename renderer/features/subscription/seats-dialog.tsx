import { NumberInput, Text } from '@mantine/core';
import { useState } from 'react';
import type { SubscriptionView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { ChangePreview } from '../../ui/change-preview.tsx';
import { formatCreditsWithUnit } from '../../ui/figures.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { planStrings } from '../../ui/plan-strings.ts';
import { everySoOften, seatRoles, seatsBring } from '../../ui/plan-text.ts';
import { ChangeFields, changeInput, useChangeValues, useEffectiveNotice } from './change-fields.tsx';
import { strings } from './strings.ts';

const text = strings.dialogs;

interface SeatsDialogProps {
  readonly view: SubscriptionView;
  readonly onClose: () => void;
}

/** Seats per role that the plan counts, with what they will bring. */
export function SeatsDialog({ view, onClose }: SeatsDialogProps) {
  const { id: workspaceId } = useWorkspace();
  const roles = seatRoles(view.plan);
  const [seats, setSeats] = useState<Readonly<Record<string, number>>>(() => initialSeats(view, roles));
  const [change, setChange] = useChangeValues();
  const tell = useEffectiveNotice(text.seats.done);
  const bring = seatsBring(view.plan, seats);
  const given = { workspaceId, seats: { ...seats }, ...changeInput(change) };
  return (
    <FormModal
      title={text.seats.title}
      submitLabel={text.seats.submit}
      onClose={onClose}
      onDone={tell}
      onSubmit={() => bridge.plans.setSeats(given)}
    >
      {(issues) => (
        <>
          {roles.map((role, index) => (
            <NumberInput
              key={role.id}
              label={roles.length === 1 ? planStrings.seats : text.seats.of({ role: role.name })}
              min={0}
              max={1_000_000}
              allowDecimal={false}
              allowNegative={false}
              value={seats[role.id] ?? 0}
              error={issues[`seats.${role.id}`] ?? issues['seats']}
              onChange={(value) => {
                if (typeof value === 'number') setSeats((before) => ({ ...before, [role.id]: value }));
              }}
              data-autofocus={index === 0 ? true : undefined}
            />
          ))}
          {bring.kind === 'amount' ? (
            <Text size="sm" fw={600} aria-live="polite">
              {formatCreditsWithUnit(bring.credits)} {everySoOften(view.plan.reset.everyMonths)}
            </Text>
          ) : null}
          <ChangeFields values={change} onChange={setChange} issues={issues} />
          <ChangePreview change={{ kind: 'seats', given }} />
        </>
      )}
    </FormModal>
  );
}

/** A plan that does not tell roles apart has one number for all seats, whatever role they were entered for. */
function initialSeats(
  view: SubscriptionView,
  roles: readonly { readonly id: string }[],
): Readonly<Record<string, number>> {
  const [only, second] = roles;
  if (only !== undefined && second === undefined) {
    return { [only.id]: view.seats.reduce((total, { seats }) => total + seats, 0) };
  }
  return Object.fromEntries(
    roles.map(({ id }) => [id, view.seats.find(({ role }) => role === id)?.seats ?? 0] as const),
  );
}
