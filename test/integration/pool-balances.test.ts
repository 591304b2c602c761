import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckpointPace } from '../../replica/services/pool-ledgers.ts';
import { spendFigures } from '../../replica/services/spend-figures.ts';
import type { Pool } from '../../replica/services/replica-state.ts';
import type { Workspace } from '../../replica/services/workspace.ts';
import { credits } from '../../shared/kernel/credits.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import { heldOf, sharesOf, usedOf } from '../../shared/ledger/spends.ts';
import { askPool } from '../../shared/ledger/what-if.ts';
import { ledgerAnew } from '../support/folded-anew.ts';
import { anyAction, play } from '../support/replica-actions.ts';
import { at, openTestReplica, piktochart, type Client, type TestReplica } from '../support/replica.ts';
import { thoroughness } from '../support/thoroughness.ts';

/** Checkpoints nearly everywhere, and ledgers that hold hardly anything. */
const eager: CheckpointPace = {
  linesWorthIt: 1,
  linesBetween: 3,
  linesBeforeEnd: [2, 0],
  linesHeldMax: 2,
  linesGrownMax: 2,
};

const hourMs = 3_600_000;

/** What is done to the checkpoints between two actions; figures choose which. */
interface Meddling {
  readonly kind: 'nothing' | 'forget' | 'delete' | 'damage' | 'seats' | 'end-plan' | 'catalogue';
  readonly choice: number;
  readonly hoursAgo: readonly number[];
}

const anyMeddling: fc.Arbitrary<Meddling> = fc.record({
  kind: fc.constantFrom('nothing', 'nothing', 'forget', 'forget', 'delete', 'damage', 'seats', 'end-plan', 'catalogue'),
  choice: fc.nat(1000),
  hoursAgo: fc.array(fc.nat(1000), { maxLength: 2 }),
});

async function meddle({ client, replica }: TestReplica, workspaceId: string, { kind, choice, hoursAgo }: Meddling) {
  const { database } = replica.state.database.connection;
  // What has been read is forgotten, so that the next question goes by what is stored.
  if (kind !== 'nothing') replica.state.pools.clear();
  const when = replica.state.clock() - (hoursAgo[0] ?? 0) * hourMs;
  const ago = hoursAgo[0] === undefined ? {} : { at: new Date(when).toISOString() };
  switch (kind) {
    case 'nothing':
    case 'forget':
      return;
    case 'delete':
      database.exec(`DELETE FROM pool_checkpoint WHERE (rowid * 7 + ${choice}) % 3 = 0`);
      return;
    case 'damage':
      database.exec(`UPDATE pool_checkpoint SET body=substr(body, 1, ${choice}) WHERE (rowid + ${choice}) % 2 = 0`);
      return;
    case 'seats':
      return client.plans.setSeats({ workspaceId, seats: { member: 1 + (choice % 7) }, ...ago });
    case 'end-plan':
      return choice % 5 === 0 && client.plans.end({ workspaceId, at: new Date(when).toISOString() });
    case 'catalogue':
      return addVersion(client, {
        version: `ours-${choice}`,
        from: new Date(when),
        perSeat: `${400 + (choice % 3) * 100}`,
      });
  }
}

/** Has the platform allot otherwise from a day on. */
async function addVersion(
  client: Client,
  { version, from, perSeat }: { readonly version: string; readonly from: Date; readonly perSeat: string },
): Promise<void> {
  const views = await client.catalogues.list();
  const known = views.find(({ catalogue }) => catalogue.platform === 'piktochart')?.catalogue;
  const latest = known?.versions.at(-1);
  if (!known || !latest) throw new Error('Piktochart is shipped');
  const plans = latest.plans.map((plan) =>
    plan.allotment.rule === 'per-seat'
      ? {
          ...plan,
          allotment: {
            ...plan.allotment,
            perRole: plan.allotment.perRole.map((one) => ({ ...one, credits: perSeat })),
          },
        }
      : plan,
  );
  const effectiveFrom = from.toISOString().slice(0, 10);
  await client.catalogues.save({
    catalogue: {
      ...known,
      versions: [...known.versions, { ...latest, version, effectiveFrom, plans }].toSorted((left, right) =>
        left.effectiveFrom < right.effectiveFrom ? -1 : 1,
      ),
    },
  });
}

function onlyPool({ replica }: TestReplica, workspaceId: string): { workspace: Workspace; pool: Pool } {
  const { state } = replica;
  const workspace = state.workspace(workspaceId);
  const [pool] = state.poolsOf(workspace, state.clock());
  if (!pool) throw new Error('There is one pool');
  return { workspace, pool };
}

