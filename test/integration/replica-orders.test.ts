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

async function ordersOf(client: Client, workspaceId: string) {
  for await (const view of await client.subscription.live({ workspaceId })) return view.orders;
  throw new Error('The view never came');
}

async function available(client: Client, workspaceId: string): Promise<number> {
  return credits((await client.balance.get({ workspaceId })).balance.available);
}

describe('[P1] [P4] orders', () => {
  it('notes the intent, and grants once the purchase is confirmed', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const { orderId } = await client.orders.create({ workspaceId, pack: 'starter', note: 'for the launch' });
    expect(await available(client, workspaceId)).toBe(1500);
    expect(await ordersOf(client, workspaceId)).toMatchObject([
      {
        id: orderId,
        state: 'requested',
        packName: 'Starter',
        requestedBy: 'Ana',
        decidedAt: null,
        note: 'for the launch',
      },
    ]);
    setNow('2026-11-21T09:00:00Z');
    const granted = await client.orders.confirm({
      orderId,
      price: { amount: '19.99', currency: 'USD' },
      reference: 'INV "7" 🧾',
    });
    expect(granted).toEqual({ orderId, grantId: orderId, credits: 2000e6 });
    expect(await available(client, workspaceId)).toBe(3500);
    expect(await ordersOf(client, workspaceId)).toMatchObject([
      {
        state: 'granted',
        requestedAt: at('2026-11-20T12:00:00Z'),
        decidedAt: at('2026-11-21T09:00:00Z'),
        price: { minorUnits: 1999, currency: 'USD' },
        reference: 'INV "7" 🧾',
      },
    ]);
    expect(await problemOf(client.orders.confirm({ orderId }))).toMatchObject({
      code: 'conflict',
      message: 'This order was already granted.',
    });
    expect((await problemOf(client.orders.close({ orderId, as: 'cancelled' }))).code).toBe('conflict');
    expect(await available(client, workspaceId)).toBe(3500);
    const { rows } = await client.ledger.page({ workspaceId, filter: { kinds: ['grant'] }, cursor: null, limit: 9 });
    expect(rows).toMatchObject([{ id: orderId, credits: 2000e6, authorName: 'Ana', origin: 'app' }]);
  });

  it('takes up a confirmation that was cut off after its grant, and never grants twice', async () => {
    const { client, replica, dataDir, close } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const { orderId } = await client.orders.create({ workspaceId, pack: 'booster' });
    const { state } = replica;
    const workspace = state.workspace(workspaceId);
    await state.appendLines(workspaceId, [
      {
        kind: 'grant',
        id: orderId,
        workspaceId,
        poolId: state.poolOf(workspace, null, state.clock()).id,
        occurredAt: state.clock(),
        recordedAt: state.clock(),
        authorId: 'ana',
        origin: 'app',
        grantKind: 'pack',
        amount: state.poolNow(workspace, state.poolOf(workspace, null, state.clock())).slots[0]!.amount,
        priority: 20,
        expiresAt: null,
        packId: 'booster',
        orderId,
      },
    ]);
    await close();
    const again = await openTestReplica({ dataDir, now: '2026-11-22T12:00:00Z' });
    expect(await ordersOf(again.client, workspaceId)).toMatchObject([{ state: 'requested' }]);
    expect(await problemOf(again.client.orders.close({ orderId, as: 'refused' }))).toMatchObject({
      code: 'conflict',
      message: 'The credits of this order were booked already.',
    });
    // The grant stands as it was booked, whatever the second confirmation says.
    expect(await again.client.orders.confirm({ orderId, price: { amount: '77', currency: 'USD' } })).toMatchObject({
      credits: 1500e6,
    });
    expect(await ordersOf(again.client, workspaceId)).toMatchObject([
      { state: 'granted', credits: 1500e6, decidedAt: at('2026-11-20T12:00:00Z') },
    ]);
    expect(await available(again.client, workspaceId)).toBe(3000);
  });

  it('refuses and cancels with a note, and then grants nothing', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    for (const as of ['refused', 'cancelled'] as const) {
      const { orderId } = await client.orders.create({ workspaceId, pack: 'starter' });
      expect(await client.orders.close({ orderId, as, reason: 'too dear' })).toEqual({ orderId });
      expect((await ordersOf(client, workspaceId)).find(({ id }) => id === orderId)).toMatchObject({
        state: as,
        note: 'too dear',
      });
      expect(await problemOf(client.orders.confirm({ orderId }))).toMatchObject({
        message: `This order was already ${as}.`,
      });
    }
    expect(await available(client, workspaceId)).toBe(1500);
  });

  it('counts prices in the minor unit of their currency', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const bought = async (amount: string, currency: string) => {
      const { orderId } = await client.orders.create({ workspaceId, pack: 'starter' });
      await client.orders.confirm({ orderId, price: { amount, currency } });
      return (await ordersOf(client, workspaceId)).find(({ id }) => id === orderId)?.price?.minorUnits;
    };
    expect(await bought('3000', 'JPY')).toBe(3000);
    expect(await bought('0.10', 'EUR')).toBe(10);
    expect(await bought('1.234', 'KWD')).toBe(1234);
    expect(await bought('1234567.89', 'USD')).toBe(123_456_789);
    const { orderId } = await client.orders.create({ workspaceId, pack: 'starter' });
    const wrong = (amount: string, currency: string) =>
      complaintOf(client.orders.confirm({ orderId, price: { amount, currency } }));
    expect(await wrong('30.5', 'JPY')).toBe('price.amount: “30.5” has more decimal places than JPY knows');
    expect(await wrong('-1', 'EUR')).toBe('price.amount: “-1” is no amount of money');
    expect(await wrong('ten', 'EUR')).toBe('price.amount: “ten” is no amount of money');
    expect(await wrong('1e300', 'EUR')).toBe('price.amount: “1e300” is no amount of money');
    expect(await wrong('10', 'eur')).toBe('price.currency: use a code such as USD');
    expect(await available(client, workspaceId)).toBe(1500 + 4 * 2000);
  });

  it('asks for the amount where the platform publishes none, and sells only when used up where it says so', async () => {
    const { client } = await openTestReplica();
    const { workspaceId } = await client.workspaces.create({
      platform: 'visily',
      plan: 'pro',
      seats: { editor: 2 },
      anchor: '2026-11-10',
      timeZone: 'UTC',
      members: [
        { id: 'ed', name: 'Ed', role: 'editor' },
        { id: 'flo', name: 'Flo', role: 'editor' },
      ],
    });
    const order = (more: object) => client.orders.create({ workspaceId, pack: 'top-up', member: 'ed', ...more });
    expect(await problemOf(order({}))).toMatchObject({ code: 'refused', message: expect.stringContaining('used up') });
    expect(await complaintOf(order({ member: undefined }))).toContain('member: each member has credits of their own');
    expect(await complaintOf(order({ member: 'x' }))).toBe('There is no member “x”.');
    await client.usage.log({ workspaceId, feature: 'screen', quantity: '100', member: 'ed' });
    const { orderId } = await order({});
    expect(await complaintOf(client.orders.confirm({ orderId }))).toContain(
      'credits: the platform publishes no amount',
    );
    expect(await complaintOf(client.orders.confirm({ orderId, credits: '0' }))).toBe('credits: must be more than 0');
    await client.orders.confirm({ orderId, credits: '250' });
    const { pools } = await client.balance.get({ workspaceId });
    expect(pools.map((pool) => credits(pool.balance.available))).toEqual([250, 3000]);
  });

  it('refuses packs and orders that are not there', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    expect(await complaintOf(client.orders.create({ workspaceId, pack: 'mega' }))).toBe(
      'pack: “mega” is no pack of Pro; it has starter, booster, deluxe, ultimate',
    );
    const miroId = await miro(client);
    expect(await complaintOf(client.orders.create({ workspaceId: miroId, pack: 'starter' }))).toContain(
      'it has no packs',
    );
    for (const orderId of ['x', `%`, '']) {
      const problem = await problemOf(client.orders.confirm({ orderId }));
      expect(problem.code).toBe(orderId === '' ? 'wrong-input' : 'not-found');
    }
    expect((await problemOf(client.orders.close({ orderId: 'x', as: 'refused' }))).message).toBe(
      'There is no order “x”.',
    );
  });
});

