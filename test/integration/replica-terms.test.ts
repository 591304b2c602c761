import { describe, expect, it } from 'vitest';
import {
  at,
  complaintOf,
  credits,
  miro,
  openTestReplica,
  piktochart,
  problemOf,
  type Client,
} from '../support/replica.ts';

async function subscriptionOf(client: Client, workspaceId: string) {
  for await (const view of await client.subscription.live({ workspaceId })) return view;
  throw new Error('The view never came');
}

async function allotted(client: Client, workspaceId: string, asOf: string): Promise<number> {
  return credits((await client.balance.get({ workspaceId, asOf })).balance.allotted);
}

describe('[S2] plans', () => {
  it('changes the plan with the next period, and says so before and after', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const set = await client.plans.set({ workspaceId, plan: 'business', reason: 'we grow' });
    expect(set.effectiveFrom).toBe(at('2026-12-05T00:00:00+01:00'));
    const view = await subscriptionOf(client, workspaceId);
    expect(view).toMatchObject({ plan: { id: 'pro' }, planEndedAt: null, needsAllotment: false });
    expect(view.upcoming).toEqual([{ at: set.effectiveFrom, summary: 'Plan Business (before: Plan Pro)' }]);
    expect(view.changes[0]).toMatchObject({ kind: 'plan', reason: 'we grow', authorName: 'Ana' });
    expect(await allotted(client, workspaceId, '2026-12-04T22:59:59Z')).toBe(1500);
    expect(await allotted(client, workspaceId, '2026-12-04T23:00:00Z')).toBe(3000);
    setNow('2026-12-06T00:00:00Z');
    const later = await subscriptionOf(client, workspaceId);
    expect(later).toMatchObject({ plan: { id: 'business' }, upcoming: [] });
    expect(await complaintOf(client.plans.set({ workspaceId, plan: 'gold' }))).toContain(
      'plan: “gold” is no plan of Piktochart',
    );
    expect(await complaintOf(client.plans.set({ workspaceId, plan: 'pro', enteredAllotment: '7' }))).toContain(
      'enteredAllotment: is only for plans without a published figure',
    );
    expect(await complaintOf(client.plans.set({ workspaceId, plan: 'pro', at: 'someday' }))).toContain('at: ');
  });

  it('[E2] ends a plan at once: packs still pay, nothing is allotted, a new plan starts at once', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.grants.add({ workspaceId, amount: '2000' });
    expect(await client.plans.end({ workspaceId, at: '2026-11-20T12:00:00Z' })).toEqual({
      effectiveFrom: at('2026-11-20T12:00:00Z'),
    });
    expect(await subscriptionOf(client, workspaceId)).toMatchObject({ planEndedAt: at('2026-11-20T12:00:00Z') });
    expect((await client.workspaces.get({ workspaceId })).planEndedAt).toBe(at('2026-11-20T12:00:00Z'));
    const video = await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' });
    expect(video).toMatchObject({ outcome: 'allowed', split: [{ kind: 'adjustment' }] });
    setNow('2026-12-10T12:00:00Z');
    const { balance } = await client.balance.get({ workspaceId });
    expect([credits(balance.allotted), credits(balance.available)]).toEqual([0, 1750]);
    const { effectiveFrom } = await client.plans.set({ workspaceId, plan: 'pro' });
    expect(effectiveFrom).toBe(at('2026-12-10T12:00:00Z'));
    expect(credits((await client.balance.get({ workspaceId })).balance.available)).toBe(3250);
    expect(await complaintOf(client.plans.end({ workspaceId, at: '' }))).toBe('at: is missing');
  });
});

