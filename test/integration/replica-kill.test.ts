import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import type { CollectionDefinitions } from '../../replica/database/collections.ts';
import type { Replica } from '../../replica/main.ts';
import { restoreBackup } from '../../replica/backup/restore.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import { seededRandom } from '../../shared/kernel/random.ts';
import { foldedAnew } from '../support/folded-anew.ts';
import { importFile, copilotFile } from '../support/imports.ts';
import { bulkLines, type KillTask } from '../support/kill-task.ts';
import { KilledProcesses, type Killed } from '../support/killed-process.ts';
import { firstLaterCollections } from '../support/later-collections.ts';
import { at, miro, openTestReplica, type TestReplica } from '../support/replica.ts';
import { thorough } from '../support/thoroughness.ts';

/** Which instants are chosen: `KILL_SEED=123 THOROUGH=1 vitest run --project integration replica-kill`. */
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
const random = seededRandom(seed);
/** Twenty in all, and more than two hundred in the thorough run. */
const rounds = (usual: number, thoroughly: number): number => (thorough ? thoroughly : usual);
const timeoutMsMax = thorough ? 1_200_000 : 120_000;

const root = mkdtempSync(join(tmpdir(), 'fuelgauge-kill-'));
const processes = new KilledProcesses();
afterAll(() => {
  processes.close();
  rmSync(root, { recursive: true, force: true });
});

const later = firstLaterCollections();
const fileIn = (dataDir: string): string => join(dataDir, 'fuelgauge.sqlite');
let copies = 0;
/** Kills of each kind, and how many came in the middle of an operation. */
const tally = { kills: 0, inside: 0 };

interface Round {
  readonly number: number;
  readonly dataDir: string;
  readonly killed: Killed;
}

/**
 * Kills a process again and again while it works on a copy of `given`, each time at another instant, and looks at what
 * it left. How long the work takes is learned on the way.
 */
