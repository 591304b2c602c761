import { Group, SegmentedControl, Stack, Text, ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { MemberDraft, MembersPreview } from '../../../shared/bridge/views.ts';
import { DataTable, type DataColumn } from '../data-table.tsx';
import { PasteMembers } from './paste-members.tsx';
import { strings } from './strings.ts';
import { TypeMember } from './type-member.tsx';

export interface RoleOption {
  readonly id: string;
  readonly name: string;
}

interface MembersEntryProps {
  readonly roles: readonly RoleOption[];
  /** Teams that there are already, to choose from. */
  readonly teams: readonly string[];
  readonly drafts: readonly MemberDraft[];
  readonly onChange: (drafts: readonly MemberDraft[]) => void;
  /** Reads pasted text or the text of a CSV file; books nothing. */
  readonly parse: (text: string) => Promise<MembersPreview>;
}

type Way = 'type' | 'paste' | 'file';

interface NumberedDraft {
  readonly index: number;
  readonly draft: MemberDraft;
  readonly roleName: string;
}

/** People with their roles and teams: typed one by one, pasted, or from a CSV file. */
export function MembersEntry({ roles, teams, drafts, onChange, parse }: MembersEntryProps) {
  const [way, setWay] = useState<Way>('type');
  const knownTeams = useMemo(
    () => [...new Set([...teams, ...drafts.flatMap((draft) => (draft.team === undefined ? [] : [draft.team]))])],
    [teams, drafts],
  );
  const addAll = (added: readonly MemberDraft[]) => onChange([...drafts, ...added]);
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label={strings.ways}
        value={way}
        onChange={setWay}
        data={[
          { value: 'type', label: strings.type },
          { value: 'paste', label: strings.paste },
          { value: 'file', label: strings.file },
        ]}
      />
      {way === 'type' ? (
        <TypeMember roles={roles} teams={knownTeams} onAdd={(draft) => addAll([draft])} />
      ) : (
        <PasteMembers key={way} source={way} roles={roles} parse={parse} onAdd={addAll} />
      )}
      <DraftList roles={roles} drafts={drafts} onChange={onChange} />
    </Stack>
  );
}

type DraftListProps = Pick<MembersEntryProps, 'roles' | 'drafts' | 'onChange'>;

function DraftList({ roles, drafts, onChange }: DraftListProps) {
  const rows = useMemo(() => {
    const nameById = new Map(roles.map((role) => [role.id, role.name]));
    return drafts.map((draft, index) => ({ index, draft, roleName: nameById.get(draft.role) ?? draft.role }));
  }, [roles, drafts]);
  const columns = useMemo<readonly DataColumn<NumberedDraft>[]>(
    () => [
      { id: 'name', header: strings.name, cell: ({ draft }) => draft.name },
      { id: 'role', header: strings.role, cell: ({ roleName }) => roleName, width: '26%' },
      { id: 'team', header: strings.team, cell: ({ draft }) => draft.team ?? strings.noTeam, width: '26%' },
      {
        id: 'remove',
        header: strings.actions,
        headerHidden: true,
        width: 52,
        cell: ({ draft, index }) => (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={strings.remove({ name: draft.name })}
            onClick={() => onChange(drafts.filter((_, place) => place !== index))}
          >
            <IconX size={15} aria-hidden />
          </ActionIcon>
        ),
      },
    ],
    [drafts, onChange],
  );
  if (drafts.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {strings.nobodyYet}
      </Text>
    );
  }
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Text size="sm" fw={600} aria-live="polite">
          {strings.people({ count: drafts.length })}
        </Text>
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => onChange([])}>
          {strings.removeAll}
        </Button>
      </Group>
      <DataTable
        label={strings.list}
        columns={columns}
        rows={rows}
        rowKey={({ index }) => String(index)}
        heightMax={300}
      />
    </Stack>
  );
}
