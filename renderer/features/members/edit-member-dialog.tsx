import { Autocomplete, Select, Switch } from '@mantine/core';
import { useState } from 'react';
import type { MemberView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { ChangePreview } from '../../ui/change-preview.tsx';
import { MomentField, optionalText, ReasonField, TextField } from '../../ui/fields.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { strings as shared } from '../../ui/strings.ts';
import { changesOf } from './member-changes.ts';
import { strings } from './strings.ts';

const text = strings.editDialog;

interface EditMemberDialogProps {
  readonly member: MemberView;
  readonly onClose: () => void;
}

/** Name, role, team, access and whether the person is active. Only what was changed is sent. */
export function EditMemberDialog({ member, onClose }: EditMemberDialogProps) {
  const workspace = useWorkspace();
  const { teamById } = useDirectory();
  const teamName = teamById.get(member.teamId ?? '')?.name ?? '';
  const [values, setValues] = useState({
    name: member.name,
    role: member.role,
    team: teamName,
    active: member.active,
    access: member.access,
    at: '',
    reason: '',
  });
  const patch = (change: Partial<typeof values>) => setValues((before) => ({ ...before, ...change }));
  const { name, role, active, access } = member;
  const changes = changesOf({ name, role, team: teamName, active, access }, values);
  const [at, reason] = [optionalText(values.at), optionalText(values.reason)];
  const given = {
    workspaceId: workspace.id,
    member: member.id,
    ...changes,
    ...(at === undefined ? {} : { at }),
    ...(reason === undefined ? {} : { reason }),
  };
  return (
    <FormModal
      title={text.title({ name: member.name })}
      submitLabel={text.submit}
      submitDisabled={Object.keys(changes).length === 0}
      onClose={onClose}
      onSubmit={() => bridge.members.change(given)}
    >
      {(issues) => (
        <>
          <TextField
            label={text.name}
            value={values.name}
            maxLength={120}
            error={issues['name']}
            onChange={(name) => patch({ name })}
            data-autofocus
          />
          <Select
            label={text.role}
            allowDeselect={false}
            data={workspace.roles.map(({ id, name }) => ({ value: id, label: name }))}
            value={values.role}
            error={issues['role']}
            onChange={(role) => {
              if (role !== null) patch({ role });
            }}
          />
          <Autocomplete
            label={text.team}
            description={text.teamHint}
            data={workspace.teams.filter(({ deleted }) => !deleted).map(({ name }) => name)}
            limit={50}
            maxLength={120}
            value={values.team}
            error={issues['team']}
            onChange={(team) => patch({ team })}
          />
          <Select
            label={text.access}
            description={text.accessHints[values.access]}
            allowDeselect={false}
            data={accessRoles.map((value) => ({ value, label: strings.access[value] }))}
            value={values.access}
            error={issues['access']}
            onChange={(chosen) => {
              if (chosen !== null) patch({ access: chosen });
            }}
          />
          <Switch
            label={text.active}
            description={text.activeHint}
            checked={values.active}
            onChange={(event) => patch({ active: event.currentTarget.checked })}
          />
          <MomentField
            label={text.at}
            description={text.atHint({ zone: workspace.timeZone })}
            value={values.at}
            error={issues['at']}
            onChange={(moment) => patch({ at: moment })}
          />
          <ReasonField
            description={shared.reasonHint}
            value={values.reason}
            error={issues['reason']}
            onChange={(typed) => patch({ reason: typed })}
          />
          <ChangePreview change={Object.keys(changes).length === 0 ? null : { kind: 'member', given }} />
        </>
      )}
    </FormModal>
  );
}

const accessRoles: readonly MemberView['access'][] = ['company-admin', 'team-lead', 'member'];
