import { Alert, Button, Checkbox, Code, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck, IconCopy, IconWebhook } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ServerView } from '../../../shared/bridge/sync-views.ts';
import type { WebhookStanding } from '../../../shared/protocol/webhook.ts';
import { bridge } from '../../app/bridge.ts';
import { useReturnFocus } from '../../hooks/use-return-focus.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount, formatMoment } from '../../ui/figures.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { strings as shared } from '../../ui/strings.ts';
import { ownZone } from './own-zone.ts';
import { strings } from './strings.ts';
import { useAskAgain, useWebhook } from './use-administration.ts';

const text = strings.webhook;

/** Where the server tells of alerts by itself. */
export function WebhookPanel({ server }: { readonly server: ServerView }) {
  const { id: serverId } = server;
  const webhook = useWebhook(serverId);
  const askAgain = useAskAgain(serverId);
  const [open, setOpen] = useState<'set' | 'remove' | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const trying = useMutation({
    mutationFn: () => bridge.administration.webhook.tryNow({ serverId }),
    onSettled: askAgain,
  });
  const close = (): void => setOpen(null);
  const standing = webhook.data ?? null;
  return (
    <>
      <Section title={strings.tabs.webhook} description={text.hint} flush={webhook.data === null}>
        {webhook.data === undefined ? (
          webhook.error === null ? (
            <Loading blocks={[140]} />
          ) : (
            <ProblemAlert error={webhook.error} onRetry={() => void webhook.refetch()} />
          )
        ) : standing === null ? (
          <EmptyState
            icon={<IconWebhook size={22} />}
            title={text.emptyTitle}
            action={
              <Button size="sm" mt="xs" onClick={() => setOpen('set')}>
                {text.set}
              </Button>
            }
          >
            {text.emptyBody}
          </EmptyState>
        ) : (
          <Stack gap="md">
            <WebhookTrouble standing={standing} />
            <WebhookFacts standing={standing} />
            <ProblemAlert error={trying.error} />
            <Text size="sm" role="status">
              {trying.data === undefined || trying.isPending
                ? null
                : trying.data.arrived
                  ? text.arrived
                  : text.notArrived({ problem: trying.data.problem ?? '' })}
            </Text>
            <Group gap="xs">
              <Button loading={trying.isPending} onClick={() => trying.mutate()}>
                {text.tryNow}
              </Button>
              <Button variant="default" onClick={() => setOpen('set')}>
                {text.change}
              </Button>
              <Button variant="subtle" color="red" onClick={() => setOpen('remove')}>
                {text.remove}
              </Button>
            </Group>
          </Stack>
        )}
      </Section>
      {open === 'set' ? (
        <WebhookForm serverId={serverId} standing={standing} onClose={close} onDone={setSecret} />
      ) : null}
      {open === 'remove' ? (
        <FormModal
          title={text.removeTitle}
          submitLabel={text.remove}
          danger
          onClose={close}
          onSubmit={() => bridge.administration.webhook.remove({ serverId })}
          onDone={() => {
            notifications.show({ color: 'petrol', message: text.removed });
            void askAgain();
          }}
        >
          {() => <Text size="sm">{text.removeBody}</Text>}
        </FormModal>
      ) : null}
      {secret === null ? null : <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </>
  );
}

function WebhookTrouble({ standing }: { readonly standing: WebhookStanding }) {
  const { state, problem, failingSince, lost } = standing;
  if (state === 'ready' && lost === 0) return null;
  return (
    <Alert
      variant="light"
      color={state === 'stopped' ? 'red' : 'amber'}
      icon={<IconAlertTriangle aria-hidden />}
      title={state === 'stopped' ? text.stoppedTitle : text.failingTitle}
    >
      <Stack gap={4}>
        {problem === null ? null : <Text size="sm">{problem}</Text>}
        {failingSince === null ? null : (
          <Text size="sm">{text.failingBody({ since: formatMoment(failingSince, ownZone) })}</Text>
        )}
        {lost === 0 ? null : <Text size="sm">{text.lost({ count: formatCount(lost) })}</Text>}
      </Stack>
    </Alert>
  );
}

function WebhookFacts({ standing }: { readonly standing: WebhookStanding }) {
  const { url, thresholds, state, deliveredAt, waiting, nextTryAt } = standing;
  const facts = [
    [text.url, url],
    [text.thresholds, thresholds.join(', ') || text.noThresholds],
    [text.state, text.states[state]],
    [text.delivered, deliveredAt === null ? text.never : formatMoment(deliveredAt, ownZone)],
    [text.waiting, formatCount(waiting)],
    ...(nextTryAt === null ? [] : [[text.nextTry, formatMoment(nextTryAt, ownZone)] as const]),
  ] as const;
  return (
    <Stack component="dl" gap="xs" m={0}>
      {facts.map(([name, value]) => (
        <Group key={name} gap="xs" wrap="wrap" align="baseline">
          <Text component="dt" size="sm" c="dimmed" w={170}>
            {name}
          </Text>
          <Text component="dd" size="sm" m={0} miw={0} flex="1 1 200px" style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

interface WebhookFormProps {
  readonly serverId: string;
  /** Null for a new one. */
  readonly standing: WebhookStanding | null;
  readonly onClose: () => void;
  readonly onDone: (secret: string | null) => void;
}

function WebhookForm({ serverId, standing, onClose, onDone }: WebhookFormProps) {
  const askAgain = useAskAgain(serverId);
  const [url, setUrl] = useState(standing?.url ?? '');
  const [thresholds, setThresholds] = useState((standing?.thresholds ?? [50, 80, 100]).join(', '));
  const [newSecret, setNewSecret] = useState(false);
  return (
    <FormModal
      title={standing === null ? text.setTitle : text.changeTitle}
      submitLabel={text.save}
      size="lg"
      onClose={onClose}
      nameOf={(path) => (path.startsWith('thresholds') ? text.thresholds : text.url)}
      onSubmit={() =>
        bridge.administration.webhook.set({
          serverId,
          url,
          // What is no number is told as such by the replica.
          thresholds: thresholds.split(/[\s,;%]+/).flatMap((part) => (part === '' ? [] : [Number(part)])),
          newSecret,
        })
      }
      onDone={({ secret }) => {
        if (secret === null) notifications.show({ color: 'petrol', message: text.saved });
        onDone(secret);
        void askAgain();
      }}
    >
      {(issues) => (
        <>
          <TextInput
            label={text.url}
            description={text.urlHint}
            type="url"
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
            error={issues['url']}
            data-autofocus
          />
          <TextInput
            label={text.thresholds}
            description={text.thresholdsHint}
            value={thresholds}
            onChange={(event) => setThresholds(event.currentTarget.value)}
            error={Object.entries(issues).find(([path]) => path.startsWith('thresholds'))?.[1]}
          />
          {standing === null ? null : (
            <Checkbox
              label={text.newSecret}
              description={text.newSecretHint}
              checked={newSecret}
              onChange={(event) => setNewSecret(event.currentTarget.checked)}
            />
          )}
        </>
      )}
    </FormModal>
  );
}

/** Shown this once. */
function SecretDialog({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  useReturnFocus();
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={text.secretTitle}
      closeButtonProps={{ 'aria-label': shared.close }}
    >
      <Stack gap="md">
        <Text size="sm">{text.secretBody}</Text>
        <Code block aria-label={text.secret} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {secret}
        </Code>
        <Group justify="flex-end" gap="xs">
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                onClick={copy}
                data-autofocus
              >
                {copied ? text.copied : text.copy}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{text.done}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
