import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { seededRandom } from '../../shared/kernel/random.ts';
import { KilledProcesses } from '../support/killed-process.ts';
import { credits, miro, openTestReplica } from '../support/replica.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { thorough } from '../support/thoroughness.ts';

/** `KILL_SEED=123 vitest run --project integration alerts-kill`. */
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
const root = mkdtempSync(join(tmpdir(), 'fuelgauge-alerts-kill-'));
const processes = new KilledProcesses();
afterAll(() => {
  processes.close();
  rmSync(root, { recursive: true, force: true });
});

/** Every 50 of the pool's 2,500 credits cross one of them. */
const thresholds = Array.from({ length: 50 }, (_, index) => 2 * (index + 1));

it('[N1] a process that is killed between seeing and storing loses no crossing and repeats none', async () => {
  const random = seededRandom(seed);
  const base = await openTestReplica({ dataDir: await temporaryFolder() });
  const workspaceId = await miro(base.client);
  await base.client.alerts.setSettings({ workspaceId, thresholds });
  await base.replica.alerts.look(workspaceId);
  await base.close();
  let crossed = 0;
  for (let round = 0; round < (thorough ? 40 : 6); round += 1) {
    const dataDir = join(root, `round-${round}`);
    cpSync(base.dataDir, dataDir, { recursive: true });
    const delayMs = random() * 400;
    await processes.run({ kind: 'alerts', dataDir, workspaceId }, delayMs);
    const { client, replica, close } = await openTestReplica({ dataDir });
    await replica.alerts.look(workspaceId);
    await replica.alerts.look(workspaceId);
    const { balance } = await client.balance.get({ workspaceId });
    const reached = thresholds.filter((percent) => credits(balance.used) >= percent * 25);
    expect(await told(client, workspaceId), `Round ${round}, killed after ${delayMs} ms (KILL_SEED=${seed})`).toEqual(
      reached,
    );
    crossed += reached.length;
    await close();
  }
  expect(crossed).toBeGreaterThan(0);
}, 120_000);

/** Percents that were told, in the order in which they were. */
async function told(client: Awaited<ReturnType<typeof openTestReplica>>['client'], workspaceId: string) {
  for await (const { alerts } of await client.alerts.live({ workspaceId })) {
    return alerts.toReversed().flatMap(({ fact }) => (fact.kind === 'threshold' ? [fact.percent] : []));
  }
  return [];
}
