/** One measured figure, beside the same work done without the product where there is such a thing. */

import { cpus } from 'node:os';

export interface Figure {
  /** Dotted, as in `storage.bulk-insert`. */
  readonly name: string;
  /** Median of the runs, in `unit`. */
  readonly value: number;
  /** A rate as in `documents/s`, or a time: `s`, `ms`, `µs`. */
  readonly unit: string;
  /** Median of the comparison, in `unit`; null where there is none. */
  readonly baseline: number | null;
  /** `value / baseline`: for a rate more is better, for a time less is. */
  readonly ratio: number | null;
  /** Operations measured in each run. */
  readonly n: number;
  readonly machine: string;
}

export interface FigureRuns {
  readonly name: string;
  readonly unit: string;
  /** Operations in each run. */
  readonly n: number;
  /** Interleaved runs of both sides, so that what slows the machine down slows both. */
  readonly runs: readonly { readonly value: number; readonly baseline?: number }[];
}

export function figureOf({ name, unit, n, runs }: FigureRuns): Figure {
  const value = median(runs.map((run) => run.value));
  const baselines = runs.map((run) => run.baseline).filter((baseline) => baseline !== undefined);
  const baseline = baselines.length === 0 ? null : median(baselines);
  const ratio = baseline === null ? null : value / baseline;
  return { name, value, unit, baseline, ratio, n, machine: machineName() };
}

/** What the figures were measured on: absolute times belong to one machine. */
function machineName(): string {
  const cores = cpus();
  return `${cores[0]?.model.trim() ?? 'unknown processor'} × ${cores.length}, Node ${process.versions.node}`;
}

/** The middle one; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