describe('[G1] [G4] grants by hand', () => {
  it('adds, dates, and voids them', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const { grantId } = await client.grants.add({
      workspaceId,
      amount: '100.000001',
      from: '2026-11-22T00:00',
      expires: '2026-11-30',
      priority: 1,
      note: 'sorry 🙏',
    });
    expect(await available(client, workspaceId)).toBe(1500);
    setNow('2026-11-22T12:00:00Z');
    expect(await available(client, workspaceId)).toBe(1600.000001);
    const answer = await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '2' });
    expect(answer.split).toEqual([{ grantId, kind: 'adjustment', credits: 50e6 }]);
    setNow('2026-11-22T12:00:01Z');
    await client.grants.void({ id: grantId, reason: 'by mistake' });
    expect(await available(client, workspaceId)).toBe(1500);
    expect(await problemOf(client.grants.void({ id: grantId }))).toMatchObject({ code: 'conflict' });
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(50);
  });

  it.each([
    [{ amount: '0' }, 'amount: must be more than 0'],
    [{ amount: '-4' }, 'amount: -4 is negative'],
    [{ amount: 'x' }, 'amount: “x” is not a number'],
    [{ amount: '1.0000001' }, 'amount: 1.0000001 has more than six decimal places'],
    [{ priority: -1 }, 'priority: '],
    [{ from: '2026-11-31' }, 'from: “2026-11-31” is no date'],
    [{ from: '2026-12-01', expires: '2026-12-01' }, 'expires: is not after the start of the grant'],
    [{ member: 'x' }, 'There is no member “x”.'],
  ])('refuses %j', async (given, complaint) => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    expect(await complaintOf(client.grants.add({ workspaceId, amount: '1', ...given }))).toContain(complaint);
  });

  it('voids only grants, and none before it began', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const use = await client.usage.log({ workspaceId, feature: 'video', quantity: '1' });
    expect(await complaintOf(client.grants.void({ id: use.transactionId ?? '' }))).toContain('There is no grant');
    const { grantId } = await client.grants.add({ workspaceId, amount: '9', from: '2026-11-25' });
    expect(await complaintOf(client.grants.void({ id: grantId, at: '2026-11-24' }))).toBe(
      'at: is before the grant became effective',
    );
    await client.grants.void({ id: grantId });
    expect(credits((await client.balance.get({ workspaceId, asOf: '2026-11-26' })).balance.available)).toBe(1250);
  });
});

