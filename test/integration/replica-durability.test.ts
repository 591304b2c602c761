import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openReplica } from '../../replica/main.ts';
import { SqliteStorageError } from '../../replica/storage-sqlite/storage-error.ts';
import { commandLineIn } from '../support/command-line.ts';
import { credits, openTestReplica, piktochart, problemOf } from '../support/replica.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const file = (dataDir: string): string => join(dataDir, 'fuelgauge.sqlite');

describe('a disk that does not take what is written', () => {
  it('says that it is full, loses nothing, and goes on once there is space', async () => {
    const { client, replica } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const use = { workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana', note: 'x'.repeat(500) };
    await client.usage.log(use);
    const { connection } = replica.state.database;
    const pages = Number(connection.database.prepare('PRAGMA page_count').get()?.['page_count']);
    connection.database.exec(`PRAGMA max_page_count=${pages}`);
    let booked = 1;
    const outcome = await (async () => {
      for (;;) {
        try {
          await client.usage.log(use);
          booked += 1;
        } catch (error) {
          return error;
        }
      }
    })();
    expect(outcome).toMatchObject({ code: 'PROBLEM', data: { code: 'disk-full' } });
    for (const call of [
      () => client.usage.log(use),
      () =>
        client.members.add({
          workspaceId,
          members: Array.from({ length: 99 }, (_, i) => ({ name: `P${i}`, role: 'member' })),
        }),
      () =>
        client.workspaces.create({
          platform: 'miro',
          plan: 'enterprise',
          seats: {},
          anchor: '2026-01-01',
          timeZone: 'UTC',
          members: Array.from({ length: 99 }, (_, i) => ({ name: `P${i}`, role: 'member' })),
        }),
    ]) {
      const problem = await problemOf(call());
      expect(problem).toMatchObject({
        code: 'disk-full',
        kept: 'Everything that was booked before is kept; this entry was not booked.',
        todo: expect.stringMatching(/Free/),
      });
      expect(problem.message).toContain('no space left');
    }
    const balance = async () => credits((await client.balance.get({ workspaceId })).balance.used);
    expect(await balance()).toBe(booked);
    expect((await client.workspaces.get({ workspaceId })).members).toHaveLength(3);
    expect(await client.workspaces.list()).toHaveLength(1);
    connection.database.exec('PRAGMA max_page_count=1073741823');
    await client.usage.log(use);
    expect(await balance()).toBe(booked + 1);
    expect((await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 1 })).total).toBe(booked + 1);
    expect((await client.report.get({ workspaceId, by: 'user', period: 'day' })).total).toBe((booked + 1) * 1e6);
  });

  it('says that it is read-only, and still reads', async () => {
    const { client, replica } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.usage.log({ workspaceId, feature: 'video', quantity: '1' });
    replica.state.database.connection.database.exec('PRAGMA query_only=1');
    const problem = await problemOf(client.usage.log({ workspaceId, feature: 'video', quantity: '1' }));
    expect(problem).toMatchObject({ code: 'read-only', message: expect.stringContaining('cannot be written') });
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(250);
  });

  it('names a closed replica as such', async () => {
    const { client, close } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await close();
    for (const call of [
      () => client.usage.log({ workspaceId, feature: 'video', quantity: '1' }),
      () => client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 1 }),
    ]) {
      expect(await problemOf(call())).toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('is closed'),
      });
    }
  });
});

