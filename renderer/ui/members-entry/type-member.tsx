import { Autocomplete, Button, Group, Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { MemberDraft } from '../../../shared/bridge/views.ts';
import { labelHeight, optionalText, TextField } from '../fields.tsx';
import type { RoleOption } from './members-entry.tsx';
import { strings } from './strings.ts';

interface TypeMemberProps {
  readonly roles: readonly RoleOption[];
  readonly teams: readonly string[];
  readonly onAdd: (draft: MemberDraft) => void;
}

/** One person at a time; Enter adds and makes room for the next one. */
export function TypeMember({ roles, teams, onAdd }: TypeMemberProps) {
  const [name, setName] = useState('');
  const [chosenRole, setRole] = useState<string | null>(null);
  const [team, setTeam] = useState('');
  const [nameMissing, setNameMissing] = useState(false);
  const nameInput = useRef<HTMLInputElement>(null);
  const role = chosenRole !== null && roles.some(({ id }) => id === chosenRole) ? chosenRole : (roles[0]?.id ?? null);

  const add = () => {
    const given = optionalText(name);
    setNameMissing(given === undefined);
    if (given !== undefined && role !== null) {
      onAdd({ name: given, role, team: optionalText(team) });
      // Role and team stay: the next person is often of the same.
      setName('');
    }
    nameInput.current?.focus();
  };
  const addOnEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  };

  return (
    <Group align="flex-start" gap="xs">
      <TextField
        ref={nameInput}
        data-autofocus
        flex="2 1 180px"
        label={strings.name}
        value={name}
        onChange={setName}
        onKeyDown={addOnEnter}
        error={nameMissing ? strings.nameMissing : undefined}
        maxLength={120}
      />
      <Select
        flex="1 1 130px"
        label={strings.role}
        data={roles.map(({ id, name: label }) => ({ value: id, label }))}
        value={role}
        onChange={setRole}
        allowDeselect={false}
      />
      <Autocomplete
        flex="1 1 130px"
        label={strings.team}
        placeholder={strings.teamHint}
        data={[...teams]}
        limit={30}
        value={team}
        onChange={setTeam}
        maxLength={120}
      />
      <Button mt={labelHeight} variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
        {strings.add}
      </Button>
    </Group>
  );
}
