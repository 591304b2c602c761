import { Button, Group, NumberInput, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import type { AlertSettingsView } from '../../../shared/bridge/alert-views.ts';
import { bridge, type BridgeInputs } from '../../app/bridge.ts';
import { useFocusInvalid } from '../../hooks/use-focus-invalid.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ChangePreview } from '../../ui/change-preview.tsx';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';

const text = strings.alerts;

/** What is told of this workspace, and when the person at this computer wants to hear it. */
export function AlertsSection() {
  const { id: workspaceId, meId } = useWorkspace();
  const settings = useQuery({
    queryKey: ['alert-settings', workspaceId, meId],
    queryFn: () => bridge.alerts.settings({ workspaceId }),
  });
  return (
    <Section title={text.section} description={text.hint}>
      {settings.data === undefined ? (
        settings.error === null ? (
          <Loading blocks={[200]} />
        ) : (
          <ProblemAlert error={settings.error} onRetry={() => void settings.refetch()} />
        )
      ) : (
        <AlertForm key={JSON.stringify(settings.data)} settings={settings.data} />
      )}
    </Section>
  );
}

function AlertForm({ settings }: { readonly settings: AlertSettingsView }) {
  const { id: workspaceId } = useWorkspace();
  const client = useQueryClient();
  const { rules, preferences } = settings;
  const [thresholds, setThresholds] = useState(rules.thresholds.join(', '));
  const [runOut, setRunOut] = useState<string | number>(rules.runOutPercent);
  const [minutes, setMinutes] = useState<string | number>(rules.holdMinutes);
  const [kinds, setKinds] = useState(preferences.kinds);
  const [quiet, setQuiet] = useState(preferences.quietHours);
  const saving = useMutation({
    mutationFn: (given: BridgeInputs['alerts']['setSettings']) => bridge.alerts.setSettings(given),
    onSuccess: async () => {
      notifications.show({ color: 'petrol', message: text.saved });
      await client.invalidateQueries({ queryKey: ['alert-settings', workspaceId] });
    },
  });
  const form = useFocusInvalid(saving.error);
  const issues = issuesByPath(saving.error);
  // What is no number is told as such by the replica, field by field.
  const percents = thresholds.split(/[\s,;%]+/).flatMap((part) => (part === '' ? [] : [Number(part)]));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    saving.mutate({
      workspaceId,
      thresholds: percents,
      runOutPercent: Number(runOut),
      holdMinutes: Number(minutes),
      kinds: { ...kinds },
      quietHours: quiet,
    });
  };
  const isOther = percents.join() !== rules.thresholds.join();
  const wrongThreshold = Object.entries(issues).find(([path]) => path.startsWith('thresholds'))?.[1];
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
          <TextInput
            label={text.thresholds}
            description={text.thresholdsHint}
            value={thresholds}
            onChange={(event) => setThresholds(event.currentTarget.value)}
            error={wrongThreshold}
          />
          <NumberInput
            label={text.runOut}
            description={text.runOutHint}
            min={1}
            max={99}
            clampBehavior="none"
            allowDecimal={false}
            value={runOut}
            onChange={setRunOut}
            error={issues['runOutPercent']}
          />
          <NumberInput
            label={text.holdMinutes}
            description={text.holdMinutesHint}
            min={1}
            clampBehavior="none"
            allowDecimal={false}
            value={minutes}
            onChange={setMinutes}
            error={issues['holdMinutes']}
          />
        </SimpleGrid>
        <ChangePreview change={isOther ? { kind: 'alerts', given: { workspaceId, thresholds: percents } } : null} />
        <KindSwitches kinds={kinds} onChange={setKinds} />
        <QuietHours quiet={quiet} onChange={setQuiet} issues={issues} />
        <ProblemAlert
          error={saving.error}
          nameOf={(path) => (path.startsWith('thresholds') ? text.thresholds : path)}
        />
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {text.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type Kinds = AlertSettingsView['preferences']['kinds'];

const kindsShown = [
  'threshold',
  'run-out',
  'reset',
  'hold-expiring',
  'hold-open',
  'order-decided',
  'sync-stuck',
  'digest',
] as const satisfies readonly (keyof Kinds)[];

function KindSwitches({ kinds, onChange }: { readonly kinds: Kinds; readonly onChange: (kinds: Kinds) => void }) {
  return (
    <Stack gap={6} role="group" aria-label={text.kindsLabel}>
      <Text size="sm" fw={500} aria-hidden>
        {text.kindsLabel}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" verticalSpacing={6}>
        {kindsShown.map((kind) => (
          <Switch
            key={kind}
            label={text.kinds[kind]}
            checked={kinds[kind]}
            onChange={(event) => onChange({ ...kinds, [kind]: event.currentTarget.checked })}
          />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

type Quiet = AlertSettingsView['preferences']['quietHours'];

interface QuietHoursProps {
  readonly quiet: Quiet;
  readonly onChange: (quiet: Quiet) => void;
  readonly issues: Readonly<Record<string, string>>;
}

function QuietHours({ quiet, onChange, issues }: QuietHoursProps) {
  return (
    <Stack gap="xs">
      <Switch
        label={text.quiet}
        description={text.quietHint}
        checked={quiet.on}
        onChange={(event) => onChange({ ...quiet, on: event.currentTarget.checked })}
      />
      {quiet.on ? (
        <Group gap="md" align="flex-start">
          <TextInput
            type="time"
            label={text.quietFrom}
            w={130}
            value={quiet.from}
            onChange={(event) => onChange({ ...quiet, from: event.currentTarget.value })}
            error={issues['quietHours.from']}
          />
          <TextInput
            type="time"
            label={text.quietUntil}
            w={130}
            value={quiet.until}
            onChange={(event) => onChange({ ...quiet, until: event.currentTarget.value })}
            error={issues['quietHours.until']}
          />
        </Group>
      ) : null}
    </Stack>
  );
}
