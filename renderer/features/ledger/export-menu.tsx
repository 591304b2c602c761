import { Button, Group, Menu, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { WorkspaceView } from '../../../shared/bridge/views.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { dayOf } from '../../../shared/kernel/time-zone.ts';
import { bridge } from '../../app/bridge.ts';
import { personLocale } from '../../i18n/language.ts';
import { formatCount } from '../../ui/figures.tsx';
import { readProblem } from '../../ui/problem.ts';
import { saveFile } from '../../ui/save-file.ts';
import { exportFileName, type LedgerFilter } from './ledger-filter.ts';
import { strings } from './strings.ts';

interface ExportMenuProps {
  readonly workspace: WorkspaceView;
  readonly filter: LedgerFilter;
  readonly selected: number;
}

type Format = 'csv' | 'json';

/** The ledger as a file: what the filter selects, or everything; never only what is in view. */
export function ExportMenu({ workspace, filter, selected }: ExportMenuProps) {
  const { bytes, start, cancel } = useExport(workspace);
  if (bytes !== null) {
    return (
      <Group gap="xs">
        <Text size="sm" role="status">
          {strings.export.running({ size: formatBytes(bytes) })}
        </Text>
        <Button size="xs" variant="default" onClick={cancel}>
          {strings.export.cancel}
        </Button>
      </Group>
    );
  }
  const isFiltered = Object.keys(filter).length > 0;
  const item = (what: string, format: Format, part: LedgerFilter | undefined) => (
    <Menu.Item key={`${what}/${format}`} onClick={() => void start(format, part)}>
      {strings.export.item({ what, format: strings.export[format] })}
    </Menu.Item>
  );
  const selection = strings.export.selection({ count: formatCount(selected) });
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          {strings.export.button}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {isFiltered
          ? [item(selection, 'csv', filter), item(selection, 'json', filter), <Menu.Divider key="or" />]
          : null}
        {item(strings.export.everything, 'csv', undefined)}
        {item(strings.export.everything, 'json', undefined)}
      </Menu.Dropdown>
    </Menu>
  );
}

function useExport(workspace: WorkspaceView) {
  const [bytes, setBytes] = useState<number | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (format: Format, filter: LedgerFilter | undefined) => {
    const ending = new AbortController();
    running.current = ending;
    setBytes(0);
    try {
      const pieces = await collect(workspace.id, { format, filter, signal: ending.signal, onProgress: setBytes });
      const file = exportFileName(workspace.name, {
        format,
        day: dayOf(instant(Date.now()), workspace.timeZone),
        filtered: filter !== undefined,
      });
      saveFile(new Blob(pieces, { type: format === 'csv' ? 'text/csv' : 'application/json' }), file);
      notifications.show({ color: 'petrol', message: strings.export.done({ file }) });
    } catch (error) {
      if (ending.signal.aborted) {
        notifications.show({ message: strings.export.cancelled });
      } else {
        const problem = readProblem(error);
        notifications.show({
          color: 'red',
          title: strings.export.failed,
          message: `${problem.message} ${problem.todo}`,
        });
      }
    } finally {
      setBytes(null);
    }
  };
  return { bytes, start, cancel: () => running.current?.abort() };
}

interface CollectOptions {
  readonly format: Format;
  readonly filter: LedgerFilter | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

/** Pieces become blobs at once, which the browser may keep on disk: a long ledger never lies in memory as text. */
async function collect(workspaceId: string, options: CollectOptions): Promise<Blob[]> {
  const { format, filter, signal, onProgress } = options;
  const pieces: Blob[] = [];
  let bytes = 0;
  const stream = await bridge.ledger.export(
    { workspaceId, format, ...(filter === undefined ? {} : { filter }) },
    { signal },
  );
  for await (const { text } of stream) {
    signal.throwIfAborted();
    const piece = new Blob([text]);
    pieces.push(piece);
    bytes += piece.size;
    onProgress(bytes);
  }
  signal.throwIfAborted();
  return pieces;
}

function formatBytes(bytes: number): string {
  const isLarge = bytes >= 1_000_000;
  return new Intl.NumberFormat(personLocale(), {
    style: 'unit',
    unit: isLarge ? 'megabyte' : 'kilobyte',
    maximumFractionDigits: isLarge ? 1 : 0,
  }).format(bytes / (isLarge ? 1_000_000 : 1_000));
}
