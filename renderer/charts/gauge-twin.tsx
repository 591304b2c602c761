import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatDecimal, noCredits, subtract, type Credits } from '../../shared/kernel/credits.ts';
import { ownCell } from '../../shared/kernel/csv.ts';
import { formatCredits, formatShare } from '../ui/figures.tsx';
import { Section } from '../ui/section.tsx';
import { ChartMenu } from './chart-menu.tsx';
import { TwinToggle, useTwin } from './chart-section.tsx';
import classes from './charts.module.css';
import { gaugeOf, type GaugeBalance, type GaugeModel } from './gauge-model.ts';
import { percentOf } from './ranked-parts.tsx';
import { strings } from './strings.ts';
import { TableTwin, type TwinColumn } from './table-twin.tsx';

interface GaugeTwinProps {
  readonly title: string;
  readonly balance: GaugeBalance;
  /** The span of time that it is about, in words. */
  readonly period: string;
  /** The gauge and what stands around it. */
  readonly children: ReactNode;
}

/** A panel with a gauge and its table twin. */
export function GaugeTwin({ title, balance, period, children }: GaugeTwinProps) {
  const { asTable, setAsTable, figure, drawnFigure } = useTwin();
  const model = gaugeOf(balance);
  const columns = columnsFor(model);
  const rows = partsOf(model);
  return (
    <Section
      title={title}
      actions={
        <Group gap="xs">
          <TwinToggle title={title} asTable={asTable} onChange={setAsTable} />
          <ChartMenu title={title} period={period} columns={columns} rows={rows} figure={drawnFigure} />
        </Group>
      }
    >
      {asTable ? (
        <TableTwin caption={title} columns={columns} rows={rows} rowKey={(part) => part.name} />
      ) : (
        <figure ref={figure} className={classes['figure']} aria-label={title}>
          {children}
        </figure>
      )}
    </Section>
  );
}

interface GaugeLine {
  readonly name: string;
  readonly credits: Credits;
}

function partsOf(model: GaugeModel): readonly GaugeLine[] {
  return [
    { name: strings.gaugeParts.granted, credits: model.capacity },
    { name: strings.gaugeParts.usedInAll, credits: model.used },
    { name: strings.gaugeParts.used, credits: subtract(model.used, model.overage) },
    { name: strings.gaugeParts.over, credits: model.overage },
    { name: strings.gaugeParts.held, credits: model.held },
    { name: strings.gaugeParts.left, credits: model.available },
  ];
}

function columnsFor(model: GaugeModel): readonly TwinColumn<GaugeLine>[] {
  return [
    { key: 'part', header: strings.gaugeTable.part, cell: (line) => line.name, exact: (line) => ownCell(line.name) },
    {
      key: 'credits',
      header: strings.gaugeTable.credits,
      numeric: true,
      cell: (line) => formatCredits(line.credits),
      exact: (line) => ownCell(formatDecimal(line.credits)),
    },
    {
      key: 'share',
      header: strings.gaugeTable.share,
      numeric: true,
      unit: strings.file.percent,
      cell: (line) => (model.capacity > noCredits ? formatShare(Math.max(0, line.credits) / model.capacity) : '–'),
      exact: (line) => ownCell(model.capacity > noCredits ? percentOf(Math.max(0, line.credits) / model.capacity) : ''),
    },
  ];
}
