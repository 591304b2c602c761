// Devices of a server that are killed at any instant: while they push, pull, are lent credits and spend them.
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Replica } from '../../replica/main.ts';
import { seededRandom } from '../../shared/kernel/random.ts';
import { restOfLease } from '../../shared/entitlement/lease.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import type { Kept } from '../simulation/kept.ts';
import type { KillTask } from '../support/kill-task.ts';
import { KilledProcesses, type Killed } from '../support/killed-process.ts';
import { cr, usage } from '../support/ledger-lines.ts';
import { memoryHttpServer, type MemoryHttpServer } from '../support/memory-http-server.ts';
import { at, openTestReplica, type Client, type TestReplica } from '../support/replica.ts';
import { inStep, joinOn, poolOf, publishedTo } from '../support/synced.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { thorough } from '../support/thoroughness.ts';

/** Which instants are chosen: `KILL_SEED=123 THOROUGH=1 vitest run --project integration sync-kill`. */
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
const rounds = thorough ? 60 : 6;
const timeout = thorough ? 900_000 : 120_000;
const now = new Date().toISOString();

describe('a device that is killed at any instant', { timeout }, () => {
  it('has lost nothing, says nothing twice, gives no number twice and overspends no lease', async () => {
    const random = seededRandom(seed);
    const { server, dataDir, workspaceId, deviceId, kill } = await published();
    const answers: string[] = [];
    let inside = 0;
    for (let round = 0; round < rounds; round += 1) {
      server.loseAnswer = () => random() < 0.03;
      const others = pushing(server, workspaceId, round);
      const killed = await kill({ kind: 'sync', dataDir, workspaceId, now }, random() * 900);
      await others.end();
      server.loseAnswer = null;
      inside += killed.inside ? 1 : 0;
      answers.push(...killed.answers.filter((id) => id !== ''));
      await reopened(dataDir, async ({ client, replica }) => {
        expect(replica.state.database.damaged.count, told(round)).toBe(0);
        expect(missing(replica, answers), told(round)).toEqual([]);
        await client.sync.now({ workspaceId });
        await inStep(client, workspaceId);
        const kept = keptBy(server, workspaceId);
        expectSame(replica, kept, workspaceId);
        expectNumbersOnce(kept);
        expectWithinLeases(kept);
        // What was written and not answered any more: one line a round at most.
        const own = linesIn(kept, deviceId).length;
        expect(own - answers.length, told(round)).toBeGreaterThanOrEqual(0);
        expect(own - answers.length, told(round)).toBeLessThanOrEqual(round + 1);
        await expectSameFigures(client, workspaceId, kept);
      });
      expect(server.workspaces.get(workspaceId)?.forkedBy, told(round)).toEqual([]);
    }
    // Rounds in which nothing happened prove nothing.
    const leased = linesIn(keptBy(server, workspaceId), deviceId).filter((line) => 'leaseId' in line);
    expect([inside > 0, answers.length > rounds, leased.length > rounds]).toEqual([true, true, true]);
  });

  it('has the whole history after a first pull that was cut off, each line once', async () => {
    const random = seededRandom(seed + 1);
    const { server, dataDir: first, workspaceId, kill } = await published();
    for (let part = 0; part < 8; part += 1) await server.pushAs('others', workspaceId, lines(server, part, 400));
    await reopened(first, ({ client }) => inStep(client, workspaceId));
    const kept = keptBy(server, workspaceId);
    let spanMs = 900;
    let inside = 0;
    for (let round = 0; round < rounds; round += 1) {
      const dataDir = await temporaryFolder();
      const invite = server.invite();
      // Some are cut off twice.
      for (let time = 0; time <= round % 2; time += 1) {
        const task = { kind: 'first-pull', dataDir, workspaceId, now, invite } as const;
        const killed = await kill(task, random() * spanMs);
        inside += killed.inside ? 1 : 0;
        spanMs *= killed.inside ? 1.1 : 0.8;
      }
      await reopened(dataDir, async ({ client, replica }) => {
        await joinOn(client, { invite, workspaceId });
        expectSame(replica, kept, workspaceId);
        await expectSameFigures(client, workspaceId, kept);
      });
    }
    expect(inside).toBeGreaterThan(0);
    expect(keptBy(server, workspaceId).documents.length).toBe(kept.documents.length);
  });
});

