import { describe, expect, it } from 'vitest';
import { complaintOf, credits, miro, openTestReplica, piktochart, problemOf } from '../support/replica.ts';

const page = { filter: {}, cursor: null, limit: 100 };

describe('before and after the button', () => {
  it('[E1] shows in the preview what the log then decides', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client, { seats: { member: 1 } });
    await client.grants.add({ workspaceId, amount: '100', note: 'gift' });
    const uses = [
      { feature: 'video', quantity: '1', member: 'ana' },
      { feature: 'video', quantity: '1' },
      { feature: 'studio-image', quantity: '3', member: 'ben' },
      { feature: 'video', quantity: '1', member: 'ana' },
      { feature: 'video', quantity: '1', member: 'ana', happened: true },
      { feature: 'studio-image', quantity: '1', member: 'ana' },
      { feature: 'teleport', quantity: '1', member: 'ana' },
    ];
    const outcomes: string[] = [];
    for (const use of uses) {
      const preview = await client.usage.preview({ workspaceId, ...use });
      const answer = await client.usage.log({ workspaceId, ...use });
      const { outcome, split, reasons } = preview.decision;
      expect(answer).toMatchObject({
        outcome,
        credits: preview.decision.credits,
        split,
        reasons,
        sentences: preview.sentences,
      });
      outcomes.push(outcome);
    }
    expect(outcomes).toEqual(['allowed', 'allowed', 'allowed', 'refused', 'allowed-overage', 'refused', 'refused']);
    const { balance } = await client.balance.get({ workspaceId });
    expect([credits(balance.used), credits(balance.overage), credits(balance.available)]).toEqual([825, 225, 0]);
  });

  it('[E6] puts a refusal beside the ledger and not into it', async () => {
    const { client, replica, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client, { seats: { member: 1 } });
    setNow('2026-11-20T12:01:00Z');
    const refused = await client.usage.log({ workspaceId, feature: 'video', quantity: '9', member: 'ana' });
    expect(refused).toMatchObject({ outcome: 'refused', transactionId: null, duplicate: false });
    expect(refused.reasons[0]).toMatchObject({
      rule: 'pool',
      headroom: 500_000_000,
      freesAt: Date.parse('2026-12-04T23:00:00Z'),
    });
    expect(refused.sentences[0]).toContain('The pool has 500 credits left, 2,250 credits needed.');
    expect((await client.ledger.page({ workspaceId, ...page })).total).toBe(0);
    const refusals = await replica.state.database.rx.refusals.find({ selector: { workspaceId } }).exec();
    expect(refusals.map((document) => document.toJSON().body)).toMatchObject([
      { memberId: 'ana', feature: 'video', credits: 2_250_000_000, at: Date.parse('2026-11-20T12:01:00Z') },
    ]);
    const held = await client.usage.hold({ workspaceId, feature: 'video', quantity: '9' });
    expect(held).toMatchObject({ outcome: 'refused', transactionId: null });
    const past = { workspaceId, feature: 'video', quantity: '9', happened: true };
    expect(await client.usage.log(past)).toMatchObject({ outcome: 'allowed-overage', credits: 2_250_000_000 });
  });

  it('[L2] books an external id once, the difference of another quantity, and calls other content a conflict', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const use = { workspaceId, feature: 'studio-image', quantity: '2', member: 'ana', externalId: 'job/😀"%' };
    const first = await client.usage.log(use);
    setNow('2026-11-20T12:05:00Z');
    const again = await client.usage.log(use);
    expect(again).toMatchObject({ duplicate: true, transactionId: first.transactionId, credits: first.credits });
    expect((await client.ledger.page({ workspaceId, ...page })).total).toBe(1);
    const restated = await client.usage.log({ ...use, quantity: '3' });
    expect(restated).toMatchObject({ outcome: 'allowed', credits: 25_000_000, duplicate: false });
    expect(await client.usage.log({ ...use, quantity: '3' })).toMatchObject({ duplicate: true });
    expect(await client.usage.log({ ...use, quantity: '1' })).toMatchObject({ credits: -50_000_000 });
    expect((await client.balance.get({ workspaceId })).balance.used).toBe(25_000_000);
    await client.usage.refund({ id: first.transactionId ?? '' });
    expect(await problemOf(client.usage.log({ ...use, quantity: '4' }))).toMatchObject({ code: 'conflict' });
    for (const other of [{ feature: 'video' }, { member: 'ben' }]) {
      const problem = await problemOf(client.usage.log({ ...use, ...other }));
      expect(problem).toMatchObject({ code: 'conflict', issues: [{ path: 'externalId' }] });
    }
    const elsewhere = await piktochart(client);
    expect(await client.usage.log({ ...use, workspaceId: elsewhere })).toMatchObject({ duplicate: false });
  });

  it('[E7] judges what is backdated by the smallest headroom since', async () => {
    const { client, setNow } = await openTestReplica({ now: '2026-11-20T12:00:00Z' });
    const workspaceId = await piktochart(client, { seats: { member: 1 } });
    await client.usage.log({ workspaceId, feature: 'video', quantity: '1' });
    setNow('2026-11-21T12:00:00Z');
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '9' });
    const early = { workspaceId, feature: 'studio-image', at: '2026-11-10T09:00' };
    const preview = await client.usage.preview({ ...early, quantity: '2' });
    expect(preview.decision.outcome).toBe('refused');
    expect(preview.decision.headrooms.find(({ rule }) => rule === 'pool')).toMatchObject({ headroom: 25_000_000 });
    expect(await client.usage.log({ ...early, quantity: '1' })).toMatchObject({ outcome: 'allowed' });
    const { rows } = await client.ledger.page({ workspaceId, ...page });
    expect(rows.at(-1)).toMatchObject({ occurredAt: Date.parse('2026-11-10T08:00:00Z'), credits: 25_000_000 });
  });

  it('[C3] [C5] records what costs nothing at balance 0, and marks what is only estimated', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await miro(client, { plan: 'other', enteredAllotment: '3' });
    await client.usage.log({ workspaceId, feature: 'image', quantity: '1', member: 'ana' });
    expect(await client.usage.log({ workspaceId, feature: 'image', quantity: '1', member: 'ana' })).toMatchObject({
      outcome: 'refused',
    });
    expect(await client.usage.log({ workspaceId, feature: 'ai-search', quantity: '9', member: 'ana' })).toMatchObject({
      outcome: 'allowed',
      credits: 0,
      sentences: ['This costs no credits.'],
    });
    const estimate = await client.usage.preview({ workspaceId, feature: 'brand-new-thing', quantity: '2' });
    expect(estimate).toMatchObject({ pricing: 'estimate', unitRate: 1_000_000, availableAfter: 0 });
    expect(await complaintOf(client.usage.hold({ workspaceId, feature: 'ai-search', quantity: '1' }))).toContain(
      'feature: costs no credits, so there is nothing to hold',
    );
  });

  it('gives each Visily editor a pool of their own', async () => {
    const { client } = await openTestReplica();
    const { workspaceId } = await client.workspaces.create({
      platform: 'visily',
      plan: 'pro',
      seats: { editor: 2 },
      anchor: '2026-11-10',
      timeZone: 'Asia/Tokyo',
      members: [
        { id: 'ed', name: 'Ed', role: 'editor' },
        { id: 'flo', name: 'Flo', role: 'editor' },
        { id: 'vic', name: 'Vic', role: 'viewer' },
      ],
    });
    const screens = { workspaceId, feature: 'screen', variant: 'deep' };
    expect(await client.usage.log({ ...screens, quantity: '33', member: 'ed' })).toMatchObject({ outcome: 'allowed' });
    expect(await client.usage.log({ ...screens, quantity: '1', member: 'ed' })).toMatchObject({ outcome: 'refused' });
    expect(await client.usage.log({ ...screens, quantity: '1', member: 'flo' })).toMatchObject({ outcome: 'allowed' });
    const viewer = await client.usage.log({ ...screens, quantity: '1', member: 'vic' });
    expect(viewer.reasons.map(({ rule }) => rule)).toEqual(['platform-role', 'pool']);
    expect(await complaintOf(client.usage.log({ ...screens, quantity: '1' }))).toContain(
      'member: Pro gives each member',
    );
    const flo = await client.balance.get({ workspaceId, member: 'flo' });
    expect([credits(flo.balance.used), credits(flo.balance.available), flo.pools.length]).toEqual([90, 2910, 1]);
    const all = await client.balance.get({ workspaceId });
    expect([credits(all.balance.used), all.pools.map((pool) => pool.memberName)]).toEqual([3060, ['Ed', 'Flo']]);
    const { rows } = await client.ledger.page({ workspaceId, ...page });
    expect(rows.map((row) => row.actions)).toEqual([
      ['refund', 'void', 'correct'],
      ['refund', 'void', 'correct'],
    ]);
  });

  it('remembers the last entry of the person at this computer', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    expect(await client.usage.last({ workspaceId })).toBeNull();
    await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana', note: 'mine' });
    setNow('2026-11-20T13:00:00Z');
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ben' });
    expect(await client.usage.last({ workspaceId })).toMatchObject({ note: 'mine', featureName: 'AI video' });
    await client.workspaces.setMe({ workspaceId, member: null });
    expect(await client.usage.last({ workspaceId })).toMatchObject({ memberId: 'ben' });
  });
});