/** Every balance, decision and split, at these instants and now, beside those of a ledger that has read everything. */
function expectTheSame(test: TestReplica, workspaceId: string, hoursAgo: readonly number[]): void {
  const { state } = test.replica;
  const { workspace, pool } = onlyPool(test, workspaceId);
  const anew = ledgerAnew(state, workspace, pool);
  const now = state.clock();
  for (const asOf of [0, ...hoursAgo].map((hours) => instant(now - hours * hourMs))) {
    expect(balanceOf(state.poolAt(workspace, pool, asOf), asOf)).toEqual(balanceOf(anew.stateAt(asOf), asOf));
    const asked = { amount: credits(300e6), at: asOf, now };
    const ledger = state.ledgerOf(workspace, pool, asOf);
    expect(askPool({ ...asked, ledger })).toEqual(askPool({ ...asked, ledger: anew }));
    expect(state.poolAt(workspace, pool, asOf).anomalies).toEqual(anew.stateAt(asOf).anomalies);
  }
  const lines = state.linesWhere(`"poolId"=? AND "kind" IN ('usage','hold')`, [pool.id]);
  const splits = lines.flatMap((line) => {
    const spend = line.kind === 'usage' || line.kind === 'hold' ? state.spendOf(workspace, line) : undefined;
    return spend ? [[line.id, sharesOf(spend), spend.resolution]] : [];
  });
  const states = anew.stateAt(now);
  const expected = lines.flatMap((line) => {
    const spend = states.spendById.get(line.id, line.occurredAt);
    return spend ? [[line.id, sharesOf(spend), spend.resolution]] : [];
  });
  expect(splits).toEqual(expected);
  for (const line of lines) {
    if (line.kind !== 'usage' && line.kind !== 'hold') continue;
    const spend = states.spendById.get(line.id, line.occurredAt);
    const overage = spend && (sharesOf(spend).find((share) => share.grantId === null)?.credits ?? 0);
    expect(spendFigures(state, workspace, line)).toEqual(
      spend ? { used: usedOf(spend), held: heldOf(spend), overage, resolution: spend.resolution } : null,
    );
  }
}

function checkpointsIn({ replica }: TestReplica): readonly number[] {
  return replica.state.database.connection
    .prepare('SELECT at FROM pool_checkpoint ORDER BY at')
    .all()
    .map((row) => Number(row['at']));
}

function sealsIn({ replica }: TestReplica): readonly unknown[] {
  return replica.state.database.connection
    .prepare('SELECT seal FROM pool_checkpoint')
    .all()
    .map((row) => row['seal']);
}

