import { useState, type ReactNode } from 'react';
import { noCredits, subtract, type Credits } from '../../shared/kernel/credits.ts';
import { formatCredits, formatShare } from '../ui/figures.tsx';
import { Section } from '../ui/section.tsx';
import { TwinToggle } from './chart-section.tsx';
import { gaugeOf, type GaugeBalance, type GaugeModel } from './gauge-model.ts';
import { strings } from './strings.ts';
import { TableTwin, type TwinColumn } from './table-twin.tsx';

interface GaugeTwinProps {
  readonly title: string;
  readonly balance: GaugeBalance;
  /** The gauge and what stands around it. */
  readonly children: ReactNode;
}

/** A panel with a gauge and its table twin. */
export function GaugeTwin({ title, balance, children }: GaugeTwinProps) {
  const [asTable, setAsTable] = useState(false);
  const model = gaugeOf(balance);
  return (
    <Section title={title} actions={<TwinToggle title={title} asTable={asTable} onChange={setAsTable} />}>
      {asTable ? (
        <TableTwin caption={title} columns={columnsFor(model)} rows={partsOf(model)} rowKey={(part) => part.name} />
      ) : (
        children
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
    { key: 'part', header: strings.gaugeTable.part, cell: (line) => line.name },
    { key: 'credits', header: strings.gaugeTable.credits, numeric: true, cell: (line) => formatCredits(line.credits) },
    {
      key: 'share',
      header: strings.gaugeTable.share,
      numeric: true,
      cell: (line) => (model.capacity > noCredits ? formatShare(Math.max(0, line.credits) / model.capacity) : '–'),
    },
  ];
}
