// Ways in which data could go while it is looked after: each is a fault that was once there.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { databaseFile } from '../../replica/database/data-directory.ts';
import { openDatabase } from '../../replica/database/open-database.ts';
import { openStandingReplica } from '../../replica/recovery/standing-replica.ts';
import { listBackups } from '../../replica/backup/backup-folder.ts';
import { keepBeforeMigration } from '../../replica/backup/before-migration.ts';
import { checkFile } from '../../replica/backup/check-file.ts';
import { salvage } from '../../replica/salvage/salvage.ts';
import { openForReading } from '../../replica/storage-sqlite/open-for-reading.ts';
import { at, credits, openTestReplica, piktochart, problemOf } from '../support/replica.ts';
import { canMakeDisk, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { goldenCopy } from '../support/golden-files.ts';
import { firstLaterCollections } from '../support/later-collections.ts';

const now = '2026-11-20T12:00:00Z';
const use = { feature: 'video', quantity: '1', member: 'ana', happened: true } as const;

/** What a process that was killed leaves: a small file, and nearly everything in the log beside it. */
async function killedData() {
  const { client, dataDir, close } = await openTestReplica({ now });
  const workspaceId = await piktochart(client);
  await client.usage.log({ workspaceId, ...use });
  const left = await temporaryFolder();
  for (const suffix of ['', '-wal']) cpSync(databaseFile(dataDir) + suffix, databaseFile(left) + suffix);
  await close();
  return { dataDir: left, workspaceId, log: `${databaseFile(left)}-wal` };
}

async function standing(dataDir: string, readOnly = false) {
  const opened = await openStandingReplica({ dataDir, readOnly, clock: () => at(now) });
  onTestFinished(() => opened.close());
  return opened;
}

describe('a log whose database is gone', () => {
  it.each([
    ['emptied', (file: string) => truncateSync(file, 0)],
    ['deleted', (file: string) => rmSync(file)],
  ])('is kept when the file was %s, and all of it is salvaged', async (_how, harm) => {
    const { dataDir, workspaceId, log } = await killedData();
    harm(databaseFile(dataDir));
    const before = readFileSync(log);
    const reading = await standing(dataDir, true);
    expect(reading.status().mode).toBe('unopened');
    await reading.close();
    const { client, status } = await standing(dataDir);
    expect(status()).toMatchObject({ mode: 'unopened', reason: 'damaged' });
    expect(status().problem?.message).toContain('its log still holds changes');
    expect(readFileSync(log).equals(before)).toBe(true);
    const { report } = await client.recovery.salvage({});
    expect(report).toMatchObject({ lostTotal: 0, brokenPlaces: 0 });
    expect(readFileSync(join(report.setAside ?? '', 'fuelgauge.sqlite-wal')).equals(before)).toBe(true);
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(250);
  });

  it('is set aside when a backup is restored in its place', async () => {
    const { dataDir, log } = await killedData();
    const whole = await openTestReplica({ now });
    await piktochart(whole.client);
    const { file } = await whole.client.backups.make();
    await whole.close();
    truncateSync(databaseFile(dataDir), 0);
    const before = readFileSync(log);
    const { client } = await standing(dataDir);
    const restored = await client.recovery.restore({ file });
    expect(restored.before.kind).toBe('folder');
    const aside = restored.before.kind === 'folder' ? restored.before.folder : '';
    expect(readFileSync(join(aside, 'fuelgauge.sqlite-wal')).equals(before)).toBe(true);
  });

  it('is read together with a database that a link leads to', async () => {
    const { dataDir } = await killedData();
    const elsewhere = await temporaryFolder();
    symlinkSync(databaseFile(dataDir), databaseFile(elsewhere));
    const { database, dispose } = openForReading(databaseFile(elsewhere), 0);
    expect(database.prepare('SELECT count(*) AS n FROM transactions_v0').get()?.['n']).toBe(1);
    database.close();
    dispose();
  });
});

describe('data of no bytes', () => {
  it('is not taken for new where there are backups of it, and is restored', async () => {
    const first = await openTestReplica({ now });
    const workspaceId = await piktochart(first.client);
    const { name } = await first.client.backups.make();
    await first.close();
    truncateSync(databaseFile(first.dataDir), 0);
    const { client, status } = await standing(first.dataDir);
    expect(status()).toMatchObject({ mode: 'unopened', reason: 'damaged' });
    expect(status().ways[0]).toBe('restore');
    await client.recovery.restore({ file: name });
    expect((await client.workspaces.list()).map(({ id }) => id)).toEqual([workspaceId]);
  });

  it('is what a first start leaves that was cut off, and becomes new data', async () => {
    const dataDir = await temporaryFolder();
    writeFileSync(databaseFile(dataDir), '');
    expect((await standing(dataDir)).status().mode).toBe('open');
  });
});

describe('a salvage', () => {
  it.runIf(canMakeDisk())('saves all or says that the disk is full, however little space there is', async () => {
    const source = await openTestReplica({ now });
    await source.client.workspaces.createSample({ platforms: ['piktochart'] });
    await source.close();
    const whole = databaseFile(source.dataDir);
    const transactions = (await checkFile(whole)).transactions;
    const bytes = readFileSync(whole).length;
    const outcomes = new Set<boolean>();
    for (let share = 0.5; share <= 4.5; share += 0.5) {
      const dataDir = await smallDisk(Math.ceil((bytes * share) / 1024));
      const answer = await salvage({ dataDir, file: whole, at: at(now) });
      outcomes.add(answer.ok);
      if (answer.ok) {
        expect(await checkFile(databaseFile(dataDir)), `${share}`).toMatchObject({ ok: true, transactions });
      } else {
        expect(answer.error.code).toBe('disk-full');
        expect(existsSync(databaseFile(dataDir))).toBe(false);
        expect(readdirSync(dataDir).filter((name) => name.endsWith('.salvage'))).toEqual([]);
      }
    }
    expect(outcomes).toEqual(new Set([false, true]));
  });

  it('says of whole data without a workspace that there is nothing to save', async () => {
    const { dataDir, close } = await openTestReplica({ now });
    await close();
    const before = readFileSync(databaseFile(dataDir));
    const answer = await salvage({ dataDir, at: at(now) });
    expect(answer).toMatchObject({
      ok: false,
      error: {
        code: 'wrong-input',
        message: expect.stringContaining('There is nothing to save'),
        kept: 'The file is as it was.',
      },
    });
    expect(readFileSync(databaseFile(dataDir)).equals(before)).toBe(true);
  });
});

describe('a restore', () => {
  it('leaves it to this computer where backups go, so that what was there before is listed', async () => {
    const { client } = await standing(await temporaryFolder());
    const early = await client.backups.make();
    const elsewhere = await temporaryFolder();
    await client.backups.setSettings({ folder: elsewhere, keepDaily: 3 });
    const { before } = await client.recovery.restore({ file: early.name });
    const view = await client.backups.list();
    expect(view).toMatchObject({ folder: elsewhere, settings: { folder: elsewhere, keepDaily: 3 } });
    expect(view.backups.map(({ name }) => name)).toContain(before.kind === 'backup' ? before.backup.name : '');
  });

  it('finds by its name what was made in a folder chosen just now, and keeps there what was before', async () => {
    const { client } = await standing(await temporaryFolder());
    const elsewhere = await temporaryFolder();
    await client.backups.setSettings({ folder: elsewhere });
    const { name } = await client.backups.make();
    const { before } = await client.recovery.restore({ file: name });
    expect(before).toMatchObject({ kind: 'backup', backup: { file: expect.stringContaining(elsewhere) } });
  });

  it('keeps what was there in the data folder when the disk of the chosen one is not connected', async () => {
    const dataDir = await temporaryFolder();
    const { client } = await standing(dataDir);
    const early = await client.backups.make();
    const elsewhere = await temporaryFolder();
    await client.backups.setSettings({ folder: elsewhere });
    rmSync(join(elsewhere, 'fuelgauge-backups.json'));
    const { before } = await client.recovery.restore({ file: early.file });
    expect(before).toMatchObject({
      kind: 'backup',
      backup: { file: expect.stringContaining(join(dataDir, 'backups')) },
    });
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

describe('the folder of backups', () => {
  it('is left alone when it is the one of another computer with the same paths', async () => {
    const elsewhere = await temporaryFolder();
    const { client, dataDir, replica, close } = await openTestReplica({ now });
    await piktochart(client);
    await client.backups.setSettings({ folder: elsewhere, keepDaily: 1, keepWeekly: 0 });
    const others = ['fuelgauge-20260101T000000Z-scheduled.sqlite', '.fuelgauge-20260101T000000Z-manual.sqlite.partial'];
    for (const name of others) writeFileSync(join(elsewhere, name), 'of another computer');
    const mark = { dataFolder: dataDir, computer: `not-${hostname()}` };
    writeFileSync(join(elsewhere, 'fuelgauge-backups.json'), JSON.stringify(mark));
    expect((await problemOf(client.backups.make())).message).toContain('is not the one that was chosen');
    expect(await replica.backups.makeIfDue()).toBeNull();
    await close();
    await openTestReplica({ now, dataDir });
    expect(readdirSync(elsewhere).toSorted()).toEqual([...others, 'fuelgauge-backups.json'].toSorted());
  });

  it('lists what it can where one name or the whole folder cannot be read', async () => {
    const { client, dataDir } = await openTestReplica({ now });
    const { name } = await client.backups.make();
    const elsewhere = await temporaryFolder();
    await client.backups.setSettings({ folder: elsewhere });
    const loop = 'fuelgauge-20260101T000000Z-manual.sqlite';
    symlinkSync(loop, join(dataDir, 'backups', loop));
    rmSync(elsewhere, { recursive: true });
    symlinkSync(elsewhere, elsewhere);
    onTestFinished(() => rmSync(elsewhere));
    expect((await client.backups.list()).backups.map((backup) => backup.name)).toEqual([name]);
    expect((await problemOf(client.backups.make())).kept).toContain('no backup was made');
  });

  it('orders what was made in one second by when it was written', async () => {
    const folder = await temporaryFolder();
    const names = ['manual', 'manual-2', 'scheduled', 'manual-10', 'before-restore'].map(
      (reason) => `fuelgauge-20261120T120000Z-${reason}.sqlite`,
    );
    for (const [index, name] of names.entries()) {
      writeFileSync(join(folder, name), '');
      utimesSync(join(folder, name), 1_790_000_000, 1_790_000_000 + index / 10);
    }
    expect(listBackups(folder).map(({ name }) => name)).toEqual(names.toReversed());
    for (const name of names) utimesSync(join(folder, name), 1_790_000_000, 1_790_000_000);
    expect(listBackups(folder)[0]?.name).toBe('fuelgauge-20261120T120000Z-manual-10.sqlite');
  });

  it.runIf(canPin())('tells a backup as made though an old one cannot be deleted', async () => {
    const { client, dataDir } = await openTestReplica({ now });
    await client.backups.setSettings({ keepDaily: 1, keepWeekly: 0 });
    const folder = join(dataDir, 'backups');
    mkdirSync(folder);
    const [old = '', older = ''] = [2, 1].map((day) =>
      join(folder, `fuelgauge-2026010${day}T000000Z-scheduled.sqlite`),
    );
    for (const file of [old, older]) writeFileSync(file, 'old');
    const newest = join(folder, 'fuelgauge-20261119T000000Z-scheduled.sqlite');
    writeFileSync(newest, 'newest');
    spawnSync('chattr', ['+i', old]);
    onTestFinished(() => void spawnSync('chattr', ['-i', old]));
    const made = await client.backups.make();
    expect(existsSync(made.file)).toBe(true);
    expect([old, older, newest].map((file) => existsSync(file))).toEqual([true, false, true]);
    expect((await client.backups.list()).lastFailure).toBeNull();
  });
});

/** Whether a file can be made here that nobody deletes. */
function canPin(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'fuelgauge-pin-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const isPinned = spawnSync('chattr', ['+i', file]).status === 0;
  if (isPinned) spawnSync('chattr', ['-i', file]);
  rmSync(folder, { recursive: true });
  return isPinned;
}

describe('a check', () => {
  it.runIf(canMakeDisk())('leaves nothing in a folder for temporary files that is full', async () => {
    const { dataDir } = await killedData();
    const disk = await smallDisk(64);
    const before = process.env['TMPDIR'];
    onTestFinished(() => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    });
    process.env['TMPDIR'] = disk;
    expect(await checkFile(databaseFile(dataDir))).toMatchObject({ restorable: false });
    expect(readdirSync(disk)).toEqual([]);
  });
});

describe('a migration that fails for another reason than space', () => {
  it('leaves the checked backup that was made before it', async () => {
    const dataDir = await goldenCopy('collections-0.usage-rollup-1');
    const opening = openDatabase({
      folder: dataDir,
      onWrite: () => undefined,
      collections: firstLaterCollections(),
      migration: {
        keepCopy: (file) => keepBeforeMigration(file, { dataDir, at: at(now) }),
        onMigrated: () => {
          throw new Error('the disk did not answer');
        },
      },
    });
    await expect(opening).rejects.toThrow('nothing in it was changed');
    const [kept] = listBackups(join(dataDir, 'backups'));
    expect(await checkFile(kept?.file ?? '')).toMatchObject({ restorable: true });
  });
});
