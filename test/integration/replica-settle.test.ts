import { describe, expect, it } from 'vitest';
import { noCredits } from '../../shared/kernel/credits.ts';
import { complaintOf, credits, miro, openTestReplica, piktochart, problemOf, type Client } from '../support/replica.ts';

async function figures(client: Client, workspaceId: string) {
  const { balance } = await client.balance.get({ workspaceId });
  return [credits(balance.used), credits(balance.held), credits(balance.available)];
}

async function hold(client: Client, workspaceId: string, more: object = {}): Promise<string> {
  const answer = await client.usage.hold({ workspaceId, feature: 'video', quantity: '2', member: 'ana', ...more });
  expect(answer.outcome).toBe('allowed');
  return answer.transactionId ?? '';
}

async function log(client: Client, workspaceId: string, more: object = {}): Promise<string> {
  const answer = await client.usage.log({
    workspaceId,
    feature: 'studio-image',
    quantity: '4',
    member: 'ana',
    ...more,
  });
  return answer.transactionId ?? '';
}

async function row(client: Client, workspaceId: string, id: string) {
  const { rows } = await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 100 });
  return rows.find((candidate) => candidate.id === id);
}

describe('holds', () => {
  it('[H1] [H2] captures all, a part, or gives everything back', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const [all, part, none] = [
      await hold(client, workspaceId),
      await hold(client, workspaceId, { quantity: '1' }),
      await hold(client, workspaceId, { feature: 'studio-image' }),
    ];
    expect(await figures(client, workspaceId)).toEqual([0, 800, 700]);
    expect(await row(client, workspaceId, all)).toMatchObject({
      holdState: 'open',
      actions: ['capture', 'release'],
      open: 500e6,
    });
    expect(await client.usage.capture({ id: all })).toMatchObject({ credits: 500e6 });
    expect(await client.usage.capture({ id: part, credits: '0.5' })).toMatchObject({ credits: 500_000 });
    expect(await client.usage.release({ id: none })).toMatchObject({ credits: 50e6 });
    expect(await figures(client, workspaceId)).toEqual([500.5, 0, 999.5]);
    expect(await row(client, workspaceId, part)).toMatchObject({ holdState: 'captured', open: 500_000 });
    expect(await row(client, workspaceId, none)).toMatchObject({ holdState: 'released', actions: [] });
  });

  it('[H2] refuses a second resolution and names the first', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const id = await hold(client, workspaceId);
    const { transactionId } = await client.usage.capture({ id, credits: '10' });
    const { overview } = { overview: client.overview };
    for (const call of [
      client.usage.capture({ id }),
      client.usage.release({ id }),
      client.usage.capture({ id: transactionId }),
    ]) {
      expect(await problemOf(call)).toMatchObject({
        code: 'refused',
        message: `This hold was already captured by ${transactionId}.`,
      });
    }
    for await (const view of await overview.live({ workspaceId })) {
      expect(view.openHolds).toEqual([]);
      break;
    }
    expect(await figures(client, workspaceId)).toEqual([10, 0, 1490]);
  });

  it('[H2] lets a hold expire, and captures late only what was open then', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const id = await hold(client, workspaceId, { expires: '2026-11-20T13:00:00Z' });
    setNow('2026-11-20T13:00:00Z');
    expect(await figures(client, workspaceId)).toEqual([0, 0, 1500]);
    expect(await row(client, workspaceId, id)).toMatchObject({ holdState: 'expired', actions: [] });
    expect(await problemOf(client.usage.capture({ id }))).toMatchObject({ message: 'This hold has already expired.' });
    await client.usage.capture({ id, credits: '30', at: '2026-11-20T12:59:00Z' });
    expect(await figures(client, workspaceId)).toEqual([30, 0, 1470]);
  });

  it('[H3] decides anew on what is captured beyond the hold', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client, { seats: { member: 1 } });
    const first = await hold(client, workspaceId, { quantity: '1' });
    expect(await client.usage.capture({ id: first, credits: '300' })).toMatchObject({ credits: 300e6 });
    const second = await hold(client, workspaceId, { feature: 'studio-image', quantity: '4' });
    const problem = await problemOf(client.usage.capture({ id: second, credits: '201' }));
    expect(problem).toMatchObject({ code: 'refused', kept: 'The hold stays open.' });
    expect(problem.message).toContain('The pool has 100 credits left, 101 credits needed.');
    expect(await client.usage.capture({ id: second, credits: '200' })).toMatchObject({ credits: 200e6 });
    expect(await figures(client, workspaceId)).toEqual([500, 0, 0]);
  });

  it('[H3] asks the caps for the difference only', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.caps.set({ workspaceId, member: 'ana', credits: '300', per: 'day' });
    const id = await hold(client, workspaceId, { quantity: '1' });
    expect(await complaintOf(client.usage.capture({ id, credits: '301' }))).toContain(
      'Personal cap of 300 credits per day',
    );
    expect(await client.usage.capture({ id, credits: '300' })).toMatchObject({ credits: 300e6 });
  });

  it('[H5] counts a hold in the period in which it began', async () => {
    const { client, setNow } = await openTestReplica({ now: '2026-12-04T22:59:00Z' });
    const workspaceId = await piktochart(client);
    const id = await hold(client, workspaceId);
    setNow('2026-12-05T10:00:00Z');
    await client.usage.capture({ id, credits: '200' });
    expect(await figures(client, workspaceId)).toEqual([0, 0, 1500]);
    const before = await client.balance.get({ workspaceId, asOf: '2026-12-04T22:59:30Z' });
    expect([credits(before.balance.held), credits(before.balance.available)]).toEqual([500, 1000]);
    const { rows } = await client.report.get({ workspaceId, by: 'user', period: 'day', asOf: '2026-12-04T12:00' });
    expect(rows).toMatchObject([{ id: 'ana', credits: 200e6, transactions: 1 }]);
  });

  it.each([
    [{ credits: '0' }, 'credits: must be more than 0'],
    [{ credits: '-1' }, 'credits: -1 is negative'],
    [{ credits: 'all' }, 'credits: “all” is not a number'],
    [{ at: '2026-11-20T11:59:59Z' }, 'at: is before the entry began'],
    [{ at: '2026-02-30' }, 'at: “2026-02-30” is no date'],
    [{ id: 'unknown' }, 'There is no use or hold “unknown”.'],
  ])('refuses to capture %j', async (given, complaint) => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const id = await hold(client, workspaceId);
    expect(await complaintOf(client.usage.capture({ id, ...given }))).toContain(complaint);
    expect(await figures(client, workspaceId)).toEqual([0, 500, 1000]);
  });

  it('does not settle what is no hold, nor what is no use', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const id = await log(client, workspaceId);
    expect(await problemOf(client.usage.capture({ id }))).toMatchObject({
      code: 'conflict',
      message: 'This entry is no hold.',
    });
    const { grantId } = await client.grants.add({ workspaceId, amount: '5' });
    expect(await problemOf(client.usage.refund({ id: grantId }))).toMatchObject({ code: 'not-found' });
  });
});

