import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Menu,
  Modal,
  NumberInput,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconArchive, IconDots } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { BackupsView, BackupView } from '../../../shared/bridge/backup-views.ts';
import { bridge, type BridgeInputs } from '../../app/bridge.ts';
import { useRecovery } from '../../hooks/use-recovery.ts';
import { useReturnFocus } from '../../hooks/use-return-focus.ts';
import { CheckResult } from '../../ui/backups/check-result.tsx';
import { formatAge, formatBackupMoment, formatBytes } from '../../ui/backups/figures.ts';
import { fileCheckQuery, RestoreDialog } from '../../ui/backups/restore-dialog.tsx';
import { strings as shared } from '../../ui/backups/strings.ts';
import { CopyPath } from '../../ui/copy-path.tsx';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';

const text = strings.backups;
const queryKey = ['backups'] as const;

type Dialog =
  | { readonly kind: 'check' | 'restore' | 'remove'; readonly backup: BackupView }
  | { readonly kind: 'folder'; readonly chosen: string };

/** Copies of everything: when the last one was made, what there is, and the way back to each. */
export function BackupsSection() {
  const client = useQueryClient();
  // Scheduled ones come while the page is open, and ages grow; others were made on the command line before it was opened.
  const list = useQuery({
    queryKey,
    queryFn: () => bridge.backups.list(),
    refetchInterval: 60_000,
    refetchOnMount: 'always',
  });
  const refresh = () => client.invalidateQueries({ queryKey });
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const making = useMutation({
    mutationFn: () => bridge.backups.make(),
    onSuccess: ({ bytes }) => notifications.show({ color: 'petrol', message: text.made({ size: formatBytes(bytes) }) }),
    onSettled: refresh,
  });
  return (
    <Section
      title={text.section}
      description={text.hint}
      actions={
        <Button size="compact-sm" loading={making.isPending} onClick={() => making.mutate()}>
          {text.make}
        </Button>
      }
      flush
    >
      <Stack gap="md" px="md" pb="sm">
        <ProblemAlert
          error={making.error ?? list.error}
          onRetry={list.error === null ? undefined : () => void refresh()}
        />
        {list.data === undefined ? (
          list.error === null ? (
            <Loading blocks={[120, 160]} />
          ) : null
        ) : (
          <Backups
            view={list.data}
            now={list.dataUpdatedAt}
            failureTold={making.error !== null}
            onOpen={setDialog}
            onChanged={refresh}
          />
        )}
      </Stack>
      {list.data === undefined ? null : <BackupTable view={list.data} now={list.dataUpdatedAt} onOpen={setDialog} />}
      {dialog === null ? null : <BackupDialog dialog={dialog} onClose={() => setDialog(null)} onChanged={refresh} />}
    </Section>
  );
}

interface BackupsProps {
  readonly view: BackupsView;
  /** When it was asked for, in milliseconds since 1970: ages count up to then. */
  readonly now: number;
  /** The failure of the attempt just made is shown above already. */
  readonly failureTold: boolean;
  readonly onOpen: (dialog: Dialog) => void;
  readonly onChanged: () => Promise<void>;
}

function Backups({ view, now, failureTold, onOpen, onChanged }: BackupsProps) {
  const { backups, folder, lastFailure, settings } = view;
  const [last] = backups;
  const readOnly = useRecovery().data?.mode === 'read-only';
  return (
    <>
      {lastFailure === null || failureTold ? null : (
        <Alert
          role="alert"
          variant="light"
          color="amber"
          icon={<IconAlertTriangle aria-hidden />}
          title={text.failed({ moment: formatBackupMoment(lastFailure.at) })}
        >
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {lastFailure.message}
          </Text>
        </Alert>
      )}
      <Facts
        facts={[
          {
            label: text.last,
            value: last === undefined ? text.never : formatBackupMoment(last.madeAt),
            ...(last === undefined ? {} : { hint: formatAge(last.madeAt, now) }),
          },
          { label: text.next, value: readOnly ? text.nextReadOnly : nextText(view, now) },
          {
            label: text.folder,
            value: <CopyPath path={folder} />,
            hint: (
              <Group gap="xs">
                {text.folderHint}
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => onOpen({ kind: 'folder', chosen: settings.folder ?? '' })}
                >
                  {text.changeFolder}
                </Button>
              </Group>
            ),
          },
        ]}
      />
      <Schedule key={JSON.stringify(settings)} settings={settings} onChanged={onChanged} />
    </>
  );
}

