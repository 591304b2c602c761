import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../shared/kernel/random.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import { problemDocument } from '../../../shared/protocol/problem.ts';
import type { PullPage, PulledDocument } from '../../../shared/protocol/pull.ts';
import type { StreamMessage } from '../../../shared/protocol/stream.ts';
import { backOffMs } from '../../../shared/sync-engine/back-off.ts';
import type { Sender } from '../../../shared/sync-engine/booking-facts.ts';
import type { DeviceState, StoreWrite } from '../../../shared/sync-engine/device-store.ts';
import { judgeCheckpoint, pageOf } from '../../../shared/sync-engine/epoch.ts';
import {
  receiveEpoch,
  receiveLeases,
  receivePage,
  receivePushed,
  receiveStream,
  receiveView,
} from '../../../shared/sync-engine/receive.ts';
import { syncRound } from '../../../shared/sync-engine/sync-round.ts';
import { MemoryDevice, portsOf } from '../../simulation/memory-device.ts';
import { MemoryServer } from '../../simulation/memory-server.ts';
import { at, cr, poolId, usage } from '../../support/ledger-lines.ts';

const noon = at('2026-01-05T12:00');
const reading = { wall: noon, bootId: 'boot', monotonicMs: 5 };
const checkpoint = { epoch: 'e', view: 'v', seq: 4 };
const state: DeviceState = {
  deviceId: 'ana',
  workspaceId: 'workspace',
  checkpoint,
  mayBringBack: false,
  mark: null,
  forked: false,
};

function entry(seq: number, changes: { readonly id?: string; readonly workspaceId?: string } = {}): PulledDocument {
  const line = { ...usage(changes.id ?? `line-${seq}`, noon, cr(1)), ...changes };
  return { kind: 'entry', seq, by: { deviceId: 'ben', number: seq }, entry: { kind: 'line', line } };
}

function page(documents: readonly PulledDocument[], changes: Partial<PullPage> = {}): PullPage {
  const seq = documents.at(-1)?.seq ?? 4;
  return { kind: 'page', documents, checkpoint: { ...checkpoint, seq }, more: false, ...changes };
}

const kinds = (writes: readonly StoreWrite[]): readonly string[] => writes.map(({ kind }) => kind);

