import { describe, expect, it } from 'vitest';
import { parseInvite } from '../../shared/protocol/invite.ts';
import { cr, usage } from '../support/ledger-lines.ts';
import { memoryHttpServer } from '../support/memory-http-server.ts';
import { credits, openTestReplica, problemOf } from '../support/replica.ts';
import { inStep, lineCount, poolOf, publishedTo, syncOf, until } from '../support/synced.ts';

describe('a workspace that is taken to a server', () => {
  it('keeps its history: another device has all of it, and the same figures', async () => {
    const server = await memoryHttpServer();
    const first = await openTestReplica();
    const { workspaceId } = await publishedTo(server, first);
    await first.client.usage.log({ workspaceId, feature: 'video', quantity: '2', member: 'ana', happened: true });
    await first.client.orders.create({ workspaceId, pack: 'starter' });
    await first.client.readings.add({ workspaceId, used: '500', at: '2026-11-20T11:59:00Z' });
    await inStep(first.client, workspaceId);
    const balance = await first.client.balance.get({ workspaceId });
    await first.close();

    const second = await openTestReplica();
    const { workspaceIds } = await second.client.sync.connect({ invite: server.invite(), deviceName: 'Second' });
    expect(workspaceIds).toEqual([workspaceId]);
    await inStep(second.client, workspaceId);
    expect(await second.client.balance.get({ workspaceId })).toEqual(balance);
    expect(await lineCount(second.client, workspaceId)).toBe(1);
    expect(await second.client.workspaces.get({ workspaceId })).toMatchObject({ name: 'Piktochart Pro', meId: 'ana' });
    expect((await second.client.projections.check({})).differences).toEqual([]);
  });

  it('keeps a local copy when it leaves, and is its own again', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica();
    const { client } = replica;
    const { workspaceId, serverId } = await publishedTo(server, replica);
    await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana', happened: true });
    await inStep(client, workspaceId);
    expect(await client.sync.leave({ workspaceId })).toEqual({ left: true });
    expect((await client.sync.status()).workspaces).toEqual([]);
    const seen = server.requests.length;
    // Without a server there is no lease to ask for.
    const logged = await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' });
    expect(logged.outcome).toBe('allowed');
    expect(await lineCount(client, workspaceId)).toBe(2);
    expect(server.requests.slice(seen).filter((request) => request.includes('push'))).toEqual([]);

    // Back again: what came since is sent, and nothing twice.
    await client.sync.open({ serverId, workspaceId });
    await inStep(client, workspaceId);
    const lines = [...(server.workspaces.get(workspaceId)?.kept.rows.values() ?? [])].filter(
      ({ entry }) => entry?.kind === 'line',
    );
    expect(lines).toHaveLength(2);
    expect(server.workspaces.get(workspaceId)?.forkedBy).toEqual([]);
  });

  it('sends what is written within a moment, and takes what others write as it comes', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica();
    const { client } = replica;
    const { workspaceId } = await publishedTo(server, replica);
    await until(async () => (await syncOf(client, workspaceId))?.live);
    await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana', happened: true });
    await inStep(client, workspaceId);
    const history = server.workspaces.get(workspaceId)!;
    const line = { ...usage('from-elsewhere', replica.replica.state.clock(), cr(5)), workspaceId, memberId: 'ben' };
    const poolId = await poolOf(client, workspaceId);
    // By the stream alone: whoever pulls gets no answer.
    server.misbehave = (request, response) => {
      if (request.url?.endsWith('/pull') === true) response.destroy();
      return request.url?.endsWith('/pull') === true;
    };
    await server.pushAs('another-device', workspaceId, [{ ...line, poolId }]);
    await until(async () => (await lineCount(client, workspaceId)) === 2);
    expect(history.kept.seq).toBe((await checkpointOf(replica, workspaceId))?.seq);
  });
});

