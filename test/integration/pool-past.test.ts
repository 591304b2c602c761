import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepCheckpoints } from '../../replica/projections/pool-balances.ts';
import { PoolPast } from '../../replica/services/pool-past.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import { PoolLedger } from '../../shared/ledger/pool-ledger.ts';
import { scheduleOf } from '../../shared/ledger/schedule.ts';
import { sharesOf } from '../../shared/ledger/spends.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import { anyInstant, anyLines, anyWorkspace, lastInstant } from '../support/random-ledger.ts';
import { at, openTestReplica, piktochart } from '../support/replica.ts';
import { thoroughness } from '../support/thoroughness.ts';

const workspaceId = 'workspace';

/** The lines as those of another pool, under ids that no other pool has. */
function ofPool(lines: readonly Transaction[], poolId: string): readonly Transaction[] {
  const own = (id: string): string => `${poolId}/${id}`;
  return lines.map((line) => ({
    ...line,
    workspaceId,
    poolId,
    id: own(line.id),
    ...('linkedId' in line && line.linkedId !== null ? { linkedId: own(line.linkedId) } : {}),
  }));
}

describe('a stretch of the past of a pool', () => {
  it('[G5] tells balances and spends as a fold of all lines, or says that it cannot, wherever checkpoints stand and the clock too', async () => {
    const { replica } = await openTestReplica();
    const { database } = replica.state;
    let [run, told] = [0, 0];
    const anyStretch = fc.record({
      checkpoints: fc.array(anyInstant, { minLength: 1, maxLength: 6 }),
      asked: fc.array(anyInstant, { minLength: 1, maxLength: 6 }),
      // A clock that was set back stands before some of what is booked.
      nows: fc.array(fc.oneof(anyInstant, fc.constant(lastInstant)), { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(anyWorkspace, anyLines, anyStretch, async ({ index }, random, given) => {
        run += 1;
        const poolId = `pool ${run}`;
        const schedule = scheduleOf(index, poolId, null);
        const lines = ofPool(random, poolId);
        await replica.state.appendLines(workspaceId, lines);
        const all = new PoolLedger({ poolId, schedule });
        all.add(lines);
        const made = given.checkpoints.flatMap((when) => all.checkpointAt(when, lastInstant) ?? []);
        keepCheckpoints(database, { poolId, schedule }, made);
        for (const asOf of given.asked) {
          const past = PoolPast.open(database, { workspaceId, poolId, schedule }, asOf);
          if (!past) continue;
          expect(past.holds(asOf)).toBe(true);
          expect(balanceOf(past.stateAt(asOf), asOf)).toEqual(balanceOf(all.stateAt(asOf), asOf));
          for (const now of given.nows) {
            for (const { id, kind, occurredAt } of lines) {
              const isSpend = kind === 'usage' || kind === 'hold';
              if (!isSpend || occurredAt >= now || !past.holds(occurredAt)) continue;
              const spend = past.spend(id, occurredAt, () => now);
              if (!spend) continue;
              told += 1;
              const whole = all.stateAt(now).spendById.get(id, occurredAt);
              expect([id, sharesOf(spend), spend.resolution]).toEqual([
                id,
                whole && sharesOf(whole),
                whole?.resolution,
              ]);
            }
          }
        }
      }),
      { numRuns: 150 * thoroughness },
    );
    expect(told).toBeGreaterThan(100);
  }, 1_800_000);

  it('ends at the clock that was set back: what was booked for later has not happened yet', async () => {
    const { client, replica, setNow } = await openTestReplica({
      now: '2026-11-20T12:00:00Z',
      checkpointPace: { linesWorthIt: 1, linesBetween: 3, linesBeforeEnd: [0], linesHeldMax: 0, linesGrownMax: 100 },
    });
    const workspaceId = await piktochart(client);
    const { transactionId } = await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1' });
    const id = transactionId ?? '';
    setNow('2026-11-20T14:00:00Z');
    await client.usage.refund({ id, credits: '5' });
    setNow('2026-11-20T16:00:00Z');
    const { state } = replica;
    state.pools.clear();
    await client.balance.get({ workspaceId });
    state.pools.clear();
    setNow('2026-11-20T13:00:00Z');
    const line = state.line(id);
    if (line?.kind !== 'usage') throw new Error('There is a use');
    const spend = state.spendOf(state.workspace(workspaceId), line);
    expect(spend && sharesOf(spend).map((share) => share.credits)).toEqual([25e6]);
    expect(state.clock()).toBe(instant(at('2026-11-20T13:00:00Z')));
  });
});
