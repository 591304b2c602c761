/** What each figure has to reach. Figures without an entry are shown for their growth alone. */

export interface Target {
  /** Which part of a figure is judged: its value, or its value against the baseline. */
  readonly of: 'value' | 'ratio';
  readonly is: 'at least' | 'at most';
  readonly bound: number;
}

const ratioAtLeast = (bound: number): Target => ({ of: 'ratio', is: 'at least', bound });
const ratioAtMost = (bound: number): Target => ({ of: 'ratio', is: 'at most', bound });
const valueAtLeast = (bound: number): Target => ({ of: 'value', is: 'at least', bound });
const valueAtMost = (bound: number): Target => ({ of: 'value', is: 'at most', bound });

/** By name without the number of transactions: with a million of them, and with fewer, the same is asked. */
const targetsByName: ReadonlyMap<string, Target> = new Map([
  ['storage.bulk-insert', ratioAtLeast(0.85)],
  ['storage.single-append', ratioAtLeast(0.8)],
  ['storage.range-10k-sorted', ratioAtMost(1.5)],
  ['storage.find-by-id', ratioAtMost(3)],
  ['storage.count', ratioAtMost(3)],
  ['collection.bulk-insert', ratioAtLeast(0.75)],
  ['collection.single-append', ratioAtLeast(0.7)],
  ['collection.range-10k-sorted', ratioAtMost(2)],
  ['collection.find-by-id', ratioAtMost(6)],
  ['collection.count', ratioAtMost(6)],
  ['rxdb-dexie.bulk-insert', ratioAtLeast(8)],
  ['rxdb-dexie.range-10k-sorted', ratioAtMost(0.2)],
  ['replica.pull', valueAtLeast(20_000)],
  ['replica.cold-start', valueAtMost(700)],
  ['replica.memory', valueAtMost(250)],
  ['view.quarter-breakdown', valueAtMost(40)],
  ['view.overview', valueAtMost(20)],
  ['forecast.pool-p95', valueAtMost(5)],
  ['forecast.200-pools', valueAtMost(1_000)],
  ['forecast.200-pools-stall', valueAtMost(100)],
  ['advice.what-if-stall', valueAtMost(16)],
  ['advice.cheapest-stall', valueAtMost(16)],
  ['ledger.page', valueAtMost(10)],
  ['ledger.page-any-filters', valueAtMost(500)],
  ['sync.first-pull-end-to-end', valueAtLeast(10_000)],
  ['server.push', ratioAtLeast(0.5)],
  ['server.first-pull', valueAtLeast(150_000)],
  ['server.first-pull-size', valueAtMost(55)],
  ['server.missed-rows', valueAtMost(0)],
  ['server.lease-overshoot', valueAtMost(0)],
  ['server.stream-memory', valueAtMost(15)],
  ['server.stream-delivery', valueAtMost(500)],
  ['ui.skeleton', valueAtMost(300)],
  ['ui.figures', valueAtMost(900)],
  ['ui.initial-js', valueAtMost(400)],
  ['ui.longest-task', valueAtMost(50)],
  ['ui.longest-task-processor', valueAtMost(50)],
  ['ui.route-change', valueAtMost(100)],
  ['ui.scroll-frame-p95', valueAtMost(16)],
  ['ui.scroll-frame-worst', valueAtMost(16)],
]);

export function targetOf(name: string): Target | undefined {
  return targetsByName.get(baseName(name));
}

export function isMet({ of, is, bound }: Target, figure: { readonly value: number; readonly ratio: number | null }) {
  const judged = of === 'value' ? figure.value : (figure.ratio ?? Number.NaN);
  return is === 'at least' ? judged >= bound : judged <= bound;
}

/** `view.overview` of `view.overview@1000000`. */
export function baseName(name: string): string {
  return name.split('@')[0] ?? name;
}