describe('a data directory that cannot be opened', () => {
  const failure = async (dataDir: string) => {
    const error = await openReplica({ dataDir }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof SqliteStorageError)) throw new Error('Opening should have failed by name', { cause: error });
    return error;
  };

  it('says what is wrong with a file that is none of ours, damaged, newer, or missing its folder, and leaves it alone', async () => {
    const foreign = await temporaryFolder();
    writeFileSync(file(foreign), 'a text that somebody put here');
    expect((await failure(foreign)).code).toBe('not-a-database');
    expect(readFileSync(file(foreign), 'utf8')).toBe('a text that somebody put here');
    expect((await failure(join(foreign, 'nowhere'))).code).toBe('folder-missing');

    const { client, dataDir, close } = await openTestReplica();
    await piktochart(client);
    await close();
    const whole = readFileSync(file(dataDir));
    const newer = new DatabaseSync(file(dataDir));
    newer.exec('PRAGMA user_version=99');
    newer.close();
    expect(await failure(dataDir)).toMatchObject({
      code: 'newer-format',
      message: expect.stringContaining('newer version'),
    });

    writeFileSync(file(dataDir), Buffer.concat([whole.subarray(0, 8192), Buffer.alloc(whole.length - 8192, 0xa5)]));
    const damaged = await failure(dataDir);
    expect([damaged.code, damaged.message]).toEqual(['damaged', expect.stringContaining('restore a backup')]);
    // The same process opens the file again once it was restored.
    for (const suffix of ['-wal', '-shm']) rmSync(file(dataDir) + suffix, { force: true });
    writeFileSync(file(dataDir), whole);
    const again = await openTestReplica({ dataDir });
    expect(await again.client.workspaces.list()).toHaveLength(1);
  });

  it('opens nothing in a folder without the right to write', async () => {
    const { client, dataDir, close } = await openTestReplica();
    await piktochart(client);
    await close();
    chmodSync(file(dataDir), 0o444);
    chmodSync(dataDir, 0o555);
    try {
      const child = spawn(
        process.execPath,
        [
          '-e',
          `import(${JSON.stringify(new URL('../../replica/main.ts', import.meta.url).href)})
          .then(({ openReplica }) => openReplica({ dataDir: process.argv[1] }))
          .then(() => console.log('opened'), (error) => console.log(error.code))`,
          dataDir,
        ],
        // The super-user may write everywhere, so that somebody else has to try.
        { stdio: ['ignore', 'pipe', 'inherit'], ...(process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}) },
      );
      const lines: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) lines.push(line);
      expect(lines).toEqual(['read-only']);
    } finally {
      chmodSync(dataDir, 0o755);
    }
  });
});

