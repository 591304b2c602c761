import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { databaseFile } from '../../replica/database/data-directory.ts';
import { backUpClosedFile } from '../../replica/backup/backup.ts';
import { listBackups } from '../../replica/backup/backup-folder.ts';
import { assert } from '../../shared/kernel/assert.ts';
import { at, credits, openTestReplica, piktochart, problemOf, type TestReplica } from '../support/replica.ts';
import { rollUpsOf } from '../support/roll-ups.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const use = (workspaceId: string, note = 'a use') => ({
  workspaceId,
  feature: 'topic-prompt',
  quantity: '1',
  member: 'ana',
  happened: true,
  note,
});

/** A data directory that holds nothing but a copy of a backup, opened. */
async function openBackup(file: string): Promise<TestReplica> {
  const dataDir = await temporaryFolder();
  writeFileSync(databaseFile(dataDir), readFileSync(file));
  return openTestReplica({ dataDir });
}

describe('a backup on request', () => {
  it('is one whole file for its owner alone, that opens as the same data', async () => {
    const { client, dataDir, close } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.usage.log(use(workspaceId));
    const made = await client.backups.make();
    expect(made).toMatchObject({ name: 'fuelgauge-20261120T120000Z-manual.sqlite', reason: 'manual' });
    expect(made.madeAt).toBe(at('2026-11-20T12:00:00Z'));
    expect(statSync(made.file).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'backups')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(dataDir, 'backups'))).toEqual([made.name]);
    expect(made.bytes).toBe(statSync(made.file).size);
    await close();
    const restored = await openBackup(made.file);
    expect(credits((await restored.client.balance.get({ workspaceId })).balance.used)).toBe(1);
  });

  it('has a name of its own when two are made in one second, and both are listed, newest first', async () => {
    const { client, dataDir, setNow } = await openTestReplica();
    const names = [(await client.backups.make()).name, (await client.backups.make()).name];
    setNow('2026-11-21T12:00:00Z');
    names.push((await client.backups.make()).name);
    writeFileSync(join(dataDir, 'backups', 'holiday.sqlite'), 'not ours');
    mkdirSync(join(dataDir, 'backups', 'fuelgauge-20261120T120000Z-manual-3.sqlite'));
    const view = await client.backups.list();
    expect(view.backups.map(({ name }) => name)).toEqual([
      'fuelgauge-20261121T120000Z-manual.sqlite',
      'fuelgauge-20261120T120000Z-manual-2.sqlite',
      'fuelgauge-20261120T120000Z-manual.sqlite',
    ]);
    expect(new Set(names).size).toBe(3);
    expect(view).toMatchObject({ folder: join(dataDir, 'backups'), lastFailure: null });
  });

  it('is removed by its name, and nothing else is', async () => {
    const { client, dataDir } = await openTestReplica();
    const made = await client.backups.make();
    expect((await problemOf(client.backups.remove({ name: '../fuelgauge.sqlite' }))).code).toBe('not-found');
    expect((await problemOf(client.backups.remove({ name: 'lock.sqlite' }))).code).toBe('not-found');
    expect(await client.backups.remove({ name: made.name })).toEqual({ removed: true });
    expect((await client.backups.list()).backups).toEqual([]);
    expect(existsSync(databaseFile(dataDir))).toBe(true);
  });

  it('is a prefix of the ledger, bulks whole and sums right, while 2,000 bulks are written', async () => {
    const { client, replica, close } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const first = await client.usage.log(use(workspaceId));
    const line = replica.state.line(first.transactionId ?? '');
    assert(line !== undefined, 'The first use was booked');
    const bulkOf = (bulk: number) =>
      [0, 1, 2, 3].map((index) => ({ ...line, id: `${bulk}/${index}`, note: 'x'.repeat(600) }));
    let backingUp = true;
    const backups: { readonly file: string; readonly answered: number; readonly begun: number }[] = [];
    let written = 0;
    const backUp = (async () => {
      while (backingUp) {
        // One may be on its way to the disk when the backup begins.
        const [answered, begun] = [written, written + 1];
        const { file } = await client.backups.make();
        backups.push({ file, answered, begun });
      }
    })();
    for (; written < 2_000; written += 1) {
      await replica.state.appendLines(workspaceId, bulkOf(written));
      // Others get their turn, as between two requests.
      await new Promise((resolve) => setImmediate(resolve));
    }
    backingUp = false;
    await backUp;
    await close();
    expect(backups.length).toBeGreaterThan(1);
    for (const { file, answered, begun } of [backups[0], backups[1], backups.at(-1)].filter(
      (each) => each !== undefined,
    )) {
      const backup = await openBackup(file);
      const { state, rollup } = backup.replica;
      const known = new Set(state.linesWhere('"workspaceId"=?', [workspaceId]).map(({ id }) => id));
      known.delete(line.id);
      const bulks = known.size / 4;
      expect(bulks).toBeGreaterThanOrEqual(answered);
      expect(bulks).toBeLessThanOrEqual(begun);
      const expected = Array.from({ length: bulks }, (_, bulk) => bulkOf(bulk).map(({ id }) => id)).flat();
      expect([...known].toSorted()).toEqual(expected.toSorted());
      const kept = rollUpsOf(backup.replica);
      rollup.rebuild(state.database);
      expect(rollUpsOf(backup.replica)).toEqual(kept);
      await backup.close();
    }
  });
});

