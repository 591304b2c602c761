import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../../shared/kernel/instant.ts';
import { allotmentAt, openingOf, periodAt, planAt, scheduleOf } from '../../../shared/ledger/schedule.ts';
import { at, cr, grant, plain, poolId, usage } from '../../support/ledger-lines.ts';
import { perSeat, plainTerms } from '../../support/plain-terms.ts';
import { anyInstant, anyWorkspace } from '../../support/random-ledger.ts';
import { balanceAt, change, fold, member, remaining, shipped, workspaceTerms } from '../../support/workspace-terms.ts';
import { plainCatalogue, plainPlan, plainVersion } from '../catalogue/catalogue-builder.ts';

const day = (text: string): string => new Date(at(text)).toISOString();
const iso = (period: { readonly start: number; readonly end: number }): readonly string[] =>
  [period.start, period.end].map((moment) => new Date(moment).toISOString());

describe('periods', () => {
  it('[K5] anchored on Jan 31 clamp to the end of each month and come back to the 31st', () => {
    const index = plainTerms({}, { anchor: '2026-01-31' });
    const starts = ['2026-02-10', '2026-03-10', '2026-04-10', '2026-05-10'].map(
      (text) => iso(periodAt(index, at(text)))[0],
    );
    expect(starts).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'].map(day));
    const leap = plainTerms({}, { anchor: '2028-01-31' });
    expect(iso(periodAt(leap, at('2028-03-01')))).toEqual([day('2028-02-29'), day('2028-03-31')]);
  });

  it('[K5] of a year anchored on Feb 29 begin on Feb 28', () => {
    const index = plainTerms(
      { reset: { on: 'anchor', everyMonths: 12, zone: 'workspace', source: 'page' } },
      { anchor: '2028-02-29' },
    );
    expect(iso(periodAt(index, at('2029-06-01')))).toEqual([day('2029-02-28'), day('2030-02-28')]);
  });

  it('[K3] are cut in the reset zone of the plan', () => {
    const tokyo = workspaceTerms({
      catalogue: shipped('miro'),
      plan: 'enterprise',
      seats: { member: 10 },
      anchor: '2026-03-01',
      timeZone: 'Asia/Tokyo',
    });
    expect(iso(periodAt(tokyo, at('2026-03-20')))).toEqual([day('2026-03-01'), day('2026-04-01')]);
    const local = plainTerms({}, { anchor: '2026-03-01', timeZone: 'Asia/Tokyo' });
    expect(iso(periodAt(local, at('2026-03-20')))[0]).toBe('2026-02-28T15:00:00.000Z');
  });

  it('[K3] the anchor is a day of the reset zone: a workspace in Tokyo does not open a month early', () => {
    const tokyo = workspaceTerms({
      catalogue: shipped('miro'),
      plan: 'enterprise',
      seats: { member: 10 },
      anchor: '2026-03-01',
      timeZone: 'Asia/Tokyo',
    });
    expect(openingOf(tokyo)).toBe(at('2026-03-01'));
    expect(plain(balanceAt(tokyo, [], at('2026-03-02')).grantedEver)).toBe(2500);
  });

  it('[K4] tile the time line: each begins where the one before it ends, whatever happened to the plan', () => {
    const property = fc.property(anyWorkspace, anyInstant, ({ index }, moment) => {
      const period = periodAt(index, moment);
      expect(moment).toBeGreaterThanOrEqual(period.start);
      expect(moment).toBeLessThan(period.end);
      expect(periodAt(index, period.end).start).toBe(period.end);
      expect(periodAt(index, instant(period.start - 1)).end).toBe(period.start);
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe('allotments', () => {
  it('[G0] are derived with the id allotment/<pool>/<period start>, the same on every device', () => {
    const schedule = scheduleOf(plainTerms(), poolId, null);
    const again = scheduleOf(plainTerms(), poolId, null);
    expect(schedule.periodAt(at('2026-02-10')).allotments.map((allotment) => allotment.id)).toEqual([
      'allotment/pool/2026-02-01T00:00:00.000Z',
    ]);
    expect(again.periodAt(at('2026-02-20'))).toEqual(schedule.periodAt(at('2026-02-01')));
  });

  it('[G0] begin with the period that holds the anchor, or with that of the earliest use', () => {
    const index = plainTerms({}, { anchor: '2026-03-15' });
    expect(plain(balanceAt(index, [], at('2026-04-20')).grantedEver)).toBe(200);
    const early = [usage('use', at('2026-02-20'), cr(10))];
    expect(plain(balanceAt(index, early, at('2026-04-20')).grantedEver)).toBe(300);
  });

  it('[G0] are none before the workspace begins', () => {
    const index = plainTerms({}, { anchor: '2026-03-15' });
    const balance = balanceAt(index, [], at('2026-03-01'));
    expect([balance.allotted, balance.available, balance.lapsed].map(plain)).toEqual([0, 0, 0]);
    expect(iso(balance.period)).toEqual([day('2026-02-15'), day('2026-03-15')]);
    const state = fold(index, [], at('2026-01-01'));
    expect(state.opensAt).toBe(at('2026-03-15'));
  });

  it('[S1] grow at once where seats count at once, and are never taken back in the period', () => {
    const index = plainTerms(perSeat('10'), {
      seats: { editor: 2 },
      changes: [
        change(at('2026-01-10'), { kind: 'seats', seatsByRole: { editor: 1 } }),
        change(at('2026-01-15'), { kind: 'seats', seatsByRole: { editor: 5 } }),
      ],
    });
    const allotted = (text: string) => plain(balanceAt(index, [], at(text)).allotted);
    expect(['2026-01-09', '2026-01-12', '2026-01-15', '2026-02-01'].map(allotted)).toEqual([20, 20, 50, 50]);
  });

  it('[S1] a change that counts from a later date waits for it', () => {
    const index = plainTerms(perSeat('10'), {
      seats: { editor: 2 },
      changes: [change(at('2026-02-01'), { kind: 'seats', seatsByRole: { editor: 5 } })],
    });
    const allotted = (text: string) => plain(balanceAt(index, [], at(text)).allotted);
    expect(['2026-01-31T23:59', '2026-02-01'].map(allotted)).toEqual([20, 50]);
  });

  it('[S2] of another plan begin with it, and earlier periods keep theirs', () => {
    const catalogue = shipped('piktochart');
    const index = workspaceTerms({
      catalogue,
      plan: 'pro',
      seats: { member: 3 },
      anchor: '2026-01-10',
      changes: [change(at('2026-02-10'), { kind: 'plan', planId: 'business' })],
    });
    const allotted = (text: string) => plain(balanceAt(index, [], at(text)).allotted);
    expect(['2026-02-09', '2026-02-10'].map(allotted)).toEqual([1500, 3000]);
    expect(planAt(index, at('2026-01-20')).plan.id).toBe('pro');
  });

  it('[S2] where another plan begins in mid-period, its period begins there and the old allotment ends', () => {
    const index = workspaceTerms({
      catalogue: shipped('piktochart'),
      plan: 'pro',
      seats: { member: 1 },
      anchor: '2026-01-10',
      changes: [change(at('2026-01-20'), { kind: 'plan', planId: 'business' })],
    });
    const balance = balanceAt(index, [], at('2026-01-25'));
    expect([balance.allotted, balance.available, balance.lapsed].map(plain)).toEqual([1000, 1000, 500]);
    expect(iso(balance.period)).toEqual([day('2026-01-20'), day('2026-02-10')]);
  });

  it('[S2] taking the plan that one has already changes nothing', () => {
    const index = plainTerms({}, { changes: [change(at('2026-01-20'), { kind: 'plan', planId: 'team' })] });
    const balance = balanceAt(index, [usage('use', at('2026-01-05'), cr(30))], at('2026-01-25'));
    expect([balance.allotted, balance.available, balance.lapsed].map(plain)).toEqual([100, 70, 0]);
    expect(iso(balance.period)).toEqual([day('2026-01-01'), day('2026-02-01')]);
  });

  it('[G12] an end of the plan that was taken back at the same instant never was', () => {
    const moment = at('2026-01-20');
    const changes = [change(moment, { kind: 'plan', planId: null }), change(moment, { kind: 'plan', planId: 'team' })];
    const balance = balanceAt(plainTerms({}, { changes }), [], at('2026-01-25'));
    expect([balance.allotted, balance.available, balance.lapsed].map(plain)).toEqual([100, 100, 0]);
    const ended = balanceAt(plainTerms({}, { changes: changes.toReversed() }), [], at('2026-01-25'));
    expect(plain(ended.available)).toBe(100);
  });

  it('[S3] of a pool of one’s own: one for each person with a seat', () => {
    const joined = at('2026-02-20');
    const index = workspaceTerms({
      catalogue: shipped('visily'),
      plan: 'pro',
      seats: { editor: 5 },
      changes: [
        change(at('2026-01-01'), member({ role: 'editor' }), 'ada'),
        change(at('2026-01-01'), member({ role: 'guest-editor' }), 'gus'),
        change(at('2026-01-01'), member({ role: 'viewer' }), 'vic'),
        change(joined, member({ role: 'editor' }), 'joe'),
      ],
    });
    const of = (id: string | null) => plain(balanceAt(index, [], at('2026-02-10'), id).available);
    expect(['ada', 'gus', 'vic', 'joe', 'nobody'].map(of)).toEqual([3000, 600, 0, 3000, 0]);
    expect(of(null)).toBe(0);
    const early = balanceAt(index, [], at('2026-04-10'), 'joe');
    // Joe's pool opens with the period in which he joined, not with the workspace.
    expect(plain(early.lapsed)).toBe(6000);
    // Before that, the answer is what his pool would have been: people are often entered after they began to spend.
    const before = balanceAt(index, [], at('2026-01-10'), 'joe');
    expect([before.allotted, before.available, before.lapsed].map(plain)).toEqual([3000, 3000, 0]);
    expect(plain(balanceAt(index, [], at('2025-11-10'), 'joe').available)).toBe(0);
  });

  it('[S3] a member’s own pool ends being allotted when the member leaves, and grows with the role', () => {
    const index = workspaceTerms({
      catalogue: shipped('visily'),
      plan: 'pro',
      changes: [
        change(at('2026-01-01'), member({ role: 'guest-editor' }), 'ada'),
        change(at('2026-01-10'), member({ role: 'editor' }), 'ada'),
        change(at('2026-02-10'), member({ role: 'editor', active: false }), 'ada'),
      ],
    });
    const allotted = (text: string) => plain(balanceAt(index, [], at(text), 'ada').allotted);
    expect(['2026-01-09', '2026-01-10', '2026-02-20', '2026-03-01'].map(allotted)).toEqual([600, 3000, 3000, 0]);
  });

  it('[S3] a pool of one’s own gets nothing while the plan has one pool for all', () => {
    const index = workspaceTerms({
      catalogue: shipped('visily'),
      plan: 'free',
      changes: [
        change(at('2026-01-01'), member({ role: 'editor' }), 'ada'),
        change(at('2026-03-01'), { kind: 'plan', planId: 'pro' }),
      ],
    });
    expect(plain(balanceAt(index, [], at('2026-03-05'), 'ada').grantedEver)).toBe(3000);
    expect(plain(balanceAt(index, [], at('2026-03-05'), null).grantedEver)).toBe(900);
  });

  it('[G11] of a recurring add-on come with each period from its start until it is switched off', () => {
    const index = workspaceTerms({
      catalogue: shipped('miro'),
      plan: 'enterprise',
      seats: { member: 10 },
      anchor: '2026-01-01',
      changes: [
        change(at('2026-02-01'), { kind: 'add-on', on: true, creditsPerPeriod: cr(700) }, 'credit-add-on'),
        change(at('2026-04-01'), { kind: 'add-on', on: false, creditsPerPeriod: null }, 'credit-add-on'),
      ],
    });
    const months = ['2026-01-15', '2026-02-15', '2026-03-15', '2026-04-15'];
    const balances = months.map((text) => balanceAt(index, [], at(text)));
    expect(balances.map((balance) => plain(balance.allotted))).toEqual([2500, 3200, 3200, 2500]);
    expect(balances.map((balance) => plain(balance.available))).toEqual([2500, 3200, 3200, 2500]);
  });

  it('[G11] of a recurring add-on go to a shared pool only', () => {
    const addOns = [
      { id: 'extra', name: 'Extra', kind: 'recurring-credits' as const, onByDefault: false, source: 'page' },
    ];
    const on = change(at('2026-01-01'), { kind: 'add-on', on: true, creditsPerPeriod: cr(40) }, 'extra');
    const ada = change(at('2026-01-01'), member({ role: 'editor' }), 'ada');
    const granted = (poolScope: 'member' | 'workspace', owner: string | null) =>
      plain(
        balanceAt(
          plainTerms({ ...perSeat('10'), poolScope, addOns }, { changes: [on, ada] }),
          [],
          at('2026-01-05'),
          owner,
        ).grantedEver,
      );
    expect([granted('member', 'ada'), granted('member', null)]).toEqual([10, 0]);
    expect([granted('workspace', 'ada'), granted('workspace', null)]).toEqual([0, 40]);
  });

  it('[E2] a plan that has ended allots nothing more, neither line nor roll-over', () => {
    const index = plainTerms(
      {
        rollOver: { min: '10', max: '60', source: 'page' },
        addOns: [{ id: 'extra', name: 'Extra', kind: 'recurring-credits', onByDefault: false, source: 'page' }],
      },
      {
        changes: [
          change(at('2026-01-01'), { kind: 'add-on', on: true, creditsPerPeriod: cr(40) }, 'extra'),
          change(at('2026-02-01'), { kind: 'plan', planId: null }),
        ],
      },
    );
    expect(plain(balanceAt(index, [], at('2026-01-31')).available)).toBe(140);
    const after = balanceAt(index, [], at('2026-03-10'));
    expect([after.allotted, after.available, after.grantedEver].map(plain)).toEqual([0, 0, 140]);
    expect(allotmentAt(index, null, at('2026-03-10'), after.period.start)).toEqual({ ok: true, value: 0 });
  });

  it('[E2] a plan that is taken up again begins a period of its own, with a whole allotment', () => {
    const index = plainTerms(
      {},
      {
        changes: [
          change(at('2026-01-10'), { kind: 'plan', planId: null }),
          change(at('2026-01-20'), { kind: 'plan', planId: 'team' }),
        ],
      },
    );
    const lines = [grant('pack', at('2026-01-02'), cr(50)), usage('use', at('2026-01-05'), cr(30))];
    expect(remaining(balanceAt(index, lines, at('2026-01-15')))).toEqual([50]);
    const again = balanceAt(index, lines, at('2026-01-25'));
    expect(remaining(again)).toEqual([100, 50]);
    expect(iso(again.period)).toEqual([day('2026-01-20'), day('2026-02-01')]);
  });

  it('[C1] a plan that only a later catalogue version offers has the terms of the next one before it', () => {
    const fixed = (credits: string) => plainPlan({ allotment: { rule: 'fixed', credits, source: 'page' } });
    const versions = [
      plainVersion({ version: '1', effectiveFrom: '2026-01-01', plans: [plainPlan({ id: 'other' })] }),
      plainVersion({ version: '2', effectiveFrom: '2026-02-01', plans: [fixed('200')] }),
      plainVersion({ version: '3', effectiveFrom: '2026-03-01', plans: [fixed('300')] }),
      plainVersion({ version: '4', effectiveFrom: '2026-04-01', plans: [plainPlan({ id: 'other' })] }),
    ];
    const index = workspaceTerms({ catalogue: plainCatalogue({ versions }), plan: 'team' });
    const allotted = (text: string) => plain(balanceAt(index, [], at(text)).allotted);
    expect(['2026-01-15', '2026-02-15', '2026-03-15', '2026-04-15'].map(allotted)).toEqual([200, 200, 300, 300]);
  });
});
