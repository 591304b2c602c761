import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { segmentSeqs } from '../../../server/history/segments.ts';
import { poolOf } from '../../../server/review/terms.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { orderStepId, type OrderState } from '../../../shared/ledger/order-step.ts';
import type { Transaction } from '../../../shared/ledger/transaction.ts';
import { changedSchema } from '../../../shared/protocol/admin.ts';
import type { Entry } from '../../../shared/protocol/entry.ts';
import { segmentSchema, type PulledDocument } from '../../../shared/protocol/pull.ts';
import { pathOf, routes } from '../../../shared/protocol/routes.ts';
import { cr, refund, usage } from '../../support/ledger-lines.ts';
import { publishOn, type HttpWorkspace } from '../../support/served-over-http.ts';
import { published } from '../../support/served-workspace.ts';
import { makeTestServer, problemIn, type TestServer } from '../../support/test-server.ts';
import { change, member } from '../../support/workspace-terms.ts';

const today = instant(Date.now() - 60_000);
const from = instant(Date.UTC(2025, 0, 1));
const happened = { pricing: 'metered', unitRate: null, happened: true } as const;

let server: TestServer & { readonly drop: () => Promise<void> };
beforeAll(async () => {
  server = await makeTestServer();
});
afterAll(() => server.drop());

const lineOf = ({ workspaceId, poolId }: HttpWorkspace, line: Transaction): Entry => ({
  kind: 'line',
  line: { ...line, workspaceId, poolId },
});

/** Ana leads Design, where Ben is; Cem is in Text. */
async function team() {
  const workspace = await publishOn(server);
  const admin = workspace.as(server.admin);
  await admin.push(
    ...published(workspace.workspaceId, {
      platform: 'piktochart',
      plan: 'pro',
      seats: { member: 3 },
      from,
      changes: [
        { value: { kind: 'team', name: 'Design', deleted: false }, subject: 'design' },
        { value: { kind: 'team', name: 'Text', deleted: false }, subject: 'text' },
        { value: member({ name: 'Ana', teamId: 'design', access: 'team-lead' }), subject: 'ana' },
        { value: member({ name: 'Ben', teamId: 'design' }), subject: 'ben' },
        { value: member({ name: 'Cem', teamId: 'text' }), subject: 'cem' },
      ],
    }),
  );
  const [ana, ben, cem] = [
    await workspace.join('ana', 'team-lead'),
    await workspace.join('ben', 'member'),
    await workspace.join('cem', 'member'),
  ];
  const use = (memberId: string, teamId: string, amount: number, changes: object = {}): Entry =>
    lineOf(
      workspace,
      usage(randomUUID(), today, cr(amount), { ...happened, memberId, teamId, note: `By ${memberId}`, ...changes }),
    );
  const setPrivacy = (hidesPeople: boolean) =>
    admin.push({
      kind: 'change',
      change: {
        ...change(instant(today + (hidesPeople ? 0 : 1)), { kind: 'privacy', hidesPeople, teamMin: 2 }),
        id: randomUUID(),
        workspaceId: workspace.workspaceId,
      },
    });
  return { workspace, admin, ana, ben, cem, use, setPrivacy };
}

const linesIn = (documents: readonly PulledDocument[]) =>
  documents.flatMap((document) =>
    document.kind === 'entry' && document.entry.kind === 'line' ? document.entry.line : [],
  );
const spenders = (documents: readonly PulledDocument[]) =>
  linesIn(documents).map((line) => ('memberId' in line ? line.memberId : undefined));

