import { GaugeChart } from '@mantine/charts';
import { Text } from '@mantine/core';
import { useId } from 'react';
import { toApproximateNumber } from '../../shared/kernel/credits.ts';
import { formatCredits } from '../ui/figures.tsx';
import classes from './charts.module.css';
import { ink, track } from './colors.ts';
import { gaugeOf, type GaugeBalance, type GaugePart } from './gauge-model.ts';
import { GaugeLegend, HatchPatterns } from './gauge-parts.tsx';
import { strings } from './strings.ts';

interface CreditGaugeProps {
  readonly balance: GaugeBalance;
  readonly size?: number;
}

/**
 * What is left of how much. Full is everything that the period's grants could pay; use beyond it is drawn past the
 * mark, with a hatch, and said in words. [G7]
 */
export function CreditGauge({ balance, size = 232 }: CreditGaugeProps) {
  const id = useId().replaceAll(':', '');
  const model = gaugeOf(balance);
  const isOver = model.overage > 0;
  const used = formatCredits(model.used);
  const capacity = formatCredits(model.capacity);
  const sentence = isOver
    ? strings.gaugeUsedOver({ used, capacity, over: formatCredits(model.overage) })
    : strings.gaugeUsed({ used, capacity });
  // Where each member has a pool of their own, one may be over while others have credits left: those are the answer.
  const nothingLeft = isOver && model.available <= 0;
  const headline = formatCredits(nothingLeft ? model.overage : model.available);
  return (
    <div className={classes['gauge']}>
      <HatchPatterns id={id} />
      <GaugeChart
        value={toApproximateNumber(model.used)}
        max={model.scaleMax > 0 ? model.scaleMax : 1}
        sections={model.arcs.map((arc) => ({ value: arc.upTo, color: colorOf(arc.part, id) }))}
        {...(model.scaleMax > model.full && model.full > 0 ? { target: model.full, targetSize: 3 } : {})}
        trackColor={track}
        size={size}
        thickness={18}
        aria-label={strings.gaugeTitle}
        aria-valuemin={0}
        aria-valuemax={model.scaleMax > 0 ? model.scaleMax : 1}
        aria-valuenow={toApproximateNumber(model.used)}
        aria-valuetext={strings.gaugeSpoken({ sentence, left: formatCredits(model.available) })}
        label={
          <span className={classes['gaugeFigure']}>
            <span className={classes['gaugeNumber']} style={{ fontSize: numberSize(headline, size) }}>
              {headline}
            </span>
            <span className={classes['gaugeWord']}>{nothingLeft ? strings.gaugeOver : strings.gaugeLeft}</span>
          </span>
        }
      />
      <Text fw={600} size="sm">
        {sentence}
      </Text>
      <GaugeLegend model={model} id={id} />
    </div>
  );
}

/** Paints of the arcs; held and over carry a hatch, so that they differ without colour too. */
function colorOf(part: GaugePart, id: string): string {
  switch (part) {
    case 'used':
      return ink;
    case 'held':
      return `url(#held-${id})`;
    case 'left':
      return track;
    case 'over':
      return `url(#over-${id})`;
  }
}

/** The figure keeps inside the arc, however long it is. */
function numberSize(text: string, size: number): number {
  const room = size * 0.66;
  return Math.max(15, Math.min(size / 6, room / (text.length * 0.58)));
}
