import { Button, Group, Stack, Text } from '@mantine/core';
import { getHotkeyHandler, useOs } from '@mantine/hooks';
import { IconArrowDownToArc, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import type { LedgerRow, WorkspaceView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { useLive } from '../../hooks/use-live.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount } from '../../ui/figures.tsx';
import { titleOfLine } from '../../ui/ledger-words.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { OpenHolds } from '../../ui/open-holds.tsx';
import { strings as holdStrings } from '../../ui/open-holds-strings.ts';
import { Page } from '../../ui/page.tsx';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { LastEntry } from './last-entry.tsx';
import classes from './log-usage.module.css';
import { PreviewPanel } from './preview-panel.tsx';
import { RefusalAlert } from './refusal-alert.tsx';
import { strings } from './strings.ts';
import { draftAfter, draftFromLine, emptyDraft, usageInputOf, type UsageDraft } from './usage-draft.ts';
import { UsageFields, type FieldErrors } from './usage-fields.tsx';
import { useEntry, type Entry, type EntryAction, type EntryResult } from './use-entry.tsx';
import { usePreview } from './use-preview.ts';

/** Logging with the price, the paying grants and the decision in view; and the holds that are still open. */
export function LogUsageScreen() {
  const workspace = useWorkspace();
  return (
    <Page title={strings.title} description={strings.description}>
      {workspace.features.length === 0 ? (
        <Section title={strings.form.title}>
          <EmptyState
            icon={<IconTable size={22} />}
            title={strings.noFeatures.title}
            action={
              <ButtonLink
                to="/w/$workspaceId/import"
                params={{ workspaceId: workspace.id }}
                leftSection={<IconArrowDownToArc size={16} aria-hidden />}
              >
                {strings.noFeatures.action}
              </ButtonLink>
            }
          >
            {strings.noFeatures.body}
          </EmptyState>
        </Section>
      ) : (
        <LogUsageForm workspace={workspace} />
      )}
    </Page>
  );
}

function LogUsageForm({ workspace }: { readonly workspace: WorkspaceView }) {
  const [draft, setDraft] = useState<UsageDraft>(() => emptyDraft(workspace));
  const [missing, setMissing] = useState<FieldErrors>({});
  const [refusal, setRefusal] = useState<EntryResult | null>(null);
  const input = usageInputOf(draft, workspace.id);
  const preview = usePreview(input, workspace);

  const change = (changed: Partial<UsageDraft>) => {
    setDraft((current) => ({ ...current, ...changed }));
    setMissing({});
    setRefusal(null);
    if (entry.error !== null) entry.reset();
  };
  const entry = useEntry({
    onBooked: () => {
      setRefusal(null);
      setDraft(draftAfter);
    },
    onRefused: setRefusal,
    onRepeat: (repeated) => entry.mutate({ ...repeated, input: withoutMoment(repeated.input) }),
  });

  const submit = (action: EntryAction) => {
    if (entry.isPending) return;
    if (input === null) {
      setMissing(missingIn(draft));
      return;
    }
    entry.mutate({ action, input, holdHours: draft.holdHours, what: whatOf(workspace, draft) });
  };
  const repeat = (row: LedgerRow) => {
    const repeated = draftFromLine(row);
    const again = usageInputOf(repeated, workspace.id);
    if (again === null) return;
    setDraft(repeated);
    entry.mutate({
      action: row.kind === 'hold' ? 'hold' : row.happened ? 'happened' : 'log',
      input: again,
      holdHours: null,
      what: titleOfLine(row),
    });
  };

  return (
    <Stack gap="md">
      <form
        className={classes['form']}
        noValidate
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          submit('log');
        }}
        onKeyDown={getHotkeyHandler([
          ['mod+Enter', () => submit('hold')],
          ['mod+shift+Enter', () => submit('happened')],
        ])}
      >
        <div className={classes['grid']}>
          <Section title={strings.form.title}>
            <UsageFields
              workspace={workspace}
              draft={draft}
              onChange={change}
              errors={{ ...issuesByPath(preview.error), ...issuesByPath(entry.error), ...missing }}
            />
          </Section>
          <Section title={strings.preview.title}>
            <Stack gap="md">
              <PreviewPanel preview={preview} zone={workspace.timeZone} refusalShown={refusal !== null} />
              <ProblemAlert error={entry.error ?? preview.error} />
              {refusal === null ? null : (
                <RefusalAlert
                  refusal={refusal}
                  zone={workspace.timeZone}
                  pending={entry.isPending}
                  onRecord={() => entry.mutate({ ...refusal.entry, action: 'happened' })}
                />
              )}
              <EntryButtons pending={entry.isPending ? entry.variables.action : null} onSubmit={submit} />
            </Stack>
          </Section>
        </div>
      </form>
      <BelowForm workspace={workspace} pending={entry.isPending} onRepeat={repeat} />
    </Stack>
  );
}

