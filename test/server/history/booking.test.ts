import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { instant } from '../../../shared/kernel/instant.ts';
import { cr, grant, hold, refund, release, usage, voidOfGrant } from '../../support/ledger-lines.ts';
import { lineIn, published, readAll, serveWorkspace } from '../../support/served-workspace.ts';
import { poolOf } from '../../../server/review/terms.ts';
import { capSubject } from '../../../shared/ledger/change.ts';
import type { Entry } from '../../../shared/protocol/entry.ts';
import { member } from '../../support/workspace-terms.ts';
import { testDatabase } from '../../support/test-database.ts';

const now = Date.now();
const from = instant(Date.UTC(new Date(now).getUTCFullYear() - 1, 0, 1));
const today = instant(now - 60_000);

async function piktochart(seats = 1) {
  const { database, ownerUrl } = await testDatabase();
  const workspace = await serveWorkspace(database);
  const entries = published(workspace.workspaceId, {
    platform: 'piktochart',
    plan: 'pro',
    seats: { member: seats },
    from,
  });
  const first = await workspace.admin.verdicts(...entries);
  const books = () =>
    readAll<Record<string, number>>(
      ownerUrl,
      `SELECT granted::float8, settled::float8, leased::float8, shortfall::float8, overrun::float8, overage::float8
       FROM pool_book WHERE workspace_id = $1 ORDER BY period_start`,
      [workspace.workspaceId],
    );
  const use = (amount: number, changes: object = {}) =>
    lineIn(
      workspace,
      usage(randomUUID(), today, cr(amount), { pricing: 'metered', unitRate: null, happened: true, ...changes }),
    );
  return { ...workspace, workspace, database, ownerUrl, first, books, use };
}

describe('booking on PostgreSQL', () => {
  it('[M1] books a published workspace: its terms, then what they grant', async () => {
    const { first, admin, use, books } = await piktochart();
    expect(first).toEqual(['booked', 'booked', 'booked']);
    expect(await admin.verdicts(use(120))).toEqual(['booked']);
    expect(await books()).toMatchObject([{ granted: cr(500), settled: cr(120), overage: 0 }]);
  });

  it('[G1] books what was granted before a workspace was published, in the same push as its terms', async () => {
    const { database, ownerUrl } = await testDatabase();
    const workspace = await serveWorkspace(database);
    const terms = published(workspace.workspaceId, {
      platform: 'visily',
      plan: 'pro',
      seats: { editor: 1 },
      from,
      changes: [{ value: member({ role: 'editor' }), subject: 'ada' }],
    });
    const adas = poolOf(workspace.workspaceId, 'ada').poolId;
    const later = { value: { kind: 'name', name: 'Another' } } as const;
    const [renamed] = published(workspace.workspaceId, { platform: '', plan: '', from, changes: [later] }).slice(-1);
    const entry = (amount: number, poolId: string): Entry => {
      const line = { ...grant(randomUUID(), today, cr(amount)), poolId };
      return { kind: 'line', line: { ...line, workspaceId: workspace.workspaceId } };
    };
    const pushed = [
      ...terms,
      entry(70, adas),
      ...(renamed ? [renamed] : []),
      entry(30, adas),
      entry(5, workspace.poolId),
    ];
    expect(await workspace.admin.verdicts(...pushed)).toEqual(pushed.map(() => 'booked'));
    const line = usage(randomUUID(), today, cr(1), {
      pricing: 'metered',
      unitRate: null,
      happened: true,
      memberId: 'ada',
    });
    await workspace.admin.push({ kind: 'line', line: { ...line, poolId: adas, workspaceId: workspace.workspaceId } });
    const books = await readAll(ownerUrl, 'SELECT granted::float8 FROM pool_book WHERE pool_id = $1', [adas]);
    expect(books).toEqual([{ granted: cr(3_100) }]);
  });

  it('a grant and its void regrant the books, and a void of a grant gives no use back', async () => {
    const { admin, workspace, use, books } = await piktochart();
    const pack = grant(randomUUID(), today, cr(2_000), { grantKind: 'pack' });
    await admin.push(use(120), lineIn(workspace, pack));
    expect(await books()).toMatchObject([{ granted: cr(2_500), settled: cr(120) }]);
    await admin.push(lineIn(workspace, voidOfGrant(randomUUID(), pack.id, instant(today + 1))));
    expect(await books()).toMatchObject([{ granted: cr(500), settled: cr(120), shortfall: 0 }]);
  });

  it('[E3] [H7] a use that two devices give back makes room under a cap once', async () => {
    const { admin, workspace, workspaceId, use } = await piktochart(4);
    const cap = {
      value: { kind: 'cap', credits: cr(100), until: null },
      subject: capSubject('member', 'ada', 'period'),
    } as const;
    const terms = published(workspaceId, {
      platform: '',
      plan: '',
      from,
      changes: [{ value: member(), subject: 'ada' }, cap],
    });
    await admin.push(...terms.slice(-2));
    const used = usage(randomUUID(), today, cr(60), {
      memberId: 'ada',
      pricing: 'metered',
      unitRate: null,
      happened: true,
    });
    expect(await admin.verdicts(lineIn(workspace, used))).toEqual(['booked']);
    const other = workspace.device({ role: 'company-admin', memberId: null });
    const back = () => lineIn(workspace, { ...refund(randomUUID(), used, today, cr(60)), memberId: 'ada' });
    expect(await admin.verdicts(back())).toEqual(['booked']);
    expect(await other.verdicts(back())).toEqual(['booked']);
    expect(await admin.verdicts(use(90, { memberId: 'ada' }))).toEqual(['booked']);
    expect(await admin.verdicts(use(20, { memberId: 'ada' }))).toEqual(['over-cap']);
  });

  it('[H1] a hold is set aside until it is released', async () => {
    const { admin, workspace, books } = await piktochart();
    const held = { ...hold(randomUUID(), today, cr(40)), unitRate: cr(1), catalogueVersion: 'unknown' };
    expect(await admin.verdicts(lineIn(workspace, held))).toEqual(['booked']);
    expect(await books()).toMatchObject([{ settled: cr(40) }]);
    const freed = release(randomUUID(), held, today);
    expect(await admin.verdicts(lineIn(workspace, freed), lineIn(workspace, { ...freed, id: randomUUID() }))).toEqual([
      'booked',
      'already-resolved',
    ]);
    expect(await books()).toMatchObject([{ settled: 0 }]);
  });
});
