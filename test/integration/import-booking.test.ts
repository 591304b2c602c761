import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ImportEvent } from '../../shared/bridge/import-views.ts';
import { foldedAnew } from '../support/folded-anew.ts';
import { copilotFile, importFile, runUpload, upload } from '../support/imports.ts';
import { at, openTestReplica, problemOf, type Client, type TestReplica } from '../support/replica.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function copilot(client: Client): Promise<string> {
  const seats = { member: 50 };
  return (
    await client.workspaces.create({
      platform: 'github-copilot',
      plan: 'business',
      seats,
      anchor: '2026-09-01',
      timeZone: 'UTC',
    })
  ).workspaceId;
}

function countLines({ replica }: TestReplica, workspaceId: string): number {
  return replica.state.linesWhere('"workspaceId"=?', [workspaceId]).length;
}

/** What is on disk of a workspace when nobody has it open. */
function linesOnDisk(dataDir: string): number {
  const database = new DatabaseSync(join(dataDir, 'fuelgauge.sqlite'), { readOnly: true });
  try {
    return Number(database.prepare('SELECT count(*) AS n FROM "transactions_v0" WHERE deleted=0').get()?.['n']);
  } finally {
    database.close();
  }
}

function uploadsIn(dataDir: string): readonly string[] {
  return readdirSync(join(dataDir, 'uploads'));
}

