import { describe, expect, it } from 'vitest';
import type { Author } from '../../../server/review/may-write.ts';
import { reviewer, capKey, capsOf, type ReviewGiven } from '../../../server/review/review.ts';
import { indexOf, noTerms, poolOf, withEntries } from '../../../server/review/terms.ts';
import { capSubject, type ChangeValue } from '../../../shared/ledger/change.ts';
import type { Transaction, Usage } from '../../../shared/ledger/transaction.ts';
import type { Entry } from '../../../shared/protocol/entry.ts';
import { at, capture, cr, grant, hold, refund, usage } from '../../support/ledger-lines.ts';
import { published } from '../../support/served-workspace.ts';
import { change, member } from '../../support/workspace-terms.ts';

const workspaceId = 'workspace';
const { poolId } = poolOf(workspaceId, null);
const now = at('2026-03-10');
const plan = { platform: 'piktochart', plan: 'pro', seats: { member: 3 }, from: at('2026-01-01') } as const;
const cap = { kind: 'cap', credits: cr(100), until: null } as const;
const people = [
  { value: { kind: 'team', name: 'Design', deleted: false } as const, subject: 'design' },
  { value: member({ name: 'Ana', teamId: 'design', access: 'team-lead' }), subject: 'ana' },
  { value: member({ name: 'Ben', teamId: 'design' }), subject: 'ben' },
  { value: member({ name: 'Cem', teamId: 'text' }), subject: 'cem' },
];
const agreed = withEntries(noTerms, published(workspaceId, { ...plan, changes: people }));
const capped = withEntries(agreed, [
  { kind: 'change', change: change(at('2026-01-01'), cap, capSubject('member', 'ben', 'period')) },
]);

const admin: Author = { memberId: null, access: 'company-admin' };
const lead: Author = { memberId: 'ana', access: 'team-lead' };
const ben: Author = { memberId: 'ben', access: 'member' };
const guest: Author = { memberId: 'cem', access: null };

function reviewed(entries: readonly Entry[], given: Partial<ReviewGiven> & { readonly by?: string } = {}) {
  const { by = 'own', ...rest } = given;
  const review = reviewer({
    terms: agreed,
    author: admin,
    deviceId: 'own',
    bases: new Map(),
    groups: new Map(),
    follows: new Map(),
    usedByCap: new Map(),
    now,
    beganAt: at('2026-01-01'),
    lostTail: false,
    ...rest,
  });
  return entries.map((entry, place) => review(entry, { deviceId: by, number: place + 1 }));
}

const refusals = (...parameters: Parameters<typeof reviewed>) => reviewed(...parameters).map(({ refused }) => refused);
const entry = (line: Transaction): Entry => ({ kind: 'line', line: { ...line, workspaceId, poolId } });
const happened = { pricing: 'metered', unitRate: null, happened: true } as const;
const use = (memberId: string | null, teamId: string | null = null, changes: Partial<Usage> = {}): Entry =>
  entry(usage(`${memberId}/${teamId}`, at('2026-03-09'), cr(60), { ...happened, memberId, teamId, ...changes }));
const changed = (value: ChangeValue, subject = ''): Entry => ({ kind: 'change', change: change(now, value, subject) });
const order = (state: 'requested' | 'granted' | 'cancelled', authorId: string | null): Entry => ({
  kind: 'order',
  order: {
    id: `o/${state}`,
    workspaceId,
    orderId: 'o',
    state,
    packId: 'starter',
    memberId: null,
    at: now,
    recordedAt: now,
    authorId,
    credits: null,
    price: null,
    reference: null,
    note: null,
  },
});

describe('who may write what', () => {
  const entries: Readonly<Record<string, Entry>> = {
    'own use': use('ben', 'design'),
    'use of the team': use('cem', 'design'),
    'use of others': use('cem', 'text'),
    'use of nobody': use(null),
    'a cap of the team': changed(cap, capSubject('team', 'design', 'day')),
    'a cap of a member of the team': changed(cap, capSubject('member', 'ben', 'day')),
    'a cap of everybody': changed(cap, capSubject('member-default', null, 'day')),
    'a change of seats': changed({ kind: 'seats', seatsByRole: {} }),
    'a grant': entry(grant('g', now, cr(1))),
    'a request of an order': order('requested', null),
    'a grant of an order': order('granted', null),
    'a reading': { kind: 'reading', reading: { id: 'r', workspaceId, at: now, used: cr(1) } },
  };
  const allowed = (author: Author) =>
    Object.entries(entries).flatMap(([name, one]) => (refusals([one], { author })[0] === null ? name : []));

  it('[E5] [P3] company admins everything, guests nothing', () => {
    expect(allowed(admin)).toEqual(Object.keys(entries));
    expect(allowed(guest)).toEqual([]);
  });

  it('[E5] [P3] leads what is of their team, members what is their own; both may ask for a pack', () => {
    expect(allowed(lead)).toEqual([
      'own use',
      'use of the team',
      'a cap of the team',
      'a cap of a member of the team',
      'a request of an order',
    ]);
    expect(allowed(ben)).toEqual(['own use', 'a request of an order']);
  });

  it('[L4] what follows from a line goes by that line, not by what it says of itself', () => {
    const base = usage('base', at('2026-03-09'), cr(5), { memberId: 'cem', teamId: 'text' });
    const bases = new Map([['base', { ...base, workspaceId, poolId }]]);
    const back = refund('back', base, now);
    const disguised = entry({ ...back, memberId: 'ben', teamId: 'design' });
    const plainly = entry({ ...back, memberId: 'cem', teamId: 'text' });
    expect(refusals([disguised, plainly], { author: ben, bases })).toEqual(['not-allowed', 'not-allowed']);
    expect(refusals([plainly], { bases })).toEqual([null]);
  });

  it('[M5] after a loss a lead brings back what an admin wrote', () => {
    const seats = [changed({ kind: 'seats', seatsByRole: {} })];
    expect(refusals(seats, { author: lead, by: 'of-the-admin' })).toEqual(['not-allowed']);
    expect(refusals(seats, { author: lead, by: 'of-the-admin', lostTail: true })).toEqual([null]);
  });
});

