import { Select, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { PersonView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import { TextField } from '../../ui/fields.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { strings as words } from '../../ui/sync-strings.ts';
import { strings } from './strings.ts';
import { useSignInOffered } from './use-administration.ts';

const text = strings.people;
type Role = PersonView['role'];

interface PersonDialogProps {
  readonly serverId: string;
  /** null adds somebody. */
  readonly person: PersonView | null;
  readonly onAdded?: (personId: string, name: string) => void;
  readonly onClose: () => void;
}

/** Name and role of somebody in the organisation. */
export function PersonDialog({ serverId, person, onAdded, onClose }: PersonDialogProps) {
  const [name, setName] = useState(person?.name ?? '');
  const [role, setRole] = useState<Role>(person?.role ?? 'member');
  const [signsInAs, setSignsInAs] = useState(person?.signsInAs ?? '');
  const offered = useSignInOffered(serverId).data ?? null;
  const account = signsInAs.trim() === '' ? null : signsInAs.trim();
  const save = async (): Promise<string | null> => {
    if (person === null) {
      const added = { serverId, name, role, ...(account === null ? {} : { signsInAs: account }) };
      return (await bridge.administration.people.add(added)).personId;
    }
    await bridge.administration.people.change({
      serverId,
      personId: person.id,
      ...(name.trim() === person.name ? {} : { name }),
      ...(role === person.role ? {} : { role }),
      ...(account === person.signsInAs ? {} : { signsInAs: account }),
    });
    return null;
  };
  const unchanged =
    person !== null && name.trim() === person.name && role === person.role && account === person.signsInAs;
  return (
    <FormModal
      title={person === null ? text.addTitle : text.editTitle({ name: person.name })}
      description={person === null ? text.addThen : undefined}
      submitLabel={person === null ? text.addSubmit : text.editSubmit}
      submitDisabled={unchanged}
      onClose={onClose}
      onSubmit={save}
      onDone={(personId) => {
        if (personId === null) return;
        notifications.show({ color: 'petrol', message: text.added({ name: name.trim() }) });
        // Who signs in needs no invite.
        if (account === null) onAdded?.(personId, name.trim());
      }}
    >
      {(issues) => (
        <>
          <TextField
            label={text.name}
            value={name}
            maxLength={120}
            error={issues['name']}
            onChange={setName}
            data-autofocus
          />
          {offered === null ? null : (
            <TextField
              label={text.signsInAs[offered.by]({ provider: offered.provider })}
              description={text.signsInAsHint}
              value={signsInAs}
              maxLength={320}
              spellCheck={false}
              error={issues['signsInAs']}
              onChange={setSignsInAs}
            />
          )}
          <Select
            label={text.role}
            allowDeselect={false}
            data={roles.map((value) => ({ value, label: words.roles[value] }))}
            value={role}
            error={issues['role']}
            onChange={(value) => {
              if (value !== null) setRole(value);
            }}
          />
          <Text size="sm" c="dimmed">
            {text.roleHints[role]}
          </Text>
        </>
      )}
    </FormModal>
  );
}

const roles: readonly Role[] = ['company-admin', 'team-lead', 'member', 'guest', 'visitor'];