describe('[G13] readings', () => {
  it('opens an empty workspace, then shows drift and books it only on confirmation', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const used = async () => credits((await client.balance.get({ workspaceId })).balance.used);
    expect(await client.readings.add({ workspaceId, used: '300', at: '2026-11-20T10:00:00Z' })).toMatchObject({
      booked: true,
      drift: 0,
    });
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '4', member: 'ana' });
    setNow('2026-11-21T10:00:00Z');
    const more = await client.readings.add({ workspaceId, used: '450', at: '2026-11-21T09:00:00Z' });
    expect(more).toMatchObject({ booked: false, drift: 50e6 });
    expect(await used()).toBe(400);
    for await (const view of await client.overview.live({ workspaceId })) {
      expect(view.drift).toEqual({ readingId: more.readingId, at: at('2026-11-21T09:00:00Z'), credits: 50e6 });
      break;
    }
    const confirm = (readingId: string) =>
      client.readings.confirmDrift({ workspaceId, readingId, reason: 'Ben forgot' });
    expect(await confirm(more.readingId)).toMatchObject({ credits: 50e6 });
    expect(await used()).toBe(450);
    expect(await problemOf(confirm(more.readingId))).toMatchObject({
      message: 'The ledger already agrees with this reading.',
    });
    // What arrives late opens a new gap; a reading that was booked is not booked again.
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', at: '2026-11-21T08:00:00Z' });
    expect(await problemOf(confirm(more.readingId))).toMatchObject({ code: 'conflict' });
    const less = await client.readings.add({ workspaceId, used: '400', at: '2026-11-21T09:30:00Z' });
    expect(less.drift).toBe(-75e6);
    const older = await client.readings.add({ workspaceId, used: '1', at: '2026-11-21T07:00:00Z' });
    await confirm(less.readingId);
    expect(await used()).toBe(400);
    expect((await problemOf(confirm(older.readingId))).message).toContain('A later reading of this period was booked');
    expect(await used()).toBe(400);
    expect((await client.report.get({ workspaceId, by: 'feature', period: 'month' })).total).toBe(400e6);
    expect((await client.forecast.get({ workspaceId })).quality).toBe('pace-only');
  });

  it('refuses to take away what was given back since, and takes the rest by a newer reading', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const use = { workspaceId, feature: 'video', quantity: '1' };
    const { transactionId } = await client.usage.log({ ...use, at: '2026-11-20T08:00:00Z' });
    const id = transactionId ?? '';
    const used = async () => credits((await client.balance.get({ workspaceId })).balance.used);
    await client.usage.refund({ id, credits: '200', at: '2026-11-20T11:00:00Z' });
    const { readingId, drift } = await client.readings.add({ workspaceId, used: '100', at: '2026-11-20T09:00:00Z' });
    expect(drift).toBe(-150e6);
    const confirm = (reading: string) =>
      client.readings.confirmDrift({ workspaceId, readingId: reading, reason: 'Counted less' });
    expect(await problemOf(confirm(readingId))).toMatchObject({
      code: 'conflict',
      message: 'Some of what this reading takes away was given back since, by a refund or a void.',
      todo: 'Take a reading of now and confirm that one.',
    });
    expect(await used()).toBe(50);
    setNow('2026-11-20T13:00:00Z');
    const newer = await client.readings.add({ workspaceId, used: '20', at: '2026-11-20T12:30:00Z' });
    expect(await confirm(newer.readingId)).toMatchObject({ credits: -30e6 });
    expect(await used()).toBe(20);
    // One that takes less than what has stayed is no clash.
    const gentle = await client.usage.log({ ...use, at: '2026-10-02T08:00:00Z' });
    await client.usage.refund({ id: gentle.transactionId ?? '', credits: '200', at: '2026-10-02T11:00:00Z' });
    const small = await client.readings.add({ workspaceId, used: '210', at: '2026-10-02T09:00:00Z' });
    expect(await confirm(small.readingId)).toMatchObject({ credits: -40e6 });
  });

  it('refuses what is no reading', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const add = (more: object) =>
      complaintOf(client.readings.add({ workspaceId, used: '1', at: '2026-11-20', ...more }));
    expect(await add({ used: '-1' })).toBe('used: -1 is negative');
    expect(await add({ at: '' })).toBe('at: is missing');
    expect(await add({ at: '2026-06-31' })).toContain('at: “2026-06-31”');
    const confirm = (more: object) =>
      complaintOf(client.readings.confirmDrift({ workspaceId, readingId: 'x', reason: 'y', ...more }));
    expect(await confirm({})).toBe('There is no reading “x”.');
    expect(await confirm({ reason: '' })).toBe('reason: say why, in a few words');
    expect((await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 9 })).total).toBe(0);
  });
});