describe('what is refused', () => {
  it('everything before the workspace, and another workspace after it', () => {
    const [first = use('ben'), ...rest] = published(workspaceId, plan);
    expect(refusals([use('ben'), first, ...rest, first], { terms: noTerms })).toEqual([
      'unknown-workspace',
      null,
      null,
      null,
      'not-allowed',
    ]);
    expect(refusals([first], { terms: noTerms, author: ben })).toEqual(['not-allowed']);
  });

  it('[C1] a price that its catalogue does not have; one of a catalogue that is not known is believed', () => {
    const version = indexOf(agreed)!.terms.catalogue.versions[0]!.version;
    const image = {
      featureId: 'text-to-image',
      happened: false,
      catalogueVersion: version,
      pricing: 'listed',
    } as const;
    const right = { ...image, unitRate: cr(6), credits: cr(60), quantity: usage('', now, cr(10)).quantity };
    expect(
      refusals([
        use('ben', null, right),
        use('ben', null, { ...right, unitRate: cr(1), credits: cr(10) }),
        use('ben', null, { ...right, credits: cr(1) }),
        use('ben', null, { ...right, unitRate: cr(1), credits: cr(10), catalogueVersion: 'later' }),
        use('ben', null, { ...happened, happened: false }),
      ]),
    ).toEqual([null, 'not-priced', 'not-priced', null, 'not-priced']);
  });

  it('pools and lines that are not there', () => {
    const line = usage('u', now, cr(1), happened);
    const back = refund('back', line, now);
    expect(refusals([{ kind: 'line', line: { ...line, workspaceId, poolId: 'nowhere' } }, entry(back)])).toEqual([
      'unknown-pool',
      'unknown-line',
    ]);
    expect(refusals([entry(back)], { lostTail: true })).toEqual([null]);
  });
});

describe('what is noted', () => {
  it('[L1] late is what counts in a period that was closed here, and nothing of before', () => {
    const old = use('ben', null, { occurredAt: at('2026-02-27') });
    expect(reviewed([old, use('ben')]).map(({ late }) => late)).toEqual([true, false]);
    expect(reviewed([old], { beganAt: at('2026-03-05') })[0]?.late).toBe(false);
  });

  it('[E3] over a cap is what is beyond it together with what was used, in the same batch too', () => {
    const [binding] = capsOf(indexOf(capped)!, usage('u', at('2026-03-09'), cr(1), { memberId: 'ben' }), 1);
    const usedByCap = new Map([[capKey(binding!), cr(10)]]);
    const twice = [use('ben'), use('ben', null, { id: 'again' }), use('cem')];
    expect(reviewed(twice, { terms: capped, usedByCap }).map(({ overCap }) => overCap)).toEqual([false, true, false]);
  });

  it('[E3] [H7] what is given back twice of one use makes room once', () => {
    const used = usage('used', at('2026-03-09'), cr(60), { ...happened, memberId: 'ben' });
    const backs = ['one', 'two'].map((id) => entry({ ...refund(id, used, at('2026-03-09'), cr(60)), memberId: 'ben' }));
    const over = (entries: readonly Entry[], given: Partial<ReviewGiven> = {}) =>
      reviewed(entries, { terms: capped, ...given }).map(({ overCap }) => overCap);
    const later = (id: string, amount: number) =>
      entry(usage(id, at('2026-03-09'), cr(amount), { ...happened, memberId: 'ben' }));
    const more = [...backs, later('more', 90), later('most', 20)];
    expect(over([entry(used), ...more])).toEqual([false, false, false, false, true]);
    // The use and one of them were booked before.
    const known = {
      bases: new Map([['used', { ...used, workspaceId, poolId }]]),
      follows: new Map([['used', [{ at: at('2026-03-09'), credits: cr(-60) }]]]),
    };
    expect(over(more, known)).toEqual([false, false, false, true]);
  });

  it('[E3] a hold and its capture in one batch count once', () => {
    const held = {
      ...hold('held', at('2026-03-09'), cr(60)),
      memberId: 'ben',
      catalogueVersion: 'unknown',
    };
    const entries = [entry(held), entry({ ...capture('captured', held, at('2026-03-09'), cr(60)), memberId: 'ben' })];
    const more = entry(usage('more', at('2026-03-09'), cr(40), { ...happened, memberId: 'ben' }));
    const review = reviewed([...entries, more], { terms: capped });
    expect(review.map(({ overCap, refused }) => [overCap, refused])).toEqual([
      [false, null],
      [false, null],
      [false, null],
    ]);
  });
});
