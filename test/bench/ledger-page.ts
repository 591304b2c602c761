/** Pages of the ledger: by key, by a jump in time, by one filter, by any of them together, and what others wait meanwhile. */

import type { Replica } from '../../replica/main.ts';
import { figureOf, median, type Figure } from './figure.ts';
import type { BenchClient } from './views.ts';

type PageInput = Parameters<BenchClient['ledger']['page']>[0];
type Filter = PageInput['filter'];

const PAGES = 40;
const PAGE_ROWS = 50;
const DAY_MS = 86_400_000;

const oneFilter: readonly Filter[] = [
  { member: 'member-7' },
  { member: null },
  { team: 'team-3' },
  { feature: 'image' },
  { kinds: ['usage'] },
  { kinds: ['refund'] },
];

const together: readonly Filter[] = [
  { team: 'team-3', feature: 'image' },
  { member: 'member-7', feature: 'image', kinds: ['usage', 'hold'] },
  { team: 'team-3', kinds: ['refund', 'capture', 'hold'] },
  { member: 'member-7', team: 'team-1' },
  { text: 'campaign 42' },
  { text: 'written by nobody' },
  { text: 'member 7', feature: 'image', kinds: ['usage'] },
  { text: 'ÄRGER', team: 'team-3', feature: 'text', kinds: ['usage', 'refund'] },
  { kinds: ['usage', 'refund', 'capture'] },
];

export async function ledgerPageFigures(
  replica: Replica,
  given: {
    readonly client: BenchClient;
    readonly workspaceId: string;
    readonly named: (name: string) => string;
  },
): Promise<readonly Figure[]> {
  const { client, workspaceId, named } = given;
  const now = replica.state.clock();
  const asked = (filter: Filter, cursor: string | null = null): PageInput => ({
    workspaceId,
    filter,
    cursor,
    limit: PAGE_ROWS,
  });
  const time = async (input: PageInput) => {
    const started = performance.now();
    const page = await client.ledger.page(input);
    return { ms: performance.now() - started, page };
  };
  const first = await time(asked({}));
  const byKey: number[] = [];
  let cursor = first.page.nextCursor;
  for (let page = 0; page < PAGES && cursor !== null; page += 1) {
    const next = await time(asked({}, cursor));
    byKey.push(next.ms);
    cursor = next.page.nextCursor;
  }
  const jumps: number[] = [];
  for (let jump = 0; jump < PAGES; jump += 1) {
    const to = new Date(now - (jump + 1) * 17 * DAY_MS).toISOString();
    jumps.push((await time(asked({ to }))).ms);
  }
  const filtered: number[] = [];
  for (const filter of oneFilter) {
    await time(asked(filter));
    const times = [];
    for (let page = 0; page < PAGES; page += 1) times.push((await time(asked(filter))).ms);
    filtered.push(median(times));
  }
  // Each for the first time: nothing of it is known.
  const any: number[] = [];
  for (const filter of together) any.push((await time(asked(filter))).ms);
  replica.state.tallies.clear();
  const stall = await longestWait(client, workspaceId, async () => {
    for (const filter of together) await client.ledger.page(asked(filter));
  });
  const figure = (name: string, value: number, n: number): Figure =>
    figureOf({ name: named(name), unit: 'ms', n, runs: [{ value }] });
  return [
    figure('ledger.page', Math.max(median(byKey), median(jumps), ...filtered), PAGES),
    figure('ledger.page-by-key', median(byKey), byKey.length),
    figure('ledger.page-by-time', median(jumps), PAGES),
    figure('ledger.page-one-filter', Math.max(...filtered), PAGES * oneFilter.length),
    figure('ledger.page-first', first.ms, 1),
    figure('ledger.page-any-filters', Math.max(...any), together.length),
    figure('ledger.page-stall', stall, together.length),
  ];
}

/** The longest that a small question had to wait while `work` ran, in milliseconds. */
async function longestWait(client: BenchClient, workspaceId: string, work: () => Promise<void>): Promise<number> {
  const use = { workspaceId, feature: 'text', quantity: '1', member: 'member-1' };
  await client.usage.preview(use);
  let done = false;
  let longestMs = 0;
  const watch = async (): Promise<void> => {
    while (!done) {
      const asked = performance.now();
      await new Promise((resolve) => setImmediate(resolve));
      await client.usage.preview(use);
      longestMs = Math.max(longestMs, performance.now() - asked);
    }
  };
  const watching = watch();
  await work();
  done = true;
  await watching;
  return longestMs;
}
