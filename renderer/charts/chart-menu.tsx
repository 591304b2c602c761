import { ActionIcon, Menu, Tooltip, useComputedColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { csvOf, textCell } from '../../shared/kernel/csv.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { dayOf } from '../../shared/kernel/time-zone.ts';
import type { WorkspaceView } from '../../shared/bridge/views.ts';
import { useOpenWorkspace } from '../hooks/use-workspace.tsx';
import { formatDay } from '../ui/figures.tsx';
import { fileNameOf, saveFile } from '../ui/save-file.ts';
import { strings } from './strings.ts';
import type { TwinColumn } from './table-twin.tsx';

const text = strings.file;

interface ChartMenuProps<Row> {
  readonly title: string;
  /** The span of time that the chart shows, in words. */
  readonly period: string;
  readonly columns: readonly TwinColumn<Row>[];
  readonly rows: readonly Row[];
  /** The chart as it is drawn; where its table is shown instead, it is drawn for this first. */
  readonly figure: () => Promise<HTMLElement>;
}

/** A chart as a file: a picture of it, or the exact figures of its table. What the chart hides is in neither. [V1] */
export function ChartMenu<Row>({ title, period, columns, rows, figure }: ChartMenuProps<Row>) {
  const workspace = useOpenWorkspace();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const label = text.button({ title });
  const savePicture = async (colours: 'shown' | 'light') => {
    try {
      // Whoever only looks at charts need not load what draws pictures of them.
      const { pictureOf } = await import('./picture.ts');
      const blob = await pictureOf(await figure(), { title, lines: linesOf(workspace, period) }, colours);
      save(blob, fileOf(title, workspace, 'png'));
    } catch {
      notifications.show({ color: 'red', title: text.failed, message: text.failedTodo });
    }
  };
  const saveTable = () => {
    const head = columns.map(({ header, unit }) =>
      textCell(unit === undefined ? header : text.inUnit({ header, unit })),
    );
    const csv = csvOf([head, ...rows.map((row) => columns.map(({ exact }) => exact(row)))]);
    save(new Blob([csv], { type: 'text/csv' }), fileOf(title, workspace, 'csv'));
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Tooltip label={text.tooltip}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={label}>
            <IconDownload size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void savePicture('shown')}>{text.picture}</Menu.Item>
        {scheme === 'light' ? null : (
          <Menu.Item onClick={() => void savePicture('light')}>{text.lightPicture}</Menu.Item>
        )}
        <Menu.Item onClick={saveTable}>{text.table}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function linesOf(workspace: WorkspaceView | null, period: string): readonly string[] {
  if (workspace === null) return [period];
  const name = workspace.sample ? text.sample({ workspace: workspace.name }) : workspace.name;
  return [`${name} · ${period}`, text.drawn({ day: formatDay(todayIn(workspace)) })];
}

function fileOf(title: string, workspace: WorkspaceView | null, format: 'csv' | 'png'): string {
  return fileNameOf(workspace === null ? [title] : [workspace.name, title, todayIn(workspace)], format);
}

function todayIn({ timeZone }: WorkspaceView) {
  return dayOf(instant(Date.now()), timeZone);
}

function save(blob: Blob, fileName: string): void {
  saveFile(blob, fileName);
  notifications.show({ color: 'petrol', message: text.done({ file: fileName }) });
}