describe('a long import', () => {
  it('tells how it goes, answers others meanwhile, and is one with what they book', async () => {
    const test = await openTestReplica();
    const { client, replica } = test;
    const workspaceId = await copilot(client);
    await importFile(client, workspaceId, copilotFile(20));
    const events: ImportEvent[] = [];
    const others: Promise<unknown>[] = [];
    const summary = await importFile(client, workspaceId, copilotFile(12_000).replaceAll('2026-10', '2026-11'), {
      onEvent: (event) => {
        events.push(event);
        if (event.kind !== 'progress' || event.phase !== 'booking' || others.length > 0) return;
        others.push(
          client.grants.add({ workspaceId, amount: '7', from: '2026-11-20T11:59:00Z' }),
          client.balance.get({ workspaceId }),
        );
      },
    });
    await Promise.all(others);
    expect(others.length).toBeGreaterThan(0);
    // Dates up to the 28th lie ahead of the clock of this test, and are booked all the same.
    expect(summary).toMatchObject({ rows: 12_000, booked: 12_000, duplicates: 0 });
    expect(events.some((event) => event.kind === 'progress' && event.phase === 'reading')).toBe(true);
    expect(events.at(-1)).toEqual({ kind: 'summary', summary });
    const { state } = replica;
    const workspace = state.workspace(workspaceId);
    const pool = state.poolOf(workspace, null, state.clock());
    const [kept, folded] = [state.poolNow(workspace, pool), foldedAnew(state, workspace, pool)];
    expect(kept.totalsByPeriodStart).toEqual(folded.totalsByPeriodStart);
    expect(kept.slots.map((slot) => [slot.id, slot.used])).toEqual(folded.slots.map((slot) => [slot.id, slot.used]));
    expect(countLines(test, workspaceId)).toBe(12_021);
  });

  it('is what the workspace was last written to by', async () => {
    const { client, replica, setNow } = await openTestReplica({ now: '2026-11-20T12:00:00Z' });
    const workspaceId = await copilot(client);
    await client.grants.add({ workspaceId, amount: '7' });
    expect(replica.state.lastRecordedAt(workspaceId)).toBe(at('2026-11-20T12:00:00Z'));
    setNow('2026-11-20T15:00:00Z');
    await importFile(client, workspaceId, copilotFile(20));
    expect(replica.state.lastRecordedAt(workspaceId)).toBe(at('2026-11-20T15:00:00Z'));
  });

  it('leaves the pool folded as anybody would fold it, with a line that was booked in between', async () => {
    const test = await openTestReplica({ now: '2026-11-20T12:00:00Z' });
    const { client, replica } = test;
    const workspaceId = await copilot(client);
    const uploadId = await upload(client, copilotFile(12_000));
    let granted: Promise<unknown> | undefined;
    await runUpload(
      client,
      { uploadId, workspaceId },
      {
        onEvent: (event) => {
          if (event.kind === 'progress') granted ??= client.grants.add({ workspaceId, amount: '9000' });
        },
      },
    );
    await granted;
    const { state } = replica;
    const workspace = state.workspace(workspaceId);
    const pool = state.poolOf(workspace, null, state.clock());
    const [kept, folded] = [state.poolNow(workspace, pool), foldedAnew(state, workspace, pool)];
    expect(kept.totalsByPeriodStart).toEqual(folded.totalsByPeriodStart);
    expect(kept.slots.map((slot) => [slot.id, slot.used])).toEqual(folded.slots.map((slot) => [slot.id, slot.used]));
  });

  it('books nothing when it is cancelled while it reads, and nothing of it stays', async () => {
    const test = await openTestReplica();
    const workspaceId = await copilot(test.client);
    const uploadId = await upload(test.client, copilotFile(20_000));
    const stop = new AbortController();
    const running = runUpload(
      test.client,
      { uploadId, workspaceId },
      {
        signal: stop.signal,
        onEvent: () => stop.abort(),
      },
    );
    await expect(running).rejects.toThrow(/cancel|abort/i);
    // A later import takes its turn behind whatever might still be under way.
    await importFile(test.client, workspaceId, copilotFile(3));
    expect(countLines(test, workspaceId)).toBe(3);
    await test.close();
    const again = await openTestReplica({ dataDir: test.dataDir });
    expect(await again.replica.resumed).toEqual([]);
    expect(countLines(again, workspaceId)).toBe(3);
  });

  it('goes through when whoever asked for it leaves in the middle of booking', async () => {
    const test = await openTestReplica();
    const { client } = test;
    const workspaceId = await copilot(client);
    const uploadId = await upload(client, copilotFile(12_000));
    for await (const event of await client.imports.run({ uploadId, workspaceId, dryRun: false })) {
      if (event.kind === 'progress' && event.phase === 'booking') break;
    }
    // The upload is still needed, and goes by itself afterwards.
    await client.imports.discard({ uploadId });
    await expect.poll(() => countLines(test, workspaceId), { timeout: 30_000 }).toBe(12_000);
    await expect.poll(() => uploadsIn(test.dataDir), { timeout: 30_000 }).toEqual([]);
  });

  it('is finished at the next start when its process is killed in the middle of booking', async () => {
    const dataDir = await temporaryFolder();
    const rows = 25_000;
    const script = fileURLToPath(new URL('import-process.ts', import.meta.url));
    const child = spawn(process.execPath, [script, dataDir, String(rows)], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let workspaceId = '';
    for await (const line of createInterface({ input: child.stdout })) {
      if (workspaceId === '') workspaceId = line;
      else if (Number(line) > 0) break;
    }
    child.kill('SIGKILL');
    await ended;
    const onDisk = linesOnDisk(dataDir);
    expect(onDisk).toBeGreaterThan(0);
    expect(onDisk).toBeLessThan(rows);
    expect(uploadsIn(dataDir)).toHaveLength(1);

    const test = await openTestReplica({ dataDir });
    expect(await test.replica.resumed).toMatchObject([
      {
        workspaceId,
        result: { ok: true, value: { rows, booked: rows - onDisk, duplicates: onDisk, rejectedTotal: 0 } },
      },
    ]);
    expect(countLines(test, workspaceId)).toBe(rows);
    expect(uploadsIn(dataDir)).toEqual([]);
    // It is the same as if nobody had killed anything: the file again books nothing, and nothing is left to resume.
    expect(await importFile(test.client, workspaceId, copilotFile(rows))).toMatchObject({
      booked: 0,
      duplicates: rows,
    });
    await test.close();
    const again = await openTestReplica({ dataDir });
    expect(await again.replica.resumed).toEqual([]);
  }, 180_000);

  it('forgets an import to resume whose file is gone', async () => {
    const test = await openTestReplica();
    const workspaceId = await copilot(test.client);
    const mapping = { id: 'x', name: 'X', columns: { occurredAt: 'a', feature: 'b', credits: 'c' }, zone: 'UTC' };
    const body = { uploadId: 'gone', fileName: 'gone.csv', mapping, authorId: null };
    await test.replica.state.database.rx.settings.insert({ id: 'import/gone', workspaceId, body });
    await test.close();
    const again = await openTestReplica({ dataDir: test.dataDir });
    expect(await again.replica.resumed).toMatchObject([
      { uploadId: 'gone', result: { ok: false, error: { code: 'not-found' } } },
    ]);
    await again.close();
    expect(await (await openTestReplica({ dataDir: test.dataDir })).replica.resumed).toEqual([]);
  });

  it('says what is missing: the upload, the rest of it, the workspace', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await copilot(client);
    const missing = runUpload(client, { uploadId: 'nowhere', workspaceId });
    expect(await problemOf(missing)).toMatchObject({ code: 'not-found' });
    const { uploadId } = await client.imports.open({ fileName: 'half.csv', sizeBytes: 100 });
    await client.imports.chunk({ uploadId, base64: Buffer.from('date,').toString('base64') });
    expect(await problemOf(runUpload(client, { uploadId, workspaceId }))).toMatchObject({ code: 'wrong-input' });
    const whole = await upload(client, copilotFile(1));
    expect(await problemOf(runUpload(client, { uploadId: whole, workspaceId: 'nowhere' }))).toMatchObject({
      code: 'not-found',
    });
  });
});
