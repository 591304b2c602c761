/** The figures as the tables of docs/PERFORMANCE.md. */

import type { Figure } from './figure.ts';
import { baseName, isMet, targetOf } from './targets.ts';

const MOST_LINES = 1_000_000;

/** One table of what has a target, one of how figures grow with the number of transactions. */
export function markdownOf(figures: readonly Figure[]): string {
  const judged = figures.filter(({ name }) => targetOf(name) && (!name.includes('@') || linesOf(name) === MOST_LINES));
  const grown = Map.groupBy(
    figures.filter(({ name }) => name.includes('@')),
    ({ name }) => baseName(name),
  );
  const counts = [...new Set([...grown.values()].flat().map(({ name }) => linesOf(name)))].toSorted((a, b) => a - b);
  return [
    figures[0]?.machine ?? '',
    '',
    ...tableOf(['figure', 'target', 'measured', 'beside it', 'ratio', ''], judged.map(judgedRow)),
    ...(counts.length === 0 ? [] : ['']),
    ...tableOf(
      ['transactions', ...counts.map((count) => shown(count))],
      [...grown].map(([name, of]) => growthRow(name, of, counts)),
    ),
  ].join('\n');
}

function judgedRow(figure: Figure): readonly string[] {
  const { name, value, unit, baseline, ratio } = figure;
  const target = targetOf(name);
  const bound = target && `${target.is === 'at least' ? '≥' : '≤'} ${shown(target.bound)}`;
  return [
    `\`${name}\``,
    bound === undefined ? '' : `${bound} ${target?.of === 'ratio' ? '×' : unit}`,
    `${shown(value)} ${unit}`,
    baseline === null ? '' : `${shown(baseline)} ${unit}`,
    ratio === null ? '' : shown(ratio),
    target && isMet(target, figure) ? 'met' : 'missed',
  ];
}

function growthRow(name: string, figures: readonly Figure[], counts: readonly number[]): readonly string[] {
  const unit = figures[0]?.unit ?? '';
  const cells = counts.map((count) => {
    const figure = figures.find((one) => linesOf(one.name) === count);
    return figure ? shown(figure.value) : '';
  });
  return [`\`${name}\`, ${unit}`, ...cells];
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const rowOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [rowOf(head), rowOf(head.map(() => '---')), ...rows.map(rowOf)];
}

function linesOf(name: string): number {
  return Number(name.split('@')[1] ?? Number.NaN);
}

function shown(value: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value);
}
