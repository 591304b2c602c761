import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { afterRestore } from '../../server/operator.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { cr, usage } from '../support/ledger-lines.ts';
import { lineIn, presentEpoch, published, readAll, serveWorkspace } from '../support/served-workspace.ts';
import { testDatabase } from '../support/test-database.ts';

describe('after a restore', () => {
  it('[M8] every history of every organisation goes on in a new epoch, from what is there', async () => {
    const { database, ownerUrl } = await testDatabase();
    const from = instant(Date.UTC(2026, 0, 1));
    const workspaces = [await serveWorkspace(database), await serveWorkspace(database)];
    for (const workspace of workspaces) {
      await workspace.admin.push(
        ...published(workspace.workspaceId, { platform: 'piktochart', plan: 'pro', seats: { member: 1 }, from }),
        lineIn(workspace, usage(randomUUID(), from, cr(3), { pricing: 'metered', unitRate: null, happened: true })),
      );
    }
    const epochsNow = () =>
      Promise.all(
        workspaces.map(({ organisationId, workspaceId }) => presentEpoch(database, organisationId, workspaceId)),
      );
    const before = await epochsNow();
    const config = readConfig({}, {});
    if (!config.ok) throw new Error(config.error.lines.join());
    const said = await afterRestore({ config: config.value, database });
    expect(said[0]).toContain('2 workspaces go on in a new epoch');
    const after = await epochsNow();
    expect(after.filter((epoch, index) => epoch === before[index])).toEqual([]);
    const kept = await readAll<{ readonly seq: number; readonly survived: number }>(
      ownerUrl,
      `SELECT seq::int, (epochs->-1->>'survivedSeq')::int AS survived FROM history`,
    );
    expect(kept).toHaveLength(2);
    for (const { seq, survived } of kept) expect([seq > 0, survived]).toEqual([true, seq]);
  });
});
