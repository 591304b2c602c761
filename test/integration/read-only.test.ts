// A replica that only reads: every view, nothing written, not a byte of the folder changed.
import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openReplica } from '../../replica/main.ts';
import { at, clientOf, credits, miro, openTestReplica, piktochart, problemOf } from '../support/replica.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const now = '2026-11-20T12:00:00Z';

/** Every file of a folder with the hash of its bytes. */
function contentsOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    names.sort().map((name) => [name, createHash('sha256').update(readFileSync(name)).digest('hex')]),
  );
}

async function openForReading(dataDir: string) {
  const replica = await openReplica({ dataDir, readOnly: true, clock: () => at(now) });
  return { replica, client: clientOf(replica) };
}

/** Books in another process, which is killed: what it answered is in the log beside the file. */
async function bookAndKill(dataDir: string, workspaceId: string): Promise<readonly string[]> {
  const script = fileURLToPath(new URL('../support/replica-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dataDir, workspaceId], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ids: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'open') continue;
    ids.push(line);
    if (ids.length === 5) child.kill('SIGKILL');
  }
  return ids;
}

const answerSchema = z.object({ total: z.number(), ids: z.array(z.string()), refused: z.string() });

/** Reads as somebody who may not write there: the super-user may write everywhere, so that somebody else has to try. */
function readWithoutRights(dataDir: string): z.infer<typeof answerSchema> {
  const script = fileURLToPath(new URL('../support/read-only-reader.ts', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [script, dataDir], {
    encoding: 'utf8',
    ...(process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}),
  });
  if (stdout === '') throw new Error(stderr);
  return answerSchema.parse(JSON.parse(stdout));
}

describe('a replica that only reads', () => {
  it('answers every view, refuses what writes, and leaves every byte of the folder as it was', async () => {
    const { client, dataDir, close } = await openTestReplica({ now });
    const workspaceId = await piktochart(client);
    await client.usage.log({ workspaceId, feature: 'video', quantity: '2', member: 'ana' });
    const report = await client.report.get({ workspaceId, by: 'user', period: 'day' });
    await client.imports.open({ fileName: 'kept.csv', sizeBytes: 10 });
    await close();
    const before = contentsOf(dataDir);

    const reading = await openForReading(dataDir);
    expect(await reading.client.workspaces.list()).toMatchObject([{ id: workspaceId }]);
    expect(credits((await reading.client.balance.get({ workspaceId })).balance.used)).toBe(500);
    expect(await reading.client.report.get({ workspaceId, by: 'user', period: 'day' })).toEqual(report);
    for await (const view of await reading.client.overview.live({ workspaceId })) {
      expect(credits(view.balance.used)).toBe(500);
      break;
    }
    for (const write of [
      () => reading.client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' }),
      () => reading.client.workspaces.setMe({ workspaceId, member: 'ben' }),
      () => reading.client.imports.open({ fileName: 'new.csv', sizeBytes: 10 }),
    ]) {
      expect(await problemOf(write())).toMatchObject({ code: 'read-only' });
    }
    await reading.client.usage.log({ workspaceId, feature: 'video', quantity: '9' }).catch(() => undefined);
    expect(credits((await reading.client.balance.get({ workspaceId })).balance.used)).toBe(500);
    await reading.replica.close();
    expect(contentsOf(dataDir)).toEqual(before);
  });

  it('works out without writing what is missing or old beside the ledger', async () => {
    const { client, replica, dataDir, close } = await openTestReplica({ now });
    const workspaceId = await miro(client);
    await client.usage.log({ workspaceId, feature: 'prototype', quantity: '3', member: 'ana' });
    const report = await client.report.get({ workspaceId, by: 'feature', period: 'day' });
    expect(report.total).toBeGreaterThan(0);
    const { database } = replica.state.database.connection;
    database.exec('UPDATE projection_state SET version=0; DELETE FROM usage_by_day; DROP TABLE usage_by_member_day');
    await close();
    const before = contentsOf(dataDir);
    const reading = await openForReading(dataDir);
    expect(await reading.client.report.get({ workspaceId, by: 'feature', period: 'day' })).toEqual(report);
    expect((await reading.client.report.get({ workspaceId, by: 'user', period: 'day' })).total).toBe(report.total);
    await reading.replica.close();
    expect(contentsOf(dataDir)).toEqual(before);
  });

  it('sees what a killed process had answered, and leaves file and log as they are', async () => {
    const { client, dataDir, close } = await openTestReplica({ now });
    const workspaceId = await miro(client);
    await close();
    const ids = await bookAndKill(dataDir, workspaceId);
    const file = join(dataDir, 'fuelgauge.sqlite');
    const [wholeBefore, logBefore] = [readFileSync(file), readFileSync(`${file}-wal`)];
    expect(logBefore.length).toBeGreaterThan(0);
    const reading = await openForReading(dataDir);
    const page = await reading.client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 100 });
    expect(page.rows.map((row) => row.id)).toEqual(expect.arrayContaining([...ids]));
    await reading.replica.close();
    expect(readFileSync(file)).toEqual(wholeBefore);
    expect(readFileSync(`${file}-wal`)).toEqual(logBefore);
  });

  it('opens a folder without the right to write, with or without a log that was left behind', async () => {
    const { client, dataDir, close } = await openTestReplica({ now });
    const workspaceId = await miro(client);
    const { transactionId } = await client.usage.log({ workspaceId, feature: 'prototype', quantity: '1' });
    await close();
    const crashed = await temporaryFolder();
    cpSync(dataDir, crashed, { recursive: true });
    const ids = await bookAndKill(crashed, workspaceId);
    // Without its index, as on a disk that was copied or mounted elsewhere, SQLite cannot read the log in place.
    rmSync(join(crashed, 'fuelgauge.sqlite-shm'));
    for (const [folder, booked] of [
      [dataDir, [transactionId]],
      [crashed, [transactionId, ...ids]],
    ] as const) {
      for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444);
      chmodSync(folder, 0o555);
      const before = contentsOf(folder);
      try {
        const answer = readWithoutRights(folder);
        expect(answer.ids).toEqual(expect.arrayContaining([...booked]));
        expect(answer.refused).toContain('cannot be written');
        expect(contentsOf(folder)).toEqual(before);
      } finally {
        chmodSync(folder, 0o755);
      }
    }
  });

  it('says what is wrong with what is no data of ours, and makes none', async () => {
    const folder = await temporaryFolder();
    await expect(openReplica({ dataDir: folder, readOnly: true })).rejects.toMatchObject({
      name: 'SqliteStorageError',
    });
    expect(existsSync(join(folder, 'fuelgauge.sqlite'))).toBe(false);
    writeFileSync(join(folder, 'fuelgauge.sqlite'), 'a text that somebody put here');
    await expect(openReplica({ dataDir: folder, readOnly: true })).rejects.toMatchObject({ code: 'not-a-database' });
    expect(readdirSync(folder)).toEqual(['fuelgauge.sqlite']);
  });
});
