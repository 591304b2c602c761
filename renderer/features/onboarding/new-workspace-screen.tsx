import { Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { AppView, CatalogueView } from '../../../shared/bridge/views.ts';
import { assert } from '../../../shared/kernel/assert.ts';
import { bridge } from '../../app/bridge.ts';
import { useFocusInvalid } from '../../hooks/use-focus-invalid.ts';
import { Loading } from '../../ui/loading.tsx';
import { localMomentNow } from '../../ui/local-moment.ts';
import { Page } from '../../ui/page.tsx';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { chosenOf, fieldName, toCreateInput, withPlatform, type NewWorkspaceValues } from './new-workspace-model.ts';
import { DatesSection, NameSection, OpeningSection, PeopleSection } from './new-workspace-sections.tsx';
import { PlanSection, PlatformSection } from './plan-sections.tsx';
import { strings } from './strings.ts';
import { SummaryBar } from './summary-bar.tsx';

const text = strings.create;

/** Makes a workspace: platform and plan, seats, dates, people, who I am, and an opening reading. */
export function NewWorkspaceScreen() {
  const info = useQuery({ queryKey: ['app-info'], queryFn: () => bridge.app.info() });
  const catalogues = useQuery({ queryKey: ['catalogues'], queryFn: () => bridge.catalogues.list() });
  const error = info.error ?? catalogues.error;
  return (
    <Page title={text.title} description={text.description} width="form">
      {info.data === undefined || catalogues.data === undefined ? (
        error === null ? (
          <Loading />
        ) : (
          <ProblemAlert
            error={error}
            onRetry={() => {
              void info.refetch();
              void catalogues.refetch();
            }}
          />
        )
      ) : (
        <NewWorkspaceForm info={info.data} catalogues={catalogues.data} />
      )}
    </Page>
  );
}

interface NewWorkspaceFormProps {
  readonly info: AppView;
  readonly catalogues: readonly CatalogueView[];
}

function NewWorkspaceForm({ info, catalogues }: NewWorkspaceFormProps) {
  const navigate = useNavigate();
  const { platform } = useSearch({ from: '/setup/new' });
  const [values, setValues] = useState<NewWorkspaceValues>(() => {
    const initial = initialValues(info);
    return platform === undefined ? initial : withPlatform(initial, platform, catalogues, info.today);
  });
  const chosen = useMemo(() => chosenOf(values, catalogues, info.today), [values, catalogues, info.today]);
  const creation = useMutation({
    mutationFn: () => {
      assert(chosen?.plan !== undefined, 'The button is there once a plan is chosen.');
      return bridge.workspaces.create(toCreateInput(values, chosen.plan));
    },
    onSuccess: ({ workspaceId }) => navigate({ to: '/w/$workspaceId/overview', params: { workspaceId } }),
  });
  const part = { values, setValues, issues: issuesByPath(creation.error) };
  const form = useFocusInvalid(creation.error);

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen?.plan !== undefined && !creation.isPending) creation.mutate();
      }}
    >
      <Stack gap="md">
        <PlatformSection {...part} catalogues={catalogues} today={info.today} />
        {chosen === undefined ? null : (
          <>
            <PlanSection {...part} chosen={chosen} />
            {chosen.plan === undefined ? null : (
              <>
                <DatesSection {...part} platform={chosen.catalogue.catalogue.platform} plan={chosen.plan} info={info} />
                <PeopleSection {...part} platform={chosen.catalogue.catalogue.platform} plan={chosen.plan} />
                <OpeningSection {...part} />
                <NameSection {...part} platformName={chosen.catalogue.catalogue.name} />
                <ProblemAlert error={creation.error} nameOf={(path) => fieldName(path, values)} />
                <SummaryBar
                  values={values}
                  catalogue={chosen.catalogue.catalogue}
                  plan={chosen.plan}
                  pending={creation.isPending}
                />
              </>
            )}
          </>
        )}
      </Stack>
    </form>
  );
}

function initialValues(info: AppView): NewWorkspaceValues {
  return {
    platform: null,
    plan: null,
    seats: {},
    enteredAllotment: '',
    addOns: {},
    anchor: info.today,
    timeZone: info.timeZone,
    name: '',
    members: [],
    me: null,
    hasOpening: false,
    openingUsed: '',
    openingAt: localMomentNow(Date.now(), info.timeZone),
  };
}
