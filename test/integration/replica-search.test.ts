import { describe, expect, it } from 'vitest';
import type { SearchHit } from '../../shared/bridge/search-views.ts';
import { miro, openTestReplica, piktochart, type Client } from '../support/replica.ts';

async function found(client: Client, text: string, workspaceId?: string): Promise<readonly SearchHit[]> {
  return (await client.search.find({ text, ...(workspaceId === undefined ? {} : { workspaceId }) })).hits;
}

const told = (hits: readonly SearchHit[]) =>
  hits.map((hit) => [hit.kind, 'name' in hit ? hit.name : hit.kind === 'line' ? hit.text : null, hit.workspaceName]);

describe('search', () => {
  it('finds people, teams, features, packs and grants of all workspaces, those of the open one first', async () => {
    const { client } = await openTestReplica();
    const studio = await piktochart(client, {
      name: 'Studio',
      members: [{ id: 'zoe', name: 'Zoë Müller', role: 'member', team: 'Motion design' }],
    });
    const boards = await miro(client, { name: 'Boards' });
    const { orderId } = await client.orders.create({ workspaceId: studio, pack: 'booster' });
    await client.orders.confirm({ orderId });

    expect(told(await found(client, 'zoe mu'))).toEqual([['member', 'Zoë Müller', 'Studio']]);
    expect(told(await found(client, 'DESIGN', boards))).toEqual([
      ['team', 'Design', 'Boards'],
      ['team', 'Motion design', 'Studio'],
    ]);
    expect(told(await found(client, 'booster', studio))).toEqual([
      ['pack', 'Booster', 'Studio'],
      ['grant', 'Booster', 'Studio'],
    ]);
    const kinds = (await found(client, 'video', studio)).map(({ kind, id }) => [kind, id]);
    expect(kinds).toEqual([['feature', 'video']]);
    expect(await found(client, 'nothing has this name')).toEqual([]);
  });

  it('finds lines by their note, by a reason, and by the beginning of their id', async () => {
    const { client } = await openTestReplica();
    const studio = await piktochart(client, { name: 'Studio' });
    const boards = await miro(client, { name: 'Boards' });
    const log = async (workspaceId: string, feature: string, note: string) =>
      (await client.usage.log({ workspaceId, feature, quantity: '1', member: 'ana', note })).transactionId ?? '';
    const first = await log(studio, 'video', 'Übersicht for the spring campaign');
    await log(boards, 'text', 'Spring boards');
    await client.usage.void({ id: first, reason: 'Spring was cancelled' });

    const notes = told(await found(client, 'spring', studio));
    expect(notes).toEqual([
      ['line', 'Spring was cancelled', 'Studio'],
      ['line', 'Übersicht for the spring campaign', 'Studio'],
      ['line', 'Spring boards', 'Boards'],
    ]);
    expect(told(await found(client, 'übersicht'))).toHaveLength(1);
    expect((await found(client, first.slice(0, 13))).some(({ id }) => id === first)).toBe(true);
    expect((await found(client, first.toUpperCase())).map(({ id }) => id)).toEqual([first]);
  });

  it('answers with some of each kind, and says when it did not look at all lines', async () => {
    const { client } = await openTestReplica();
    const people = Array.from({ length: 40 }, (_, place) => ({ name: `Kim ${place}`, role: 'member' }));
    const studio = await piktochart(client, { members: people });
    for (let place = 0; place < 12; place += 1) {
      await client.usage.log({ workspaceId: studio, feature: 'topic-prompt', quantity: '1', note: `draft ${place}` });
    }
    expect(await found(client, 'kim', studio)).toHaveLength(6);
    const { hits, furtherBack } = await client.search.find({ text: 'draft', workspaceId: studio });
    expect([hits.length, furtherBack]).toEqual([8, true]);
    expect((await client.search.find({ text: 'draft 11', workspaceId: studio })).furtherBack).toBe(false);
  });

  it('[V1] [V2] [V3] finds nobody who is not shown, nor what they wrote, and oneself still', async () => {
    const { client } = await openTestReplica();
    const studio = await piktochart(client);
    await client.members.change({ workspaceId: studio, member: 'ana', access: 'company-admin' });
    for (const member of ['ana', 'ben']) {
      const note = `secret of ${member}`;
      await client.usage.log({ workspaceId: studio, feature: 'topic-prompt', quantity: '1', member, note });
    }
    expect(await found(client, 'secret', studio)).toHaveLength(2);
    await client.workspaces.setPrivacy({ workspaceId: studio, hidesPeople: true });
    expect(told(await found(client, 'secret', studio)).map(([, text]) => text)).toEqual(['secret of ana']);
    expect(await found(client, 'ben', studio)).toEqual([]);
    expect(await found(client, 'design', studio)).toEqual([]);
    expect(told(await found(client, 'ana', studio))[0]).toEqual(['member', 'Ana', expect.any(String)]);
  });
});