describe('what an answer changes', () => {
  it('[D3] documents before the checkpoint, and nothing where nothing is new', () => {
    const received = receivePage(state, page([entry(5), entry(7)]));
    expect(received).toMatchObject({
      ok: true,
      value: [{ kind: 'documents' }, { kind: 'checkpoint', checkpoint: { seq: 7 } }],
    });
    expect(receivePage(state, page([]))).toEqual(ok([]));
    expect(
      receivePage({ ...state, checkpoint: null }, page([], { checkpoint: { ...checkpoint, seq: 0 } })),
    ).toMatchObject({ value: [{ kind: 'checkpoint' }] });
  });

  it.each([
    ['a place that was pulled already', page([entry(4)]), 'out-of-order'],
    ['places that fall', page([entry(6), entry(5)]), 'out-of-order'],
    ['a document beyond its checkpoint', page([entry(9)], { checkpoint: { ...checkpoint, seq: 8 } }), 'out-of-order'],
    ['a checkpoint that goes back', page([], { checkpoint: { ...checkpoint, seq: 3 } }), 'backwards'],
    ['more that never comes', page([], { more: true }), 'no-progress'],
    ['another epoch', page([], { checkpoint: { ...checkpoint, epoch: 'f' } }), 'other-history'],
    ['another view', page([], { checkpoint: { ...checkpoint, view: 'w' } }), 'other-history'],
    ['an entry of another workspace', page([entry(5, { workspaceId: 'foreign' })]), 'other-workspace'],
  ])('[D4] does not believe a page with %s', (_, given, error) => {
    expect(receivePage(state, given)).toEqual(err(error));
  });

  it('[D2] [D4] takes rows out of the outbox that were sent and answered, each and no other', () => {
    const rows = ['a', 'b'].map((id, place) => ({
      id,
      by: { deviceId: 'ana', number: place + 1 },
      entry: { kind: 'line' as const, line: usage(id, noon, cr(1)) },
    }));
    const accepted = (id: string, entryId = id) => ({ id, seq: 5, verdict: { kind: 'booked' as const, entryId } });
    const conflict = { id: 'b', seq: 3, by: rows[1]!.by, master: rows[1]!.entry };
    const answer = { kind: 'pushed' as const, accepted: [accepted('a')], conflicts: [conflict], forked: true };
    const received = receivePushed(rows, answer);
    expect(received.ok && kinds(received.value)).toEqual(['forked', 'confirmed', 'conflicts']);
    for (const wrong of [
      [accepted('a')],
      [accepted('a'), accepted('c')],
      [accepted('a'), accepted('b', 'a')],
      [accepted('a'), accepted('a')],
    ]) {
      expect(receivePushed(rows, { ...answer, accepted: wrong, conflicts: [] })).toEqual(err('other-rows'));
    }
  });

  it('[D5] goes back to what survived, with the rows first', () => {
    const told = { kind: 'new-epoch', epoch: 'f', view: 'v', survivedSeq: 2 } as const;
    expect(receiveEpoch({ ...state, mayBringBack: true }, told)).toEqual(
      ok([
        { kind: 'requeue', afterSeq: 2, othersToo: true },
        { kind: 'checkpoint', checkpoint: { epoch: 'f', view: 'v', seq: 2 } },
      ]),
    );
    const further = receiveEpoch(state, { ...told, view: 'w', survivedSeq: 9 });
    expect(further.ok && kinds(further.value)).toEqual(['requeue', 'forget-pulled', 'checkpoint']);
    expect(further).toMatchObject({ value: [{ afterSeq: 4, othersToo: false }, {}, { checkpoint: { seq: 0 } }] });
    expect(receiveEpoch(state, { ...told, epoch: 'e' })).toEqual(err('other-history'));
  });

  it('[D5] [D6] what is brought back for others waits through another view, and then comes as that shows it', () => {
    const device = new MemoryDevice('ana', { checkpoint, mayBringBack: true });
    const others = (id: string, seq: number): PulledDocument => ({
      kind: 'entry',
      seq,
      by: { deviceId: 'ben', number: seq },
      entry: { kind: 'line', line: usage(id, noon, cr(1)) },
    });
    device.keep({ kind: 'documents', documents: [others('survived', 2), others('lost', 3), others('gone', 4)] });
    const told = receiveEpoch(device.state, { kind: 'new-epoch', epoch: 'f', view: 'w', survivedSeq: 2 });
    for (const write of told.ok ? told.value : []) device.keep(write);
    expect(device.outbox().map(({ id }) => id)).toEqual(['lost', 'gone']);
    expect([...device.rows.keys()]).toEqual(['lost', 'gone']);
    device.keep({
      kind: 'confirmed',
      accepted: [{ id: 'lost', seq: 3, verdict: { kind: 'booked', entryId: 'lost' } }],
    });
    expect([...device.rows.keys()]).toEqual(['gone']);
  });

  it('[D6] forgets what it pulled before anything else', () => {
    const told = { kind: 'new-view', epoch: 'e', view: 'w' } as const;
    const received = receiveView(state, told);
    expect(received.ok && kinds(received.value)).toEqual(['forget-pulled', 'checkpoint']);
    expect(receiveView(state, { ...told, view: 'v' })).toEqual(err('no-progress'));
    expect(receiveView(state, { ...told, epoch: 'f' })).toEqual(err('other-history'));
  });

  it('[D7] takes changes that follow, passes over those that are known, and pulls for all others', () => {
    const hear = (message: StreamMessage) => receiveStream(state, message);
    const changes = (afterSeq: number, documents: readonly PulledDocument[], seq: number, epoch = 'e') =>
      hear({ kind: 'changes', afterSeq, documents, checkpoint: { epoch, view: 'v', seq } });
    expect(changes(4, [entry(5)], 5)).toMatchObject({
      kind: 'write',
      writes: [{ kind: 'documents' }, { kind: 'checkpoint' }],
    });
    expect(changes(2, [entry(3), entry(5)], 5)).toMatchObject({ writes: [{ documents: [{ seq: 5 }] }, {}] });
    expect(changes(2, [entry(3)], 3)).toEqual({ kind: 'write', writes: [] });
    expect(changes(5, [entry(6)], 6)).toEqual({ kind: 'pull', withinMs: 0 });
    expect(changes(4, [entry(5)], 5, 'f')).toEqual({ kind: 'pull', withinMs: 0 });
    expect(changes(4, [entry(5, { workspaceId: 'foreign' })], 5)).toEqual({ kind: 'pull', withinMs: 0 });
    expect(hear({ kind: 'resync', ...checkpoint, seq: 9, withinMs: 50 })).toEqual({ kind: 'pull', withinMs: 50 });
    expect(hear({ kind: 'resync', ...checkpoint, withinMs: 50 })).toEqual({ kind: 'write', writes: [] });
    expect(hear({ kind: 'revoked' })).toEqual({ kind: 'revoked' });
  });

  it('[D4] leases are the device’s own, and count from before it asked', () => {
    const lease = {
      id: 'l',
      deviceId: 'ana',
      poolId,
      amount: cr(5),
      period: { start: noon, end: at('2026-02-01') },
      spendableForMs: 9,
    };
    const asked = { reading, mark: { ...reading, wall: at('2027-01-01'), elapsedMs: 7 } };
    expect(receiveLeases(state, { leases: [lease] }, asked)).toMatchObject({
      value: [{ leases: [{ id: 'l', from: { wall: noon, elapsedMs: 7 } }], mark: { wall: noon } }],
    });
    expect(receiveLeases(state, { leases: [{ ...lease, deviceId: 'ben' }] }, asked)).toEqual(err('other-device'));
  });

  it('[D8] waits longer after each failure, draws half of it, and obeys the server', () => {
    const wait = (failures: number, drawn: number, retryAfterMs: number | null = null) =>
      backOffMs({ failures, retryAfterMs, random: () => drawn });
    expect([1, 2, 3, 9, 10, 60].map((failures) => wait(failures, 0))).toEqual([
      500, 1000, 2000, 128_000, 150_000, 150_000,
    ]);
    expect([wait(1, 0.999), wait(60, 0.999)]).toEqual([1000, 299_850]);
    expect(wait(1, 0, 60_000)).toBe(60_500);
    const random = seededRandom(1);
    expect(backOffMs({ failures: 4, retryAfterMs: null, random })).not.toBe(
      backOffMs({ failures: 4, retryAfterMs: null, random }),
    );
  });
});

