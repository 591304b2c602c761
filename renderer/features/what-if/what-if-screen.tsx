import { Stack, Tabs } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconPackage, IconScale, IconShieldHalf } from '@tabler/icons-react';
import { useMemo } from 'react';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { scenarioOf, whatIfTabs } from '../../hooks/what-if-search.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { ChangesForm } from './changes-form.tsx';
import { CapsSection } from './caps-section.tsx';
import { CheapestSection } from './cheapest-section.tsx';
import { CompareSection } from './compare-section.tsx';
import { Outcomes } from './outcomes.tsx';
import { strings } from './strings.ts';
import { useAdvice, useWhatIfSearch } from './use-advice.ts';

/** What could be done, and what it would make of run-out and cost. */
export function WhatIfScreen() {
  const [search, change] = useWhatIfSearch();
  const tab = search.tab ?? 'changes';
  return (
    <Page title={strings.title} description={strings.description}>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => {
          const next = whatIfTabs.find((known) => known === value);
          change({ tab: next === 'changes' ? undefined : next });
        }}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="changes" leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}>
            {strings.tabs.changes}
          </Tabs.Tab>
          <Tabs.Tab value="packs" leftSection={<IconPackage size={16} aria-hidden />}>
            {strings.tabs.packs}
          </Tabs.Tab>
          <Tabs.Tab value="plans" leftSection={<IconScale size={16} aria-hidden />}>
            {strings.tabs.plans}
          </Tabs.Tab>
          <Tabs.Tab value="caps" leftSection={<IconShieldHalf size={16} aria-hidden />}>
            {strings.tabs.caps}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="changes">
          <Changes />
        </Tabs.Panel>
        <Tabs.Panel value="packs">
          <CheapestSection />
        </Tabs.Panel>
        <Tabs.Panel value="plans">
          <CompareSection />
        </Tabs.Panel>
        <Tabs.Panel value="caps">
          <CapsSection />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Changes() {
  const { id: workspaceId } = useWorkspace();
  const [search, change] = useWhatIfSearch();
  const question = useMemo(() => ({ workspaceId, scenario: scenarioOf(search) }), [workspaceId, search]);
  const asToday = useMemo(() => ({ workspaceId, scenario: {} }), [workspaceId]);
  // What can be tried does not depend on what is tried, and stays while that is wrong.
  const choices = useAdvice('what-if', asToday, bridge.advice.whatIf);
  const { view, stale, error, retry } = useAdvice('what-if', question, bridge.advice.whatIf);
  if (choices.view === undefined) {
    return choices.error === null ? (
      <Loading blocks={[220, 360]} />
    ) : (
      <ProblemAlert error={choices.error} onRetry={choices.retry} />
    );
  }
  return (
    <Stack gap="md">
      <ChangesForm choices={choices.view.choices} search={search} onChange={change} issues={issuesByPath(error)} />
      <ProblemAlert error={error} onRetry={retry} />
      {view === undefined ? error === null ? <Loading blocks={[360]} /> : null : <Outcomes view={view} stale={stale} />}
    </Stack>
  );
}
