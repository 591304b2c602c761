import { describe, expect, it } from 'vitest';
import {
  listedWorkspaces,
  sortedByMoney,
  sortedWorkspaces,
  wantsLook,
  type ListedWorkspace,
} from '../../../../../renderer/features/home/home-model.ts';
import { parseHomeSearch } from '../../../../../renderer/hooks/home-search.ts';
import type { HomeFigures, HomeMoney } from '../../../../../shared/bridge/home-views.ts';
import type { SyncView } from '../../../../../shared/bridge/sync-views.ts';
import { noCredits, wholeCredits } from '../../../../../shared/kernel/credits.ts';
import { instant } from '../../../../../shared/kernel/instant.ts';
import { money } from '../../../../../shared/kernel/money.ts';

const asOf = instant(Date.UTC(2026, 2, 10));
const resetAt = instant(Date.UTC(2026, 3, 1));
const notPriced: HomeMoney = { kind: 'not-priced', why: 'no-packs' };

function figures(change: {
  readonly available?: number;
  readonly overage?: number;
  readonly remaining?: number;
  readonly pace?: number | null;
  readonly runOutDay?: number | null;
  readonly quality?: HomeFigures['forecast']['quality'];
  readonly drift?: number | null;
  readonly alerts?: number;
  readonly money?: HomeMoney;
}): HomeFigures {
  const { available = 500, overage = 0, remaining = Math.max(available, 0), pace = 10, runOutDay = null } = change;
  const { quality = 'full', drift = null } = change;
  const at = runOutDay === null ? null : instant(Date.UTC(2026, 2, runOutDay));
  return {
    limit: 'hard',
    planEndedAt: null,
    balance: {
      used: wholeCredits(1000 - available),
      held: noCredits,
      available: wholeCredits(available),
      overage: wholeCredits(overage),
      usedEver: wholeCredits(1000),
      remaining: wholeCredits(remaining),
    },
    forecast: {
      asOf,
      resetAt,
      pace,
      quality,
      runOut: { p10: at, p50: at, p90: at, probability: at === null ? 0 : 0.9 },
    },
    byReset: null,
    drift: drift === null ? null : { at: asOf, credits: wholeCredits(drift) },
    alerts: change.alerts ?? 0,
    lastUpdatedAt: null,
    money: change.money ?? notPriced,
  };
}

function listed(name: string, of: ListedWorkspace['figures']): ListedWorkspace {
  const plain = { platformName: 'Piktochart', planName: 'Pro', sample: false, timeZone: 'UTC' };
  return { ...plain, id: name, name, figures: of, shared: null, arriving: false };
}

const names = (rows: readonly ListedWorkspace[]) => rows.map(({ name }) => name);

describe('sortedWorkspaces', () => {
  const rows = [
    listed('far', figures({ runOutDay: null })),
    listed('unknown', null),
    listed('soon', figures({ runOutDay: 14, available: 100 })),
    listed('new', figures({ quality: 'none', pace: null })),
    listed('empty', figures({ available: 0, overage: 200, remaining: 0 })),
    listed('later', figures({ runOutDay: 25, available: 300 })),
  ];

  it('puts what is used up and what runs out first before the rest, and what is not known last both ways', () => {
    expect(names(sortedWorkspaces(rows, { by: 'run-out', descending: false }))).toEqual([
      'empty',
      'soon',
      'later',
      'far',
      'new',
      'unknown',
    ]);
    expect(names(sortedWorkspaces(rows, { by: 'run-out', descending: true }))).toEqual([
      'far',
      'later',
      'soon',
      'empty',
      'new',
      'unknown',
    ]);
  });

  it('compares what is left by its share, with overage below nothing', () => {
    const shares = [
      listed('half of little', figures({ available: 5, remaining: 10 })),
      listed('tenth of much', figures({ available: 999, remaining: 999 })),
      listed('over', figures({ available: 0, overage: 50, remaining: 0 })),
    ];
    expect(names(sortedWorkspaces(shares, { by: 'left', descending: false }))).toEqual([
      'over',
      'half of little',
      'tenth of much',
    ]);
  });

  it('sorts names as people do', () => {
    const named = ['Team 10', 'team 9', 'Äpfel', 'Zebra'].map((name) => listed(name, null));
    expect(names(sortedWorkspaces(named, { by: 'name', descending: false }))).toEqual([
      'Äpfel',
      'team 9',
      'Team 10',
      'Zebra',
    ]);
    expect(names(sortedWorkspaces(named, { by: 'name', descending: true }))[0]).toBe('Zebra');
  });
});

describe('sortedByMoney', () => {
  const priced = (left: number, currency: string): HomeMoney => ({
    kind: 'priced',
    credits: wholeCredits(100),
    price: money(100, currency),
    source: { kind: 'plan', planName: 'Pro' },
    left: money(left, currency),
    used: money(0, currency),
    perDay: null,
    byReset: null,
  });

  it('keeps currencies apart, and what has no price at the end', () => {
    const rows = [
      listed('none', figures({})),
      listed('dollars', figures({ money: priced(500, 'USD') })),
      listed('many euros', figures({ money: priced(900, 'EUR') })),
      listed('few euros', figures({ money: priced(100, 'EUR') })),
    ];
    const order = ['few euros', 'many euros', 'dollars', 'none'];
    expect(names(sortedByMoney(rows, { by: 'left', descending: false }))).toEqual(order);
    expect(names(sortedByMoney(rows, { by: 'left', descending: true }))).toEqual([
      'many euros',
      'few euros',
      'dollars',
      'none',
    ]);
  });
});

describe('wantsLook', () => {
  it('is for credits that do not last, a drift, alerts, and what could not be worked out', () => {
    expect(wantsLook(listed('calm', figures({})))).toBe(false);
    expect(wantsLook(listed('agrees', figures({ drift: 0 })))).toBe(false);
    expect(wantsLook(listed('pending', null))).toBe(false);
    expect(wantsLook(listed('tight', figures({ runOutDay: 12 })))).toBe(true);
    expect(wantsLook(listed('drift', figures({ drift: -3 })))).toBe(true);
    expect(wantsLook(listed('told', figures({ alerts: 1 })))).toBe(true);
    expect(wantsLook(listed('failed', 'failed'))).toBe(true);
  });
});

describe('listedWorkspaces', () => {
  it('lists what is on its way from a server too', () => {
    const sync: SyncView = {
      asOf,
      secrets: 'memory',
      signIn: null,
      servers: [],
      workspaces: [
        {
          workspaceId: 'coming',
          name: 'Coming',
          serverId: 'server',
          access: 'member',
          state: 'first-pull',
          progress: null,
          live: false,
          outbox: { waiting: 0, oldestAt: null, refused: 0, conflicts: 0 },
          lastSuccessAt: null,
          lastTriedAt: null,
          nextTryAt: null,
          problem: null,
          leases: [],
        },
      ],
    };
    const rows = listedWorkspaces({ asOf, rows: [], totals: [] }, sync);
    expect(rows).toMatchObject([{ id: 'coming', name: 'Coming', arriving: true, figures: null }]);
  });
});

describe('the address of home', () => {
  it('keeps what it sorts by, and leaves out what it does not know', () => {
    expect(parseHomeSearch({ sort: '-left', money: 'used' })).toEqual({ sort: '-left', money: 'used' });
    expect(parseHomeSearch({ sort: 'credits', money: 7 })).toEqual({});
  });
});
