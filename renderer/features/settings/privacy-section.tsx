import { Button, Group, NumberInput, Radio, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { bridge } from '../../app/bridge.ts';
import { useFocusInvalid } from '../../hooks/use-focus-invalid.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';

const text = strings.privacy;

/** Whether what specific people used is shown, for everybody who looks at this workspace. [V1] [V2] */
export function PrivacySection() {
  const { privacy, access } = useWorkspace();
  return (
    <Section title={text.section} description={text.hint}>
      {access === 'company-admin' ? (
        <PrivacyForm key={JSON.stringify(privacy)} />
      ) : (
        <Text size="sm">{`${privacy.hidesPeople ? text.exclude : text.include}. ${text.onlyAdmins}`}</Text>
      )}
    </Section>
  );
}

function PrivacyForm() {
  const { id: workspaceId, privacy } = useWorkspace();
  const [people, setPeople] = useState<string>(privacy.hidesPeople ? 'exclude' : 'include');
  const [teamMin, setTeamMin] = useState<string | number>(privacy.teamMin);
  const saving = useMutation({
    mutationFn: () =>
      bridge.workspaces.setPrivacy({ workspaceId, hidesPeople: people === 'exclude', teamMin: Number(teamMin) }),
    onSuccess: () => notifications.show({ color: 'petrol', message: text.saved }),
  });
  const form = useFocusInvalid(saving.error);
  const issues = issuesByPath(saving.error);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <Radio.Group label={text.label} value={people} onChange={setPeople}>
          <Stack gap="xs" mt="xs">
            <Radio value="include" label={text.include} description={text.includeHint} />
            <Radio value="exclude" label={text.exclude} description={text.excludeHint} />
          </Stack>
        </Radio.Group>
        {people === 'exclude' ? (
          <NumberInput
            label={text.teamMin}
            description={text.teamMinHint}
            min={1}
            max={1000}
            maw={320}
            clampBehavior="none"
            allowDecimal={false}
            value={teamMin}
            onChange={setTeamMin}
            error={issues['teamMin']}
          />
        ) : null}
        <ProblemAlert error={saving.error} nameOf={() => text.teamMin} />
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {text.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
