import { describe, expect, it } from 'vitest';
import { complaintOf, miro, openTestReplica, piktochart, type Client } from '../support/replica.ts';

type Asked = Parameters<Client['changes']['preview']>[0];

async function replicaWith(workspace: (client: Client) => Promise<string>) {
  const { client } = await openTestReplica();
  const workspaceId = await workspace(client);
  const facts = async (asked: Asked) => (await client.changes.preview(asked)).facts;
  return { client, workspaceId, facts };
}

async function first<Value>(live: Promise<AsyncIterable<Value>>): Promise<Value> {
  for await (const value of await live) return value;
  throw new Error('It ended without a view.');
}

describe('what a change would do', () => {
  it('[S1] seats: from when on, credits per period, and people beside seats; making it does just that', async () => {
    const { client, workspaceId, facts } = await replicaWith(piktochart);
    const given = { workspaceId, seats: { member: 2 } };
    const preview = await client.changes.preview({ kind: 'seats', given });
    expect(preview.facts).toEqual([
      { kind: 'credits-per-period', before: 1500e6, after: 1000e6 },
      { kind: 'people-with-seat', before: 3, after: 3, seatsBefore: 3, seatsAfter: 2 },
    ]);
    const { changes } = await first(client.subscription.live({ workspaceId }));
    expect((await client.plans.setSeats(given)).effectiveFrom).toBe(preview.effectiveFrom);
    const after = await first(client.subscription.live({ workspaceId }));
    expect(after.changes).toHaveLength(changes.length + 1);
    expect(after.changes[0]?.summary).toMatch(/2 × .*before: Seats: 3 ×/);
    expect(await facts({ kind: 'seats', given })).toEqual([
      { kind: 'credits-per-period', before: 1000e6, after: 1000e6 },
    ]);
  });

  it('[S2] another plan: its credits, its limit, and who has no role in it', async () => {
    const { workspaceId, facts } = await replicaWith(piktochart);
    expect(await facts({ kind: 'plan', given: { workspaceId, plan: 'business' } })).toEqual([
      { kind: 'credits-per-period', before: 1500e6, after: 3000e6 },
      { kind: 'people-with-seat', before: 3, after: 3, seatsBefore: 3, seatsAfter: 3 },
    ]);
    expect(await facts({ kind: 'plan-end', given: { workspaceId, at: '2026-11-25' } })).toContainEqual({
      kind: 'credits-per-period',
      before: 1500e6,
      after: 0,
    });
  });

  it('refuses with the words of the change itself, and changes nothing', async () => {
    const { client, workspaceId } = await replicaWith(miro);
    const { changes } = await first(client.subscription.live({ workspaceId }));
    const cap = { workspaceId, per: 'day' } as const;
    expect(await complaintOf(client.changes.preview({ kind: 'cap', given: { ...cap, credits: '-1' } }))).toBe(
      await complaintOf(client.caps.set({ ...cap, credits: '-1' })),
    );
    const plan = { workspaceId, plan: 'no-such-plan' };
    expect(await complaintOf(client.changes.preview({ kind: 'plan', given: plan }))).toBe(
      await complaintOf(client.plans.set(plan)),
    );
    await client.changes.preview({ kind: 'cap', given: { ...cap, credits: '1' } });
    expect((await first(client.subscription.live({ workspaceId }))).changes).toEqual(changes);
    expect((await client.workspaces.get({ workspaceId })).caps).toEqual([]);
  });

  it('[E3] a cap: the one before, what was used of its window, and how many have reached a default', async () => {
    const { client, workspaceId, facts } = await replicaWith(piktochart);
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '2', member: 'ana', happened: true });
    await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '3', member: 'ben', happened: true });
    const cap = { workspaceId, credits: '50', per: 'day' } as const;
    expect(await facts({ kind: 'cap', given: { ...cap, member: 'ana' } })).toEqual([
      { kind: 'cap', per: 'day', before: null, after: 50e6, used: 50e6 },
    ]);
    expect(await facts({ kind: 'cap', given: cap })).toEqual([{ kind: 'cap-reached', people: 1, of: 3 }]);
    await client.caps.set({ ...cap, member: 'ana' });
    expect(await facts({ kind: 'cap', given: { ...cap, member: 'ana', credits: null } })).toEqual([
      { kind: 'cap', per: 'day', before: 50e6, after: null, used: 50e6 },
    ]);
  });

  it('[L4] a member: who may spend, the team and the caps that bind there, access, seats', async () => {
    const { client, workspaceId, facts } = await replicaWith(piktochart);
    const { teams } = await client.workspaces.get({ workspaceId });
    await client.caps.set({ workspaceId, team: teams[0]?.id ?? '', credits: '400', per: 'week' });
    const member = { workspaceId, member: 'cem' };
    expect(await facts({ kind: 'member', given: { ...member, team: 'Design', access: 'team-lead' } })).toEqual([
      { kind: 'team', before: null, after: 'Design' },
      { kind: 'caps-binding', caps: [{ per: 'week', credits: 400e6, ofTeam: true }] },
      { kind: 'access', before: 'member', after: 'team-lead' },
    ]);
    expect(await facts({ kind: 'member', given: { ...member, active: false } })).toEqual([
      { kind: 'spends', before: true, after: false },
      { kind: 'people-with-seat', before: 3, after: 2, seatsBefore: 3, seatsAfter: 3 },
    ]);
    const drafts = [{ name: 'Dora', role: 'member', team: 'Film' }];
    expect(await facts({ kind: 'members', given: { workspaceId, members: drafts } })).toEqual([
      { kind: 'people-with-seat', before: 3, after: 4, seatsBefore: 3, seatsAfter: 3 },
      { kind: 'teams-made', names: ['Film'] },
    ]);
    expect(await facts({ kind: 'team', given: { workspaceId, team: teams[0]?.id ?? '', deleted: true } })).toEqual([
      { kind: 'team-holds', people: 2, caps: 1 },
    ]);
    expect((await client.workspaces.get({ workspaceId })).members).toHaveLength(3);
  });

  it('[N1] thresholds: the credits at which each is told, and which are passed; who set them stays in the history', async () => {
    const { client, workspaceId, facts } = await replicaWith(piktochart);
    await client.usage.log({ workspaceId, feature: 'video', quantity: '2', member: 'ana', happened: true });
    expect(await facts({ kind: 'alerts', given: { workspaceId, thresholds: [90, 20] } })).toEqual([
      { kind: 'threshold', percent: 20, credits: 300e6, crossed: true },
      { kind: 'threshold', percent: 90, credits: 1350e6, crossed: false },
    ]);
    await client.alerts.setSettings({ workspaceId, thresholds: [90, 20] });
    await client.alerts.setSettings({ workspaceId, thresholds: [20, 90] });
    const { alertChanges } = await first(client.subscription.live({ workspaceId }));
    expect(alertChanges).toMatchObject([
      {
        kind: 'alerts',
        authorName: 'Ana',
        summary: expect.stringMatching(/^Alerts at 20, 90 % of use.*\(before: at 50, 80, 100 % of use/),
      },
    ]);
  });
});
