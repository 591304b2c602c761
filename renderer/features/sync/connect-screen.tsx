import { Button, Group, List, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type SubmitEvent } from 'react';
import type { InviteView, ServerView, SignInView, SyncView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import { useFocusInvalid } from '../../hooks/use-focus-invalid.ts';
import { useSync } from '../../hooks/use-sync.ts';
import { Facts } from '../../ui/facts.tsx';
import { optionalText, TextField } from '../../ui/fields.tsx';
import { focusMarked } from '../../ui/focus-marked.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { strings as words } from '../../ui/sync-strings.ts';
import { firstPullWords, shareOf } from '../../ui/sync-words.ts';
import { grouped, isAddressOnly } from './fingerprint.ts';
import { CheckServer, SigningIn } from './join-by-signing-in.tsx';
import { strings } from './strings.ts';
import classes from './sync.module.css';

const text = strings.connect;

/** The second door: an invite is read, looked at, and only then used. */
export function ConnectScreen() {
  const opened = useInviteOfAddress();
  const [invite, setInvite] = useState('');
  const looking = useMutation({ mutationFn: (given: string) => bridge.sync.lookAtInvite({ invite: given }) });
  const lookingAt = useMutation({ mutationFn: (address: string) => bridge.sync.lookAtServer({ address }) });
  const [joinedId, setJoinedId] = useState<string | null>(null);
  const signIn = useSignIn(setJoinedId);
  const { mutate: look } = looking;
  useEffect(() => {
    if (opened === undefined) return;
    setInvite(opened);
    setJoinedId(null);
    look(opened);
  }, [opened, look]);
  return (
    <Page title={text.title} description={joinedId === null ? text.description : undefined} width="form">
      {joinedId !== null ? (
        <Joined serverId={joinedId} />
      ) : signIn !== null ? (
        <SigningIn signIn={signIn} />
      ) : lookingAt.data !== undefined ? (
        <CheckServer seen={lookingAt.data} onBack={() => lookingAt.reset()} />
      ) : looking.data === undefined ? (
        <InviteForm
          invite={invite}
          onChange={setInvite}
          error={looking.error ?? lookingAt.error}
          pending={looking.isPending || lookingAt.isPending}
          onLook={() => {
            looking.reset();
            lookingAt.reset();
            if (isAddressOnly(invite)) lookingAt.mutate(invite);
            else look(invite);
          }}
        />
      ) : (
        <Check
          invite={invite}
          seen={looking.data}
          onBack={() => looking.reset()}
          onJoined={(serverId) => {
            // Used once, it has no place in a field any more.
            setInvite('');
            setJoinedId(serverId);
          }}
        />
      )}
    </Page>
  );
}

interface InviteFormProps {
  readonly invite: string;
  readonly onChange: (invite: string) => void;
  readonly error: unknown;
  readonly pending: boolean;
  readonly onLook: () => void;
}

function InviteForm({ invite, onChange, error, pending, onLook }: InviteFormProps) {
  const issues = issuesByPath(error);
  const issue = issues['invite'] ?? issues['address'];
  const form = useFocusInvalid(error);
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        if (!pending) onLook();
      }}
    >
      <Paper withBorder p="md">
        <Stack gap="md" ref={focusMarked}>
          <TextField
            label={text.invite}
            description={text.inviteHint}
            className={classes['invite'] ?? ''}
            maxLength={2_000}
            spellCheck={false}
            value={invite}
            error={issue}
            onChange={onChange}
            data-autofocus
          />
          {issue === undefined ? <ProblemAlert error={error} /> : null}
          <Group>
            <Button type="submit" loading={pending}>
              {text.look}
            </Button>
          </Group>
        </Stack>
      </Paper>
    </form>
  );
}

interface CheckProps {
  readonly invite: string;
  readonly seen: InviteView;
  readonly onBack: () => void;
  readonly onJoined: (serverId: string) => void;
}

/** Which server it is and how it is known; the last moment at which nothing has been sent. */
function Check({ invite, seen, onBack, onJoined }: CheckProps) {
  const [deviceName, setDeviceName] = useState('');
  const known = useSync().data?.servers.find(({ id }) => id === seen.knownServerId);
  const connecting = useMutation({
    mutationFn: () => {
      const name = optionalText(deviceName);
      return bridge.sync.connect({ invite, ...(name === undefined ? {} : { deviceName: name }) });
    },
    onSuccess: ({ serverId }) => onJoined(serverId),
  });
  const issues = issuesByPath(connecting.error);
  return (
    <form
      noValidate
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        if (!connecting.isPending) connecting.mutate();
      }}
    >
      <Section title={text.check} description={text.checkBody}>
        <Stack gap="md">
          <Facts
            facts={[
              { label: text.server, value: <span className={classes['breakable']}>{seen.server}</span> },
              seen.fingerprint === null
                ? { label: text.fingerprint, value: seen.server.startsWith('http:') ? text.plain : text.authority }
                : {
                    label: text.fingerprint,
                    value: <span className={classes['fingerprint']}>{grouped(seen.fingerprint)}</span>,
                    hint: text.fingerprintHint,
                  },
            ]}
          />
          <Text size="sm">
            {known === undefined
              ? text.unknown
              : text.known({ organisation: known.organisationName, person: known.personName })}
          </Text>
          <TextField
            label={text.deviceName}
            description={text.deviceNameHint}
            maxLength={120}
            value={deviceName}
            error={issues['deviceName']}
            onChange={setDeviceName}
          />
          <ProblemAlert error={connecting.error} />
          <Group gap="xs" ref={focusMarked}>
            <Button type="submit" loading={connecting.isPending} data-autofocus>
              {text.submit}
            </Button>
            <Button variant="default" onClick={onBack}>
              {text.back}
            </Button>
          </Group>
        </Stack>
      </Section>
    </form>
  );
}

