import { describe, expect, it } from 'vitest';
import { complaintOf, credits, openTestReplica, piktochart, problemOf } from '../support/replica.ts';

const page = { filter: {}, cursor: null, limit: 100 };

describe('adding members', () => {
  it('adds all or none, and makes the teams that they name', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const added = await client.members.add({
      workspaceId,
      members: [
        { name: 'Dua', role: 'member', team: 'research' },
        { name: 'Eli', role: 'member', team: 'RESEARCH' },
        { name: 'Fay', role: 'member', team: 'Design' },
      ],
    });
    expect(added).toEqual({ added: 3 });
    const { members, teams } = await client.workspaces.get({ workspaceId });
    expect(members.map(({ id, teamId }) => [id, teamId])).toEqual([
      ['ana', 'design'],
      ['ben', 'design'],
      ['cem', null],
      ['dua', 'research'],
      ['eli', 'research'],
      ['fay', 'design'],
    ]);
    expect(teams.map(({ id, name }) => [id, name])).toEqual([
      ['design', 'Design'],
      ['research', 'research'],
    ]);
    const call = client.members.add({
      workspaceId,
      members: [
        { name: 'New', role: 'member', team: 'Brand new' },
        { id: 'ana', name: 'Another Ana', role: 'member' },
        { name: 'Who', role: 'king' },
      ],
    });
    const problem = await problemOf(call);
    expect(problem.issues).toEqual([
      { path: 'members.1.id', message: 'Another Ana: the id “ana” is taken', line: 2 },
      { path: 'members.2.role', message: 'Who: “king” is no role of Pro; it has member', line: 3 },
    ]);
    const after = await client.workspaces.get({ workspaceId });
    expect([after.members.length, after.teams.length]).toEqual([6, 2]);
  });

  it('gives teams whose names read alike, or like a deleted one, ids of their own', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.members.add({
      workspaceId,
      members: [
        { name: 'One', role: 'member', team: 'Sales & Ops' },
        { name: 'Two', role: 'member', team: 'Sales (Ops)' },
      ],
    });
    await client.members.changeTeam({ workspaceId, team: 'design', deleted: true });
    await client.members.add({ workspaceId, members: [{ name: 'Three', role: 'member', team: 'Design' }] });
    const { members, teams } = await client.workspaces.get({ workspaceId });
    const teamOf = (id: string) => teams.find((team) => team.id === members.find((member) => member.id === id)?.teamId);
    expect(teamOf('one')?.name).toBe('Sales & Ops');
    expect(teamOf('two')?.name).toBe('Sales (Ops)');
    expect(teamOf('three')).toMatchObject({ name: 'Design', deleted: false });
    expect(teamOf('ana')).toMatchObject({ id: 'design', deleted: true });
  });

  it('adds 5,000 members of 1,000 teams at once', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const members = Array.from({ length: 5000 }, (_, place) => ({
      name: `Person ${place}`,
      role: 'member',
      team: `Team ${place % 1000}`,
    }));
    await client.members.add({ workspaceId, members });
    const view = await client.workspaces.get({ workspaceId });
    expect([view.members.length, view.teams.length]).toEqual([5003, 1001]);
  });

  it.each([
    [[], 'members: names nobody'],
    [[{ name: ' ', role: 'member' }], 'members.0.name: is missing'],
    [[{ name: 'x'.repeat(121), role: 'member' }], 'members.0.name: is longer than 120 characters'],
    [[{ name: 'A', role: 'member', team: 'a\u2028b' }], 'members.0.team: must not contain line breaks'],
    [[{ id: '<b>', name: 'A', role: 'member' }], 'members.0.id: use letters, digits, spaces'],
  ])('refuses %j', async (members, complaint) => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    expect(await complaintOf(client.members.add({ workspaceId, members }))).toContain(complaint);
  });

  it('reads pasted text and books nothing', async () => {
    const { client } = await openTestReplica();
    const parsed = await client.members.parse({
      platform: 'piktochart',
      plan: 'pro',
      text: 'name,role\nZoë 🦊,member\n',
    });
    expect(parsed.members).toMatchObject([{ name: 'Zoë 🦊', role: 'member' }]);
    const problem = await problemOf(client.members.parse({ platform: 'piktochart', plan: 'gold', text: '' }));
    expect(problem).toMatchObject({ code: 'not-found', message: 'There is no plan “gold”.' });
  });
});