async function expectAfterKills(
  task: (dataDir: string) => KillTask,
  given: {
    readonly dataDir: string;
    readonly rounds: number;
    readonly workMs: number;
    readonly look: (round: Round) => Promise<void>;
  },
): Promise<void> {
  let spanMs = given.workMs;
  for (let round = 0; round < given.rounds; round += 1) {
    const dataDir = join(root, `copy-${(copies += 1)}`);
    cpSync(given.dataDir, dataDir, { recursive: true });
    const delayMs = random() * spanMs;
    try {
      const killed = await processes.run(task(dataDir), delayMs);
      tally.kills += 1;
      tally.inside += killed.inside ? 1 : 0;
      // Work without an end is always met inside, and needs no longer looks for that.
      spanMs = killed.inside ? Math.min(spanMs * 1.15, 3 * given.workMs) : spanMs * 0.85;
      expect(integrityOf(fileIn(dataDir))).toEqual(['ok']);
      await given.look({ number: round, dataDir, killed });
    } catch (error) {
      const told = `Round ${round} of ${given.rounds}, killed after ${delayMs.toFixed(1)} ms (KILL_SEED=${seed})`;
      throw new Error(`${told}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    rmSync(dataDir, { recursive: true });
  }
}

function integrityOf(file: string): readonly unknown[] {
  return inFile(file, (database) =>
    database
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => row['integrity_check']),
  );
}

function inFile<Answer>(file: string, look: (database: DatabaseSync) => Answer): Answer {
  const database = new DatabaseSync(file);
  try {
    return look(database);
  } finally {
    database.close();
  }
}

/** Opens what a killed process left, looks at what holds after every kill, and closes it again. */
async function expectWhole(
  dataDir: string,
  { answers }: Killed,
  more: {
    readonly collections?: CollectionDefinitions;
    readonly look?: (opened: TestReplica) => Promise<void> | void;
  } = {},
): Promise<void> {
  const { collections, look } = more;
  const opened = await openTestReplica({ dataDir, ...(collections ? { collections } : {}) });
  try {
    const { replica } = opened;
    expect((await replica.resumed).filter(({ result }) => !result.ok)).toEqual([]);
    const { state } = replica;
    expect(answers.filter((id) => state.line(id) === undefined)).toEqual([]);
    expect(bulksIn(replica).filter((lines) => lines !== bulkLines)).toEqual([]);
    expect(state.database.damaged.count).toBe(0);
    const now = state.clock();
    for (const workspace of state.workspaces()) {
      for (const pool of state.poolsOf(workspace, now)) {
        const kept = balanceOf(state.poolNow(workspace, pool), now);
        expect(kept).toEqual(balanceOf(foldedAnew(state, workspace, pool), now));
      }
    }
    const kept = projectedIn(replica);
    for (const projection of replica.projections) projection.rebuild(state.database);
    expect(projectedIn(replica)).toEqual(kept);
    await look?.(opened);
  } finally {
    await opened.close();
  }
}

/** How many lines there are of each bulk. */
function bulksIn({ state }: Replica): readonly number[] {
  return state.database.connection
    .prepare(`SELECT count(*) AS n FROM ${state.transactionsTable()} WHERE id LIKE 'bulk/%' GROUP BY substr(id, 1, 41)`)
    .all()
    .map((row) => Number(row['n']));
}

/** All rows of all projections that say anything. */
function projectedIn({ projections, state }: Replica): readonly unknown[] {
  const { database } = state;
  // What is out of date by the clock goes with the next line; here it goes now.
  for (const projection of projections) projection.prepare(database);
  return projections.flatMap(({ tables }) =>
    tables.map(({ name, saysSomething }) =>
      database.connection
        .prepare(`SELECT * FROM ${name} WHERE ${saysSomething}`)
        .all()
        .map((row) => JSON.stringify(row))
        .toSorted((left, right) => (left < right ? -1 : 1)),
    ),
  );
}

function countIn(file: string, table: string): number {
  return inFile(file, (database) => Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']));
}

interface Base {
  readonly dataDir: string;
  readonly workspaceId: string;
  /** A backup of it when it had half of the lines. */
  readonly backup: string;
  /** What making one took. */
  readonly backupMs: number;
}

const baseLines = 4_000;
let made: Promise<Base> | undefined;

/** A data directory with some months of use, made once. */
function base(): Promise<Base> {
  return (made ??= makeBase());
}

async function makeBase(): Promise<Base> {
  const dataDir = mkdtempSync(join(root, 'base-'));
  const { client, replica, close } = await openTestReplica({ dataDir });
  const workspaceId = await miro(client);
  const { transactionId } = await client.usage.log({ workspaceId, feature: 'text', quantity: '1', member: 'ana' });
  const template = replica.state.line(transactionId ?? '');
  if (template === undefined) throw new Error('What was logged is there');
  const book = (from: number, to: number) =>
    replica.state.appendLines(
      workspaceId,
      Array.from({ length: to - from }, (_, place) => ({
        ...template,
        id: `base/${from + place}`,
        occurredAt: instant(template.occurredAt - (from + place) * 1_800_000),
      })),
    );
  await book(1, baseLines / 2);
  const begun = performance.now();
  const { file } = await client.backups.make();
  const backupMs = performance.now() - begun;
  await book(baseLines / 2, baseLines);
  await close();
  return { dataDir, workspaceId, backup: file.slice(dataDir.length + 1), backupMs };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function copyOf(dataDir: string): Promise<string> {
  const copy = join(root, `copy-${(copies += 1)}`);
  cpSync(dataDir, copy, { recursive: true });
  return copy;
}

describe('a process that is killed at any instant', { timeout: timeoutMsMax }, () => {
  it('has kept every answered use and bulk, and half of none', async () => {
    const { dataDir, workspaceId } = await base();
    await expectAfterKills((copy) => ({ kind: 'appends', dataDir: copy, workspaceId }), {
      dataDir,
      rounds: rounds(5, 60),
      workMs: 120,
      look: ({ number, dataDir, killed }) =>
        expectWhole(dataDir, killed, {
          // What is in the log only is migrated like everything else.
          ...(number % 3 === 2 ? { collections: later } : {}),
          look: async ({ client, replica }) => {
            const lines = replica.state.linesWhere('"workspaceId"=?', [workspaceId]);
            const used = lines.reduce(
              (total, line) => total + (line.kind === 'usage' || line.kind === 'capture' ? line.credits : 0),
              0,
            );
            expect((await client.balance.get({ workspaceId })).balance.usedEver).toBe(used);
            // What was written and not answered any more: one operation at most.
            const singles = lines.filter(({ id }) => !id.startsWith('base/') && !id.startsWith('bulk/')).length;
            const answered = killed.answers.filter((id) => !id.startsWith('bulk/')).length;
            expect(singles - answered - 1).toBeLessThanOrEqual(1);
          },
        }),
    });
  });

  it('has projections that equal a rebuild, though it was rebuilding them', async () => {
    const { dataDir, workspaceId } = await base();
    await expectAfterKills((copy) => ({ kind: 'rebuilds', dataDir: copy, workspaceId }), {
      dataDir,
      rounds: rounds(3, 45),
      workMs: 150,
      look: ({ dataDir, killed }) => expectWhole(dataDir, { ...killed, answers: [] }),
    });
  });

  it('has booked a file wholly or not at all once it is open again, and never twice', async () => {
    // The longer file is booked in several bulks.
    const rows = thorough ? 11_000 : 5_500;
    const empty = mkdtempSync(join(root, 'import-'));
    const { client, close } = await openTestReplica({ dataDir: empty });
    const { workspaceId } = await client.workspaces.create({
      platform: 'github-copilot',
      plan: 'business',
      seats: { member: 50 },
      anchor: '2026-09-01',
      timeZone: 'UTC',
    });
    await close();
    const file = copilotFile(rows);
    const whole = { lines: 0, used: 0 };
    const workMs = await timed(async () => {
      const imported = await openTestReplica({ dataDir: await copyOf(empty) });
      await importFile(imported.client, workspaceId, file);
      Object.assign(whole, await bookedIn(imported, workspaceId));
      await imported.close();
    });
    await expectAfterKills((copy) => ({ kind: 'import', dataDir: copy, workspaceId, rows }), {
      dataDir: empty,
      rounds: rounds(3, 20),
      workMs,
      look: ({ dataDir, killed }) =>
        expectWhole(
          dataDir,
          { ...killed, answers: [] },
          {
            look: async (opened) => {
              const booked = await bookedIn(opened, workspaceId);
              if (booked.lines === 0 && killed.answers.length === 0) {
                await importFile(opened.client, workspaceId, file);
              }
              expect(await bookedIn(opened, workspaceId)).toEqual(whole);
              expect(readdirSync(join(dataDir, 'uploads')).length).toBeLessThanOrEqual(1);
            },
          },
        ),
    });
  });

  it('has a file that is wholly of the old version or of the new one, with every document', async () => {
    const { dataDir, workspaceId } = await base();
    const workMs = await timed(async () => {
      const migrated = await openTestReplica({ dataDir: await copyOf(dataDir), collections: later });
      await migrated.close();
    });
    const before = countIn(fileIn(dataDir), 'transactions_v0');
    await expectAfterKills((copy) => ({ kind: 'migration', dataDir: copy, workspaceId }), {
      dataDir,
      rounds: rounds(4, 45),
      workMs,
      look: async ({ dataDir, killed }) => {
        const tables = inFile(fileIn(dataDir), (database) =>
          database.prepare(`SELECT name FROM rxstorage_tables WHERE collection='transactions'`).all(),
        );
        expect(['transactions_v0', 'transactions_v1']).toContain(tables[0]?.['name']);
        expect(tables).toHaveLength(1);
        expect(countIn(fileIn(dataDir), String(tables[0]?.['name']))).toBe(before);
        for (const backup of backupsIn(dataDir)) {
          expect([integrityOf(backup), holdsPrefixOf(backup, fileIn(dataDir))]).toEqual([['ok'], true]);
        }
        await expectWhole(dataDir, { ...killed, answers: [] }, { collections: later });
        expect(countIn(fileIn(dataDir), `transactions_v1 WHERE origin='app'`)).toBe(before);
        // An attempt that was cut off after its backup does not make the next one keep another.
        expect(backupsIn(dataDir).filter((file) => file.includes('before-migration'))).toHaveLength(1);
      },
    });
  });

  it('has only whole backups under their final names, each a state that the ledger was in', async () => {
    const { dataDir, workspaceId, backupMs } = await base();
    await expectAfterKills((copy) => ({ kind: 'backups', dataDir: copy, workspaceId }), {
      dataDir,
      rounds: rounds(3, 30),
      workMs: 3 * backupMs,
      look: async ({ dataDir, killed }) => {
        const named = killed.answers.filter((answer) => answer.endsWith('.sqlite'));
        expect(named.filter((name) => !existsSync(join(dataDir, 'backups', name)))).toEqual([]);
        for (const backup of backupsIn(dataDir)) {
          expect([integrityOf(backup), holdsPrefixOf(backup, fileIn(dataDir))]).toEqual([['ok'], true]);
        }
        const answers = killed.answers.filter((answer) => !answer.endsWith('.sqlite'));
        await expectWhole(dataDir, { ...killed, answers });
        expect(readdirSync(join(dataDir, 'backups')).filter((name) => name.includes('partial'))).toEqual([]);
      },
    });
  });

  it('has the old data or the restored one, and the old one as a backup then', async () => {
    const { dataDir, workspaceId, backup } = await base();
    const workMs = await timed(async () => {
      const copy = await copyOf(dataDir);
      await restoreBackup({ dataDir: copy, file: join(copy, backup), at: at('2026-11-20T12:00:00Z') });
    });
    await expectAfterKills((copy) => ({ kind: 'restore', dataDir: copy, workspaceId, file: join(copy, backup) }), {
      dataDir,
      rounds: rounds(2, 20),
      workMs,
      look: async ({ dataDir, killed }) => {
        await expectWhole(dataDir, { ...killed, answers: [] });
        const lines = countIn(fileIn(dataDir), 'transactions_v0');
        expect([baseLines, baseLines / 2]).toContain(lines);
        const kept = backupsIn(dataDir).map((file) => countIn(file, 'transactions_v0'));
        expect([...kept, lines]).toContain(baseLines);
      },
    });
  });

  it('was killed in the middle of what it did often enough for all this to mean something', () => {
    expect(tally.kills).toBeGreaterThanOrEqual(thorough ? 200 : 20);
    expect(tally.inside / tally.kills, `${tally.inside} of ${tally.kills} (KILL_SEED=${seed})`).toBeGreaterThan(1 / 3);
  });
});

async function bookedIn({ client, replica }: TestReplica, workspaceId: string) {
  const { state } = replica;
  const row = state.database.connection
    .prepare(
      `SELECT count(*) AS lines, count(DISTINCT "externalKey") AS keys FROM ${state.transactionsTable()}
       WHERE deleted=0 AND "workspaceId"=?`,
    )
    .get(workspaceId);
  const { balance } = await client.balance.get({ workspaceId });
  return { lines: Number(row?.['lines']), keys: Number(row?.['keys']), used: Number(balance.usedEver) };
}

function backupsIn(dataDir: string): readonly string[] {
  const folder = join(dataDir, 'backups');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^fuelgauge-.*\.sqlite$/.test(name))
    .map((name) => join(folder, name));
}

/** Whether a backup holds all that the file held up to some write, and nothing else. */
function holdsPrefixOf(backup: string, file: string): boolean {
  return inFile(file, (database) => {
    const table = database.prepare(`SELECT name FROM rxstorage_tables WHERE collection='transactions'`).get()?.['name'];
    database.prepare('ATTACH ? AS kept').run(backup);
    const rows = (from: string) => `SELECT id, sequence FROM ${from}`;
    const upTo = '(SELECT max(sequence) FROM kept.transactions_v0)';
    const missing = `${rows('kept.transactions_v0')} EXCEPT ${rows(`main.${String(table)}`)}`;
    const skipped = `${rows(`main.${String(table)}`)} WHERE sequence<=${upTo} EXCEPT ${rows('kept.transactions_v0')}`;
    return [missing, skipped].every((sql) => database.prepare(sql).all().length === 0);
  });
}
