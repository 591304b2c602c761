import { Select } from '@mantine/core';
import { useState } from 'react';
import type { SubscriptionView } from '../../../shared/bridge/views.ts';
import { formatDecimal } from '../../../shared/kernel/credits.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { ChangePreview } from '../../ui/change-preview.tsx';
import { DecimalField, decimalText, MomentField, optionalText, ReasonField } from '../../ui/fields.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { localMomentNow } from '../../ui/local-moment.ts';
import { strings as shared } from '../../ui/strings.ts';
import { ChangeFields, changeInput, useChangeValues, useEffectiveNotice } from './change-fields.tsx';
import { strings } from './strings.ts';

const text = strings.dialogs;

interface PlanDialogProps {
  readonly view: SubscriptionView;
  readonly onClose: () => void;
}

export function PlanDialog({ view, onClose }: PlanDialogProps) {
  const { id: workspaceId } = useWorkspace();
  const others = view.plans.filter(({ id }) => id !== view.plan.id || view.planEndedAt !== null);
  const [plan, setPlan] = useState<string | null>(others[0]?.id ?? null);
  const [entered, setEntered] = useState('');
  const [change, setChange] = useChangeValues();
  const tell = useEffectiveNotice(text.plan.done);
  const allotment = optionalText(entered);
  const given = {
    workspaceId,
    plan: plan ?? '',
    ...(allotment === undefined ? {} : { enteredAllotment: decimalText(allotment) }),
    ...changeInput(change),
  };
  return (
    <FormModal
      title={text.plan.title}
      submitLabel={text.plan.submit}
      submitDisabled={plan === null}
      onClose={onClose}
      onDone={tell}
      onSubmit={() => bridge.plans.set(given)}
    >
      {(issues) => (
        <>
          <Select
            label={text.plan.plan}
            data={others.map(({ id, name }) => ({ value: id, label: name }))}
            value={plan}
            onChange={setPlan}
            allowDeselect={false}
            error={issues['plan']}
            data-autofocus
          />
          <DecimalField
            label={text.plan.entered}
            description={text.plan.enteredHint}
            value={entered}
            error={issues['enteredAllotment']}
            onChange={setEntered}
          />
          <ChangeFields values={change} onChange={setChange} issues={issues} />
          <ChangePreview change={plan === null ? null : { kind: 'plan', given }} />
        </>
      )}
    </FormModal>
  );
}

export function EndPlanDialog({ onClose }: { readonly onClose: () => void }) {
  const { id: workspaceId, timeZone } = useWorkspace();
  const [at, setAt] = useState(() => localMomentNow(Date.now(), timeZone));
  const [reason, setReason] = useState('');
  const tell = useEffectiveNotice(text.end.done);
  const given = optionalText(reason);
  return (
    <FormModal
      title={text.end.title}
      description={text.end.body}
      submitLabel={text.end.submit}
      danger
      onClose={onClose}
      onDone={tell}
      onSubmit={() => bridge.plans.end({ workspaceId, at, ...(given === undefined ? {} : { reason: given }) })}
    >
      {(issues) => (
        <>
          <MomentField label={text.end.at} value={at} error={issues['at']} onChange={setAt} data-autofocus />
          <ReasonField description={shared.reasonHint} value={reason} error={issues['reason']} onChange={setReason} />
          <ChangePreview change={at === '' ? null : { kind: 'plan-end', given: { workspaceId, at } }} />
        </>
      )}
    </FormModal>
  );
}

export function AllotmentDialog({ view, onClose }: PlanDialogProps) {
  const { id: workspaceId } = useWorkspace();
  const [credits, setCredits] = useState(view.enteredAllotment === null ? '' : formatDecimal(view.enteredAllotment));
  const [change, setChange] = useChangeValues();
  const tell = useEffectiveNotice(text.allotment.done);
  const given = { workspaceId, credits: decimalText(credits), ...changeInput(change) };
  return (
    <FormModal
      title={text.allotment.title}
      description={text.allotment.body}
      submitLabel={text.allotment.submit}
      onClose={onClose}
      onDone={tell}
      onSubmit={() => bridge.plans.setAllotment(given)}
    >
      {(issues) => (
        <>
          <DecimalField
            label={text.allotment.credits}
            value={credits}
            error={issues['credits']}
            onChange={setCredits}
            data-autofocus
          />
          <ChangeFields values={change} onChange={setChange} issues={issues} />
          <ChangePreview change={credits.trim() === '' ? null : { kind: 'allotment', given }} />
        </>
      )}
    </FormModal>
  );
}