describe('[E3] caps', () => {
  it('binds a member by the own cap, else the team’s default, else everybody’s', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.caps.set({ workspaceId, credits: '50', per: 'day' });
    await client.caps.set({ workspaceId, team: 'design', eachMember: true, credits: '100', per: 'day' });
    await client.caps.set({ workspaceId, member: 'ben', credits: '0', per: 'day', until: '2026-11-22T00:00' });
    const images = (member: string, quantity: string) =>
      client.usage.log({ workspaceId, feature: 'studio-image', quantity, member });
    expect(await images('cem', '3')).toMatchObject({
      outcome: 'refused',
      reasons: [{ rule: 'personal-cap', limit: 50e6 }],
    });
    expect(await images('cem', '2')).toMatchObject({ outcome: 'allowed' });
    expect(await images('ana', '4')).toMatchObject({ outcome: 'allowed' });
    expect(await images('ana', '1')).toMatchObject({
      outcome: 'refused',
      reasons: [{ headroom: 0, freesAt: Date.parse('2026-11-20T23:00:00Z'), span: 'day' }],
    });
    expect(await images('ben', '1')).toMatchObject({ outcome: 'refused', reasons: [{ limit: 0 }] });
    expect(
      await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ben', happened: true }),
    ).toMatchObject({ outcome: 'allowed' });
    const { caps } = await client.workspaces.get({ workspaceId });
    expect(caps.map(({ scope, subjectId }) => [scope, subjectId])).toEqual([
      ['member-default', null],
      ['team-members-default', 'design'],
      ['member', 'ben'],
    ]);
    setNow('2026-11-22T12:00:00Z');
    expect(await images('ben', '4')).toMatchObject({ outcome: 'allowed' });
    expect(await images('ben', '1')).toMatchObject({ outcome: 'refused', reasons: [{ limit: 100e6 }] });
    expect((await client.workspaces.get({ workspaceId })).caps).toHaveLength(2);
    await client.caps.set({ workspaceId, team: 'design', eachMember: true, credits: null, per: 'day' });
    expect(await images('ben', '1')).toMatchObject({ outcome: 'refused', reasons: [{ limit: 50e6 }] });
  });

  it('counts a team’s budget over the week and the period, holds included, across a clock change', async () => {
    // The clocks of Berlin went back on 25 October 2026: the period from the 5th has a day of 25 hours in it.
    const { client, setNow } = await openTestReplica({ now: '2026-10-06T12:00:00Z' });
    const workspaceId = await piktochart(client, { anchor: '2026-10-05', seats: { member: 10 } });
    await client.caps.set({ workspaceId, team: 'design', credits: '500', per: 'period' });
    await client.caps.set({ workspaceId, team: 'design', credits: '300', per: 'week' });
    const video = (member: string) => client.usage.log({ workspaceId, feature: 'video', quantity: '1', member });
    expect(await video('ana')).toMatchObject({ outcome: 'allowed' });
    expect(await video('ben')).toMatchObject({ reasons: [{ rule: 'team-budget', span: 'week', headroom: 50e6 }] });
    expect(await video('cem')).toMatchObject({ outcome: 'allowed' });
    setNow('2026-10-25T22:30:00Z');
    const hold = await client.usage.hold({ workspaceId, feature: 'video', quantity: '1', member: 'ben' });
    expect(hold.outcome).toBe('allowed');
    setNow('2026-10-27T12:00:00Z');
    expect(await video('ana')).toMatchObject({ reasons: [{ rule: 'team-budget', span: 'period', headroom: 0 }] });
    await client.usage.release({ id: hold.transactionId ?? '' });
    expect(await video('ana')).toMatchObject({ outcome: 'allowed' });
    setNow('2026-11-05T00:00:00+01:00');
    expect(await video('ana')).toMatchObject({ outcome: 'allowed' });
  });

  it('counts to the credit what lies in a window that is cut in another zone than the workspace’s days', async () => {
    // Miro resets at 00:00 UTC, which is the afternoon before in Los Angeles.
    const { client, setNow } = await openTestReplica({ now: '2026-10-31T23:59:00Z' });
    const workspaceId = await miro(client);
    await client.caps.set({ workspaceId, member: 'ana', credits: '10', per: 'period' });
    const doc = (quantity: string) => client.usage.log({ workspaceId, feature: 'doc', quantity, member: 'ana' });
    expect(await doc('5')).toMatchObject({ outcome: 'allowed' });
    expect(await doc('1')).toMatchObject({ outcome: 'refused' });
    setNow('2026-11-01T00:00:00Z');
    expect(await doc('2')).toMatchObject({ outcome: 'allowed' });
    setNow('2026-11-15T12:00:00Z');
    expect(await doc('2')).toMatchObject({ outcome: 'allowed' });
    setNow('2026-11-30T23:59:59Z');
    expect(await doc('2')).toMatchObject({ outcome: 'refused', reasons: [{ headroom: 2e6 }] });
    expect(await doc('1')).toMatchObject({ outcome: 'allowed' });
    setNow('2026-12-01T00:00:00Z');
    expect(await doc('5')).toMatchObject({ outcome: 'allowed' });
  });

  it.each([
    [{ credits: '-1', per: 'day' }, 'credits: -1 is negative'],
    [{ credits: 'x', per: 'day' }, 'credits: “x” is not a number'],
    [{ credits: '1', per: 'day', member: 'ana', team: 'design' }, 'member: a cap is of a member or of a team'],
    [{ credits: '1', per: 'day', member: 'x' }, 'There is no member “x”.'],
    [{ credits: '1', per: 'day', team: 'x' }, 'There is no team “x”.'],
    [{ credits: '1', per: 'day', eachMember: true }, 'eachMember: is about the members of a team'],
    [{ credits: '1', per: 'day', until: '2026-11-19' }, 'until: is not after the start of the cap'],
    [{ credits: '1', per: 'day', until: 'soon' }, 'until: “soon” is no date or time'],
  ] as const)('refuses %j', async (given, complaint) => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    expect(await complaintOf(client.caps.set({ workspaceId, ...given }))).toContain(complaint);
  });
});

