import { describe, expect, it } from 'vitest';
import { seatChangeEffectiveAt } from '../../../shared/catalogue/reset.ts';
import { sharesOf } from '../../../shared/ledger/spends.ts';
import { planAt } from '../../../shared/ledger/schedule.ts';
import { at, cr, grant, hold, pack, plain, usage } from '../../support/ledger-lines.ts';
import { balanceAt, change, fold, remaining, shipped, workspaceTerms } from '../../support/workspace-terms.ts';
import { withoutAllotment } from '../../support/plain-terms.ts';

/** The worked examples of the domain, figure by figure. */

const threeSeatsOfPro = workspaceTerms({ catalogue: shipped('piktochart'), plan: 'pro', seats: { member: 3 } });
const starter = pack('starter', at('2026-01-02'), cr(2000));
const videos = Array.from({ length: 7 }, (_, place) => usage(`video-${place}`, at(`2026-01-1${place}`), cr(250)));

describe('burn order', () => {
  it('[G2] 100 at priority 1 and 100 at priority 2, use 120 → 0 and 80', () => {
    const grants = [
      grant('first', at('2026-01-01'), cr(100), { priority: 1 }),
      grant('second', at('2026-01-01'), cr(100), { priority: 2 }),
    ];
    const used = balanceAt(withoutAllotment, [...grants, usage('use', at('2026-01-02'), cr(120))], at('2026-01-03'));
    expect(remaining(used)).toEqual([0, 80]);
    expect(plain(used.overage)).toBe(0);
  });

  it('[G3] 20 at priority 1 and 25, 25, 30 at priority 2 by age, use 80 → 20, 25, 25, 10 are taken', () => {
    const lines = [
      grant('newest', at('2026-01-04'), cr(30), { priority: 2 }),
      grant('oldest', at('2026-01-01'), cr(25), { priority: 2 }),
      grant('first', at('2026-01-05'), cr(20), { priority: 1 }),
      grant('middle', at('2026-01-03'), cr(25), { priority: 2 }),
      usage('use', at('2026-01-06'), cr(80)),
    ];
    const spend = fold(withoutAllotment, lines, at('2026-01-06')).spendById.get('use');
    expect(spend && sharesOf(spend).map((share) => [share.grantId, plain(share.credits)])).toEqual([
      ['first', 20],
      ['oldest', 25],
      ['middle', 25],
      ['newest', 10],
    ]);
  });
});

describe('Piktochart Pro with three seats and a Starter pack', () => {
  it('[G2] six videos use up the 1,500 of the month and leave the pack whole', () => {
    const balance = balanceAt(threeSeatsOfPro, [starter, ...videos.slice(0, 6)], at('2026-01-20'));
    expect(plain(balance.allotted)).toBe(1500);
    expect(remaining(balance)).toEqual([0, 2000]);
  });

  it('[G2] a seventh takes 250 from the pack', () => {
    expect(remaining(balanceAt(threeSeatsOfPro, [starter, ...videos], at('2026-01-20')))).toEqual([0, 1750]);
  });

  it('[G10] after the reset there are 1,500 and the 1,750 of the pack: 3,250', () => {
    const balance = balanceAt(threeSeatsOfPro, [starter, ...videos], at('2026-02-01'));
    expect(remaining(balance)).toEqual([1500, 1750]);
    expect(plain(balance.available)).toBe(3250);
  });
});

describe('a late video', () => {
  const lines = [
    pack('starter', at('2026-01-02'), cr(2000)),
    usage('january', at('2026-01-15'), cr(1400)),
    usage('late', at('2026-01-30'), cr(250), { recordedAt: at('2026-02-03'), happened: true }),
  ];

  it('[L1] of Jan 30 that arrives on Feb 3 is paid with 100 of January and 150 of the pack', () => {
    const state = fold(threeSeatsOfPro, lines, at('2026-02-03'));
    const late = state.spendById.get('late');
    expect(late && sharesOf(late).map((share) => [share.kind, plain(share.credits)])).toEqual([
      ['allotment', 100],
      ['pack', 150],
    ]);
  });

  it('[L1] and leaves the pack at 1,850 and February at 1,500', () => {
    expect(remaining(balanceAt(threeSeatsOfPro, lines, at('2026-02-03')))).toEqual([1500, 1850]);
  });
});

describe('a plan that has ended', () => {
  it('[E2] pack 2,000, subscription ended, one video → 1,750', () => {
    const ended = workspaceTerms({
      catalogue: shipped('piktochart'),
      plan: 'pro',
      seats: { member: 3 },
      changes: [change(at('2026-01-20'), { kind: 'plan', planId: null })],
    });
    const balance = balanceAt(ended, [starter, usage('video', at('2026-01-21'), cr(250))], at('2026-02-10'));
    expect(remaining(balance)).toEqual([1750]);
    expect(plain(balance.allotted)).toBe(0);
  });
});

describe('a hold', () => {
  it('[H4] credit 100, used 70: 30 are available, so a hold of 50 finds 20 too few', () => {
    const lines = [grant('credit', at('2026-01-01'), cr(100)), usage('use', at('2026-01-02'), cr(70))];
    expect(plain(balanceAt(withoutAllotment, lines, at('2026-01-03')).available)).toBe(30);
    const held = [...lines, hold('hold', at('2026-01-03'), cr(30))];
    expect(plain(balanceAt(withoutAllotment, held, at('2026-01-03')).available)).toBe(0);
  });
});

describe('Miro', () => {
  it('[S1] from 120 to 210 seats in mid-period: 10,000 until the next billing date, then 15,000', () => {
    const catalogue = shipped('miro');
    const before = workspaceTerms({ catalogue, plan: 'enterprise', seats: { member: 120 }, anchor: '2026-03-15' });
    const { plan } = planAt(before, at('2026-04-05'));
    const dates = { anchor: before.terms.anchor, timeZone: 'UTC' };
    // The billing date of April is the 15th; the first reset on or after it is May 1.
    const from = seatChangeEffectiveAt(plan, dates, at('2026-04-05'));
    const changes = [...before.terms.changes, change(from, { kind: 'seats', seatsByRole: { member: 210 } })];
    const index = workspaceTerms({
      catalogue,
      plan: 'enterprise',
      seats: { member: 120 },
      anchor: '2026-03-15',
      changes,
    });
    const allotted = (day: string) => plain(balanceAt(index, [], at(day)).allotted);
    expect([allotted('2026-04-05'), allotted('2026-04-30T23:59:59.999'), allotted('2026-05-01')]).toEqual([
      10_000, 10_000, 15_000,
    ]);
  });

  it('[G7] 1,612 of 1,500: 112 over, both figures shown and nothing clamped', () => {
    const copilot = workspaceTerms({ catalogue: shipped('piktochart'), plan: 'pro', seats: { member: 3 } });
    const balance = balanceAt(copilot, [usage('use', at('2026-01-05'), cr(1612))], at('2026-01-06'));
    expect([balance.used, balance.allotted, balance.overage, balance.available].map(plain)).toEqual([
      1612, 1500, 112, 0,
    ]);
  });
});