describe('what a checkpoint is worth', () => {
  const epochs = [
    { epoch: 'e', survivedSeq: 0 },
    { epoch: 'f', survivedSeq: 5 },
    { epoch: 'g', survivedSeq: 7 },
  ];
  const standing = { epochs, view: 'v', seq: 9 };

  it('[M8] another epoch is told, with the earliest place that survived since', () => {
    const told = (epoch: string) => judgeCheckpoint({ epoch, view: 'v', seq: 8 }, standing);
    expect(told('e')).toEqual({ kind: 'new-epoch', epoch: 'g', view: 'v', survivedSeq: 5 });
    expect(told('f')).toMatchObject({ survivedSeq: 7 });
    expect(told('unknown')).toMatchObject({ survivedSeq: 0 });
    expect(told('g')).toEqual({ kind: 'read', afterSeq: 8 });
  });

  it('[M8] a place that there never was proves a loss', () => {
    expect(judgeCheckpoint({ epoch: 'g', view: 'v', seq: 10 }, standing)).toEqual({ kind: 'lost-tail' });
    expect(judgeCheckpoint(null, standing)).toEqual({ kind: 'read', afterSeq: 0 });
  });

  it('[M9] another view is told, and a page covers what the view does not show', () => {
    expect(judgeCheckpoint({ epoch: 'g', view: 'w', seq: 3 }, standing)).toEqual({
      kind: 'new-view',
      epoch: 'g',
      view: 'v',
    });
    expect(pageOf([entry(3), entry(6)], { standing, rowsMax: 2 })).toMatchObject({
      checkpoint: { seq: 9 },
      more: false,
    });
    expect(pageOf([entry(3), entry(6), entry(8)], { standing, rowsMax: 2 })).toMatchObject({
      checkpoint: { seq: 6 },
      more: true,
    });
    expect(pageOf([entry(3), entry(10)], { standing, rowsMax: 2 })).toMatchObject({
      documents: [{ seq: 3 }],
      checkpoint: { seq: 9 },
    });
  });
});