/** Whose server it is, who one is there, and the workspaces as they come. */
function Joined({ serverId }: { readonly serverId: string }) {
  const { data, error, retry } = useSync();
  const server = data?.servers.find(({ id }) => id === serverId);
  if (data === undefined || server === undefined) {
    return error === null ? <Loading blocks={[160]} /> : <ProblemAlert error={error} onRetry={retry} />;
  }
  return (
    <Stack gap="md">
      <Paper withBorder p="md">
        <Title order={2} tabIndex={-1} ref={focusHeading}>
          {text.joined({ organisation: server.organisationName })}
        </Title>
        <Text size="sm">
          {text.joinedAs({ person: server.personName, role: words.roles[server.role], device: server.deviceName })}
        </Text>
      </Paper>
      {server.workspaces.length === 0 ? <NothingOpen server={server} /> : <Arriving server={server} view={data} />}
    </Stack>
  );
}

function NothingOpen({ server }: { readonly server: ServerView }) {
  const admin = server.role === 'company-admin';
  return (
    <Section title={text.none} description={admin ? text.noneAdmin : text.noneOther}>
      <Group gap="xs">
        {admin ? (
          <ButtonLink to="/server/$serverId" params={{ serverId: server.id }}>
            {strings.servers.administer}
          </ButtonLink>
        ) : null}
        <ButtonLink to="/" variant="default">
          {text.done}
        </ButtonLink>
      </Group>
    </Section>
  );
}

function Arriving({ server, view }: { readonly server: ServerView; readonly view: SyncView }) {
  return (
    <Section title={text.workspaces} description={text.workspacesHint}>
      <List
        listStyleType="none"
        spacing="md"
        withPadding={false}
        styles={{ itemWrapper: { width: '100%' }, itemLabel: { width: '100%' } }}
      >
        {server.workspaces.map(({ id, name }) => {
          const sync = view.workspaces.find(({ workspaceId }) => workspaceId === id);
          const arriving = sync === undefined || sync.state === 'first-pull';
          const share = sync === undefined ? null : shareOf(sync.progress);
          const label = sync === undefined || arriving ? firstPullWords(sync?.progress ?? null) : text.ready;
          return (
            <List.Item key={id}>
              <Group justify="space-between" gap="xs">
                <div className={classes['summary']}>
                  <Text fw={600}>{name}</Text>
                  <Text size="xs" c="dimmed" role="status">
                    {label}
                  </Text>
                </div>
                <ButtonLink
                  to="/w/$workspaceId/overview"
                  params={{ workspaceId: id }}
                  size="xs"
                  aria-label={strings.servers.named({ action: strings.servers.open, name })}
                >
                  {strings.servers.open}
                </ButtonLink>
              </Group>
              {arriving ? (
                <Progress.Root size="xs" mt={6}>
                  <Progress.Section
                    value={(share ?? 1) * 100}
                    animated={share === null}
                    aria-label={strings.servers.named({ action: label, name })}
                  />
                </Progress.Root>
              ) : null}
              {sync?.problem ? <ProblemAlert error={{ code: 'PROBLEM', data: sync.problem }} /> : null}
            </List.Item>
          );
        })}
      </List>
    </Section>
  );
}

/** The invite of the address, once: it is taken from there, so that it does not stay in the window's history. */
function useInviteOfAddress(): string | undefined {
  const { invite } = useSearch({ from: '/setup/connect' });
  const navigate = useNavigate();
  const [taken, setTaken] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (invite === undefined) return;
    setTaken(invite);
    void navigate({ to: '/connect', search: {}, replace: true });
  }, [invite, navigate]);
  return taken;
}

/** The sign-in of this computer while it is under way or has failed; one that went well is told to `onJoined`. */
function useSignIn(onJoined: (serverId: string) => void): SignInView | null {
  const signIn = useSync().data?.signIn ?? null;
  const serverId = signIn?.state === 'joined' ? signIn.serverId : null;
  useEffect(() => {
    if (serverId === null) return;
    onJoined(serverId);
    void bridge.sync.endSignIn();
  }, [serverId, onJoined]);
  return signIn?.state === 'joined' ? null : signIn;
}

function focusHeading(heading: HTMLElement | null): void {
  heading?.focus();
}
