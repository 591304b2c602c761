import { describe, expect, it } from 'vitest';
import { at, complaintOf, credits, openTestReplica, piktochart, problemOf, type Client } from '../support/replica.ts';

type Filter = Parameters<Client['ledger']['page']>[0]['filter'];

async function idsOf(client: Client, workspaceId: string, filter: Filter = {}, limit = 3): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  let total: number | null = null;
  do {
    const page: Awaited<ReturnType<Client['ledger']['page']>> = await client.ledger.page({
      workspaceId,
      filter,
      cursor,
      limit,
    });
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    total ??= page.total;
    ids.push(...page.rows.map((row) => row.id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(ids).toHaveLength(total);
  expect(new Set(ids).size).toBe(ids.length);
  return ids;
}

async function exported(client: Client, workspaceId: string, format: 'csv' | 'json', filter?: Filter): Promise<string> {
  let text = '';
  const stream = await client.ledger.export({ workspaceId, format, ...(filter === undefined ? {} : { filter }) });
  for await (const piece of stream) text += piece.text;
  return text;
}

describe('pages', () => {
  it('pages by key over equal instants, newest first, also while lines are added', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const booked: string[] = [];
    for (let place = 0; place < 10; place += 1) {
      const answer = await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1' });
      booked.push(answer.transactionId ?? '');
    }
    expect(await idsOf(client, workspaceId)).toEqual(booked.toSorted().toReversed());
    const first = await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 4 });
    await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1' });
    const second = await client.ledger.page({ workspaceId, filter: {}, cursor: first.nextCursor, limit: 6 });
    expect([...first.rows, ...second.rows].map((row) => row.id)).toEqual(booked.toSorted().toReversed());
    expect([second.nextCursor, second.total]).toEqual([null, 11]);
  });

  it('filters by all that can be filtered by', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const other = await piktochart(client);
    const log = async (more: object) =>
      (await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', ...more })).transactionId ?? '';
    const ana = await log({ member: 'ana', at: '2026-11-20T08:00' });
    const ben = await log({ member: 'ben', feature: 'video', at: '2026-11-20T09:00' });
    const nobody = await log({ at: '2026-11-20T10:00' });
    const { transactionId: hold } = await client.usage.hold({
      workspaceId,
      feature: 'video',
      quantity: '1',
      member: 'cem',
      at: '2026-11-20T11:00',
    });
    const { transactionId: voided } = await client.usage.void({ id: ana, reason: 'x' });
    const { grantId } = await client.grants.add({ workspaceId, amount: '1', from: '2026-11-20T12:00' });
    await client.usage.log({ workspaceId: other, feature: 'video', quantity: '1', member: 'ana' });
    const ids = (filter: Filter) => idsOf(client, workspaceId, filter);
    expect(await ids({})).toEqual([grantId, hold, nobody, ben, voided, ana]);
    expect(await ids({ member: 'ana' })).toEqual([voided, ana]);
    expect(await ids({ member: null })).toEqual([grantId, nobody]);
    expect(await ids({ team: 'design' })).toEqual([ben, voided, ana]);
    expect(await ids({ team: null })).toEqual([grantId, hold, nobody]);
    expect(await ids({ feature: 'video' })).toEqual([hold, ben]);
    expect(await ids({ kinds: ['grant', 'hold'] })).toEqual([grantId, hold]);
    expect(await ids({ kinds: [] })).toHaveLength(6);
    expect(await ids({ from: '2026-11-20T09:00', to: '2026-11-20T11:00' })).toEqual([nobody, ben]);
    expect(await ids({ member: 'ana', kinds: ['void'], feature: 'studio-image', text: 'ANA' })).toEqual([voided]);
    expect(await ids({ member: "' OR 1=1 --" })).toEqual([]);
  });

  it('finds text in notes, reasons and names, whatever the signs and the case', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client, {
      members: [
        { id: 'a', name: 'Zoë “Z” ÄRGER 👩🏽‍🎨', role: 'member', team: '100 % Team_1' },
        { id: 'b', name: 'שלום', role: 'member' },
      ],
    });
    const log = async (more: object) =>
      (await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', ...more })).transactionId ?? '';
    const [a, b] = [await log({ member: 'a' }), await log({ member: 'b' })];
    const notes = [
      "it's 50% off",
      'a_b',
      'STRASSE ÉCLAIR',
      '🚀🚀 launch',
      'back\\slash "quoted"',
      '; DROP TABLE x; --',
    ];
    const noted: string[] = [];
    for (const note of notes) noted.push(await log({ note }));
    const find = async (text: string) => (await idsOf(client, workspaceId, { text })).toSorted();
    expect(await find('ärger')).toEqual([a]);
    expect(await find('👩🏽‍🎨')).toEqual([a]);
    expect(await find('%')).toEqual([a, noted[0]!].toSorted());
    expect(await find('_')).toEqual([a, noted[1]!].toSorted());
    expect(await find('שלום')).toEqual([b]);
    expect(await find('éclair')).toEqual([noted[2]]);
    expect(await find('🚀')).toEqual([noted[3]]);
    expect(await find('\\')).toEqual([noted[4]]);
    expect(await find('"QUOTED"')).toEqual([noted[4]]);
    expect(await find("'s 50")).toEqual([noted[0]]);
    expect(await find('; drop')).toEqual([noted[5]]);
    expect(await find('   ')).toHaveLength(8);
    expect(await find('topic')).toHaveLength(8);
    expect(await find(a)).toEqual([a]);
    const { transactionId } = await client.usage.void({ id: b, reason: 'Größe falsch' });
    expect(await find('GRÖSSE')).toEqual([]);
    expect(await find('größe')).toEqual([transactionId]);
    expect(await find('nothing like it')).toEqual([]);
  });

  it('shows the split as it was decided, who wrote it down, and why', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client, { seats: { member: 1 } });
    const { orderId } = await client.orders.create({ workspaceId, pack: 'starter' });
    await client.orders.confirm({ orderId });
    setNow('2026-11-20T12:01:00Z');
    const { transactionId } = await client.usage.log({
      workspaceId,
      feature: 'video',
      quantity: '3',
      member: 'ben',
      note: 'hi',
    });
    setNow('2026-11-20T12:02:00Z');
    await client.usage.refund({ id: transactionId ?? '', credits: '1', reason: 'blurred' });
    const { rows } = await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 9 });
    expect(rows[0]).toMatchObject({
      kind: 'refund',
      reason: 'blurred',
      credits: -1e6,
      spentAt: at('2026-11-20T12:01:00Z'),
    });
    expect(rows[1]).toMatchObject({
      authorName: 'Ana',
      memberName: 'Ben',
      quantity: 3e6,
      unit: 'video',
      note: 'hi',
      receipt: [
        { kind: 'allotment', label: 'Allotment of this period', credits: 500e6 },
        { kind: 'pack', label: 'Pack Starter', credits: 250e6, grantId: orderId },
      ],
    });
  });

  it.each([
    [{ cursor: 'x' }, 'cursor: is none that a page gave'],
    [{ cursor: '1; DROP TABLE x/y' }, 'cursor: is none that a page gave'],
    [{ limit: 0 }, 'limit: '],
    [{ limit: 1001 }, 'limit: '],
    [{ filter: { from: 'x' } }, 'filter.from: “x” is no date'],
    [{ filter: { from: '2026-11-20', to: '2026-11-20' } }, 'filter.to: is not after the start'],
    [{ filter: { text: 'x'.repeat(201) } }, 'filter.text: '],
  ])('refuses %#', async (given, complaint) => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const call = client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 10, ...given });
    expect(await complaintOf(call)).toContain(complaint);
  });
});