describe('a backup of a file that nobody has open', () => {
  it('holds what only the write-ahead log has, and leaves both as they are', async () => {
    const { client, dataDir, replica, close } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.usage.log(use(workspaceId));
    // What a killed process leaves: the file with its log.
    const killed = await temporaryFolder();
    for (const suffix of ['', '-wal']) {
      writeFileSync(databaseFile(killed) + suffix, readFileSync(databaseFile(dataDir) + suffix));
    }
    expect(replica.state.database.connection.file).toBe(databaseFile(dataDir));
    await close();
    const before = ['', '-wal'].map((suffix) => readFileSync(databaseFile(killed) + suffix));
    const folder = join(killed, 'backups');
    const now = at('2026-11-20T12:00:00Z');
    const made = await backUpClosedFile(databaseFile(killed), { folder, reason: 'before-migration', at: now });
    expect(['', '-wal'].map((suffix) => readFileSync(databaseFile(killed) + suffix))).toEqual(before);
    expect(made.ok).toBe(true);
    const [backup] = listBackups(folder);
    expect(backup?.reason).toBe('before-migration');
    const opened = await openBackup(backup?.file ?? '');
    expect(credits((await opened.client.balance.get({ workspaceId })).balance.used)).toBe(1);
  });

  it('is refused for what is damaged, and leaves no file under a final name', async () => {
    const { client, dataDir, close } = await openTestReplica();
    const workspaceId = await piktochart(client);
    for (let index = 0; index < 50; index += 1) await client.usage.log(use(workspaceId));
    await close();
    const bytes = readFileSync(databaseFile(dataDir));
    bytes.fill(0xff, 3 * 8192, 9 * 8192);
    writeFileSync(databaseFile(dataDir), bytes);
    const folder = join(dataDir, 'backups');
    const now = at('2026-11-20T12:00:00Z');
    const made = await backUpClosedFile(databaseFile(dataDir), { folder, reason: 'before-restore', at: now });
    expect(made.ok ? 'made' : made.error.code).toBe('damaged');
    expect(readdirSync(folder)).toEqual([]);
    expect(readFileSync(databaseFile(dataDir)).equals(bytes)).toBe(true);
  });
});