describe('a round', () => {
  function team() {
    const server = new MemoryServer({ pools: [{ poolId, granted: cr(1000), hard: true }], activeDevices: 2 });
    const views = new Map<string, string>();
    const round = (device: MemoryDevice, failing?: (path: string) => ReturnType<typeof err> | undefined) => {
      const { deviceId, mayBringBack } = device.state;
      return syncRound(
        portsOf({
          device,
          clocks: () => reading,
          leaseWishes: () => ({ kind: 'renew', expectedByPool: [{ poolId, expected: cr(10) }] }),
          send: async (path, body) => {
            const failure = failing?.(path);
            if (failure) return failure as never;
            const sender: Sender = {
              deviceId,
              workspaceId: 'workspace',
              view: views.get(deviceId) ?? 'v',
              mayBringBack,
            };
            return ok(JSON.parse(JSON.stringify(await server.answer(path, body, sender, noon))));
          },
        }),
      );
    };
    return { server, views, round };
  }
  const idsOf = (device: MemoryDevice) =>
    device
      .lines()
      .map(({ id }) => id)
      .toSorted();

  it('[D1] sends what was written before the first page, pulls what others wrote, and brings leases', async () => {
    const { round } = team();
    const [ana, ben] = [new MemoryDevice('ana'), new MemoryDevice('ben')];
    ana.record(usage('a', noon, cr(1)));
    ben.record(usage('b', noon, cr(2)));
    for (const device of [ana, ben, ana]) expect(await round(device)).toEqual(ok('done'));
    expect([idsOf(ana), idsOf(ben)]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect([ana.outbox(), ana.leases.map(({ amount }) => amount)]).toEqual([[], [cr(10)]]);
  });

  it('[D1] [D2] more rows than fit into a batch or a page all arrive, once', async () => {
    const { round, server } = team();
    const [ana, ben] = [new MemoryDevice('ana'), new MemoryDevice('ben')];
    for (let count = 0; count < 1205; count++) ana.record(usage(`a${count}`, noon, cr('0.1')));
    for (const device of [ana, ben]) expect(await round(device)).toEqual(ok('done'));
    expect([server.kept.rows.size, server.kept.seq, ben.lines().length]).toEqual([1205, 1205, 1205]);
  });

  it('[D5] [M8] after a restore everything that any device wrote is back, and no device has anything else', async () => {
    const { round, server } = team();
    const [ana, ben] = [new MemoryDevice('ana'), new MemoryDevice('ben', { mayBringBack: true })];
    ana.record(usage('a', noon, cr(1)));
    await round(ana);
    const backup = server.kept;
    ana.record(usage('b', noon, cr(2)));
    const gone = new MemoryDevice('gone');
    gone.record(usage('g', noon, cr(3)));
    for (const device of [ana, gone, ben]) await round(device);
    server.restore(backup);
    ben.record(usage('c', noon, cr(4)));
    for (const device of [ben, ana, ben]) expect(await round(device)).toEqual(ok('done'));
    const all = ['a', 'b', 'c', 'g'];
    expect([[...server.kept.rows.keys()].toSorted(), idsOf(ana), idsOf(ben), server.forkedBy]).toEqual([
      all,
      all,
      all,
      [],
    ]);
  });

  it('[D5] [M8] a tail that was lost in silence is found by the first device that has seen it', async () => {
    const { round, server } = team();
    const ana = new MemoryDevice('ana');
    const backup = server.kept;
    ana.record(usage('a', noon, cr(1)));
    await round(ana);
    server.loseTail(backup);
    expect(await round(ana)).toEqual(ok('done'));
    expect([[...server.kept.rows.keys()], ana.state.checkpoint?.epoch]).toEqual([['a'], 'epoch-1']);
  });

  it('[D3] [Y8] takes closed stretches by name, each with its checkpoint, and goes on where one did not come', async () => {
    const segments = [
      { name: '0-1', lastSeq: 1, documents: 1 },
      { name: '1-3', lastSeq: 3, documents: 2 },
    ];
    const stretches = new Map([
      ['0-1', { lastSeq: 1, documents: [entry(1, { id: 'a' })] }],
      ['1-3', { lastSeq: 3, documents: [entry(2, { id: 'b' }), entry(3, { id: 'c' })] }],
    ]);
    const pull = (device: MemoryDevice, missing: string) =>
      syncRound(
        portsOf({
          device,
          clocks: () => reading,
          send: () => {
            const { checkpoint: here } = device.state;
            const rest = segments.filter(({ lastSeq }) => lastSeq > (here?.seq ?? 0));
            const told = rest.length > 0 ? { kind: 'segments', epoch: 'e', view: 'v', segments: rest } : null;
            return Promise.resolve(ok(told ?? page([], { checkpoint: { ...checkpoint, seq: 3 } })));
          },
          segment: (name) =>
            Promise.resolve(name === missing ? err({ kind: 'unreachable' as const }) : ok(stretches.get(name))),
        }),
      );
    const [ana, ben] = [new MemoryDevice('ana'), new MemoryDevice('ben')];
    expect(await pull(ana, '')).toEqual(ok('done'));
    expect([idsOf(ana), ana.state.checkpoint?.seq]).toEqual([['a', 'b', 'c'], 3]);
    expect(await pull(ben, '1-3')).toEqual(err({ kind: 'unreachable' }));
    expect([idsOf(ben), ben.state.checkpoint?.seq]).toEqual([['a'], 1]);
    expect(await pull(ben, '')).toEqual(ok('done'));
    expect(idsOf(ben)).toEqual(['a', 'b', 'c']);
  });

  it('[D6] after a change of view what was pulled is pulled again, and what waits is sent', async () => {
    const { round, views } = team();
    const [ana, ben] = [new MemoryDevice('ana'), new MemoryDevice('ben')];
    ana.record(usage('a', noon, cr(1)));
    for (const device of [ana, ben]) await round(device);
    views.set('ben', 'w');
    ben.record(usage('b', noon, cr(1)));
    expect(await round(ben)).toEqual(ok('done'));
    expect([idsOf(ben), ben.state.checkpoint?.view]).toEqual([['a', 'b'], 'w']);
  });

  it('[D9] a device that was copied stops sending, and keeps what it recorded', async () => {
    const { round } = team();
    const [ana, copy] = [new MemoryDevice('ana'), new MemoryDevice('ana')];
    ana.record(usage('a', noon, cr(1)));
    copy.record(usage('b', noon, cr(1)));
    await round(ana);
    expect(await round(copy)).toEqual(err({ kind: 'forked' }));
    copy.record(usage('c', noon, cr(1)));
    expect(await round(copy)).toEqual(err({ kind: 'forked' }));
    expect(copy.outbox().map(({ id }) => id)).toEqual(['c']);
  });

  it.each([
    ['no server', { kind: 'unreachable' }, { kind: 'unreachable' }],
    ['a page of some café', { kind: 'not-json' }, { kind: 'untrusted', what: 'not-json' }],
    ['an answer of a gigabyte', { kind: 'too-large' }, { kind: 'untrusted', what: 'too-large' }],
    [
      'a problem that is none',
      { kind: 'problem', document: { oops: true } },
      { kind: 'untrusted', what: 'other-shape' },
    ],
    [
      'a server that is full',
      { kind: 'problem', document: problemDocument('server-full', { title: 'The disk is full', retryAfterMs: 9 }) },
      { kind: 'problem', type: 'server-full', retryAfterMs: 9 },
    ],
  ])('[D4] %s ends the round, named, and everything waits', async (_, failure, end) => {
    const { round } = team();
    const ana = new MemoryDevice('ana');
    await round(ana);
    ana.record(usage('a', noon, cr(1)));
    for (const path of ['push', 'pull', 'leases']) {
      expect(await round(ana, (asked) => (asked === path ? err(failure) : undefined))).toEqual(err(end));
    }
    expect(idsOf(ana)).toEqual(['a']);
  });
});