function BackupTable({ view, now, onOpen }: Pick<BackupsProps, 'view' | 'now' | 'onOpen'>) {
  const columns = useMemo(() => columnsOf(now, onOpen), [now, onOpen]);
  if (view.backups.length === 0) {
    return (
      <EmptyState icon={<IconArchive size={22} />} title={text.emptyTitle}>
        {view.settings.on ? text.emptyBody : text.emptyBodyOff}
      </EmptyState>
    );
  }
  return (
    <DataTable label={text.table} columns={columns} rows={view.backups} rowKey={({ file }) => file} heightMax={360} />
  );
}

function nextText({ settings, nextDueAt }: BackupsView, now: number): string {
  if (!settings.on || nextDueAt === null) return text.nextOff;
  return nextDueAt <= now ? text.nextSoon : text.nextAt({ moment: formatBackupMoment(nextDueAt) });
}

type Settings = BackupsView['settings'];

function Schedule({ settings, onChanged }: { readonly settings: Settings; readonly onChanged: () => Promise<void> }) {
  const [daily, setDaily] = useState<string | number>(settings.keepDaily);
  const [weekly, setWeekly] = useState<string | number>(settings.keepWeekly);
  const saving = useMutation({
    mutationFn: (given: BridgeInputs['backups']['setSettings']) => bridge.backups.setSettings(given),
    onSettled: onChanged,
  });
  const save = (given: Partial<Pick<Settings, 'keepDaily' | 'keepWeekly'>>, known: number, value: string | number) => {
    if (typeof value === 'number' && value !== known) saving.mutate(given);
  };
  return (
    <Stack gap="xs">
      <Switch
        label={text.schedule}
        checked={settings.on}
        disabled={saving.isPending}
        onChange={(event) => saving.mutate({ on: event.currentTarget.checked })}
      />
      {settings.on ? (
        <Group gap="md" align="flex-start">
          <NumberInput
            label={text.keepDaily}
            description={text.keepDailyHint}
            w={150}
            min={1}
            max={366}
            allowDecimal={false}
            value={daily}
            onChange={setDaily}
            onBlur={() => save({ keepDaily: Number(daily) }, settings.keepDaily, daily)}
          />
          <NumberInput
            label={text.keepWeekly}
            description={text.keepWeeklyHint}
            w={150}
            min={0}
            max={520}
            allowDecimal={false}
            value={weekly}
            onChange={setWeekly}
            onBlur={() => save({ keepWeekly: Number(weekly) }, settings.keepWeekly, weekly)}
          />
        </Group>
      ) : null}
      <Text size="sm" c="dimmed">
        {text.keepKept}
      </Text>
      <ProblemAlert error={saving.error} />
    </Stack>
  );
}

function columnsOf(now: number, onOpen: (dialog: Dialog) => void): readonly DataColumn<BackupView>[] {
  return [
    {
      id: 'made',
      header: text.columns.made,
      sortBy: ({ madeAt }) => madeAt,
      cell: (backup) => (
        <>
          <Text size="sm">
            {shared.ago({ moment: formatBackupMoment(backup.madeAt), age: formatAge(backup.madeAt, now) })}
          </Text>
          <Text size="xs" c="dimmed" hiddenFrom="md">
            {shared.reasons[backup.reason]} · {formatBytes(backup.bytes)}
          </Text>
        </>
      ),
    },
    {
      id: 'reason',
      header: text.columns.reason,
      width: '22%',
      wideOnly: true,
      sortBy: ({ reason }) => shared.reasons[reason],
      cell: ({ reason }) => shared.reasons[reason],
    },
    {
      id: 'size',
      header: text.columns.size,
      width: '14%',
      wideOnly: true,
      numeric: true,
      sortBy: ({ bytes }) => bytes,
      cell: ({ bytes }) => formatBytes(bytes),
    },
    {
      id: 'actions',
      header: text.columns.actions,
      headerHidden: true,
      width: 56,
      cell: (backup) => <RowMenu backup={backup} onOpen={onOpen} />,
    },
  ];
}