describe('what each may see', () => {
  it('[Y16] shows everybody the same credits, and each only the people whom they may see', async () => {
    const { admin, ana, ben, cem, use } = await team();
    await ben.push(use('ben', 'design', 10, { authorId: 'ben' }));
    await cem.push(use('cem', 'text', 20, { authorId: 'cem' }));
    const seen = async (device: typeof ana | typeof admin) => (await device.pullAll()).documents;
    expect(spenders(await seen(admin))).toEqual(['ben', 'cem']);
    expect(spenders(await seen(ana))).toEqual(['ben', null]);
    expect(spenders(await seen(ben))).toEqual(['ben', null]);
    expect(spenders(await seen(cem))).toEqual([null, 'cem']);
    for (const device of [admin, ana, ben, cem]) {
      const lines = linesIn(await seen(device));
      expect(lines.map((line) => 'credits' in line && line.credits)).toEqual([cr(10), cr(20)]);
    }
    const hidden = JSON.stringify(await seen(ben));
    expect(hidden).not.toContain('Cem');
    expect(hidden).not.toContain('"cem"');
    expect(hidden).toContain('"text"');
  });

  it('[Y16] a link leads to the line under the name that it has in the view', async () => {
    const { workspace, admin, ben, cem, use } = await team();
    const spent = use('cem', 'text', 20, { authorId: 'cem' });
    await cem.push(spent);
    if (spent.kind !== 'line' || spent.line.kind !== 'usage') throw new Error('A use');
    const back: Transaction = { ...refund(randomUUID(), spent.line, today, cr(5)), memberId: 'cem', teamId: 'text' };
    await admin.push(lineOf(workspace, back));
    const [base, linked] = linesIn((await ben.pullAll()).documents);
    expect(base?.id).not.toBe(spent.line.id);
    expect(linked).toMatchObject({ kind: 'refund', memberId: null, linkedId: base?.id });
  });

  it('[V1] [V2] [Y10] hides people from leads and folds small teams, under another view; the view never comes back', async () => {
    const { ana, ben, cem, use, setPrivacy } = await team();
    await ben.push(use('ben', 'design', 10, { authorId: 'ben' }));
    await cem.push(use('cem', 'text', 20, { authorId: 'cem' }));
    const { checkpoint } = await ana.pullAll();
    await setPrivacy(true);
    const told = await ana.pull(checkpoint);
    expect(told).toMatchObject({ kind: 'new-view' });
    const lines = linesIn((await ana.pullAll()).documents);
    expect(lines).toMatchObject([{ memberId: null }, { memberId: null, teamId: null }]);
    await setPrivacy(false);
    const { checkpoint: again, documents } = await ana.pullAll();
    expect(spenders(documents)).toEqual(['ben', null]);
    expect(again.view).not.toBe(checkpoint.view);
  });

  it('[P3] [Y16] whoever asked for a pack, and who leads them, is told what became of it, and not by whom', async () => {
    const { workspace, admin, ana, ben, cem } = await team();
    const step = (
      state: OrderState,
      authorId: string | null,
      orderId: string,
      memberId: string | null = null,
    ): Entry => ({
      kind: 'order',
      order: {
        id: orderStepId(orderId, state),
        workspaceId: workspace.workspaceId,
        orderId,
        state,
        packId: 'starter',
        memberId,
        at: today,
        recordedAt: today,
        authorId,
        credits: cr(2000),
        price: null,
        reference: null,
        note: null,
      },
    });
    const stepsOf = async (device: typeof admin, orderId: string) =>
      (await device.pullAll()).documents.flatMap((document) =>
        document.kind === 'entry' && document.entry.kind === 'order' && document.entry.order.orderId === orderId
          ? [[document.entry.order.state, document.entry.order.authorId]]
          : [],
      );
    for (const decided of ['approved', 'refused', 'cancelled'] as const) {
      const orderId = randomUUID();
      await ben.push(step('requested', 'ben', orderId));
      await admin.push(step(decided, 'cem', orderId));
      const told = [
        ['requested', 'ben'],
        [decided, null],
      ];
      expect(await stepsOf(ben, orderId)).toEqual(told);
      expect(await stepsOf(ana, orderId)).toEqual(told);
      expect(await stepsOf(cem, orderId)).toEqual([]);
      expect(await stepsOf(admin, orderId)).toEqual([
        ['requested', 'ben'],
        [decided, 'cem'],
      ]);
    }
    // Asked for somebody of another team, and brought here by another computer.
    const orderId = randomUUID();
    await admin.push(step('requested', 'ben', orderId, 'cem'), step('refused', 'dora', orderId, 'cem'));
    expect(await stepsOf(ben, orderId)).toEqual([
      ['requested', 'ben'],
      ['refused', null],
    ]);
    expect(await stepsOf(cem, orderId)).toEqual([
      ['requested', null],
      ['refused', null],
    ]);
    expect(await stepsOf(ana, orderId)).toEqual([]);
  });

  it('[M4] verdicts are for whom they concern', async () => {
    const { admin, ben, cem, use } = await team();
    await cem.push(use('ben', 'design', 1));
    const verdicts = async (device: typeof admin) =>
      (await device.pullAll()).documents.filter(({ kind }) => kind === 'verdict').length;
    expect([await verdicts(admin), await verdicts(ben), await verdicts(cem)]).toEqual([1, 0, 1]);
  });
});