interface EntryButtonsProps {
  readonly pending: EntryAction | null;
  readonly onSubmit: (action: EntryAction) => void;
}

function EntryButtons({ pending, onSubmit }: EntryButtonsProps) {
  const isMac = useOs() === 'macos';
  return (
    <div>
      <Group gap="xs">
        <Button type="submit" loading={pending === 'log'} disabled={pending !== null}>
          {strings.actions.log}
        </Button>
        <Button
          variant="light"
          loading={pending === 'hold'}
          disabled={pending !== null}
          onClick={() => onSubmit('hold')}
        >
          {strings.actions.hold}
        </Button>
        <Button
          variant="default"
          title={strings.actions.happenedHint}
          loading={pending === 'happened'}
          disabled={pending !== null}
          onClick={() => onSubmit('happened')}
        >
          {strings.actions.happened}
        </Button>
      </Group>
      <Text size="xs" c="dimmed" mt={8}>
        {strings.actions.happenedHint}{' '}
        {isMac ? strings.actions.shortcuts('⌘↩', '⌘⇧↩') : strings.actions.shortcuts('Ctrl Enter', 'Ctrl Shift Enter')}
      </Text>
    </div>
  );
}

interface BelowFormProps {
  readonly workspace: WorkspaceView;
  readonly pending: boolean;
  readonly onRepeat: (row: LedgerRow) => void;
}

function BelowForm({ workspace, pending, onRepeat }: BelowFormProps) {
  const workspaceId = workspace.id;
  const zone = workspace.timeZone;
  const last = useQuery({
    queryKey: ['usage-last', workspaceId],
    queryFn: ({ signal }) => bridge.usage.last({ workspaceId }, { signal }),
    staleTime: 0,
  });
  const overview = useLive(['overview', workspaceId], (signal) => bridge.overview.live({ workspaceId }, { signal }));
  const holds = overview.data?.openHolds ?? [];
  return (
    <>
      {last.data === undefined ? null : (
        <LastEntry last={last.data} zone={zone} pending={pending} onRepeat={onRepeat} />
      )}
      {overview.data === undefined || holds.length === 0 ? null : (
        <Section title={holdStrings.title(formatCount(holds.length))} description={holdStrings.description}>
          <OpenHolds holds={holds} asOf={overview.data.asOf} zone={zone} />
        </Section>
      )}
    </>
  );
}

function missingIn(draft: UsageDraft): FieldErrors {
  return {
    ...(draft.featureId === null ? { feature: strings.form.featureMissing } : {}),
    ...(draft.quantity.trim() === '' ? { quantity: strings.form.quantityMissing } : {}),
    ...(draft.at === '' ? { at: strings.form.timeMissing } : {}),
  };
}

function whatOf(workspace: WorkspaceView, draft: UsageDraft): string {
  const feature = workspace.features.find((candidate) => candidate.id === draft.featureId);
  return titleOfLine({ kind: 'usage', featureName: feature?.name ?? draft.featureId, variant: draft.variant });
}

/** Repeated now, and not at the time of the entry before. */
function withoutMoment({ at: _at, note: _note, ...input }: Entry['input']): Entry['input'] {
  return input;
}
