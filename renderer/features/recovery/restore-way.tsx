import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { queryOptions, useQueries, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import type { BackupView, FileCheckView } from '../../../shared/bridge/backup-views.ts';
import { bridge } from '../../app/bridge.ts';
import { CheckBadge } from '../../ui/backups/check-result.tsx';
import { describeContents, formatAge, formatBackupMoment, formatBytes } from '../../ui/backups/figures.ts';
import { fileCheckQuery, RestoreDialog } from '../../ui/backups/restore-dialog.tsx';
import { strings as shared } from '../../ui/backups/strings.ts';
import { formatCount } from '../../ui/figures.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { strings } from './strings.ts';

const text = strings.restore;
const shownAtFirst = 4;

/** The backups that there are, newest first. */
export const backupsQuery = queryOptions({ queryKey: ['backups'], queryFn: () => bridge.backups.list() });

interface Asked {
  readonly file: string;
  readonly called: string;
}

/** The backups that there are, each looked at; the newest good one is chosen, and a file from elsewhere can be named. */
export function RestoreWay({ recommended }: { readonly recommended: boolean }) {
  const list = useQuery(backupsQuery);
  const [asked, setAsked] = useState<Asked | null>(null);
  if (list.data === undefined) {
    return list.error === null ? (
      <Loading blocks={[120]} />
    ) : (
      <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />
    );
  }
  const { backups, folder } = list.data;
  return (
    <Stack gap="md">
      {backups.length === 0 ? (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {text.none({ folder })}
        </Text>
      ) : (
        <Backups backups={backups} now={list.dataUpdatedAt} recommended={recommended} onAsk={setAsked} />
      )}
      <OtherFile onAsk={setAsked} />
      {asked === null ? null : <RestoreDialog {...asked} unopened onClose={() => setAsked(null)} />}
    </Stack>
  );
}

interface BackupsProps {
  readonly backups: readonly BackupView[];
  /** When the list was asked for, in milliseconds since 1970: ages count up to then. */
  readonly now: number;
  readonly recommended: boolean;
  readonly onAsk: (asked: Asked) => void;
}

function Backups({ backups, now, recommended, onAsk }: BackupsProps) {
  const [all, setAll] = useState(false);
  const [picked, setPicked] = useState<string | null>(null);
  const shown = all ? backups : backups.slice(0, shownAtFirst);
  const checks = useQueries({ queries: shown.map(({ name }) => fileCheckQuery(name)) });
  const proposed =
    shown.find((_, index) => checks[index]?.data?.ok) ?? shown.find((_, index) => checks[index]?.data?.restorable);
  const chosen = shown.find(({ name }) => name === picked) ?? proposed;
  const hidden = backups.length - shown.length;
  return (
    <Stack gap="sm" align="flex-start">
      <Radio.Group label={text.choose} value={chosen?.name ?? ''} onChange={setPicked}>
        <Stack gap="sm" mt="xs">
          {shown.map((backup, index) => (
            <BackupChoice key={backup.file} backup={backup} now={now} check={checks[index]} />
          ))}
        </Stack>
      </Radio.Group>
      {hidden > 0 ? (
        <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
          {text.more({ count: formatCount(hidden) })}
        </Button>
      ) : null}
      <Button
        variant={recommended ? 'filled' : 'default'}
        disabled={chosen === undefined}
        onClick={() => {
          if (chosen === undefined) return;
          onAsk({ file: chosen.name, called: shared.backupOf({ moment: formatBackupMoment(chosen.madeAt) }) });
        }}
      >
        {text.action}
      </Button>
    </Stack>
  );
}

interface BackupChoiceProps {
  readonly backup: BackupView;
  readonly now: number;
  readonly check: UseQueryResult<FileCheckView> | undefined;
}

function BackupChoice({ backup, now, check }: BackupChoiceProps) {
  const found = check?.data;
  const facts = [shared.reasons[backup.reason], formatBytes(backup.bytes)];
  const lost = found?.restorable === true && found.lastRecordedAt !== null;
  return (
    <Radio
      value={backup.name}
      disabled={found?.restorable === false || check?.isError === true}
      label={
        <Group gap="xs">
          {shared.ago({ moment: formatBackupMoment(backup.madeAt), age: formatAge(backup.madeAt, now) })}
          {found === undefined ? null : <CheckBadge check={found} />}
        </Group>
      }
      description={
        <>
          {[...facts, ...(found?.restorable === true ? [describeContents(found)] : [])].join(' · ')}
          {check?.isPending === true ? ` · ${shared.checking}` : null}
          {lost && found.lastRecordedAt !== null ? (
            <span style={{ display: 'block' }}>
              {shared.notInIt({ moment: formatBackupMoment(found.lastRecordedAt) })}
            </span>
          ) : null}
          {found?.restorable === false ? <span style={{ display: 'block' }}>{found.faults[0]?.message}</span> : null}
        </>
      }
    />
  );
}

function OtherFile({ onAsk }: { readonly onAsk: (asked: Asked) => void }) {
  const [path, setPath] = useState('');
  const file = path.trim();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (file !== '') onAsk({ file, called: file });
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="flex-end">
        <TextInput
          flex="1 1 240px"
          label={text.other}
          placeholder={text.otherHint}
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={file === ''}>
          {text.otherAction}
        </Button>
      </Group>
    </form>
  );
}