describe('[H7] giving back', () => {
  it('refunds at most what is used, the last grant first', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client, { seats: { member: 1 } });
    await client.grants.add({ workspaceId, amount: '100' });
    const id = await log(client, workspaceId, { quantity: '24' });
    expect(await client.usage.refund({ id, credits: '150' })).toMatchObject({ credits: 150e6 });
    const { balance } = await client.balance.get({ workspaceId });
    expect(balance.grants.map((grant) => [grant.kind, credits(grant.remaining)])).toEqual([
      ['allotment', 50],
      ['adjustment', 100],
    ]);
    expect(await complaintOf(client.usage.refund({ id, credits: '451' }))).toBe(
      'credits: is more than what is used of this entry (450)',
    );
    const { transactionId } = await client.usage.refund({ id, reason: 'no output' });
    expect(await row(client, workspaceId, transactionId)).toMatchObject({
      credits: -450e6,
      note: 'no output',
      linkedId: id,
    });
    expect(await problemOf(client.usage.refund({ id }))).toMatchObject({ code: 'conflict' });
    expect(await figures(client, workspaceId)).toEqual([0, 0, 600]);
  });

  it('finds the use behind the id of a line that follows from it', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const id = await hold(client, workspaceId);
    const { transactionId: capture } = await client.usage.capture({ id });
    const { transactionId: refund } = await client.usage.refund({ id: capture, credits: '100' });
    expect(await client.usage.void({ id: refund, reason: 'never mind' })).toMatchObject({ credits: 400e6 });
    expect(await figures(client, workspaceId)).toEqual([0, 0, 1500]);
  });

  it('does not give back before it was used', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const id = await hold(client, workspaceId);
    setNow('2026-11-20T13:00:00Z');
    await client.usage.capture({ id });
    setNow('2026-11-20T14:00:00Z');
    expect(await complaintOf(client.usage.refund({ id, at: '2026-11-20T12:30:00Z' }))).toContain('at: is before');
    await client.usage.refund({ id, credits: '1', at: '2026-11-20T13:30:00Z' });
    expect(await figures(client, workspaceId)).toEqual([499, 0, 1001]);
  });
});

