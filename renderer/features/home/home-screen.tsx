import { Stack } from '@mantine/core';
import { IconLayoutDashboard, IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { bridge } from '../../app/bridge.ts';
import { homeMoneySorts, homeSorts, sortingOf, sortingText, type HomeSearch } from '../../hooks/home-search.ts';
import { useLive } from '../../hooks/use-live.ts';
import { useSync } from '../../hooks/use-sync.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { CreditsSection } from './credits-section.tsx';
import { listedWorkspaces, pressingFirst, wantsLook } from './home-model.ts';
import { MoneySection } from './money-section.tsx';
import { strings } from './strings.ts';

/** All workspaces side by side: in their credits, and in money where a price is known. */
export function HomeScreen() {
  const { data, error, retry } = useLive(['home'], (signal) => bridge.home.live(undefined, { signal }));
  const sync = useSync().data;
  const search = useSearch({ from: '/setup/home' });
  const navigate = useNavigate();
  const show = (change: HomeSearch) => void navigate({ to: '/home', search: { ...search, ...change }, replace: true });

  if (data === undefined) {
    return (
      <Page title={strings.title} width="wide">
        {error === null ? <Loading blocks={[320, 240]} /> : <ProblemAlert error={error} onRetry={retry} />}
      </Page>
    );
  }
  const rows = listedWorkspaces(data, sync);
  if (rows.length === 0) {
    return (
      <Page title={strings.title} width="wide">
        <EmptyState
          icon={<IconLayoutDashboard />}
          title={strings.emptyTitle}
          action={<ButtonLink to="/welcome">{strings.start}</ButtonLink>}
        >
          {strings.empty}
        </EmptyState>
      </Page>
    );
  }
  const look = rows.filter(wantsLook).length;
  const platforms = new Set(data.rows.map(({ platform }) => platform)).size;
  return (
    <Page
      title={strings.title}
      width="wide"
      description={[
        strings.on({ workspaces: strings.workspaces({ count: rows.length }), count: platforms }),
        look === 0 ? strings.lookNone : strings.look({ count: look }),
      ].join(' ')}
      actions={
        <>
          <ButtonLink to="/connect" variant="default" size="sm">
            {strings.connect}
          </ButtonLink>
          <ButtonLink to="/new" size="sm" leftSection={<IconPlus size={16} aria-hidden />}>
            {strings.create}
          </ButtonLink>
        </>
      }
    >
      <Stack gap="md">
        <CreditsSection
          rows={rows}
          sorting={sortingOf(search.sort, homeSorts) ?? pressingFirst}
          onSort={(sorting) => show({ sort: sortingText(sorting) })}
        />
        <MoneySection
          rows={rows}
          totals={data.totals}
          sorting={sortingOf(search.money, homeMoneySorts) ?? { by: 'name', descending: false }}
          onSort={(sorting) => show({ money: sortingText(sorting) })}
        />
      </Stack>
    </Page>
  );
}
