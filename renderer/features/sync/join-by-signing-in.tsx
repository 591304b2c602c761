import { Button, Checkbox, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconExternalLink } from '@tabler/icons-react';
import { useState, type SubmitEvent } from 'react';
import type { ServerLookView, SignInView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import { useSync } from '../../hooks/use-sync.ts';
import { Facts } from '../../ui/facts.tsx';
import { optionalText, TextField } from '../../ui/fields.tsx';
import { formatHour } from '../../ui/figures.tsx';
import { focusMarked } from '../../ui/focus-marked.ts';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { grouped } from './fingerprint.ts';
import { strings } from './strings.ts';
import classes from './sync.module.css';

const text = strings.signIn;
const shared = strings.connect;
/** A server has no zone of its own: its moments are read in that of this computer. */
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface CheckServerProps {
  readonly seen: ServerLookView;
  readonly onBack: () => void;
}

/** Which server it is and how it is joined without an invite; the last moment at which nothing has been said to it. */
export function CheckServer({ seen, onBack }: CheckServerProps) {
  const { server, fingerprint, provider } = seen;
  const [deviceName, setDeviceName] = useState('');
  const [compared, setCompared] = useState(false);
  const known = useSync().data?.servers.find(({ id }) => id === seen.knownServerId);
  const beginning = useMutation({
    mutationFn: () => {
      const name = optionalText(deviceName);
      return bridge.sync.signIn({ address: server, fingerprint, ...(name === undefined ? {} : { deviceName: name }) });
    },
  });
  const issues = issuesByPath(beginning.error);
  const certificate =
    fingerprint === null
      ? { label: shared.fingerprint, value: server.startsWith('http:') ? shared.plain : shared.authority }
      : {
          label: shared.fingerprint,
          value: <span className={classes['fingerprint']}>{grouped(fingerprint)}</span>,
          hint: text.fingerprintHint,
        };
  return (
    <form
      noValidate
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        if (provider !== null && !beginning.isPending) beginning.mutate();
      }}
    >
      <Section title={shared.check} description={shared.checkBody}>
        <Stack gap="md" ref={focusMarked}>
          <Facts
            facts={[
              { label: shared.server, value: <span className={classes['breakable']}>{server}</span> },
              certificate,
              { label: text.joining, value: provider === null ? text.byInvite : text.byProvider({ provider }) },
            ]}
          />
          {known === undefined ? null : (
            <Text size="sm">{text.known({ organisation: known.organisationName, person: known.personName })}</Text>
          )}
          {provider === null ? (
            <Text size="sm">{text.notOffered}</Text>
          ) : (
            <>
              {fingerprint === null ? null : (
                <Checkbox
                  label={text.compared}
                  checked={compared}
                  onChange={({ currentTarget }) => setCompared(currentTarget.checked)}
                />
              )}
              <TextField
                label={shared.deviceName}
                description={shared.deviceNameHint}
                maxLength={120}
                value={deviceName}
                error={issues['deviceName']}
                onChange={setDeviceName}
              />
              <ProblemAlert error={beginning.error} />
            </>
          )}
          <Group gap="xs">
            {provider === null ? null : (
              <Button
                type="submit"
                loading={beginning.isPending}
                disabled={fingerprint !== null && !compared}
                {...(fingerprint === null ? { 'data-autofocus': true } : {})}
              >
                {text.submit({ provider })}
              </Button>
            )}
            <Button
              variant="default"
              onClick={onBack}
              {...(provider === null || fingerprint !== null ? { 'data-autofocus': true } : {})}
            >
              {text.back}
            </Button>
          </Group>
        </Stack>
      </Section>
    </form>
  );
}

/** The code, where it is entered, and how it goes. */
export function SigningIn({ signIn }: { readonly signIn: SignInView }) {
  const ending = useMutation({ mutationFn: () => bridge.sync.endSignIn() });
  const { state, provider, server, userCode, page, pageWithCode, expiresAt, problem } = signIn;
  if (state === 'failed') {
    return (
      <Section title={text.failed({ provider })} description={server}>
        <Stack gap="md" ref={focusMarked}>
          <ProblemAlert error={{ code: 'PROBLEM', data: problem }} />
          <Group>
            <Button loading={ending.isPending} onClick={() => ending.mutate()} data-autofocus>
              {text.goBack}
            </Button>
          </Group>
        </Stack>
      </Section>
    );
  }
  return (
    <Section title={text.title({ provider })} description={text.body({ server })}>
      <Stack gap="md" ref={focusMarked}>
        <Paper withBorder p="md">
          <Text size="sm" c="dimmed" id="sign-in-code">
            {text.code}
          </Text>
          <Title
            order={3}
            size="h1"
            className={classes['userCode'] ?? ''}
            aria-labelledby="sign-in-code sign-in-code-value"
          >
            <span id="sign-in-code-value">{userCode}</span>
          </Title>
        </Paper>
        <Group gap="xs">
          <Button
            component="a"
            href={pageWithCode ?? page}
            target="_blank"
            rel="noreferrer"
            rightSection={<IconExternalLink size={16} aria-hidden />}
            data-autofocus
          >
            {text.open({ provider })}
          </Button>
          <Button variant="default" loading={ending.isPending} onClick={() => ending.mutate()}>
            {text.cancel}
          </Button>
        </Group>
        <Text size="sm" className={classes['breakable'] ?? ''}>
          {text.elsewhere({ page })}
        </Text>
        <Text size="sm" c="dimmed">
          {text.onlyOwn}
        </Text>
        <Text size="sm" fw={600} role="status">
          {text.waiting[state === 'joined' ? 'waiting' : state]({ provider, time: formatHour(expiresAt, ownZone) })}
        </Text>
        <ProblemAlert error={ending.error} />
      </Stack>
    </Section>
  );
}