describe('balances of pools that are kept beside the ledger', () => {
  it('[G5] are those of the whole ledger, whatever is done, and whichever checkpoints are gone, damaged or of another schedule', async () => {
    const story = fc.array(fc.tuple(anyAction, anyMeddling), { minLength: 5, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        const test = await openTestReplica({ checkpointPace: eager });
        let again: TestReplica | undefined;
        try {
          const workspaceId = await piktochart(test.client);
          const meddlings = steps.map(([, meddling]) => meddling);
          const actions = steps.map(([action]) => action);
          await play(test, workspaceId, actions, async () => {
            const meddling = meddlings.shift();
            if (!meddling) return;
            try {
              await meddle(test, workspaceId, meddling);
            } catch (error) {
              // A plan that has ended takes no seats.
              expect(error).toMatchObject({ code: 'PROBLEM' });
            }
            expectTheSame(test, workspaceId, meddling.hoursAgo);
          });
          expect((await test.client.projections.check({})).differences).toEqual([]);
          const kept = checkpointsIn(test);
          const now = new Date(test.replica.state.clock()).toISOString();
          await test.close();
          again = await openTestReplica({ dataDir: test.dataDir, now, checkpointPace: eager });
          expect(checkpointsIn(again)).toEqual(kept);
          expectTheSame(again, workspaceId, [0, 1, 500]);
        } finally {
          // Only one replica fits into a process at a time, and a failing run is followed by shorter ones.
          await test.close();
          await again?.close();
        }
      }),
      { numRuns: 25 * thoroughness },
    );
  }, 1_800_000);

  /** Ten uses an hour apart, and the checkpoints after them. */
  async function tenUses() {
    const test = await openTestReplica({ now: '2026-11-20T12:00:00Z', checkpointPace: eager });
    const workspaceId = await piktochart(test.client);
    const ids: string[] = [];
    for (let hour = 0; hour < 10; hour += 1) {
      test.setNow(`2026-11-20T${12 + hour}:00:00Z`);
      const use = { workspaceId, feature: 'studio-image', quantity: '1', member: 'ana' };
      ids.push((await test.client.usage.log(use)).transactionId ?? '');
    }
    test.setNow('2026-11-20T22:00:00Z');
    test.replica.state.pools.clear();
    await test.client.balance.get({ workspaceId });
    expect(checkpointsIn(test).length).toBeGreaterThan(2);
    return { test, workspaceId, ids };
  }

  it('go with a late line as far as they lie after it, with a removed one too, and no further', async () => {
    const { test, workspaceId, ids } = await tenUses();
    const before = checkpointsIn(test);
    const late = '2026-11-20T16:30:00Z';
    await test.client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', at: late, happened: true });
    const kept = before.filter((when) => when <= at(late));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(before.length);
    expect(checkpointsIn(test).filter((when) => when <= at('2026-11-20T21:59:59Z'))).toEqual(kept);
    expectTheSame(test, workspaceId, [0, 3, 8]);
    await test.replica.state.database.rx.transactions.bulkRemove([ids[1] ?? '']);
    expect(checkpointsIn(test).every((when) => when <= at('2026-11-20T13:00:00Z'))).toBe(true);
    test.replica.state.pools.clear();
    expectTheSame(test, workspaceId, [0, 3, 8]);
  });

  it('stay when a line speaks of an old use, which is then read again', async () => {
    const { test, workspaceId, ids } = await tenUses();
    const before = checkpointsIn(test);
    await test.client.usage.refund({ id: ids[0] ?? '', credits: '5' });
    expect(checkpointsIn(test)).toEqual(before);
    test.replica.state.pools.clear();
    const { workspace, pool } = onlyPool(test, workspaceId);
    const { base } = test.replica.state.ledgerOf(workspace, pool, test.replica.state.clock());
    expect(base === null || base.at <= at('2026-11-20T12:00:00Z')).toBe(true);
    expectTheSame(test, workspaceId, [0, 3]);
  });

  it('are of no use under another schedule, and of every use under one that differs later', async () => {
    const { test, workspaceId } = await tenUses();
    const before = checkpointsIn(test);
    const baseNow = () => {
      const { workspace, pool } = onlyPool(test, workspaceId);
      return test.replica.state.ledgerOf(workspace, pool, test.replica.state.clock()).base;
    };
    test.replica.state.pools.clear();
    expect(baseNow()?.at).toBe(before.at(-1));
    await test.client.plans.setSeats({ workspaceId, seats: { member: 9 } });
    expect(checkpointsIn(test)).toEqual(before);
    expect(baseNow()?.at).toBe(before.at(-1));
    const seals = sealsIn(test);
    await test.client.plans.end({ workspaceId, at: '2026-11-20T15:30:00+01:00' });
    expectTheSame(test, workspaceId, [0]);
    expect(sealsIn(test).filter((seal) => seals.includes(seal))).toEqual([]);
    expectTheSame(test, workspaceId, [0, 4]);
  });

  it('[C2] are of no use under a catalogue that allots otherwise by then, and of every use under one that does so later', async () => {
    const { test, workspaceId } = await tenUses();
    const before = checkpointsIn(test);
    const baseNow = () => {
      const { workspace, pool } = onlyPool(test, workspaceId);
      return test.replica.state.ledgerOf(workspace, pool, test.replica.state.clock()).base;
    };
    await addVersion(test.client, { version: 'next-year', from: new Date('2027-01-01'), perSeat: '900' });
    expect(baseNow()?.at).toBe(before.at(-1));
    expectTheSame(test, workspaceId, [0, 4]);
    const { available } = (await test.client.balance.get({ workspaceId })).balance;
    const seals = sealsIn(test);
    await addVersion(test.client, { version: 'since-summer', from: new Date('2026-07-01'), perSeat: '400' });
    expect((await test.client.balance.get({ workspaceId })).balance.available).toBe(available - 300e6);
    expectTheSame(test, workspaceId, [0, 4]);
    expect(sealsIn(test).filter((seal) => seals.includes(seal))).toEqual([]);
    expect((await test.client.projections.check({})).differences).toEqual([]);
    await test.close();
    const again = await openTestReplica({ dataDir: test.dataDir, now: '2026-11-20T22:00:00Z', checkpointPace: eager });
    expect((await again.client.balance.get({ workspaceId })).balance.available).toBe(available - 300e6);
    expectTheSame(again, workspaceId, [0, 4]);
  });

  it('are dropped when they are of another version, behind the ledger, or gone, and left again', async () => {
    const { test, workspaceId } = await tenUses();
    const { dataDir } = test;
    const balance = await test.client.balance.get({ workspaceId });
    await test.close();
    for (const spoil of [
      `UPDATE projection_state SET version=version+1 WHERE name='pool-balances'; UPDATE pool_checkpoint SET body='{}'`,
      `UPDATE projection_state SET sequence=1 WHERE name='pool-balances'; UPDATE pool_checkpoint SET lines=1`,
      `DELETE FROM projection_state WHERE name='pool-balances'`,
      'DROP TABLE pool_checkpoint',
      `UPDATE pool_checkpoint SET body=replace(body, '25000000', '26000000')`,
    ]) {
      const spoiled = await openTestReplica({ dataDir, now: '2026-11-20T22:00:00Z' });
      spoiled.replica.state.database.connection.database.exec(spoil);
      await spoiled.close();
      const again = await openTestReplica({ dataDir, now: '2026-11-20T22:00:00Z', checkpointPace: eager });
      expect(await again.client.balance.get({ workspaceId })).toEqual(balance);
      expect(checkpointsIn(again).length).toBeGreaterThan(2);
      expectTheSame(again, workspaceId, [0, 5]);
      await again.close();
    }
  });
});
