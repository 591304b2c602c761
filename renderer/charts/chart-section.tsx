import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { IconChartBar, IconTable } from '@tabler/icons-react';
import { useId, useRef, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { assert } from '../../shared/kernel/assert.ts';
import { Section } from '../ui/section.tsx';
import { ChartMenu } from './chart-menu.tsx';
import classes from './charts.module.css';
import { strings } from './strings.ts';
import { TableTwin, type TwinColumn } from './table-twin.tsx';

interface ChartSectionProps<Row> {
  readonly title: string;
  readonly description?: ReactNode;
  /** The span of time that it shows, in words: it stands in files of the chart. */
  readonly period: string;
  /** What the chart shows, in sentences, for whoever cannot see it. */
  readonly spoken: string;
  /** Further controls, beside the toggle. */
  readonly controls?: ReactNode;
  /** For a narrow panel: the toggle is its icon, with its name in a tooltip. */
  readonly compact?: boolean;
  readonly columns: readonly TwinColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Under the chart and under the table alike. */
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}

/** A panel with a chart and its table twin: the same figures, one press apart. */
export function ChartSection<Row>(props: ChartSectionProps<Row>) {
  const { title, description, period, spoken, controls, compact = false } = props;
  const { columns, rows, rowKey, footer, children } = props;
  const { asTable, setAsTable, figure, drawnFigure } = useTwin();
  const spokenId = useId();
  return (
    <Section
      title={title}
      description={description}
      actions={
        <Group gap="xs">
          {controls}
          <TwinToggle title={title} asTable={asTable} compact={compact} onChange={setAsTable} />
          {rows.length === 0 ? null : (
            <ChartMenu title={title} period={period} columns={columns} rows={rows} figure={drawnFigure} />
          )}
        </Group>
      }
    >
      {asTable ? (
        <TableTwin caption={title} columns={columns} rows={rows} rowKey={rowKey} />
      ) : (
        <figure ref={figure} className={classes['figure']} aria-label={title} aria-describedby={spokenId}>
          {children}
          <figcaption id={spokenId} className={classes['spoken']}>
            {spoken}
          </figcaption>
        </figure>
      )}
      {footer}
    </Section>
  );
}

/** A plot that waits for its turn, or for its size. */
const notDrawn = '[aria-busy="true"], .recharts-responsive-container:empty';

/** Whether a chart or its table is shown, and the chart for a picture of it, which needs it drawn. */
export function useTwin() {
  const [asTable, setAsTable] = useState(false);
  const figure = useRef<HTMLElement>(null);
  const drawnFigure = async (): Promise<HTMLElement> => {
    flushSync(() => setAsTable(false));
    const { current } = figure;
    assert(current !== null, 'A chart that is no table is a figure.');
    // A plot takes the size of its panel in the frames after it has come up.
    for (let frame = 0; frame < 240 && current.querySelector(notDrawn); frame += 1) {
      await new Promise(requestAnimationFrame);
    }
    return current;
  };
  return { asTable, setAsTable, figure, drawnFigure };
}

interface TwinToggleProps {
  readonly title: string;
  readonly asTable: boolean;
  readonly compact?: boolean;
  readonly onChange: (asTable: boolean) => void;
}

/** Swaps a chart for its table and back; its name says which chart it belongs to. */
export function TwinToggle({ title, asTable, compact = false, onChange }: TwinToggleProps) {
  const action = asTable ? strings.showAsChart : strings.showAsTable;
  const label = strings.toggleLabel({ action, title });
  const Icon = asTable ? IconChartBar : IconTable;
  if (compact) {
    return (
      <Tooltip label={action}>
        <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => onChange(!asTable)}>
          <Icon size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    );
  }
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      leftSection={<Icon size={16} aria-hidden />}
      aria-label={label}
      onClick={() => onChange(!asTable)}
    >
      {action}
    </Button>
  );
}
