import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { listBackups } from '../../replica/backup/backup-folder.ts';
import { checkFile } from '../../replica/backup/check-file.ts';
import { openTestReplica, piktochart, problemOf } from '../support/replica.ts';
import { canMakeDisk, smallDisk } from '../support/small-disk.ts';
import { thoroughness } from '../support/thoroughness.ts';

const script = fileURLToPath(new URL('../support/backup-process.ts', import.meta.url));

/** A data directory of some size: its database has more than a megabyte. */
async function filled(): Promise<string> {
  const { client, dataDir, close } = await openTestReplica();
  await client.workspaces.createSample({ platforms: ['piktochart'] });
  await piktochart(client, { name: 'Design' });
  await close();
  return dataDir;
}

describe('a process that is killed while it makes backups', () => {
  it('leaves whole ones under their names, and its leftovers go at the next start', async () => {
    const dataDir = await filled();
    const folder = join(dataDir, 'backups');
    const partials = (): number =>
      (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.startsWith('.')).length;
    let left = 0;
    for (let round = 0; round < 5 * thoroughness; round += 1) {
      const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
      for await (const line of createInterface({ input: child.stdout })) {
        if (line !== 'open') continue;
        // What the last one left is gone by now: this is the one that is being written.
        while (partials() === 0) await wait(1);
        await wait((round * 7) % 23);
        child.kill('SIGKILL');
      }
      left += partials();
    }
    expect(left).toBeGreaterThan(0);
    for (const { file } of listBackups(folder)) expect(await checkFile(file)).toMatchObject({ ok: true });
    await openTestReplica({ dataDir });
    expect(partials()).toBe(0);
  }, 1_800_000);
});

describe('a disk that is full', () => {
  // No file may grow beyond 400 blocks of 512 or 1,024 bytes: the database is larger, its log and settings are not.
  it.runIf(process.platform !== 'win32')('leaves no half backup, says so, and goes on with the data', async () => {
    const dataDir = await filled();
    const limited = `trap '' XFSZ; ulimit -f 400; exec "$0" "$@"`;
    const run = spawnSync('/bin/sh', ['-c', limited, process.execPath, script, dataDir], { encoding: 'utf8' });
    const [opened, told] = run.stdout.split('\n');
    expect(opened, run.stderr).toBe('open');
    expect(JSON.parse(told ?? '')).toMatchObject({
      code: expect.stringMatching(/disk-full|unavailable/),
      kept: 'Your data and the earlier backups are as they were; no backup was made.',
    });
    expect(readdirSync(join(dataDir, 'backups'))).toEqual([]);
    const { client } = await openTestReplica({ dataDir });
    expect((await client.backups.list()).lastFailure?.message).toContain('no backup was made');
    expect(await client.workspaces.list()).toHaveLength(2);
    expect((await client.backups.make()).bytes).toBeGreaterThan(1_000_000);
    expect((await client.backups.list()).lastFailure).toBeNull();
  });

  it.runIf(canMakeDisk())('is told as full where it is a small one', async () => {
    const { client } = await openTestReplica();
    await client.workspaces.createSample({ platforms: ['piktochart'] });
    const small = await smallDisk(500);
    await client.backups.setSettings({ folder: small });
    expect(await problemOf(client.backups.make())).toMatchObject({
      code: 'disk-full',
      kept: 'Your data and the earlier backups are as they were; no backup was made.',
      todo: expect.stringContaining('choose another folder'),
    });
    expect(readdirSync(small)).toEqual(['fuelgauge-backups.json']);
    await client.backups.setSettings({ folder: null });
    expect(await client.backups.make()).toMatchObject({ reason: 'manual' });
  });
});
