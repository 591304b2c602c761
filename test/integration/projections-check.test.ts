import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkpointIn, checkpointText } from '../../replica/database/checkpoint-text.ts';
import type { CheckpointPace } from '../../replica/services/pool-ledgers.ts';
import { scheduleUntil } from '../../shared/ledger/checkpoint.ts';
import { openTestReplica, piktochart, type TestReplica } from '../support/replica.ts';

const eager: CheckpointPace = {
  linesWorthIt: 1,
  linesBetween: 3,
  linesBeforeEnd: [2, 0],
  linesHeldMax: 2,
  linesGrownMax: 2,
};

/** Ten uses of 25 credits an hour apart, and the checkpoints after them. */
async function tenUses() {
  const test = await openTestReplica({ checkpointPace: eager });
  const workspaceId = await piktochart(test.client);
  for (let hour = 10; hour < 20; hour += 1) {
    test.setNow(`2026-11-20T${hour}:00:00Z`);
    await test.client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana' });
  }
  test.setNow('2026-11-20T22:00:00Z');
  test.replica.state.pools.clear();
  await test.client.balance.get({ workspaceId });
  return { test, workspaceId };
}

/** Makes the last checkpoint say that one more credit was used, and seals it as if that were so. */
function plantWrongCheckpoint({ replica }: TestReplica, workspaceId: string): number {
  const { state } = replica;
  const { connection } = state.database;
  const workspace = state.workspace(workspaceId);
  const pool = state.poolOf(workspace, null, state.clock());
  const row = connection.prepare('SELECT at, body FROM pool_checkpoint ORDER BY at DESC LIMIT 1').get();
  const checkpoint = checkpointIn(String(row?.['body']));
  if (!checkpoint) throw new Error('There is a checkpoint');
  const [first, ...others] = checkpoint.slots;
  if (!first) throw new Error('There is a grant');
  const body = checkpointText({ ...checkpoint, slots: [{ ...first, used: first.used + 1e6 }, ...others] });
  const seal = createHash('sha256')
    .update(scheduleUntil(state.scheduleOf(workspace, pool), checkpoint))
    .update('\n')
    .update(body)
    .digest('hex');
  connection.prepare('UPDATE pool_checkpoint SET body=?, seal=? WHERE at=?').run(body, seal, checkpoint.at);
  state.pools.clear();
  return checkpoint.at;
}

function rowsIn({ replica }: TestReplica): readonly unknown[] {
  return replica.state.database.connection.prepare('SELECT * FROM pool_checkpoint ORDER BY at').all();
}

describe('the check of what is kept beside the ledger', () => {
  it('[G5] finds a checkpoint that is sealed and wrong, and the balance that goes on from it, by pool and instant', async () => {
    const { test, workspaceId } = await tenUses();
    const { client, replica } = test;
    expect((await client.projections.check({})).differences).toEqual([]);
    const right = (await client.balance.get({ workspaceId })).balance.available;
    const at = plantWrongCheckpoint(test, workspaceId);
    const before = rowsIn(test);
    const { differences } = await client.projections.check({ workspaceId });
    expect(rowsIn(test)).toEqual(before);
    const pool = replica.state.poolOf(replica.state.workspace(workspaceId), null, replica.state.clock());
    expect(differences).toMatchObject([
      { projection: 'pool-balances', workspaceId, table: 'pool_checkpoint', keptOnly: 1, rebuiltOnly: 1 },
      { projection: 'pool-balances', workspaceId, table: 'balance', keptOnly: 1, rebuiltOnly: 1 },
    ]);
    expect(differences[0]?.examples).toEqual([
      expect.stringContaining(`pool ${pool.id} on ${new Date(at).toISOString()}: slots kept [{`),
    ]);
    expect(differences[1]?.examples[0]).toContain(`available kept ${right - 1e6}, rebuilt ${right}`);
    expect((await client.balance.get({ workspaceId })).balance.available).toBe(right - 1e6);
    await client.projections.rebuild({});
    expect((await client.projections.check({})).differences).toEqual([]);
    expect((await client.balance.get({ workspaceId })).balance.available).toBe(right);
  });

  it('[G5] finds a checkpoint that counts a line which is no longer there', async () => {
    const { test, workspaceId } = await tenUses();
    const { connection } = test.replica.state.database;
    const table = test.replica.state.transactionsTable();
    const sql = `UPDATE ${table} SET document='no longer a line' WHERE sequence=(SELECT min(sequence) FROM ${table})`;
    connection.prepare(sql).run();
    const { differences } = await test.client.projections.check({ workspaceId });
    const tables = differences.filter(({ projection }) => projection === 'pool-balances').map(({ table }) => table);
    expect(tables).toEqual(['pool_checkpoint', 'balance']);
  });

  it('finds nothing while lines, seats and zones are written at the same time', async () => {
    const { test, workspaceId } = await tenUses();
    const { client } = test;
    const late = { workspaceId, feature: 'studio-image', quantity: '1', happened: true, at: '2026-11-20T12:30:00Z' };
    const [{ differences }] = await Promise.all([
      client.projections.check({}),
      client.usage.log(late),
      client.plans.setSeats({ workspaceId, seats: { member: 5 }, at: '2026-11-20T15:00:00Z' }),
      client.workspaces.change({ workspaceId, timeZone: 'Asia/Tokyo' }),
    ]);
    expect(differences).toEqual([]);
    expect((await client.projections.check({})).differences).toEqual([]);
  });
});
