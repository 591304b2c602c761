import { Button, Group, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import type { SalvageView } from '../../../shared/bridge/backup-views.ts';
import { bridge } from '../../app/bridge.ts';
import { formatBackupMoment } from '../../ui/backups/figures.ts';
import { CopyPath } from '../../ui/copy-path.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { strings as shared } from '../../ui/strings.ts';
import { strings } from './strings.ts';

const text = strings.salvage;

interface SalvageWayProps {
  /** The damaged file. */
  readonly file: string;
  readonly recommended: boolean;
}

/** Asks once, salvages, and says what was read and what is lost. */
export function SalvageWay({ file, recommended }: SalvageWayProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button variant={recommended ? 'filled' : 'default'} onClick={() => setAsking(true)}>
        {text.action}
      </Button>
      {asking ? (
        <FormModal
          title={text.confirmTitle}
          description={text.confirmBody}
          submitLabel={text.confirm}
          danger
          size="lg"
          onClose={() => setAsking(false)}
          onSubmit={() => bridge.recovery.salvage({})}
          onDone={({ report }) => tell(report)}
        >
          {() => <Facts facts={[{ label: text.file, value: <CopyPath path={file} /> }]} />}
        </FormModal>
      ) : null}
    </>
  );
}

/** The app is open again by then: the result stands before it until it was read. */
function tell(report: SalvageView): void {
  const id = modals.open({
    title: text.doneTitle,
    size: 'lg',
    closeButtonProps: { 'aria-label': shared.close },
    children: <SalvageResult report={report} onClose={() => modals.close(id)} />,
  });
}

interface SalvageResultProps {
  readonly report: SalvageView;
  readonly onClose: () => void;
}

function SalvageResult({ report, onClose }: SalvageResultProps) {
  const { documents, transactions, lostTotal, lostFrom, lostTo, brokenPlaces, setAside, backup } = report;
  const between =
    lostFrom === null || lostTo === null
      ? undefined
      : text.lostBetween({ from: formatBackupMoment(lostFrom), to: formatBackupMoment(lostTo) });
  return (
    <Stack gap="md">
      <Facts
        facts={[
          {
            label: text.read,
            value: text.readText({
              transactions: text.transaction({ count: transactions }),
              workspaces: text.workspace({ count: documents['workspaces'] ?? 0 }),
            }),
          },
          {
            label: text.lost,
            value: lostTotal === 0 ? text.lostNone : text.lostRows({ rows: text.row({ count: lostTotal }) }),
            ...(between === undefined ? {} : { hint: between }),
          },
          ...(brokenPlaces === 0
            ? []
            : [{ label: text.broken, value: text.brokenText({ places: text.place({ count: brokenPlaces }) }) }]),
          ...(setAside === null
            ? []
            : [{ label: text.kept, value: <CopyPath path={setAside} />, hint: text.keptHint }]),
        ]}
      />
      {backup === null ? null : <Text size="sm">{text.backedUp({ moment: formatBackupMoment(backup.madeAt) })}</Text>}
      <Group justify="flex-end">
        <Button onClick={onClose}>{text.close}</Button>
      </Group>
    </Stack>
  );
}