describe('a device without a network', () => {
  it('records for a week, shows what waits, and sends it once', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica();
    const { client } = replica;
    const { workspaceId } = await publishedTo(server, replica);
    server.misbehave = (_, response) => {
      response.destroy();
      return true;
    };
    server.cutStreams();
    for (let day = 20; day < 27; day += 1) {
      replica.setNow(`2026-11-${day}T13:00:00Z`);
      await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana', happened: true });
    }
    await client.orders.create({ workspaceId, pack: 'starter' });
    const view = await until(async () => {
      const seen = await syncOf(client, workspaceId);
      return seen?.state === 'offline' && seen;
    });
    expect(view.outbox).toMatchObject({ waiting: 8, refused: 0 });
    expect(view.outbox.oldestAt).toBe(Date.parse('2026-11-20T13:00:00Z'));
    expect(view.problem).toMatchObject({ kept: 'Everything that was recorded is kept on this computer.' });
    const page = await client.sync.outbox({ workspaceId, show: 'waiting', limit: 3 });
    expect(page).toMatchObject({ total: 8, nextCursor: '3' });
    expect(page.entries[0]).toMatchObject({
      summary: 'Use of AI Studio image, 25 credits',
      sync: { state: 'waiting' },
    });
    const rows = (await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 10 })).rows;
    expect(rows.map(({ sync }) => sync?.state)).toEqual(Array.from({ length: 7 }, () => 'waiting'));
    server.misbehave = null;
    replica.replica.wake.tell('online');
    await inStep(client, workspaceId);
    const history = server.workspaces.get(workspaceId)!;
    const sent = [...history.kept.rows.values()].filter(({ entry }) => entry?.kind === 'line');
    expect(sent).toHaveLength(7);
    expect(history.forkedBy).toEqual([]);
    const after = (await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 10 })).rows;
    expect(after.every(({ sync }) => sync?.state === 'booked')).toBe(true);
  });

  it('sends a batch again whose answer got lost, and the server has it once', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica();
    const { client } = replica;
    const { workspaceId } = await publishedTo(server, replica);
    let lost = 0;
    server.loseAnswer = (path) => path.endsWith('/push') && ++lost <= 2;
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana', happened: true });
    await until(async () => {
      await client.sync.now({ workspaceId });
      return lost >= 1 && (await syncOf(client, workspaceId))?.outbox.waiting === 0;
    });
    const rows = [...server.workspaces.get(workspaceId)!.kept.rows.values()];
    expect(rows.filter(({ entry }) => entry?.kind === 'line')).toHaveLength(1);
  });
});

describe('a hard pool', () => {
  it('[B3] [E2] is spent offline under a lease only, counted down with each line', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica({ now: new Date().toISOString() });
    const { client } = replica;
    const { workspaceId } = await publishedTo(server, replica);
    const leased = await until(async () => (await syncOf(client, workspaceId))?.leases[0]);
    expect(leased.standing).toBe('spendable');
    const rest = credits(leased.rest);
    expect(rest).toBeGreaterThan(25);
    expect(leased.sentence).toMatch(/^This computer may spend [\d.,]+ credits offline until /);
    server.misbehave = (_, response) => {
      response.destroy();
      return true;
    };
    server.cutStreams();
    await client.sync.now({ workspaceId });
    const within = await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana' });
    expect(within.outcome).toBe('allowed');
    const after = (await syncOf(client, workspaceId))?.leases[0];
    expect(credits(after?.rest ?? 0)).toBe(rest - 25);
    const beyond = await client.usage.log({ workspaceId, feature: 'video', quantity: '2', member: 'ana' });
    expect(beyond).toMatchObject({ outcome: 'refused', reasons: [{ rule: 'lease' }] });
    expect(beyond.sentences[0]).toMatch(/^This computer may spend .* ask for more when online\.$/);
    // What happened is recorded all the same. [E6]
    const happened = await client.usage.log({
      workspaceId,
      feature: 'video',
      quantity: '2',
      member: 'ana',
      happened: true,
    });
    expect(happened.outcome).toBe('allowed');
  });

  it('[B3] asks for more while somebody waits, where the server answers', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica({ now: new Date().toISOString() });
    const { client } = replica;
    const { workspaceId } = await publishedTo(server, replica);
    const leased = await until(async () => (await syncOf(client, workspaceId))?.leases[0]);
    expect(credits(leased.amount)).toBeLessThan(1000);
    const logged = await client.usage.log({ workspaceId, feature: 'video', quantity: '4', member: 'ana' });
    expect(logged.outcome).toBe('allowed');
    await inStep(client, workspaceId);
    const [line] = (await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 1 })).rows;
    expect(line?.sync?.state).toBe('booked');
    const held = await client.usage.hold({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana' });
    const captured = await client.usage.capture({ id: held.transactionId ?? '', credits: '100' });
    expect(credits(captured.credits)).toBe(100);
  });

  it('[B9] gives back what was not used for a day, and keeps what it is likely to need', async () => {
    const server = await memoryHttpServer();
    const started = Date.now();
    const replica = await openTestReplica({ now: new Date(started).toISOString() });
    const { client } = replica;
    const { workspaceId } = await publishedTo(server, replica);
    const usual = await until(async () => (await syncOf(client, workspaceId))?.leases[0]);
    const held = await client.usage.hold({ workspaceId, feature: 'video', quantity: '4', member: 'ana' });
    await inStep(client, workspaceId);
    await client.usage.release({ id: held.transactionId ?? '' });
    await inStep(client, workspaceId);
    const leases = () => [...(server.workspaces.get(workspaceId)?.kept.leases.values() ?? [])];
    const [first] = leases();
    expect(first?.amount).toBeGreaterThanOrEqual(cr(1000));
    const later = async (hours: number): Promise<void> => {
      replica.setNow(new Date(started + hours * 3_600_000).toISOString());
      await client.sync.now({ workspaceId });
      await inStep(client, workspaceId);
    };
    await later(23);
    expect(leases()).toMatchObject([{ id: first?.id, closed: null }]);
    await later(25);
    await until(async () => (await syncOf(client, workspaceId))?.leases[0]);
    const [returned, fresh, ...more] = leases();
    expect(returned).toMatchObject({ id: first?.id, closed: 'returned', borne: 0 });
    expect(fresh).toMatchObject({ closed: null, amount: cr(credits(usual.amount)) });
    expect(more).toEqual([]);
    // What is likely to be needed stays, however long it is not.
    await later(75);
    expect(leases()).toHaveLength(2);
  });

  it('counts a lease down over a restart too', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica({ now: new Date().toISOString() });
    const { workspaceId } = await publishedTo(server, replica);
    const leased = await until(async () => (await syncOf(replica.client, workspaceId))?.leases[0]);
    await server.close();
    await replica.client.sync.now({ workspaceId });
    await replica.client.usage.log({ workspaceId, feature: 'studio-image', quantity: '2', member: 'ana' });
    await replica.close();
    const again = await openTestReplica({ now: new Date().toISOString(), dataDir: replica.dataDir });
    const after = (await syncOf(again.client, workspaceId))?.leases[0];
    expect(credits(after?.rest ?? 0)).toBe(credits(leased.rest) - 50);
  });
});

