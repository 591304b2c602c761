import { Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { CapView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { ChangePreview } from '../../ui/change-preview.tsx';
import { DecimalField, decimalText, MomentField, optionalText, ReasonField } from '../../ui/fields.tsx';
import { formatCreditsWithUnit } from '../../ui/figures.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { MemberSelect } from '../../ui/member-select.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import { strings as shared } from '../../ui/strings.ts';
import { capName } from './caps-section.tsx';
import { useEffectiveNotice } from './change-fields.tsx';
import { strings } from './strings.ts';

const text = strings.caps;

type Scope = CapView['scope'];

interface CapDialogProps {
  readonly onClose: () => void;
}

/** A ceiling for everybody, a member, a team together, or each member of a team. [E3] */
export function CapDialog({ onClose }: CapDialogProps) {
  const workspace = useWorkspace();
  const { teamById } = useDirectory();
  const [values, setValues] = useState<CapValues>({
    scope: 'member-default',
    member: null,
    team: null,
    credits: '',
    per: 'period',
    until: '',
    reason: '',
  });
  const patch = (change: Partial<CapValues>) => setValues((before) => ({ ...before, ...change }));
  const tell = useEffectiveNotice(text.done);
  const people = useMemo(
    () =>
      workspace.members
        .filter(({ active }) => active)
        .map(({ id, name, teamId }) => ({ id, name, detail: teamById.get(teamId ?? '')?.name })),
    [workspace.members, teamById],
  );
  const forTeam = values.scope === 'team' || values.scope === 'team-members-default';
  const lacksSubject = (forTeam && values.team === null) || (values.scope === 'member' && values.member === null);
  const given = capInput(workspace.id, values);
  return (
    <FormModal
      title={text.title}
      submitLabel={text.save}
      submitDisabled={lacksSubject}
      onClose={onClose}
      onDone={tell}
      onSubmit={() => bridge.caps.set(given)}
    >
      {(issues) => (
        <>
          <Select
            label={text.who}
            allowDeselect={false}
            data={[
              { value: 'member-default', label: text.scopes['member-default'] },
              { value: 'member', label: text.scopes.member },
              { value: 'team', label: text.scopes.team },
              { value: 'team-members-default', label: text.scopes['team-members-default'] },
            ]}
            value={values.scope}
            onChange={(scope) => {
              if (scope !== null) patch({ scope });
            }}
            data-autofocus
          />
          {values.scope === 'member' ? (
            <MemberSelect
              label={text.member}
              people={people}
              value={values.member}
              error={issues['member']}
              onChange={(member) => patch({ member })}
            />
          ) : null}
          {forTeam ? (
            <SearchSelect
              label={text.team}
              data={workspace.teams
                .filter(({ deleted }) => !deleted)
                .map(({ id, name }) => ({ value: id, label: name }))}
              value={values.team}
              error={issues['team']}
              onChange={(team) => patch({ team })}
            />
          ) : null}
          <DecimalField
            label={text.amount}
            description={text.amountHint}
            value={values.credits}
            error={issues['credits']}
            onChange={(credits) => patch({ credits })}
          />
          <Select
            label={text.per}
            allowDeselect={false}
            data={[
              { value: 'day', label: text.perNames.day },
              { value: 'week', label: text.perNames.week },
              { value: 'period', label: text.perNames.period },
            ]}
            value={values.per}
            onChange={(per) => {
              if (per !== null) patch({ per });
            }}
          />
          <MomentField
            label={text.untilLabel}
            description={text.untilHint}
            value={values.until}
            error={issues['until']}
            onChange={(until) => patch({ until })}
          />
          <ReasonField
            description={shared.reasonHint}
            value={values.reason}
            error={issues['reason']}
            onChange={(reason) => patch({ reason })}
          />
          <ChangePreview change={lacksSubject || given.credits === '' ? null : { kind: 'cap', given }} />
        </>
      )}
    </FormModal>
  );
}

interface CapValues {
  readonly scope: Scope;
  readonly member: string | null;
  readonly team: string | null;
  readonly credits: string;
  readonly per: CapView['per'];
  readonly until: string;
  readonly reason: string;
}

function capInput(workspaceId: string, values: CapValues) {
  const [until, reason] = [optionalText(values.until), optionalText(values.reason)];
  return {
    workspaceId,
    credits: decimalText(values.credits),
    per: values.per,
    ...subjectOf(values.scope, values),
    ...(until === undefined ? {} : { until }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function subjectOf(
  scope: Scope,
  { member, team }: { readonly member: string | null; readonly team: string | null },
): { readonly member?: string; readonly team?: string; readonly eachMember?: boolean } {
  switch (scope) {
    case 'member-default':
      return {};
    case 'member':
      return { member: member ?? '' };
    case 'team':
      return { team: team ?? '' };
    case 'team-members-default':
      return { team: team ?? '', eachMember: true };
  }
}

interface LiftCapDialogProps extends CapDialogProps {
  readonly cap: CapView;
}

export function LiftCapDialog({ cap, onClose }: LiftCapDialogProps) {
  const { id: workspaceId } = useWorkspace();
  const name = capName(cap, useDirectory());
  const [reason, setReason] = useState('');
  const why = optionalText(reason);
  const given = {
    workspaceId,
    credits: null,
    per: cap.per,
    ...subjectOf(cap.scope, { member: cap.subjectId, team: cap.subjectId }),
    ...(why === undefined ? {} : { reason: why }),
  };
  return (
    <FormModal
      title={text.liftTitle}
      description={text.liftBody({ name, credits: formatCreditsWithUnit(cap.credits), per: text.perNames[cap.per] })}
      submitLabel={text.lift}
      danger
      onClose={onClose}
      onSubmit={() => bridge.caps.set(given)}
    >
      {(issues) => (
        <>
          <ReasonField
            description={shared.reasonHint}
            value={reason}
            error={issues['reason']}
            onChange={setReason}
            data-autofocus
          />
          <ChangePreview change={{ kind: 'cap', given }} />
        </>
      )}
    </FormModal>
  );
}
