import { Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { FileCheckView } from '../../../shared/bridge/backup-views.ts';
import type { KeptBefore } from '../../../shared/bridge/recovery.ts';
import { bridge } from '../../app/bridge.ts';
import { FormModal } from '../form-modal.tsx';
import { Loading } from '../loading.tsx';
import { ProblemAlert } from '../problem-alert.tsx';
import { CheckResult } from './check-result.tsx';
import { formatBackupMoment } from './figures.ts';
import { strings } from './strings.ts';

/** A look at every part of a listed backup or any file. A backup does not change, so what was found stays true. */
export function fileCheckQuery(file: string) {
  return queryOptions<FileCheckView>({
    queryKey: ['file-check', file],
    queryFn: () => bridge.backups.check({ file }),
    staleTime: Infinity,
    retry: false,
  });
}

interface RestoreDialogProps {
  /** The name of a listed backup, or the full path of any file. */
  readonly file: string;
  /** What it is called in the dialog: its moment, or its path. */
  readonly called: string;
  /** What is there now cannot be opened, so that it is kept as a file and not as a backup. */
  readonly unopened?: boolean;
  readonly onClose: () => void;
  readonly onRestored?: () => void;
}

/** Asks once, with what is in the backup and what becomes of the present data, and restores it. */
export function RestoreDialog({ file, called, unopened = false, onClose, onRestored }: RestoreDialogProps) {
  const check = useQuery(fileCheckQuery(file));
  return (
    <FormModal
      title={strings.restore.title}
      description={called}
      submitLabel={strings.restore.confirm}
      danger
      size="lg"
      submitDisabled={check.data?.restorable !== true}
      onClose={onClose}
      onSubmit={() => bridge.recovery.restore({ file })}
      onDone={({ before }) => {
        notifications.show({ color: 'petrol', autoClose: 12_000, message: restoredText(called, before) });
        onRestored?.();
      }}
    >
      {() => (
        <Stack gap="md">
          {check.data !== undefined ? (
            <CheckResult check={check.data} />
          ) : check.error === null ? (
            <Loading blocks={[90]} />
          ) : (
            <ProblemAlert error={check.error} />
          )}
          {check.data?.restorable === true ? (
            <Text size="sm">{unopened ? strings.restore.presentUnopened : strings.restore.present}</Text>
          ) : null}
        </Stack>
      )}
    </FormModal>
  );
}

function restoredText(called: string, before: KeptBefore): string {
  const done = strings.restore.done({ called });
  if (before.kind === 'nothing') return done;
  const kept =
    before.kind === 'backup'
      ? strings.restore.keptBackup({ moment: formatBackupMoment(before.backup.madeAt) })
      : strings.restore.keptFolder({ folder: before.folder });
  return `${done} ${kept}`;
}