describe('export', () => {
  it('writes everything, or what the filter selects, as CSV and JSON', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    for (let place = 0; place < 30; place += 1) {
      const member = place % 3 === 0 ? 'ben' : 'ana';
      await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member, note: '=1+1 "q", 🦊' });
    }
    const rows: readonly { readonly memberId: string }[] = JSON.parse(await exported(client, workspaceId, 'json'));
    expect(rows).toHaveLength(30);
    expect(JSON.parse(await exported(client, workspaceId, 'json', { member: 'ben' }))).toHaveLength(10);
    const csv = await exported(client, workspaceId, 'csv', { member: 'ben' });
    expect(csv.trimEnd().split('\r\n').length === 11 || csv.trimEnd().split('\n').length === 11).toBe(true);
    expect(csv).not.toMatch(/(^|,)"?=1/m);
    expect(JSON.parse(await exported(client, workspaceId, 'json', { member: 'nobody' }))).toEqual([]);
    expect(await problemOf(exported(client, workspaceId, 'json', { from: 'x' }))).toMatchObject({
      code: 'wrong-input',
    });
  });

  it('goes through more lines than fit on one page', async () => {
    const { client, replica } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const { transactionId } = await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1' });
    const line = replica.state.line(transactionId ?? '');
    if (line?.kind !== 'usage') throw new Error('A use was booked');
    const lines = Array.from({ length: 2500 }, (_, place) => ({ ...line, id: `line-${place}` }));
    await replica.state.appendLines(workspaceId, lines);
    expect(JSON.parse(await exported(client, workspaceId, 'json'))).toHaveLength(2501);
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(2501);
  });
});