describe('what cannot be logged', () => {
  it.each([
    [{ feature: '' }, 'feature: is missing'],
    [{ quantity: '' }, 'quantity: is missing'],
    [{ quantity: '0' }, 'quantity: 0 is not more than 0'],
    [{ quantity: '-3' }, 'quantity: -3 is not more than 0'],
    [{ quantity: 'NaN' }, 'quantity: “NaN” is not a number'],
    [{ quantity: '1e309' }, 'quantity: “1e309” is too large'],
    [{ quantity: '0.0000001' }, 'quantity: 0.0000001 has more than six decimal places'],
    [{ member: 'nobody' }, 'There is no member “nobody”.'],
    [{ team: 'nowhere' }, 'There is no team “nowhere”.'],
    [{ at: '2026-02-30' }, 'at: “2026-02-30” is no date or time that exists'],
    [{ at: 'yesterday' }, 'at: “yesterday” is no date'],
    [{ externalId: ' ' }, 'externalId: is missing'],
  ])('%j', async (given, complaint) => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const use = { workspaceId, feature: 'video', quantity: '1', ...given };
    expect(await complaintOf(client.usage.log(use))).toContain(complaint);
    expect(await complaintOf(client.usage.preview(use))).toContain(complaint);
    expect((await client.ledger.page({ workspaceId, ...page })).total).toBe(0);
  });

  it('refuses an endless note', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const call = client.usage.log({ workspaceId, feature: 'video', quantity: '1', note: 'x'.repeat(501) });
    expect(await complaintOf(call)).toBe('note: is longer than 500 characters');
  });

  it('refuses an unknown variant, and a hold that is over before it begins', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const unknown = await client.usage.log({ workspaceId, feature: 'video', variant: 'deep', quantity: '1' });
    expect(unknown).toMatchObject({ outcome: 'refused', reasons: [{ rule: 'known-feature' }] });
    const hold = { workspaceId, feature: 'video', quantity: '1', expires: '2026-11-20T11:00:00Z' };
    expect(await complaintOf(client.usage.hold(hold))).toBe('expires: is not after the start of the hold');
  });

  it('[K1] never books more than it can count, and stays readable', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await miro(client);
    const huge = { workspaceId, feature: 'text', quantity: '4000000000', happened: true };
    expect((await client.usage.log(huge)).outcome).toBe('allowed-overage');
    expect(await complaintOf(client.usage.log(huge))).toContain('quantity: takes the sums of this pool beyond');
    expect(await complaintOf(client.grants.add({ workspaceId, amount: '4000000000' }))).toContain(
      'amount: takes the sums',
    );
    expect(await client.usage.log({ ...huge, feature: 'slides', quantity: '9000000000' })).toMatchObject({
      outcome: 'refused',
      reasons: [{ rule: 'priced' }],
    });
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(4_000_000_000);
  });
});
