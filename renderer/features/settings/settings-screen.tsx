import { Button, Group, Input, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { AppView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import type { SettingsSection } from '../../hooks/route-search.ts';
import { useContrast } from '../../hooks/use-contrast.ts';
import { useSharedWorkspace } from '../../hooks/use-sync.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { chooseLanguage, languageChoice, languages, nameOfLanguage } from '../../i18n/language.ts';
import { CopyPath } from '../../ui/copy-path.tsx';
import { Facts } from '../../ui/facts.tsx';
import { formatDay, Moment } from '../../ui/figures.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { WhoAmI } from '../../ui/who-am-i.tsx';
import { AlertsSection } from './alerts-section.tsx';
import { BackupsSection } from './backups-section.tsx';
import { CalendarSection } from './calendar-section.tsx';
import { DesktopSection } from './desktop-section.tsx';
import { FiguresSection } from './figures-section.tsx';
import { PrivacySection } from './privacy-section.tsx';
import { ServerSection } from './server-section.tsx';
import classes from './settings.module.css';
import { strings } from './strings.ts';
import { WorkspaceDialog } from './workspace-dialog.tsx';

/** What belongs to this computer and this workspace, and where every figure comes from. */
export function SettingsScreen() {
  const { sample } = useWorkspace();
  const info = useQuery({ queryKey: ['app-info'], queryFn: () => bridge.app.info() });
  return (
    <Page title={strings.title}>
      <Stack gap="md">
        <Place name="me">
          <MeSection />
        </Place>
        <Place name="server">
          <ServerSection />
        </Place>
        <Place name="look">
          <Appearance />
        </Place>
        <Place name="alerts">
          <AlertsSection />
        </Place>
        <Place name="privacy">
          <PrivacySection />
        </Place>
        <Place name="workspace">
          <WorkspaceFacts timeZones={info.data?.timeZones ?? []} />
        </Place>
        <Place name="calendar">
          <CalendarSection />
        </Place>
        {info.data === undefined ? (
          info.error === null ? (
            <Loading blocks={[140]} />
          ) : (
            <ProblemAlert error={info.error} onRetry={() => void info.refetch()} />
          )
        ) : (
          <>
            <Place name="computer">
              <ThisComputer info={info.data} />
            </Place>
            <Place name="desktop">
              <DesktopSection />
            </Place>
            <Place name="backups">
              <BackupsSection />
            </Place>
            <Place name="figures">
              <FiguresSection today={info.data.today} />
            </Place>
          </>
        )}
        {sample ? <SampleData /> : null}
      </Stack>
    </Page>
  );
}

/** Where an address can lead to. */
function Place({ name, children }: { readonly name: SettingsSection; readonly children: ReactNode }) {
  const { section } = useSearch({ from: '/w/$workspaceId/settings' });
  const place = useRef<HTMLDivElement>(null);
  const isWanted = section === name;
  useEffect(() => {
    if (!isWanted) return undefined;
    // After the frame has led the focus to the content, as on every new screen.
    const timer = setTimeout(() => {
      place.current?.scrollIntoView({ block: 'start' });
      place.current?.focus({ preventScroll: true });
    });
    return () => clearTimeout(timer);
  }, [isWanted]);
  return (
    <div ref={place} tabIndex={-1} data-section={name} className={classes['place']}>
      {children}
    </div>
  );
}

function MeSection() {
  const workspace = useWorkspace();
  const shared = useSharedWorkspace(workspace.id);
  const { me } = useDirectory();
  if (shared !== null) {
    return (
      <Section title={strings.me.section}>
        <Text size="sm">{me === null ? strings.me.notMember : strings.me.byServer({ name: me.name })}</Text>
      </Section>
    );
  }
  return (
    <Section title={strings.me.section}>
      {workspace.members.some(({ active }) => active) ? (
        <WhoAmI />
      ) : (
        <Group gap="sm">
          <Text size="sm">{strings.me.none}</Text>
          <ButtonLink
            to="/w/$workspaceId/members"
            params={{ workspaceId: workspace.id }}
            search={{ do: 'add' }}
            size="xs"
            variant="default"
          >
            {strings.me.addMembers}
          </ButtonLink>
        </Group>
      )}
    </Section>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [contrast, setContrast] = useContrast();
  return (
    <Section title={strings.look.section}>
      <Stack gap="md" align="flex-start">
        <SegmentedControl
          aria-label={strings.look.label}
          value={colorScheme}
          onChange={setColorScheme}
          data={[
            { value: 'auto', label: strings.look.auto },
            { value: 'light', label: strings.look.light },
            { value: 'dark', label: strings.look.dark },
          ]}
        />
        <Input.Wrapper label={strings.look.contrast} labelElement="div" description={strings.look.contrastHint}>
          <SegmentedControl
            aria-label={strings.look.contrast}
            mt={6}
            value={contrast}
            onChange={setContrast}
            data={[
              { value: 'system', label: strings.look.auto },
              { value: 'standard', label: strings.look.contrastStandard },
              { value: 'more', label: strings.look.contrastMore },
            ]}
          />
        </Input.Wrapper>
        <Input.Wrapper label={strings.look.language} labelElement="div" description={strings.look.languageHint}>
          <SegmentedControl
            aria-label={strings.look.language}
            mt={6}
            value={languageChoice()}
            onChange={chooseLanguage}
            data={[
              { value: 'system', label: strings.look.system },
              ...languages.map((language) => ({
                value: language,
                label: <span lang={language}>{nameOfLanguage(language)}</span>,
              })),
            ]}
          />
        </Input.Wrapper>
      </Stack>
    </Section>
  );
}

function WorkspaceFacts({ timeZones }: { readonly timeZones: readonly string[] }) {
  const workspace = useWorkspace();
  const [changing, setChanging] = useState(false);
  return (
    <Section
      title={strings.workspace.section}
      actions={
        <Button
          variant="default"
          size="compact-sm"
          aria-label={strings.workspace.change}
          onClick={() => setChanging(true)}
        >
          {strings.workspace.changeShort}
        </Button>
      }
    >
      <Facts
        facts={[
          { label: strings.workspace.name, value: workspace.name },
          { label: strings.workspace.platform, value: workspace.platformName },
          { label: strings.workspace.plan, value: workspace.planName },
          { label: strings.workspace.zone, value: workspace.timeZone },
          { label: strings.workspace.weekStart, value: strings.workspace.weekdays[workspace.weekStart - 1] ?? '' },
          { label: strings.workspace.anchor, value: formatDay(workspace.anchor) },
          { label: strings.workspace.created, value: <Moment at={workspace.createdAt} zone={workspace.timeZone} /> },
        ]}
      />
      {changing ? <WorkspaceDialog timeZones={timeZones} onClose={() => setChanging(false)} /> : null}
    </Section>
  );
}

function ThisComputer({ info }: { readonly info: AppView }) {
  const text = strings.computer;
  return (
    <Section title={text.section}>
      <Facts
        facts={[
          { label: text.version, value: info.version },
          ...(info.damagedRows > 0
            ? [{ label: text.quarantine, value: String(info.damagedRows), hint: text.quarantineHint }]
            : []),
          { label: text.shell, value: text.shells[info.shell] },
          {
            label: text.directory,
            value: <CopyPath path={info.dataDirectory} />,
            hint: text.directoryHint,
          },
        ]}
      />
    </Section>
  );
}

function SampleData() {
  const { id: workspaceId } = useWorkspace();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  return (
    <Section title={strings.sample.section}>
      <Group gap="sm" justify="space-between">
        <Text size="sm" flex="1 1 240px">
          {strings.sample.body}
        </Text>
        <Button color="red" variant="light" onClick={() => setAsking(true)}>
          {strings.sample.remove}
        </Button>
      </Group>
      {asking ? (
        <FormModal
          title={strings.sample.confirmTitle}
          description={strings.sample.confirmBody}
          submitLabel={strings.sample.remove}
          danger
          onClose={() => setAsking(false)}
          onDone={() => void navigate({ to: '/welcome' })}
          onSubmit={() => bridge.workspaces.removeSample({ workspaceId })}
        >
          {() => null}
        </FormModal>
      ) : null}
    </Section>
  );
}