describe('[S1] seats', () => {
  it('counts Miro’s new seats from the first reset after the next billing date', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await miro(client, { seats: { member: 120 } });
    const set = await client.plans.setSeats({ workspaceId, seats: { member: 210 }, reason: 'new hires' });
    expect(set.effectiveFrom).toBe(at('2027-01-01T00:00:00Z'));
    const view = await subscriptionOf(client, workspaceId);
    expect(view.upcoming[0]?.summary).toBe('Seats: 210 × Member (before: Seats: 120 × Member)');
    expect(view.seats).toEqual([
      { role: 'admin', roleName: 'Admin', seats: 0 },
      { role: 'member', roleName: 'Member', seats: 120 },
    ]);
    expect([view.peopleWithSeat, credits(view.balance.allotted)]).toEqual([2, 10_000]);
    expect(await allotted(client, workspaceId, '2026-12-31T23:59:59Z')).toBe(10_000);
    setNow('2027-01-01T00:00:00Z');
    expect(credits((await client.balance.get({ workspaceId })).balance.allotted)).toBe(15_000);
  });

  it('adds licences at once and takes them away with the next period, where the plan says so', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await miro(client, {
      platform: 'github-copilot',
      plan: 'business',
      seats: { member: 10 },
      members: [],
    });
    const more = await client.plans.setSeats({ workspaceId, seats: { '*': 12 } });
    expect(more.effectiveFrom).toBe(at('2026-11-20T12:00:00Z'));
    expect(credits((await client.balance.get({ workspaceId })).balance.allotted)).toBe(22_800);
    const fewer = await client.plans.setSeats({ workspaceId, seats: { member: 5 } });
    expect(fewer.effectiveFrom).toBe(at('2026-12-01T00:00:00Z'));
    expect(await allotted(client, workspaceId, '2026-12-01T00:00:00Z')).toBe(9500);
    expect(await complaintOf(client.plans.setSeats({ workspaceId, seats: { boss: 1 } }))).toContain(
      'seats.boss: “boss” takes no seat',
    );
  });
});

