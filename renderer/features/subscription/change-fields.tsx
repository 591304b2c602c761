// What every change of the subscription may carry: from when it holds, and why.
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { instant } from '../../../shared/kernel/instant.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { MomentField, optionalText, ReasonField } from '../../ui/fields.tsx';
import { formatMoment } from '../../ui/figures.tsx';
import { strings as shared } from '../../ui/strings.ts';
import { strings } from './strings.ts';

const text = strings.dialogs;

export interface ChangeValues {
  readonly at: string;
  readonly reason: string;
}

export function useChangeValues() {
  return useState<ChangeValues>({ at: '', reason: '' });
}

/** The given values, as the bridge takes them: left out where nothing was entered. */
export function changeInput({ at, reason }: ChangeValues): { readonly at?: string; readonly reason?: string } {
  const [givenAt, givenReason] = [optionalText(at), optionalText(reason)];
  return {
    ...(givenAt === undefined ? {} : { at: givenAt }),
    ...(givenReason === undefined ? {} : { reason: givenReason }),
  };
}

interface ChangeFieldsProps {
  readonly values: ChangeValues;
  readonly onChange: (values: ChangeValues) => void;
  readonly issues: Readonly<Record<string, string>>;
  /** What an empty date means, when it is not the date that the plan names. */
  readonly atHint?: string;
}

export function ChangeFields({ values, onChange, issues, atHint }: ChangeFieldsProps) {
  const { timeZone } = useWorkspace();
  return (
    <>
      <MomentField
        label={text.at}
        description={atHint ?? text.atHint({ zone: timeZone })}
        value={values.at}
        error={issues['at']}
        onChange={(at) => onChange({ ...values, at })}
      />
      <ReasonField
        description={shared.reasonHint}
        value={values.reason}
        error={issues['reason']}
        onChange={(reason) => onChange({ ...values, reason })}
      />
    </>
  );
}

/** Tells from when a change holds: often not from now. */
export function useEffectiveNotice(title: string) {
  const { timeZone } = useWorkspace();
  return ({ effectiveFrom }: { readonly effectiveFrom: number }) =>
    notifications.show({ title, message: text.effective({ moment: formatMoment(instant(effectiveFrom), timeZone) }) });
}
