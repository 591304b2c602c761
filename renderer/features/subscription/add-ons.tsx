import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SubscriptionView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { ChangePreview } from '../../ui/change-preview.tsx';
import { DecimalField, decimalText, MomentField, optionalText } from '../../ui/fields.tsx';
import { formatMoment } from '../../ui/figures.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { useEffectiveNotice } from './change-fields.tsx';
import type { OpenDialog } from './dialog.ts';
import { strings } from './strings.ts';

const text = strings.dialogs.addOn;

interface AddOnsProps {
  readonly view: SubscriptionView;
  readonly onOpen: OpenDialog;
}

/** The add-ons of the plan. One that brings credits each period asks how many before it is switched on. [G11] */
export function AddOns({ view, onOpen }: AddOnsProps) {
  const { id: workspaceId, timeZone } = useWorkspace();
  const { isAdmin } = useDirectory();
  const switching = useMutation({
    mutationFn: (change: { readonly addOn: string; readonly on: boolean }) =>
      bridge.plans.setAddOn({ workspaceId, ...change }),
    onSuccess: ({ effectiveFrom }, { addOn, on }) => {
      const name = addOnName(view, addOn);
      notifications.show({
        title: on ? text.on({ name }) : text.off({ name }),
        message: strings.dialogs.effective({ moment: formatMoment(effectiveFrom, timeZone) }),
      });
    },
  });
  return (
    <Stack gap="xs">
      {view.addOns.map(({ id, name, on }) => {
        const bringsCredits = recurringAddOns(view).some((addOn) => addOn.id === id);
        return (
          <Group key={id} gap="sm">
            <Switch
              label={`${name}: ${on ? strings.plan.on : strings.plan.off}`}
              checked={on}
              disabled={!isAdmin || switching.isPending}
              onChange={(event) => {
                const next = event.currentTarget.checked;
                if (next && bringsCredits) onOpen({ kind: 'add-on', addOn: id });
                else switching.mutate({ addOn: id, on: next });
              }}
            />
            {on && bringsCredits ? (
              <Button
                size="compact-xs"
                variant="subtle"
                disabled={!isAdmin}
                onClick={() => onOpen({ kind: 'add-on', addOn: id })}
              >
                {text.change}
              </Button>
            ) : null}
          </Group>
        );
      })}
      <ProblemAlert error={switching.error} />
    </Stack>
  );
}

/** The add-ons of the plan that bring credits of their own each period. */
export function recurringAddOns(view: SubscriptionView): readonly { readonly id: string; readonly name: string }[] {
  return view.plan.addOns.filter(({ kind }) => kind === 'recurring-credits');
}

interface AddOnDialogProps {
  readonly view: SubscriptionView;
  readonly addOn: string;
  readonly onClose: () => void;
}

/** Switches on an add-on that brings credits each period, or changes how many. */
export function AddOnDialog({ view, addOn, onClose }: AddOnDialogProps) {
  const { id: workspaceId, timeZone } = useWorkspace();
  const name = addOnName(view, addOn);
  const [credits, setCredits] = useState('');
  const [at, setAt] = useState('');
  const tell = useEffectiveNotice(text.on({ name }));
  const from = optionalText(at);
  const given = {
    workspaceId,
    addOn,
    on: true,
    credits: decimalText(credits),
    ...(from === undefined ? {} : { at: from }),
  };
  return (
    <FormModal
      title={name}
      description={text.body}
      submitLabel={text.submit}
      onClose={onClose}
      onDone={tell}
      onSubmit={() => bridge.plans.setAddOn(given)}
    >
      {(issues) => (
        <>
          <DecimalField
            label={text.credits}
            value={credits}
            error={issues['credits']}
            onChange={setCredits}
            data-autofocus
          />
          <MomentField
            label={strings.dialogs.at}
            description={strings.dialogs.atNow({ zone: timeZone })}
            value={at}
            error={issues['at']}
            onChange={setAt}
          />
          <Text size="sm" c="dimmed">
            {text.lapses}
          </Text>
          <ChangePreview change={credits.trim() === '' ? null : { kind: 'add-on', given }} />
        </>
      )}
    </FormModal>
  );
}

function addOnName(view: SubscriptionView, addOn: string): string {
  return view.addOns.find(({ id }) => id === addOn)?.name ?? addOn;
}