describe('what the server thinks of an entry', () => {
  it('takes a refused one out of the ledger, and shows it with what to do', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica();
    const { client } = replica;
    const { workspaceId } = await publishedTo(server, replica);
    server.refuse = 'not-allowed';
    const logged = await client.usage.log({
      workspaceId,
      feature: 'video',
      quantity: '1',
      member: 'ana',
      happened: true,
    });
    const view = await until(async () => {
      const seen = await syncOf(client, workspaceId);
      return seen?.outbox.refused === 1 && seen;
    });
    expect(view.outbox.waiting).toBe(0);
    expect(await lineCount(client, workspaceId)).toBe(0);
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(0);
    const { entries } = await client.sync.outbox({ workspaceId, show: 'refused' });
    expect(entries).toMatchObject([
      { id: logged.transactionId, sync: { state: 'refused', reason: 'not-allowed' }, row: { memberName: 'Ana' } },
    ]);
    expect(entries[0]?.sync.todo).not.toBe('');
    expect((await client.projections.check({})).differences).toEqual([]);
    expect(await client.sync.dismiss({ workspaceId })).toEqual({ dismissed: 1 });
    expect((await client.sync.outbox({ workspaceId, show: 'refused' })).total).toBe(0);
  });

  it('shows an overrun on its row', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica({ now: new Date().toISOString() });
    const { client } = replica;
    const { workspaceId } = await publishedTo(server, replica);
    await until(async () => (await syncOf(client, workspaceId))?.leases[0]);
    await server.workspaces
      .get(workspaceId)
      ?.closeLeases({ kind: 'revoked', deviceId: (await client.sync.status()).servers[0]!.deviceId });
    const others = { ...usage('all-of-it', replica.replica.state.clock(), cr(1500)), workspaceId };
    server.cutStreams();
    await server.pushAs('another', workspaceId, [
      { ...others, poolId: await poolOf(client, workspaceId), happened: true },
    ]);
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana' });
    await inStep(client, workspaceId);
    const { rows } = await client.ledger.page({ workspaceId, filter: { member: 'ana' }, cursor: null, limit: 5 });
    expect(rows[0]?.sync).toMatchObject({ state: 'overrun', excess: 25_000_000 });
    expect(rows[0]?.sync?.message).toContain('25 credits');
  });
});

describe('what a person may change', () => {
  it('[E5] follows the role in the organisation, where the server goes by it', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica();
    const { client } = replica;
    const { workspaceId, serverId } = await publishedTo(server, replica);
    await client.members.change({ workspaceId, member: 'ana', access: 'member' });
    const access = async () => (await client.workspaces.get({ workspaceId })).access;
    expect(await access()).toBe('company-admin');
    const as = async (role: typeof server.me.role) => {
      server.me.role = role;
      await client.sync.refresh({ serverId });
      return access();
    };
    expect(await as('member')).toBe('member');
    await client.members.change({ workspaceId, member: 'ana', access: 'team-lead' });
    expect(await as('team-lead')).toBe('team-lead');
    expect(await as('guest')).toBe('member');
    expect(await as('company-admin')).toBe('company-admin');
    // What is this computer's own again goes by its own history alone.
    await client.sync.leave({ workspaceId });
    expect(await access()).toBe('team-lead');
  });
});