describe('add-ons and allotments', () => {
  it('[G11] grants a credit line by the period, and ends it with one', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await miro(client);
    const on = await client.plans.setAddOn({ workspaceId, addOn: 'credit-add-on', on: true, credits: '1000' });
    expect(on.effectiveFrom).toBe(at('2026-11-01T00:00:00Z'));
    expect(credits((await client.balance.get({ workspaceId })).balance.available)).toBe(3500);
    const off = await client.plans.setAddOn({ workspaceId, addOn: 'credit-add-on', on: false });
    expect(off.effectiveFrom).toBe(at('2026-12-01T00:00:00Z'));
    expect(credits((await client.balance.get({ workspaceId })).balance.available)).toBe(3500);
    expect(await allotted(client, workspaceId, '2026-12-01T00:00:00Z')).toBe(2500);
    const call = (more: object) =>
      complaintOf(client.plans.setAddOn({ workspaceId, addOn: 'credit-add-on', on: true, ...more }));
    expect(await call({})).toContain('credits: says how many credits');
    expect(await call({ credits: '0' })).toBe('credits: must be more than 0');
    expect(await call({ credits: '9000000000' })).toContain('credits: 9000000000 is too large; the most per period');
    expect(await call({ addOn: 'x' })).toBe('There is no add-on “x”.');
  });

  it('[G11] keeps a line and an entered figure past an anchor that lies inside the running month', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await miro(client, {
      anchor: '2026-11-20',
      seats: { member: 1500 },
      enteredAllotment: '80000',
      addOns: ['prototypes'],
    });
    await client.plans.setAddOn({ workspaceId, addOn: 'credit-add-on', on: true, credits: '1000' });
    const view = await subscriptionOf(client, workspaceId);
    expect(view).toMatchObject({ needsAllotment: false, enteredAllotment: 80_000e6 });
    expect(view.addOns.find(({ id }) => id === 'credit-add-on')).toMatchObject({ on: true });
    expect(await allotted(client, workspaceId, '2026-12-01T00:00:00Z')).toBe(81_000);
  });

  it('asks for the figure of the contract when a change leads beyond what the platform publishes', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await miro(client, { plan: 'other', seats: { member: 1500 } });
    const change = { workspaceId, plan: 'enterprise' };
    expect(await complaintOf(client.plans.set(change))).toContain('publishes no figure for 1500 seats');
    const { effectiveFrom } = await client.plans.set({ ...change, enteredAllotment: '80000' });
    expect(await allotted(client, workspaceId, new Date(effectiveFrom).toISOString())).toBe(80_000);
    const seats = { workspaceId: await miro(client), seats: { member: 1001 } };
    expect(await complaintOf(client.plans.setSeats(seats))).toContain('publishes no figure for 1001 seats');
    await client.plans.setSeats({ ...seats, enteredAllotment: '60000' });
  });

  it('[E2] refuses what needs an add-on that is off, from then on', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await miro(client);
    const prototypes = () => client.usage.log({ workspaceId, feature: 'prototypes', quantity: '1', member: 'ana' });
    expect(await prototypes()).toMatchObject({ outcome: 'allowed' });
    await client.plans.setAddOn({ workspaceId, addOn: 'prototypes', on: false });
    expect(await prototypes()).toMatchObject({ outcome: 'refused', reasons: [{ rule: 'feature-in-plan' }] });
    expect((await client.workspaces.get({ workspaceId })).addOns[0]).toMatchObject({ id: 'prototypes', on: false });
  });

  it('fills in a missing allotment for the running period, and changes one with the next', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await miro(client, { plan: 'other', anchor: '2026-11-01', timeZone: 'UTC' });
    expect(await subscriptionOf(client, workspaceId)).toMatchObject({ needsAllotment: true, enteredAllotment: null });
    const first = await client.plans.setAllotment({ workspaceId, credits: '80000' });
    expect(first.effectiveFrom).toBe(at('2026-11-01T00:00:00Z'));
    expect(await subscriptionOf(client, workspaceId)).toMatchObject({
      needsAllotment: false,
      enteredAllotment: 80_000e6,
    });
    const second = await client.plans.setAllotment({ workspaceId, credits: '60000', reason: 'new contract' });
    expect(second.effectiveFrom).toBe(at('2026-12-01T00:00:00Z'));
    expect(credits((await client.balance.get({ workspaceId })).balance.allotted)).toBe(80_000);
    expect(await allotted(client, workspaceId, '2026-12-01T00:00:00Z')).toBe(60_000);
    expect(await complaintOf(client.plans.setAllotment({ workspaceId, credits: '-5' }))).toBe(
      'credits: -5 is negative',
    );
    const piktochartId = await piktochart(client);
    expect(await complaintOf(client.plans.setAllotment({ workspaceId: piktochartId, credits: '5' }))).toContain(
      'credits: Pro publishes its allotment',
    );
  });
});

describe('the history of changes', () => {
  it('tells from what to what, of whom, latest first', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    setNow('2026-11-20T13:00:00Z');
    await client.caps.set({ workspaceId, member: 'ben', credits: '10.5', per: 'day', reason: 'asked for it' });
    setNow('2026-11-20T14:00:00Z');
    await client.caps.set({ workspaceId, member: 'ben', credits: null, per: 'day' });
    setNow('2026-11-20T15:00:00Z');
    await client.caps.set({ workspaceId, team: 'design', credits: '99', per: 'week' });
    const { changes } = await subscriptionOf(client, workspaceId);
    expect(changes.slice(0, 3).map(({ summary }) => summary)).toEqual([
      'Cap of team Design: 99 credits per week',
      'Cap of Ben: lifted (before: Cap of Ben: 10.5 credits per day)',
      'Cap of Ben: 10.5 credits per day',
    ]);
    expect(changes.map(({ summary }) => summary)).toContain('Seats: 3 × Member');
    expect((await problemOf(client.caps.set({ workspaceId, credits: '', per: 'day' }))).issues[0]?.path).toBe(
      'credits',
    );
  });
});