describe('[L3] [L4] taking back and correcting', () => {
  it('voids a use, a hold, and what cost nothing, each once', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await miro(client);
    const [use, open, free] = [
      await log(client, workspaceId, { feature: 'doc' }),
      await hold(client, workspaceId, { feature: 'doc' }),
      await log(client, workspaceId, { feature: 'ai-search' }),
    ];
    expect(await row(client, workspaceId, free)).toMatchObject({ actions: ['void'] });
    expect(await client.usage.void({ id: use, reason: 'wrong file' })).toMatchObject({ credits: 8e6 });
    expect(await client.usage.void({ id: open, reason: 'not needed' })).toMatchObject({ credits: 4e6 });
    expect(await client.usage.void({ id: free, reason: 'never happened' })).toMatchObject({ credits: 0 });
    for (const id of [use, free]) {
      expect(await problemOf(client.usage.void({ id, reason: 'again' }))).toMatchObject({
        code: 'conflict',
        message: 'This entry was taken back already.',
      });
      expect(await row(client, workspaceId, id)).toMatchObject({ actions: [] });
    }
    expect((await problemOf(client.usage.void({ id: open, reason: 'again' }))).code).toBe('conflict');
    expect(await figures(client, workspaceId)).toEqual([0, 0, 2500]);
    const { rows, total } = await client.report.get({ workspaceId, by: 'feature', period: 'day' });
    expect([rows, total]).toEqual([[], 0]);
    expect(await complaintOf(client.usage.void({ id: use, reason: ' ' }))).toBe('reason: say why, in a few words');
  });

  it('corrects up and down at the rate of the entry, and back again', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const id = await log(client, workspaceId);
    const correct = (quantity: string) => client.usage.correct({ id, quantity, reason: 'miscounted' });
    expect(await correct('6')).toMatchObject({ credits: 50e6 });
    expect(await figures(client, workspaceId)).toEqual([150, 0, 1350]);
    expect(await correct('1')).toMatchObject({ credits: -125e6 });
    expect(await figures(client, workspaceId)).toEqual([25, 0, 1475]);
    expect(await complaintOf(correct('1'))).toBe('quantity: is what is booked already');
    expect(await complaintOf(correct('0'))).toContain('quantity: 0 is not more than 0');
    expect(await correct('5')).toMatchObject({ credits: 100e6 });
    await client.usage.void({ id, reason: 'all wrong' });
    expect((await problemOf(correct('2'))).code).toBe('conflict');
    expect(await figures(client, workspaceId)).toEqual([0, 0, 1500]);
    expect((await client.report.get({ workspaceId, by: 'user', period: 'day' })).total).toBe(0);
  });

  it('settles in the pool of the time, whatever the plan has become since', async () => {
    const { client, setNow } = await openTestReplica({ now: '2026-11-20T12:00:00Z' });
    const { workspaceId } = await client.workspaces.create({
      platform: 'visily',
      plan: 'free',
      seats: { editor: 1 },
      anchor: '2026-11-10',
      timeZone: 'UTC',
      members: [{ id: 'ana', name: 'Ana', role: 'editor' }],
    });
    const id = await hold(client, workspaceId, { feature: 'screen' });
    setNow('2026-12-20T12:00:00Z');
    await client.plans.set({ workspaceId, plan: 'pro', at: '2026-11-15' });
    expect(await row(client, workspaceId, id)).toMatchObject({ holdState: 'open' });
    expect(await client.usage.capture({ id })).toMatchObject({ credits: 60e6 });
    expect((await problemOf(client.usage.release({ id }))).message).toContain('already captured');
  });
});

describe('the trail of an entry', () => {
  it('[L3] [L4] says of each correction, refund and void who made it, when, why, and from what to what', async () => {
    const test = await openTestReplica();
    const { client } = test;
    const workspaceId = await piktochart(client);
    const id = await log(client, workspaceId);
    test.setNow('2026-11-21T09:00:00Z');
    await client.usage.correct({ id, quantity: '6', reason: 'Two more' });
    test.setNow('2026-11-22T09:00:00Z');
    await client.usage.refund({ id, credits: '30', reason: 'One was blank' });
    test.setNow('2026-11-23T09:00:00Z');
    await client.usage.void({ id, reason: 'Wrong team' });
    const { rows } = await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 100 });
    const linked = rows.filter((each) => each.linkedId === id);
    const trail = linked.toSorted((left, right) => left.recordedAt - right.recordedAt);
    expect(
      trail.map(({ kind, recordedAt, authorName, reason, usedBefore, usedAfter }) => [
        kind,
        new Date(recordedAt).toISOString().slice(0, 10),
        authorName,
        reason,
        [credits(usedBefore ?? noCredits), credits(usedAfter ?? noCredits)],
      ]),
    ).toEqual([
      ['correction', '2026-11-21', 'Ana', 'Two more', [100, 150]],
      ['refund', '2026-11-22', 'Ana', 'One was blank', [150, 120]],
      ['void', '2026-11-23', 'Ana', 'Wrong team', [120, 0]],
    ]);
    expect(rows.find((each) => each.id === id)).not.toHaveProperty('usedBefore');
  });
});
