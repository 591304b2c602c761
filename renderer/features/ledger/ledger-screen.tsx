import { Box, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconBook2, IconFilterOff } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { ledgerSelectionOf, searchOfLedger, type LedgerSelection } from '../../../shared/analytics/view-link.ts';
import type { LedgerRow } from '../../../shared/bridge/views.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount } from '../../ui/figures.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { ExportMenu } from './export-menu.tsx';
import { filterOf, partsSet } from './ledger-filter.ts';
import { LedgerFilters } from './ledger-filters.tsx';
import { LedgerGrid, listedMax } from './ledger-grid.tsx';
import { LineDetails } from './line-details.tsx';
import { strings } from './strings.ts';
import { useLedger, type Ledger } from './use-ledger.ts';

const route = '/w/$workspaceId/ledger';

/** All transactions, newest first; what is selected is part of the address. */
export function LedgerScreen() {
  const workspace = useWorkspace();
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: route });
  const [opened, setOpened] = useState<LedgerRow | null>(null);
  const selection = useMemo(() => ledgerSelectionOf({ ...search }), [search]);
  const filter = useMemo(() => filterOf(selection), [selection]);
  const ledger = useLedger(workspace.id, filter);
  const select = (next: LedgerSelection) => void navigate({ search: searchOfLedger(next), replace: true });
  // After an action the line in the drawer is the one that was read again.
  const shown = opened === null ? null : (ledger.rows.find((row) => row.id === opened.id) ?? opened);

  return (
    <Page
      title={strings.title}
      description={strings.description}
      actions={<ExportMenu workspace={workspace} filter={filter} selected={ledger.total} />}
    >
      <Stack gap="md">
        <LedgerFilters
          workspace={workspace}
          selection={selection}
          onChange={select}
          errors={issuesByPath(ledger.error)}
        />
        <ProblemAlert error={ledger.error} onRetry={ledger.retry} />
        <Count ledger={ledger} filtered={partsSet(selection) > 0} onClear={() => select({})} />
        {ledger.error !== null && ledger.rows.length === 0 ? null : (
          <Paper withBorder>
            {ledger.pending ? (
              <Box p="md">
                <Loading blocks={[360]} />
              </Box>
            ) : ledger.total === 0 ? (
              <NoLines workspaceId={workspace.id} filtered={partsSet(selection) > 0} />
            ) : (
              <LedgerGrid ledger={ledger} zone={workspace.timeZone} onOpen={setOpened} />
            )}
          </Paper>
        )}
      </Stack>
      <LineDetails
        row={shown}
        workspaceId={workspace.id}
        zone={workspace.timeZone}
        onClose={() => setOpened(null)}
        onOpen={setOpened}
      />
    </Page>
  );
}

interface CountProps {
  readonly ledger: Ledger;
  readonly filtered: boolean;
  readonly onClear: () => void;
}

function Count({ ledger, filtered, onClear }: CountProps) {
  const count = strings.transactions({ count: ledger.total });
  return (
    <Group gap="sm" mih={26}>
      <Text size="sm" c="dimmed" role="status">
        {ledger.pending ? '' : filtered ? strings.count({ count }) : count}
        {ledger.total > listedMax ? `. ${strings.grid.capped({ count: formatCount(listedMax) })}` : ''}
      </Text>
      {filtered ? (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconFilterOff size={16} aria-hidden />}
          onClick={onClear}
        >
          {strings.filter.clear}
        </Button>
      ) : null}
    </Group>
  );
}

interface NoLinesProps {
  readonly workspaceId: string;
  readonly filtered: boolean;
}

function NoLines({ workspaceId, filtered }: NoLinesProps) {
  const icon = <IconBook2 size={22} />;
  if (filtered) {
    return (
      <EmptyState icon={icon} title={strings.empty.filteredTitle}>
        {strings.empty.filteredBody}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={icon}
      title={strings.empty.title}
      action={
        <Group gap="xs" mt="xs" justify="center">
          <ButtonLink to="/w/$workspaceId/import" params={{ workspaceId }} variant="default">
            {strings.empty.import}
          </ButtonLink>
          <ButtonLink to="/w/$workspaceId/log" params={{ workspaceId }}>
            {strings.empty.log}
          </ButtonLink>
        </Group>
      }
    >
      {strings.empty.body}
    </EmptyState>
  );
}