describe('segments', () => {
  it('[Y8] a device far behind is told of closed stretches, and fetches each by its name', async () => {
    const workspace = await publishOn(server);
    const admin = workspace.as(server.admin);
    const { workspaceId } = workspace;
    await admin.push(...published(workspaceId, { platform: 'miro', plan: 'enterprise', seats: { member: 50 }, from }));
    for (let pushed = 0; pushed < segmentSeqs; pushed += 500) {
      const rows = Array.from({ length: 500 }, () => lineOf(workspace, usage(randomUUID(), today, cr(1), happened)));
      await admin.push(...rows);
    }
    const told = await admin.pull(null);
    expect(told).toMatchObject({ kind: 'segments', segments: [{ lastSeq: segmentSeqs, documents: segmentSeqs }] });
    if (told.kind !== 'segments') return;
    const { name, lastSeq } = told.segments[0]!;
    const path = pathOf(routes.segment, { workspaceId, segment: name });
    const fetched = await server.admin.send('GET', path, undefined, { 'accept-encoding': 'br' });
    expect(fetched.headers.get('content-encoding')).toBe('br');
    const segment = segmentSchema.parse(fetched.body);
    expect(segment.documents.map(({ seq }) => seq)).toEqual(Array.from({ length: lastSeq }, (_, place) => place + 1));
    const etag = fetched.headers.get('etag') ?? '';
    const again = await server.admin.send('GET', path, undefined, { 'if-none-match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
    const rest = await admin.pull({ epoch: told.epoch, view: told.view, seq: lastSeq });
    expect(rest).toMatchObject({ kind: 'page', more: false });
    expect(rest.kind === 'page' && rest.documents.length).toBe(3);
    const within = await admin.pull({ epoch: told.epoch, view: told.view, seq: 7 }, 5_000);
    expect(within).toMatchObject({ kind: 'page', checkpoint: { seq: 5_007 } });

    const member = await workspace.join('eve', 'member');
    expect(problemIn(await member.device.send('GET', path))).toBe('not-found');
    const unknown = pathOf(routes.segment, { workspaceId, segment: `${told.epoch}.1-2` });
    expect(problemIn(await server.admin.send('GET', unknown))).toBe('not-found');
  });
});

describe('leases over the wire', () => {
  it('[M7] are for members who spend, and for a company admin who logs for others', async () => {
    const { workspace, admin, ben } = await team();
    const needed = { kind: 'top-up', poolId: workspace.poolId, needed: cr(50) } as const;
    expect(await ben.leases(needed)).toMatchObject([{ amount: cr(50) }]);
    expect(await admin.leases(needed)).toMatchObject([{ amount: cr(50) }]);
  });
});

describe('the stream', () => {
  it('[Y11] tells what is new to all who listen, each as they may see it', async () => {
    const { admin, ben, cem, use } = await team();
    const listening = [await admin.listen(), await cem.listen()];
    for (const stream of listening) expect(await stream.next()).toMatchObject({ kind: 'resync', withinMs: 0 });
    await ben.push(use('ben', 'design', 10, { authorId: 'ben' }));
    const [inClear, hidden] = await Promise.all(listening.map((stream) => stream.next()));
    expect(inClear).toMatchObject({ kind: 'changes', documents: [{ entry: { line: { memberId: 'ben' } } }] });
    expect(hidden).toMatchObject({ kind: 'changes', documents: [{ entry: { line: { memberId: null } } }] });
    if (inClear?.kind !== 'changes') return;
    const { checkpoint } = inClear;
    expect(await admin.pull(checkpoint)).toMatchObject({ kind: 'page', documents: [], checkpoint, more: false });
    for (const stream of listening) stream.stop();
  });

  it('[Y10] tells a device to pull when it may see something else', async () => {
    const { ana, setPrivacy } = await team();
    const { checkpoint } = await ana.pullAll();
    const stream = await ana.listen();
    await stream.next();
    await setPrivacy(true);
    let message = await stream.next();
    while (message?.kind === 'changes') message = await stream.next();
    expect(message).toMatchObject({ kind: 'resync' });
    expect(message?.kind === 'resync' && message.view !== checkpoint.view).toBe(true);
    stream.stop();
  });

  it('a revoked device is told so: its stream ends, its calls are refused and its lease is closed', async () => {
    const { ben } = await team();
    const [lease] = await ben.leases({ kind: 'top-up', poolId: poolIn(await ben.pullAll()), needed: cr(50) });
    expect(lease).toMatchObject({ amount: cr(50) });
    const stream = await ben.listen();
    await stream.next();
    const path = pathOf(routes.revokeDevice, { deviceId: ben.device.deviceId });
    await server.admin.answer(changedSchema, 'POST', path);
    expect(await stream.next()).toEqual({ kind: 'revoked' });
    expect(await stream.next()).toBeNull();
    const pull = pathOf(routes.pull, { workspaceId: lease!.poolId });
    expect(problemIn(await ben.device.send('POST', pull, { checkpoint: null }))).toBe('revoked');
    const closed = await server.server.services.database.inOrganisation(ben.device.organisationId, ({ query }) =>
      query('SELECT closed FROM lease WHERE id = $1', [lease!.id]),
    );
    expect(closed.rows).toEqual([{ closed: 'revoked' }]);
  });
});

function poolIn({ documents }: { readonly documents: readonly PulledDocument[] }): string {
  const found = documents.find((document) => document.kind === 'entry' && document.entry.kind === 'workspace');
  if (found?.kind !== 'entry' || found.entry.kind !== 'workspace') throw new Error('A workspace');
  return poolOf(found.entry.workspace.id, null).poolId;
}
