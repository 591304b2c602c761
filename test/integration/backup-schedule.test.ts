import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openReplica } from '../../replica/main.ts';
import { expiredBackups } from '../../replica/backup/backup-folder.ts';
import type { BackupReason, BackupView } from '../../shared/bridge/backup-views.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { at, clientOf, openTestReplica, piktochart, problemOf } from '../support/replica.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const dayMs = 86_400_000;

function backupAt(iso: string, reason: BackupReason = 'scheduled'): BackupView {
  return { name: `${reason} ${iso}`, file: `/backups/${reason} ${iso}`, reason, madeAt: at(iso), bytes: 1 };
}

describe('the schedule', () => {
  it('looks from time to time until it is closed, and makes one a day when something was written', async () => {
    let now = at('2026-11-20T09:00:00Z');
    const running = new Set<() => void>();
    const replica = await openReplica({
      dataDir: await temporaryFolder(),
      clock: () => now,
      every: (_everyMs, work) => {
        running.add(work);
        return () => running.delete(work);
      },
    });
    onTestFinished(() => replica.close());
    const { backups } = replica;
    const client = clientOf(replica);
    const names = (): readonly string[] => backups.backups().map(({ name }) => name);
    // Alerts are looked for from time to time as well.
    expect(running.size).toBe(2);

    // There is nothing to keep yet.
    expect(await backups.makeIfDue()).toBeNull();
    const workspaceId = await piktochart(client);
    const use = { workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana', happened: true };
    expect((await client.backups.list()).nextDueAt).toBe(now);
    expect(await backups.makeIfDue()).toMatchObject({ reason: 'scheduled', madeAt: now });
    expect(await backups.makeIfDue()).toBeNull();
    expect((await client.backups.list()).nextDueAt).toBe(now + dayMs);

    // A day later nothing was written, settings aside.
    now = instant(now + dayMs);
    await client.workspaces.setMe({ workspaceId, member: 'ben' });
    expect(await backups.makeIfDue()).toBeNull();
    await client.usage.log(use);
    expect(await backups.makeIfDue()).toMatchObject({ madeAt: now });

    // One on request has it all: another is not needed.
    await client.usage.log(use);
    now = instant(now + dayMs);
    await client.backups.make();
    expect(await backups.makeIfDue()).toBeNull();

    // Off is off.
    await client.backups.setSettings({ on: false });
    await client.usage.log(use);
    expect([await backups.makeIfDue(), (await client.backups.list()).nextDueAt]).toEqual([null, null]);
    await client.backups.setSettings({ on: true });

    // The timer does the same.
    for (const work of running) work();
    await expect.poll(names).toHaveLength(4);
    await backups.close();
    expect(running.size).toBe(1);
    expect(await backups.makeIfDue()).toBeNull();
  });

  it('tells what failed, loses nothing, tries again after a while, and forgets it after a success', async () => {
    const { client, replica, dataDir, setNow } = await openTestReplica({ now: '2026-11-20T09:00:00Z' });
    const workspaceId = await piktochart(client);
    writeFileSync(join(dataDir, 'backups'), 'in the way');
    expect(await replica.backups.makeIfDue()).toBeNull();
    const { lastFailure } = await client.backups.list();
    expect(lastFailure).toMatchObject({ at: at('2026-11-20T09:00:00Z'), reason: 'scheduled' });
    expect(lastFailure?.message).toContain('Your data and the earlier backups are as they were');
    expect((await problemOf(client.backups.make())).kept).toContain('no backup was made');
    rmSync(join(dataDir, 'backups'));
    setNow('2026-11-20T09:30:00Z');
    expect(await replica.backups.makeIfDue()).toBeNull();
    setNow('2026-11-20T10:30:00Z');
    expect(await replica.backups.makeIfDue()).toMatchObject({ reason: 'scheduled' });
    expect((await client.backups.list()).lastFailure).toBeNull();
    expect((await client.workspaces.list()).map(({ id }) => id)).toEqual([workspaceId]);
  });

  it('forgets what failed in a folder once another one is chosen, and makes the next one there at once', async () => {
    const { client, replica } = await openTestReplica();
    await piktochart(client);
    const elsewhere = await temporaryFolder();
    const [gone, there] = [join(elsewhere, 'gone'), join(elsewhere, 'there')];
    mkdirSync(gone);
    mkdirSync(there);
    await client.backups.setSettings({ folder: gone });
    rmSync(gone, { recursive: true });
    expect(await replica.backups.makeIfDue()).toBeNull();
    await client.backups.setSettings({ keepDaily: 3 });
    expect((await client.backups.list()).lastFailure?.message).toContain('perhaps its disk is not connected');
    await client.backups.setSettings({ folder: there });
    expect((await client.backups.list()).lastFailure).toBeNull();
    expect((await replica.backups.makeIfDue())?.file).toContain(there);
  });

  it('keeps the last failure over a restart', async () => {
    const { client, dataDir, close } = await openTestReplica();
    await piktochart(client);
    writeFileSync(join(dataDir, 'backups'), 'in the way');
    await problemOf(client.backups.make());
    await close();
    const again = await openTestReplica({ dataDir });
    expect((await again.client.backups.list()).lastFailure).toMatchObject({ reason: 'manual' });
  });

  it('clears away at the start what a killed process left of a backup, and nothing else', async () => {
    const { client, dataDir, close } = await openTestReplica();
    await client.backups.make();
    await close();
    const folder = join(dataDir, 'backups');
    const left = '.fuelgauge-20261120T120000Z-scheduled.sqlite.partial';
    for (const name of [left, `${left}-journal`, '.fuelgauge-notes', 'fuelgauge-holiday.sqlite']) {
      writeFileSync(join(folder, name), 'left');
    }
    await openTestReplica({ dataDir });
    expect(readdirSync(folder).toSorted()).toEqual([
      '.fuelgauge-notes',
      'fuelgauge-20261120T120000Z-manual.sqlite',
      'fuelgauge-holiday.sqlite',
    ]);
  });
});

describe('a folder elsewhere', () => {
  it('takes the backups, belongs to one data folder, and is not made anew when its disk is gone', async () => {
    const elsewhere = await temporaryFolder();
    const { client, close } = await openTestReplica();
    await client.backups.make();
    await client.backups.setSettings({ folder: elsewhere });
    const made = await client.backups.make();
    expect(made.file).toBe(join(elsewhere, made.name));
    // What was made before is still listed.
    expect((await client.backups.list()).backups).toHaveLength(2);
    rmSync(join(elsewhere, 'fuelgauge-backups.json'));
    expect((await problemOf(client.backups.make())).message).toContain('perhaps its disk is not connected');
    expect(existsSync(made.file)).toBe(true);
    await client.backups.setSettings({ folder: elsewhere });
    await client.backups.make();
    await close();
    const other = await openTestReplica();
    const taken = await problemOf(other.client.backups.setSettings({ folder: elsewhere }));
    expect(taken.issues).toEqual([{ path: 'folder', message: expect.stringContaining('holds the backups of') }]);
    for (const wrong of ['relative', join(elsewhere, 'missing'), made.file]) {
      expect((await problemOf(other.client.backups.setSettings({ folder: wrong }))).code, wrong).toBe('wrong-input');
    }
  });
});

describe('rotation', () => {
  it('keeps the last of each of 7 days and 4 weeks, and all that were made for another reason', () => {
    const days = Array.from({ length: 60 }, (_, index) => instant(at('2026-11-20T10:00:00Z') - index * dayMs));
    const scheduled = days.flatMap((day) => [
      backupAt(new Date(day).toISOString()),
      backupAt(new Date(day - 3_600_000).toISOString()),
    ]);
    const others = (['manual', 'before-restore', 'before-migration', 'salvage'] as const).map((reason) =>
      backupAt('2020-01-01T00:00:00Z', reason),
    );
    const future = backupAt('2031-01-01T00:00:00Z');
    const all = [future, ...scheduled, ...others];
    const keep = { keepDaily: 7, keepWeekly: 4, now: at('2026-11-20T12:00:00Z') };
    const expired = new Set(expiredBackups(all, keep));
    const kept = all.filter((backup) => !expired.has(backup));
    expect(kept.filter(({ reason }) => reason !== 'scheduled')).toEqual(others);
    expect(
      kept.flatMap(({ reason, madeAt }) => (reason === 'scheduled' ? new Date(madeAt).toISOString() : [])),
    ).toEqual([
      '2031-01-01T00:00:00.000Z',
      ...['20', '19', '18', '17', '16', '15', '14'].map((day) => `2026-11-${day}T10:00:00.000Z`),
      // The Sundays of the two weeks before; this week and the last one have theirs above.
      '2026-11-08T10:00:00.000Z',
      '2026-11-01T10:00:00.000Z',
    ]);
    expect(expiredBackups([backupAt('2019-01-01T00:00:00Z')], keep)).toEqual([]);
  });

  it('deletes after a backup, in the folder, only what it named itself', async () => {
    const { client, dataDir, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.backups.setSettings({ keepDaily: 2, keepWeekly: 0 });
    const folder = join(dataDir, 'backups');
    const manual = await client.backups.make();
    for (const day of ['01', '02', '03'])
      writeFileSync(join(folder, `fuelgauge-202610${day}T000000Z-scheduled.sqlite`), 'x');
    writeFileSync(join(folder, 'fuelgauge-20261001T000000Z-scheduled.sqlite.txt'), 'mine');
    setNow('2026-11-22T12:00:00Z');
    await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana', happened: true });
    await client.backups.make();
    expect(readdirSync(folder).toSorted()).toEqual([
      'fuelgauge-20261001T000000Z-scheduled.sqlite.txt',
      'fuelgauge-20261002T000000Z-scheduled.sqlite',
      'fuelgauge-20261003T000000Z-scheduled.sqlite',
      manual.name,
      'fuelgauge-20261122T120000Z-manual.sqlite',
    ]);
  });
});