describe('a damaged row', () => {
  it('is passed over and counted, and everything else goes on', async () => {
    const { client, replica, dataDir, close } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const ids: string[] = [];
    for (let place = 0; place < 6; place += 1) {
      const note = place === 5 ? 'findable' : 'other';
      const answer = await client.usage.log({
        workspaceId,
        feature: 'topic-prompt',
        quantity: '1',
        member: 'ana',
        note,
      });
      ids.push(answer.transactionId ?? '');
    }
    const { orderId } = await client.orders.create({ workspaceId, pack: 'starter' });
    const { database } = replica.state.database.connection;
    const spoil = (table: string, where: string, document: string) =>
      database.prepare(`UPDATE ${table} SET document=? WHERE ${where}`).run(document);
    spoil('transactions_v0', `id='${ids[0]}'`, '{"id": garbage');
    spoil('transactions_v0', `id='${ids[1]}'`, '{}');
    spoil('transactions_v0', `id='${ids[2]}'`, '\u0000\u0001');
    spoil('orders_v0', `id='${orderId}/requested'`, 'nonsense');
    spoil('plans_v0', `id='visily'`, 'nonsense');
    spoil('settings_v0', `id='me/${workspaceId}'`, '[]');
    await close();

    const again = await openTestReplica({ dataDir });
    const page = (more: object) =>
      again.client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 100, ...more });
    expect((await page({})).rows.map((row) => row.id)).toEqual([ids[5], ids[4], ids[3]]);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const { rows, nextCursor }: Awaited<ReturnType<typeof page>> = await page({ cursor, limit: 1 });
      paged.push(...rows.map((row) => row.id));
      cursor = nextCursor;
    } while (cursor !== null);
    expect(paged).toEqual([ids[5], ids[4], ids[3]]);
    expect((await page({ filter: { text: 'FINDABLE' } })).rows).toHaveLength(1);
    expect(credits((await again.client.balance.get({ workspaceId })).balance.used)).toBe(3);
    expect(
      (await again.client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' })).outcome,
    ).toBe('allowed');
    for await (const view of await again.client.overview.live({ workspaceId })) {
      expect(credits(view.balance.used)).toBe(253);
      break;
    }
    for await (const view of await again.client.subscription.live({ workspaceId })) {
      expect(view.orders).toEqual([]);
      break;
    }
    expect(await again.client.workspaces.get({ workspaceId })).toMatchObject({ meId: null });
    expect((await again.client.app.info()).damagedRows).toBe(6);
    const reasons = new Map((await again.client.app.quarantine()).map((row) => [row.id, row.reason]));
    expect(reasons.size).toBe(6);
    expect(reasons.get(ids[0] ?? '')).toBe('It is no JSON.');
    expect(reasons.get(ids[1] ?? '')).toMatch(/^id: /);
    again.replica.rollup.rebuild(again.replica.state.database);
    expect((await again.client.report.get({ workspaceId, by: 'user', period: 'day' })).total).toBe(253e6);
  });

  it('[K1] [H1] is set aside with its reason when it breaks a rule of the ledger, and counts nowhere', async () => {
    const { client, replica, dataDir, close } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const ids: string[] = [];
    for (let place = 0; place < 5; place += 1) {
      const use = { workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana' };
      const answer = place === 2 ? await client.usage.hold(use) : await client.usage.log(use);
      ids.push(answer.transactionId ?? '');
    }
    const { database } = replica.state.database.connection;
    const set = (place: number, path: string, value: string) =>
      database
        .prepare(`UPDATE transactions_v0 SET document=json_set(document,?,json(?)) WHERE id=?`)
        .run(path, value, ids[place] ?? '');
    set(0, '$.body.credits', '-1000000');
    set(1, '$.body.credits', '0.5');
    set(2, '$.body.credits', '0');
    set(3, '$.body.pricing', '"guessed"');
    await close();
    const cli = commandLineIn(dataDir);
    expect(await cli.json('quarantine')).toMatchObject({ count: 4 });
    expect((await cli.run('quarantine')).out).toMatch(/transactions\s+\S+\s+credits: /);
    expect((await commandLineIn(await temporaryFolder()).run('quarantine')).out).toBe('Nothing was set aside.\n');

    const again = await openTestReplica({ dataDir });
    const rows = await again.client.app.quarantine();
    const place = ({ id }: { readonly id: string }): number => ids.indexOf(id);
    expect(rows.toSorted((left, right) => place(left) - place(right))).toMatchObject([
      { collection: 'transactions', id: ids[0], reason: expect.stringMatching(/^credits: /) },
      { id: ids[1], reason: expect.stringMatching(/^credits: /) },
      { id: ids[2], reason: expect.stringMatching(/^credits: /) },
      { id: ids[3], reason: expect.stringMatching(/^pricing: /) },
    ]);
    expect((await again.client.app.info()).damagedRows).toBe(4);
    const { balance } = await again.client.balance.get({ workspaceId });
    expect([credits(balance.held), balance.overage]).toEqual([0, 0]);
    expect(
      (await again.client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' })).outcome,
    ).toBe('allowed');
  });

  it('takes one workspace with it at most, when what made the workspace cannot be read', async () => {
    const { client, replica, dataDir, close } = await openTestReplica();
    const lost = await piktochart(client);
    const planless = await piktochart(client);
    const kept = await piktochart(client);
    const { database } = replica.state.database.connection;
    database.prepare(`UPDATE workspaces_v0 SET document='?' WHERE id=?`).run(lost);
    database
      .prepare(`UPDATE changes_v0 SET document='?' WHERE workspaceId=? AND document LIKE '%"kind":"plan"%'`)
      .run(planless);
    await close();
    const again = await openTestReplica({ dataDir });
    expect((await again.client.workspaces.list()).map(({ id }) => id)).toEqual([kept]);
    expect((await again.client.usage.log({ workspaceId: kept, feature: 'video', quantity: '1' })).outcome).toBe(
      'allowed',
    );
    expect((await again.client.app.info()).damagedRows).toBe(3);
  });
});