describe('the check of a file', () => {
  it('tells what is in a backup and leaves nothing beside it', async () => {
    const { client, dataDir, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client, { name: 'Design' });
    await client.usage.log(use(workspaceId));
    setNow('2026-11-20T13:00:00Z');
    const { transactionId } = await client.usage.log(use(workspaceId));
    const made = await client.backups.make();
    chmodSync(made.file, 0o400);
    const check = await client.backups.check({ file: made.name });
    expect(check).toMatchObject({
      file: made.file,
      ok: true,
      restorable: true,
      faults: [],
      bytes: made.bytes,
      workspaces: [{ id: workspaceId, name: 'Design', transactions: 2 }],
      transactions: 2,
      firstRecordedAt: at('2026-11-20T12:00:00Z'),
      lastRecordedAt: at('2026-11-20T13:00:00Z'),
      newestTransaction: { id: transactionId, kind: 'usage', occurredAt: at('2026-11-20T13:00:00Z') },
    });
    expect(check.documents).toMatchObject({ workspaces: 1, refusals: 0 });
    expect(readdirSync(join(dataDir, 'backups'))).toEqual([made.name]);
  });

  it('takes in the write-ahead log of another data folder, as a copy', async () => {
    const { client, dataDir } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.usage.log(use(workspaceId));
    const killed = await temporaryFolder();
    for (const suffix of ['', '-wal']) {
      writeFileSync(databaseFile(killed) + suffix, readFileSync(databaseFile(dataDir) + suffix));
    }
    const check = await client.backups.check({ file: databaseFile(killed) });
    expect(check).toMatchObject({ ok: true, transactions: 1 });
    expect(readdirSync(killed).toSorted()).toEqual(['fuelgauge.sqlite', 'fuelgauge.sqlite-wal']);
  });

  it('never touches the data that is in use', async () => {
    const { client, dataDir } = await openTestReplica();
    for (const name of ['fuelgauge.sqlite', 'fuelgauge.sqlite-wal', 'lock.sqlite', 'backups/../fuelgauge.sqlite']) {
      const problem = await problemOf(client.backups.check({ file: `${dataDir}/${name}` }));
      expect(problem.issues, name).toEqual([{ path: 'file', message: expect.stringContaining('in use') }]);
    }
  });

  it('names what is wrong with a file of any other kind', async () => {
    const { client, dataDir } = await openTestReplica();
    const workspaceId = await piktochart(client);
    for (let index = 0; index < 50; index += 1) await client.usage.log(use(workspaceId));
    const { file } = await client.backups.make();
    const folder = await temporaryFolder();
    const other = join(folder, 'other.sqlite');
    const faultsOf = async (): Promise<readonly string[]> => {
      const check = await client.backups.check({ file: other });
      expect(check).toMatchObject({ ok: false, restorable: false });
      return [...new Set(check.faults.map((fault) => fault.kind))];
    };
    const changed = (sql: string): void => {
      writeFileSync(other, readFileSync(file));
      const database = new DatabaseSync(other);
      database.exec(sql);
      database.close();
    };
    expect(await faultsOf()).toEqual(['unreadable']);
    writeFileSync(other, '');
    expect(await faultsOf()).toEqual(['empty']);
    writeFileSync(other, 'no database at all '.repeat(1000));
    expect(await faultsOf()).toEqual(['foreign']);
    rmSync(other);
    const foreign = new DatabaseSync(other);
    foreign.exec('CREATE TABLE cars (id INTEGER)');
    foreign.close();
    expect(await faultsOf()).toEqual(['foreign']);
    changed('PRAGMA user_version=999');
    expect(await faultsOf()).toEqual(['newer']);
    changed(`INSERT INTO rxstorage_tables SELECT 'orders_v99', collection, definition, loose FROM rxstorage_tables
      WHERE name='orders_v0'; ALTER TABLE orders_v0 RENAME TO orders_v99`);
    expect(await faultsOf()).toEqual(['newer']);
    changed(`DELETE FROM rxstorage_tables WHERE collection='orders'`);
    expect(await faultsOf()).toEqual(['incomplete']);
    const bytes = readFileSync(file);
    writeFileSync(other, bytes.subarray(0, bytes.length - 5 * 8192));
    expect(await faultsOf()).toEqual(['damaged']);
    const check = await client.backups.check({ file: dataDir });
    expect(check.faults).toEqual([{ kind: 'unreadable', message: 'It is a folder. Choose a file in it.' }]);
  });

  it('counts rows that cannot be read, which are no reason to refuse the rest', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client, { name: 'Design' });
    for (let index = 0; index < 10; index += 1) await client.usage.log(use(workspaceId));
    const { file } = await client.backups.make();
    const database = new DatabaseSync(file);
    database.exec(
      `UPDATE transactions_v0 SET document='{' WHERE sequence IN (SELECT sequence FROM transactions_v0 LIMIT 7)`,
    );
    database.close();
    const check = await client.backups.check({ file });
    expect(check).toMatchObject({ ok: false, restorable: true, transactions: 10 });
    expect(check.workspaces).toEqual([{ id: workspaceId, name: 'Design', transactions: 3 }]);
    expect(check.faults).toHaveLength(6);
    expect(check.faults.at(-1)).toEqual({ kind: 'unreadable-rows', message: '2 more rows cannot be read.' });
  });
});