describe('changing members and teams', () => {
  it('[L4] moves a member to another team, and leaves old use with the old one', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const use = { workspaceId, feature: 'topic-prompt', member: 'ana' };
    await client.usage.log({ ...use, quantity: '3' });
    setNow('2026-11-20T13:00:00Z');
    await client.members.change({ workspaceId, member: 'ana', team: 'Growth', reason: 'moved' });
    setNow('2026-11-20T14:00:00Z');
    await client.usage.log({ ...use, quantity: '4' });
    // What happened before the move belongs to the old team, however late it is told.
    await client.usage.log({ ...use, quantity: '5', at: '2026-11-20T12:30:00Z' });
    const { rows } = await client.report.get({ workspaceId, by: 'team', period: 'day' });
    expect(rows.map((row) => [row.id, credits(row.credits)])).toEqual([
      ['design', 8],
      ['growth', 4],
    ]);
    await client.members.change({ workspaceId, member: 'ana', team: null });
    await client.members.changeTeam({ workspaceId, team: 'design', name: 'Design, retired', deleted: true });
    const later = await client.report.get({ workspaceId, by: 'team', period: 'day' });
    expect(later.rows[0]).toMatchObject({ id: 'design', name: 'Design, retired' });
    expect((await client.workspaces.get({ workspaceId })).members[0]).toMatchObject({ id: 'ana', teamId: null });
    const { changes } = (await firstOf(client.subscription.live({ workspaceId })))!;
    expect(changes.map((change) => change.summary)).toContain(
      'Member Ana: Member, team Growth (before: Member Ana: Member, team Design, retired)',
    );
    expect(changes.find((change) => change.reason === 'moved')).toMatchObject({ authorName: 'Ana', kind: 'member' });
  });

  it('deactivates a member, whose entries stay', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'cem' });
    expect(await client.members.change({ workspaceId, member: 'cem', active: false, name: 'Cem (left)' })).toEqual({
      changed: true,
    });
    expect(
      await complaintOf(client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'cem' })),
    ).toBe('member: Cem (left) is inactive; make them active again, or log it as already happened');
    const happened = { workspaceId, feature: 'topic-prompt', quantity: '1', member: 'cem', happened: true };
    expect((await client.usage.log(happened)).outcome).toBe('allowed');
    const { rows } = await client.ledger.page({ workspaceId, ...page });
    expect(rows.map((row) => row.memberName)).toEqual(['Cem (left)', 'Cem (left)']);
    const { peopleWithSeat } = (await firstOf(client.subscription.live({ workspaceId })))!;
    expect(peopleWithSeat).toBe(2);
  });

  it('refuses who and what is not there', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    expect(await problemOf(client.members.change({ workspaceId, member: 'nobody' }))).toMatchObject({
      code: 'not-found',
      message: 'There is no member “nobody”.',
    });
    expect(await complaintOf(client.members.change({ workspaceId, member: 'ana', role: 'king' }))).toBe(
      'role: “king” is no role of Pro; it has member',
    );
    expect(await complaintOf(client.members.change({ workspaceId, member: 'ana', at: '2026-02-30' }))).toContain(
      'at: ',
    );
    expect(await problemOf(client.members.changeTeam({ workspaceId, team: 'x', name: 'Y' }))).toMatchObject({
      message: 'There is no team “x”.',
    });
    expect(await client.members.change({ workspaceId, member: 'ana' })).toEqual({ changed: false });
    expect(await client.members.change({ workspaceId, member: 'ana', team: 'design' })).toEqual({ changed: false });
    expect(await client.members.changeTeam({ workspaceId, team: 'design', name: 'Design' })).toEqual({
      changed: false,
    });
  });
});

async function firstOf<Value>(stream: Promise<AsyncIterable<Value>>): Promise<Value | undefined> {
  for await (const value of await stream) return value;
  return undefined;
}
