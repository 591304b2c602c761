import { Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import type { NewInviteView, ServerView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import { useReturnFocus } from '../../hooks/use-return-focus.ts';
import { formatMoment } from '../../ui/figures.tsx';
import { focusMarked } from '../../ui/focus-marked.ts';
import { MemberSelect } from '../../ui/member-select.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { strings as shared } from '../../ui/strings.ts';
import { ownZone } from './own-zone.ts';
import { strings } from './strings.ts';
import { usePeople } from './use-administration.ts';

const text = strings.invites;

interface InviteDialogProps {
  readonly server: ServerView;
  /** Chosen already; otherwise the dialog asks for whom. */
  readonly person: { readonly id: string; readonly name: string } | null;
  readonly onClose: () => void;
}

/** Makes an invite for one device of one person, and shows its code and link this once. */
export function InviteDialog({ server, person, onClose }: InviteDialogProps) {
  const people = usePeople(server.id);
  const [personId, setPersonId] = useState<string | null>(person?.id ?? null);
  const [missing, setMissing] = useState(false);
  const making = useMutation({
    mutationFn: (id: string) => bridge.administration.invites.create({ serverId: server.id, personId: id }),
  });
  useReturnFocus();
  const name = person?.name ?? people.data?.find(({ id }) => id === personId)?.name ?? '';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setMissing(personId === null);
    if (personId !== null && !making.isPending) making.mutate(personId);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={making.data === undefined ? text.createTitle : text.madeTitle({ name })}
      closeButtonProps={{ 'aria-label': shared.close }}
    >
      {making.data === undefined ? (
        <form noValidate onSubmit={submit}>
          <Stack gap="md">
            <Text size="sm" c="dimmed">
              {text.createBody}
            </Text>
            {person === null ? (
              <MemberSelect
                label={text.person}
                people={(people.data ?? []).filter(({ active }) => active)}
                value={personId}
                onChange={(id) => {
                  setPersonId(id);
                  setMissing(false);
                }}
                error={missing ? text.personMissing : undefined}
                data-autofocus
              />
            ) : (
              <Text size="sm">
                {text.person}{' '}
                <Text span inherit fw={600}>
                  {person.name}
                </Text>
              </Text>
            )}
            <ProblemAlert error={people.error ?? making.error} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {shared.cancel}
              </Button>
              <Button type="submit" loading={making.isPending} data-autofocus={person === null ? undefined : true}>
                {text.createSubmit}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <MadeInvite invite={making.data} address={server.address} onClose={onClose} />
      )}
    </Modal>
  );
}

interface MadeInviteProps {
  readonly invite: NewInviteView;
  readonly address: string;
  readonly onClose: () => void;
}

function MadeInvite({ invite, address, onClose }: MadeInviteProps) {
  return (
    <Stack gap="md" ref={focusMarked}>
      <Copied
        label={text.link}
        hint={text.linkHint}
        value={invite.link}
        shown={invite.link}
        action={text.copyLink}
        autofocus
      />
      <Copied
        label={text.code}
        hint={text.codeHint}
        value={`${address} ${invite.code}`}
        shown={`${address} ${invite.code}`}
        action={text.copyCode}
      />
      <Text size="sm">{text.until({ moment: formatMoment(invite.expiresAt, ownZone) })}</Text>
      <Group justify="flex-end">
        <Button onClick={onClose}>{text.done}</Button>
      </Group>
    </Stack>
  );
}

interface CopiedProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly shown: string;
  readonly action: string;
  readonly autofocus?: boolean;
}

function Copied({ label, hint, value, shown, action, autofocus = false }: CopiedProps) {
  return (
    <div role="group" aria-label={label}>
      <Group justify="space-between" gap="xs" mb={4}>
        <div>
          <Text size="sm" fw={600}>
            {label}
          </Text>
          <Text size="xs" c="dimmed">
            {hint}
          </Text>
        </div>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
              onClick={copy}
              data-autofocus={autofocus ? true : undefined}
            >
              {copied ? text.copied : action}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {shown}
      </Code>
    </div>
  );
}