const told = (round: number): string => `Round ${round} (KILL_SEED=${seed})`;

/** A workspace on a server, in a folder that no process has open. */
async function published() {
  const server = await memoryHttpServer();
  const processes = new KilledProcesses();
  onTestFinished(() => processes.close());
  const replica = await openTestReplica({ now });
  const { workspaceId } = await publishedTo(server, replica, { seats: { member: 300 } });
  const deviceId = replica.replica.sync.workspace(workspaceId)?.body.deviceId ?? '';
  poolIds.set(server, { workspaceId, poolId: await poolOf(replica.client, workspaceId) });
  await replica.close();
  const kill = (task: KillTask, delayMs: number): Promise<Killed> => processes.run(task, delayMs);
  return { server, dataDir: replica.dataDir, workspaceId, deviceId, kill };
}

const poolIds = new Map<MemoryHttpServer, { readonly workspaceId: string; readonly poolId: string }>();

/** What another device logs. */
function lines(server: MemoryHttpServer, part: number, count: number): readonly Transaction[] {
  const pool = poolIds.get(server);
  if (!pool) throw new Error('It was published');
  return Array.from({ length: count }, (_, place) => {
    const line = usage(`other/${part}/${place}`, at(now), cr(1), { happened: true });
    return { ...line, ...pool, memberId: 'ben' };
  });
}

/** Another device that logs all the time, until it is told to end. */
function pushing(server: MemoryHttpServer, workspaceId: string, round: number): { readonly end: () => Promise<void> } {
  let [part, ended] = [0, false];
  const work = async (): Promise<void> => {
    while (!ended) {
      await server.pushAs('others', workspaceId, lines(server, round * 100_000 + part, 3));
      part += 1;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  const working = work();
  return {
    end: () => {
      ended = true;
      return working;
    },
  };
}

/** Opens what a killed process left, looks at it, and closes it again. */
async function reopened(dataDir: string, look: (opened: TestReplica) => Promise<unknown>): Promise<void> {
  const opened = await openTestReplica({ dataDir, now });
  try {
    await look(opened);
  } finally {
    await opened.close();
  }
}

function keptBy(server: MemoryHttpServer, workspaceId: string): Kept {
  const history = server.workspaces.get(workspaceId);
  if (!history) throw new Error('It was published');
  return history.kept;
}

/** The lines that a server has, in order; those of one device. */
function linesIn({ documents }: Kept, deviceId?: string): readonly Transaction[] {
  return documents.flatMap((document) =>
    document.kind === 'entry' &&
    document.entry.kind === 'line' &&
    (deviceId === undefined || document.by.deviceId === deviceId)
      ? [document.entry.line]
      : [],
  );
}

function missing({ state }: Replica, ids: readonly string[]): readonly string[] {
  return ids.filter((id) => state.line(id) === undefined);
}

/** The device has what the server has, under the same ids, and no more. */
function expectSame({ state }: Replica, kept: Kept, workspaceId: string): void {
  const here = state.linesWhere('"workspaceId"=?', [workspaceId]).map(({ id }) => id);
  expect(here.toSorted()).toEqual(
    linesIn(kept)
      .map(({ id }) => id)
      .toSorted(),
  );
}

function expectNumbersOnce({ rows }: Kept): void {
  const numbers = [...rows.values()].map(({ by }) => `${by.deviceId}/${by.number}`);
  expect(new Set(numbers).size).toBe(numbers.length);
}

/** No lease bears more than it is, neither by the server's count nor by that of its lines. */
function expectWithinLeases(kept: Kept): void {
  const lines = linesIn(kept);
  for (const lease of kept.leases.values()) {
    expect(lease.borne).toBeLessThanOrEqual(lease.amount);
    expect(restOfLease(lease, lines).overdrawn).toBe(0);
  }
}

/** Each use counts once, and what is summed up beside the ledger says the same as the ledger. */
async function expectSameFigures(client: Client, workspaceId: string, kept: Kept): Promise<void> {
  const used = linesIn(kept).reduce(
    (total, line) => total + (line.kind === 'usage' || line.kind === 'capture' ? line.credits : 0),
    0,
  );
  expect((await client.balance.get({ workspaceId })).balance.usedEver).toBe(used);
  expect((await client.projections.check({})).differences).toEqual([]);
}