describe('joining', () => {
  it('names an invite that is none, over, or of nobody', async () => {
    const server = await memoryHttpServer();
    const { client } = await openTestReplica();
    expect(await client.sync.lookAtInvite({ invite: `${server.address} abcde-fghjk-mnpqr` })).toEqual({
      server: server.address,
      code: 'ABCDEFGHJKMNPQR',
      fingerprint: null,
      knownServerId: null,
    });
    expect((await problemOf(client.sync.connect({ invite: 'nonsense' }))).issues[0]).toMatchObject({ path: 'invite' });
    const over = await problemOf(client.sync.connect({ invite: `${server.address} ABCDEFGHJKM9` }));
    expect(over).toMatchObject({ code: 'refused', kept: 'Nothing was changed.' });
    await server.close();
    const nobody = await problemOf(client.sync.connect({ invite: `${server.address} ABCDEFGHJKM0` }));
    expect(nobody).toMatchObject({ code: 'unavailable', message: `Nobody answers at ${server.address}.` });
    expect((await client.sync.status()).servers).toEqual([]);
  });

  it('joins with the same invite where the answer got lost', async () => {
    const server = await memoryHttpServer();
    const { client } = await openTestReplica();
    const invite = server.invite();
    server.loseAnswer = () => true;
    await problemOf(client.sync.connect({ invite }));
    server.loseAnswer = null;
    await client.sync.connect({ invite });
    expect((await client.sync.status()).servers).toMatchObject([{ state: 'ready', organisationName: 'Acme' }]);
  });

  it('takes its invite again after a process that ended between joining and opening, and is the same device', async () => {
    const server = await memoryHttpServer();
    const first = await openTestReplica();
    const { workspaceId } = await publishedTo(server, first);
    await inStep(first.client, workspaceId);
    await first.close();

    const invite = server.invite();
    const parsed = parseInvite(invite);
    const half = await openTestReplica();
    const joined = parsed.ok ? await half.replica.sync.join(parsed.value, 'Later') : parsed;
    expect(joined.ok).toBe(true);
    const [before] = (await half.client.sync.status()).servers;
    // The token is renewed before anything is opened.
    server.endTokens();
    await half.client.sync.refresh({ serverId: before!.id });
    await half.close();

    const { client } = await openTestReplica({ dataDir: half.dataDir });
    await client.sync.connect({ invite, deviceName: 'Later' });
    await inStep(client, workspaceId);
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana', happened: true });
    // Once more with the workspace open changes nothing: numbers go on, and no copy is suspected.
    await client.sync.connect({ invite, deviceName: 'Later' });
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana', happened: true });
    await inStep(client, workspaceId);
    const { servers } = await client.sync.status();
    expect(servers.map(({ id, deviceId }) => [id, deviceId])).toEqual([[before!.id, before!.deviceId]]);
    expect(server.workspaces.get(workspaceId)?.forkedBy).toEqual([]);
    expect(await lineCount(client, workspaceId)).toBe(2);
  });

  it('[B10] is told when it is revoked, keeps everything, and joins again with a new invite', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica();
    const { client } = replica;
    const { workspaceId, serverId } = await publishedTo(server, replica);
    await until(async () => (await syncOf(client, workspaceId))?.leases[0]);
    const [before] = (await client.sync.status()).servers;
    server.revoked.add(before!.deviceId);
    server.cutStreams();
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana', happened: true });
    const stopped = await until(async () => {
      const seen = await syncOf(client, workspaceId);
      return seen?.state === 'stopped' && seen;
    });
    expect(stopped.problem?.message).toContain('revoked');
    expect(stopped.outbox.waiting).toBe(1);
    // Nothing of what it was lent is left to spend.
    expect(stopped.leases).toEqual([]);
    const { outcome } = await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana' });
    expect(outcome).toBe('refused');
    expect(await client.sync.connect({ invite: server.invite() })).toMatchObject({ serverId });
    await inStep(client, workspaceId);
    const [after] = (await client.sync.status()).servers;
    expect(after?.deviceId).not.toBe(before?.deviceId);
    expect(server.workspaces.get(workspaceId)?.forkedBy).toEqual([]);
    expect(await lineCount(client, workspaceId)).toBe(1);
  });

  it('renews its tokens when they end, also where an answer got lost', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica();
    const { client } = replica;
    const { workspaceId } = await publishedTo(server, replica);
    server.endTokens();
    let lost = false;
    server.loseAnswer = (path) => path === '/v1/tokens' && !lost && (lost = true);
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana', happened: true });
    await until(async () => lost);
    await client.sync.now({ workspaceId });
    expect(await inStep(client, workspaceId)).toMatchObject({ problem: null, outbox: { waiting: 0 } });
  });
});

async function checkpointOf(replica: Awaited<ReturnType<typeof openTestReplica>>, workspaceId: string) {
  return replica.replica.sync.workspace(workspaceId)?.body.checkpoint;
}
