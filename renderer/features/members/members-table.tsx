import { Badge, Box, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount, formatCredits } from '../../ui/figures.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import { Section } from '../../ui/section.tsx';
import { filteredRows, memberRows, noTeam, type MemberFilter, type MemberRow } from './member-rows.ts';
import classes from './members.module.css';
import { strings } from './strings.ts';

interface MembersTableProps {
  readonly onEdit: (memberId: string) => void;
}

const noFilter: MemberFilter = { text: '', role: null, team: null, state: 'active' };

/** All members: searched, filtered, sorted; any number of them. */
export function MembersTable({ onEdit }: MembersTableProps) {
  const workspace = useWorkspace();
  const directory = useDirectory();
  const [filter, setFilter] = useState<MemberFilter>(noFilter);
  const [text] = useDebouncedValue(filter.text, 120);
  const all = useMemo(() => memberRows(workspace, directory), [workspace, directory]);
  const shown = useMemo(() => filteredRows(all, { ...filter, text }), [all, filter, text]);
  const columns = useMemo(() => columnsOf(directory.isAdmin ? onEdit : null), [directory.isAdmin, onEdit]);
  return (
    <Section title={strings.table} flush>
      <Filters filter={filter} onChange={setFilter} />
      <Text size="xs" c="dimmed" px="md" pb={6} role="status">
        {strings.count({ shown: formatCount(shown.length), total: strings.members({ count: all.length }) })}
      </Text>
      <DataTable
        label={strings.table}
        columns={columns}
        rows={shown}
        rowKey={({ member }) => member.id}
        initialSort={{ id: 'name' }}
        empty={
          <EmptyState
            title={strings.nothingFound}
            action={
              <Button size="xs" variant="default" onClick={() => setFilter({ ...noFilter, state: 'all' })}>
                {strings.clear}
              </Button>
            }
          />
        }
      />
    </Section>
  );
}

interface FiltersProps {
  readonly filter: MemberFilter;
  readonly onChange: (filter: MemberFilter) => void;
}

function Filters({ filter, onChange }: FiltersProps) {
  const workspace = useWorkspace();
  return (
    <Group gap="xs" px="md" pb="xs">
      <TextInput
        type="search"
        flex="2 1 200px"
        aria-label={strings.search}
        placeholder={strings.search}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.currentTarget.value })}
      />
      <Select
        flex="1 1 130px"
        aria-label={strings.role}
        placeholder={strings.allRoles}
        clearable
        data={workspace.roles.map(({ id, name }) => ({ value: id, label: name }))}
        value={filter.role}
        onChange={(role) => onChange({ ...filter, role })}
      />
      <SearchSelect
        flex="1 1 130px"
        aria-label={strings.team}
        placeholder={strings.allTeams}
        clearable
        data={[
          { value: noTeam, label: strings.noTeam },
          ...workspace.teams.map(({ id, name, deleted }) => ({
            value: id,
            label: deleted ? strings.deletedTeam({ name }) : name,
          })),
        ]}
        value={filter.team}
        onChange={(team) => onChange({ ...filter, team })}
      />
      <Select
        flex="1 1 130px"
        aria-label={strings.state}
        allowDeselect={false}
        data={[
          { value: 'active', label: strings.states.active },
          { value: 'inactive', label: strings.states.inactive },
          { value: 'all', label: strings.states.all },
        ]}
        value={filter.state}
        onChange={(state) => {
          if (state !== null) onChange({ ...filter, state });
        }}
      />
    </Group>
  );
}

function columnsOf(onEdit: ((memberId: string) => void) | null): readonly DataColumn<MemberRow>[] {
  return [
    {
      id: 'name',
      header: strings.columns.name,
      sortBy: ({ member }) => member.name,
      cell: (row) => <MemberName row={row} />,
    },
    {
      id: 'role',
      header: strings.columns.role,
      width: '14%',
      wideOnly: true,
      sortBy: ({ roleName }) => roleName,
      cell: ({ roleName, spends }) => <span title={spends ? strings.spends : strings.spendsNot}>{roleName}</span>,
    },
    {
      id: 'team',
      header: strings.columns.team,
      width: '21%',
      wideOnly: true,
      sortBy: ({ teamName }) => teamName,
      cell: ({ teamName }) => teamName || '–',
    },
    {
      id: 'access',
      header: strings.columns.access,
      width: '16%',
      wideOnly: true,
      sortBy: ({ member }) => strings.access[member.access],
      cell: ({ member }) => strings.access[member.access],
    },
    {
      id: 'cap',
      header: strings.columns.cap,
      width: '17%',
      wideOnly: true,
      sortBy: ({ caps }) => caps.length,
      cell: ({ caps }) => capsText(caps) || '–',
    },
    ...(onEdit === null
      ? []
      : [
          {
            id: 'edit',
            header: strings.columns.actions,
            headerHidden: true,
            // Wide enough for the word in every language.
            width: 116,
            cell: ({ member }: MemberRow) => (
              <Button
                size="compact-xs"
                variant="subtle"
                aria-label={strings.editLabel({ name: member.name })}
                onClick={() => onEdit(member.id)}
              >
                {strings.edit}
              </Button>
            ),
          },
        ]),
  ];
}

/** Where the window is narrow, role and team stand below the name. */
function MemberName({ row }: { readonly row: MemberRow }) {
  const { member, roleName, teamName, isMe } = row;
  return (
    <Box miw={0}>
      <Group gap={6}>
        <Text component="span" size="sm" fw={600} className={classes['name'] ?? ''}>
          {member.name}
        </Text>
        {isMe ? (
          <Badge size="xs" variant="light">
            {strings.you}
          </Badge>
        ) : null}
        {member.active ? null : (
          <Badge size="xs" variant="outline" color="gray">
            {strings.inactive}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed" hiddenFrom="md">
        {[roleName, teamName, capsText(row.caps)].filter((part) => part !== '').join(' · ')}
      </Text>
    </Box>
  );
}

function capsText(caps: MemberRow['caps']): string {
  return caps
    .map(({ credits, per }) => strings.cap({ credits: formatCredits(credits), per: strings.per[per] }))
    .join(', ');
}