function RowMenu({ backup, onOpen }: { readonly backup: BackupView; readonly onOpen: (dialog: Dialog) => void }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={text.actions({ moment: formatBackupMoment(backup.madeAt) })}
        >
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onOpen({ kind: 'check', backup })}>{text.check}</Menu.Item>
        <Menu.Item onClick={() => onOpen({ kind: 'restore', backup })}>{text.restore}</Menu.Item>
        <Menu.Item color="red" onClick={() => onOpen({ kind: 'remove', backup })}>
          {text.remove}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface BackupDialogProps {
  readonly dialog: Dialog;
  readonly onClose: () => void;
  readonly onChanged: () => Promise<void>;
}

function BackupDialog({ dialog, onClose, onChanged }: BackupDialogProps) {
  if (dialog.kind === 'folder') return <FolderDialog chosen={dialog.chosen} onClose={onClose} onChanged={onChanged} />;
  const { backup } = dialog;
  const moment = formatBackupMoment(backup.madeAt);
  const called = shared.backupOf({ moment });
  switch (dialog.kind) {
    case 'check':
      return <CheckDialog backup={backup} called={called} onClose={onClose} />;
    case 'restore':
      return <RestoreDialog file={backup.name} called={called} onClose={onClose} onRestored={() => void onChanged()} />;
    case 'remove':
      return (
        <FormModal
          title={text.removeTitle}
          description={text.removeBody({ moment, size: formatBytes(backup.bytes) })}
          submitLabel={text.remove}
          danger
          onClose={onClose}
          onSubmit={() => bridge.backups.remove({ name: backup.name })}
          onDone={() => {
            notifications.show({ color: 'petrol', message: text.removed });
            void onChanged();
          }}
        >
          {() => null}
        </FormModal>
      );
  }
}

function CheckDialog(props: { readonly backup: BackupView; readonly called: string; readonly onClose: () => void }) {
  const { backup, called, onClose } = props;
  const check = useQuery(fileCheckQuery(backup.name));
  useReturnFocus();
  return (
    <Modal
      opened
      onClose={onClose}
      title={text.checkTitle}
      size="lg"
      closeButtonProps={{ 'aria-label': strings.close }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {called}
        </Text>
        {check.data === undefined ? (
          <>
            {check.error === null ? (
              <>
                <Text size="sm">{shared.checking}</Text>
                <Loading blocks={[90]} />
              </>
            ) : null}
            <ProblemAlert error={check.error} onRetry={() => void check.refetch()} />
          </>
        ) : (
          <CheckResult check={check.data} />
        )}
        <CopyPath path={backup.file} />
      </Stack>
    </Modal>
  );
}

function FolderDialog({
  chosen,
  onClose,
  onChanged,
}: {
  /** The folder that was chosen before; empty while they are kept in the data directory. */
  readonly chosen: string;
  readonly onClose: () => void;
  readonly onChanged: () => Promise<void>;
}) {
  const [folder, setFolder] = useState(chosen);
  return (
    <FormModal
      title={text.folderTitle}
      submitLabel={text.folderSave}
      onClose={onClose}
      onSubmit={() => bridge.backups.setSettings({ folder: folder.trim() === '' ? null : folder.trim() })}
      onDone={() => void onChanged()}
      nameOf={() => text.folder}
    >
      {(issues) => (
        <TextInput
          label={text.folderLabel}
          description={text.folderEmpty}
          data-autofocus
          value={folder}
          onChange={(event) => setFolder(event.currentTarget.value)}
          error={issues['folder']}
        />
      )}
    </FormModal>
  );
}
