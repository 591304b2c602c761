import { Button, Group, Stack, Text } from '@mantine/core';
import { useOs } from '@mantine/hooks';
import { IconArrowDownToArc, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import type { LedgerRow, WorkspaceView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { shortcutHandler } from '../../hooks/shortcuts.ts';
import { useFocusInvalid } from '../../hooks/use-focus-invalid.ts';
import { useLive } from '../../hooks/use-live.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount } from '../../ui/figures.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { OpenHolds } from '../../ui/open-holds.tsx';
import { strings as holdStrings } from '../../ui/open-holds-strings.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { AskingForMore, OfflineAllowance } from './offline-allowance.tsx';
import { LastEntry } from './last-entry.tsx';
import classes from './log-usage.module.css';
import { PreviewPanel } from './preview-panel.tsx';
import { RefusalAlert } from './refusal-alert.tsx';
import { strings } from './strings.ts';
import { UsageFields } from './usage-fields.tsx';
import type { EntryAction } from './use-entry.tsx';
import { useUsageForm } from './use-usage-form.ts';

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
  const { draft, change, errors, missing, preview, entry, entryError, cancel, refusal, submit, repeat } =
    useUsageForm(workspace);
  const form = useFocusInvalid(missing);
  return (
    <Stack gap="md">
      <form
        ref={form}
        className={classes['form']}
        noValidate
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          submit('log');
        }}
        onKeyDown={shortcutHandler({
          'log-hold': () => submit('hold'),
          'log-happened': () => submit('happened'),
        })}
      >
        <div className={classes['grid']}>
          <Section title={strings.form.title}>
            <UsageFields workspace={workspace} draft={draft} onChange={change} errors={errors} />
          </Section>
          <Section title={strings.preview.title}>
            <Stack gap="md">
              <PreviewPanel preview={preview} zone={workspace.timeZone} refusalShown={refusal !== null} />
              <OfflineAllowance workspace={workspace} member={draft.memberId} />
              <ProblemAlert error={entryError ?? preview.error} />
              {refusal === null ? null : (
                <RefusalAlert
                  refusal={refusal}
                  workspaceId={workspace.id}
                  zone={workspace.timeZone}
                  pending={entry.isPending}
                  onRecord={() => entry.mutate({ ...refusal.entry, action: 'happened' })}
                />
              )}
              <AskingForMore pending={entry.isPending} onCancel={cancel} />
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
  // Not disabled for the moment that it takes: the keyboard would lose its place. A second press does nothing.
  const busy = pending !== null;
  return (
    <div>
      <Group gap="xs">
        <Button type="submit" aria-busy={pending === 'log'} data-disabled={busy}>
          {strings.actions.log}
        </Button>
        <Button variant="light" aria-busy={pending === 'hold'} data-disabled={busy} onClick={() => onSubmit('hold')}>
          {strings.actions.hold}
        </Button>
        <Button
          variant="default"
          title={strings.actions.happenedHint}
          aria-busy={pending === 'happened'}
          data-disabled={busy}
          onClick={() => onSubmit('happened')}
        >
          {strings.actions.happened}
        </Button>
      </Group>
      <Text size="xs" c="dimmed" mt={8}>
        {strings.actions.happenedNamed({ action: strings.actions.happened })}{' '}
        {isMac
          ? strings.actions.shortcuts({ hold: '⌘↩', happened: '⌘⇧↩' })
          : strings.actions.shortcuts(strings.actions.keys)}
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
        <Section title={holdStrings.title({ count: formatCount(holds.length) })} description={holdStrings.description}>
          <OpenHolds holds={holds} asOf={overview.data.asOf} zone={zone} />
        </Section>
      )}
    </>
  );
}
