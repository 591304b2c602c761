import { Badge, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconArrowLeft, IconChartDonut, IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { UsageListName, UsageSearch } from '../../../shared/analytics/view-link.ts';
import type { UsageListRow } from '../../../shared/bridge/usage-panel-views.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { AnchorLink, ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { strings } from './strings.ts';
import { UsageTable } from './usage-table.tsx';
import { useUsageRows } from './use-usage-rows.ts';
import { CopyLink, Updated, WindowControls } from './window-controls.tsx';

const text = strings.list;

export function FeatureListScreen() {
  return <UsageListScreen name="features" by="feature" />;
}

export function TeamListScreen() {
  return <UsageListScreen name="teams" by="team" />;
}

export function UserListScreen() {
  return <UsageListScreen name="users" by="user" />;
}

interface UsageListProps {
  readonly name: UsageListName;
  readonly by: 'feature' | 'team' | 'user';
}

/** Everything that used credits in a window: search, sort, and rows that are read while one scrolls. [A4] */
function UsageListScreen({ name, by }: UsageListProps) {
  const { id: workspaceId } = useWorkspace();
  const route = `/w/$workspaceId/credits-usage/${name}` as const;
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: route });
  const { view, rows, error, retry, want } = useUsageRows(workspaceId, by, search);
  const change = (next: UsageSearch) => void navigate({ search: next, replace: true });
  const { q: _, sort: __, order: ___, ...window } = search;
  return (
    <Page
      title={text.titles[by]}
      description={view === undefined ? undefined : <Updated at={view.lastUpdatedAt} />}
      actions={
        <>
          <CopyLink page={name} search={search} />
          <ButtonLink
            to="/w/$workspaceId/credits-usage"
            params={{ workspaceId }}
            search={window}
            variant="default"
            leftSection={<IconArrowLeft size={16} aria-hidden />}
          >
            {text.back}
          </ButtonLink>
        </>
      }
    >
      <Stack gap="md">
        <Group gap="sm" justify="space-between">
          <WindowControls search={search} window={view?.window} onChange={change} />
          <SearchField label={text.search[by]} search={search} onChange={change} />
        </Group>
        <ProblemAlert error={error} onRetry={retry} />
        {view === undefined ? (
          error === null ? (
            <Loading blocks={[360]} />
          ) : null
        ) : (
          <>
            <Text size="sm" c="dimmed" role="status">
              {text.count[by]({ count: view.count })}
            </Text>
            <Paper withBorder>
              {view.count === 0 ? (
                <EmptyState
                  icon={<IconChartDonut size={22} />}
                  title={search.q === undefined ? strings.empty : text.nothing}
                />
              ) : (
                <UsageTable
                  label={text.titles[by]}
                  rows={rows}
                  count={view.count}
                  search={search}
                  onChange={change}
                  want={want}
                  nameOf={(row) => <Name row={row} window={window} />}
                />
              )}
            </Paper>
          </>
        )}
      </Stack>
    </Page>
  );
}

function Name({ row, window }: { readonly row: UsageListRow; readonly window: UsageSearch }) {
  const { id: workspaceId } = useWorkspace();
  if (row.id === null) return <>{text.unattributed}</>;
  return (
    <>
      {row.opens ? (
        <AnchorLink
          to="/w/$workspaceId/credits-usage/teams/$teamId"
          params={{ workspaceId, teamId: row.id }}
          search={window}
          size="sm"
        >
          {row.name}
        </AnchorLink>
      ) : (
        row.name
      )}
      {row.deleted ? (
        <Badge ml="xs" size="xs" variant="light" color="gray">
          {text.deleted}
        </Badge>
      ) : null}
    </>
  );
}

interface SearchFieldProps {
  readonly label: string;
  readonly search: UsageSearch;
  readonly onChange: (search: UsageSearch) => void;
}

/** The address follows what is typed with a short pause, so that each letter does not ask anew. */
function SearchField({ label, search, onChange }: SearchFieldProps) {
  const [typed, setTyped] = useState(search.q ?? '');
  const tell = useDebouncedCallback((q: string) => {
    const { q: _, ...rest } = search;
    onChange(q.trim() === '' ? rest : { ...rest, q });
  }, 200);
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      type="search"
      leftSection={<IconSearch size={16} aria-hidden />}
      maxLength={200}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}
