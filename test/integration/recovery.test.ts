// An owner whose data cannot be opened: it serves all the same, says why, and offers ways on over the same sockets.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createORPCClient, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectOwner } from '../../replica/loopback/connect-owner.ts';
import { ownDataDirectory } from '../../replica/loopback/owner.ts';
import { openStandingReplica } from '../../replica/recovery/standing-replica.ts';
import type { Contract } from '../../shared/bridge/contract.ts';
import { err } from '../../shared/kernel/result.ts';
import { commandLineIn } from '../support/command-line.ts';
import { damage, type Damage } from '../support/damaged-data.ts';
import { at, credits, openTestReplica, piktochart } from '../support/replica.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const now = '2026-11-20T12:00:00Z';
const fileOf = (dataDir: string): string => join(dataDir, 'fuelgauge.sqlite');

/** A closed data directory with a workspace and one use of 250 credits. */
async function studioData() {
  const { client, dataDir, close } = await openTestReplica({ now });
  const workspaceId = await piktochart(client);
  await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' });
  await close();
  return { dataDir, workspaceId, whole: readFileSync(fileOf(dataDir)) };
}

/** An owner as the browser shell makes it, and a client on a socket of its own. */
async function own(dataDir: string, readOnly = false) {
  const owned = await ownDataDirectory({
    dataDirectory: dataDir,
    openReplica: (folder, claim) => openStandingReplica({ dataDir: folder, claim, readOnly, clock: () => at(now) }),
  });
  if (!owned.ok) throw new Error(owned.error.message);
  onTestFinished(() => owned.value.close());
  const connection = await connectOwner(dataDir);
  if (connection === undefined) throw new Error('The owner should listen.');
  onTestFinished(() => connection.close());
  const client: ContractRouterClient<Contract> = createORPCClient(connection.link);
  return { owner: owned.value, client };
}

describe('an owner whose data cannot be opened', () => {
  it.each([
    ['header', 'not-a-database', 'damaged'],
    ['middle', 'damaged', 'damaged'],
    ['truncated', 'damaged', 'damaged'],
    ['not-a-database', 'not-a-database', 'damaged'],
    ['newer', 'newer', 'damaged'],
  ] as const)('%s: serves, says %s, changes nothing, and goes on once the file is back', async (how, reason, code) => {
    const { dataDir, workspaceId, whole } = await studioData();
    damage(dataDir, how satisfies Damage);
    const found = readFileSync(fileOf(dataDir));
    const { client } = await own(dataDir);
    const status = await client.recovery.status();
    expect(status).toMatchObject({ mode: 'unopened', reason, problem: { code }, busy: null, dataDirectory: dataDir });
    expect(status.problem?.kept).toBe('Nothing was changed: your data is as it was found.');
    expect(status.ways).toContain('try-again');
    for (const call of [
      () => client.workspaces.list(),
      () => client.usage.log({ workspaceId, feature: 'video', quantity: '1' }),
      () => client.app.info(),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'PROBLEM', data: { code, message: status.problem?.message } });
    }
    // Asked again and again, it tells the same, and nothing piles up.
    for (let time = 0; time < 6; time += 1) {
      expect(await client.recovery.tryAgain()).toMatchObject({ mode: 'unopened', reason });
    }
    expect(readFileSync(fileOf(dataDir))).toEqual(found);

    for (const suffix of ['-wal', '-shm']) rmSync(fileOf(dataDir) + suffix, { force: true });
    writeFileSync(fileOf(dataDir), whole);
    expect(await client.recovery.tryAgain()).toMatchObject({ mode: 'open', reason: null, problem: null, ways: [] });
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(250);
    const { outcome } = await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana' });
    expect(outcome).toBe('allowed');
  });

  it('tells every page that watches, and asks nobody to connect again', async () => {
    const { dataDir, workspaceId, whole } = await studioData();
    damage(dataDir, 'middle');
    const { client } = await own(dataDir);
    const seen: string[] = [];
    const watching = (async () => {
      for await (const view of await client.recovery.live()) {
        seen.push(`${view.mode}/${view.busy ?? 'idle'}`);
        if (view.mode === 'open' && view.busy === null) return;
      }
    })();
    await vi.waitFor(() => expect(seen).toEqual(['unopened/idle']));
    for (const suffix of ['-wal', '-shm']) rmSync(fileOf(dataDir) + suffix, { force: true });
    writeFileSync(fileOf(dataDir), whole);
    await client.recovery.tryAgain();
    await watching;
    expect(seen.at(-1)).toBe('open/idle');
    for await (const view of await client.overview.live({ workspaceId })) {
      expect(credits(view.balance.used)).toBe(250);
      break;
    }
  });

  it('opens for reading when it is asked to, once, and for writing again', async () => {
    const { dataDir, workspaceId } = await studioData();
    const { client } = await own(dataDir);
    expect(await client.recovery.openReadOnly()).toMatchObject({ mode: 'read-only', reason: 'asked' });
    const opened = (await client.recovery.openReadOnly()).openings;
    expect((await client.recovery.openReadOnly()).openings).toBe(opened);
    expect(
      await refusalOf(client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana' })),
    ).toMatchObject({
      code: 'PROBLEM',
      data: {
        code: 'read-only',
        message: 'The data is open for reading only.',
        kept: 'Nothing was changed, and everything that was booked before is there.',
      },
    });
    expect(await client.recovery.tryAgain()).toMatchObject({ mode: 'open' });
    expect(
      (await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana' })).outcome,
    ).toBe('allowed');
  });
});

function refusalOf(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => error);
}

describe('data of which everything can be read and nothing written', () => {
  it('is looked at while the ways on stay open, and is restored from there', async () => {
    const { dataDir, workspaceId } = await studioData();
    const first = await openStandingReplica({ dataDir, clock: () => at(now) });
    const { name } = await first.client.backups.make();
    await first.close();
    damage(dataDir, 'unwritable-sums');
    const { client } = await own(dataDir);
    expect(await client.recovery.status()).toMatchObject({ mode: 'unopened', reason: 'other' });
    const reading = await client.recovery.openReadOnly();
    expect(reading).toMatchObject({ mode: 'read-only', reason: 'other', ways: ['try-again', 'restore', 'salvage'] });
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(250);
    expect((await client.report.get({ workspaceId, by: 'user', period: 'day' })).total).toBe(250e6);
    expect(await client.recovery.tryAgain()).toMatchObject({ mode: 'unopened', reason: 'other' });
    await client.recovery.openReadOnly();
    const { status } = await client.recovery.restore({ file: name });
    expect(status).toMatchObject({ mode: 'open', ways: [] });
    const { outcome } = await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana' });
    expect(outcome).toBe('allowed');
  });
});

describe('restoring a backup', () => {
  /** A workspace with one use that is in a backup, and one that is not. */
  async function withBackup() {
    const { dataDir, workspaceId } = await studioData();
    const { client } = await own(dataDir);
    const backup = await client.backups.make();
    await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' });
    return { dataDir, workspaceId, client, backup };
  }
  const usedIn = async (client: ContractRouterClient<Contract>, workspaceId: string) =>
    credits((await client.balance.get({ workspaceId })).balance.used);

  it('works in the running app: sockets stay, live views come back, what was there is kept and can be restored', async () => {
    const { workspaceId, client, backup } = await withBackup();
    const used: number[] = [];
    const watch = async (): Promise<void> => {
      for await (const view of await client.overview.live({ workspaceId })) used.push(credits(view.balance.used));
    };
    const first = watch();
    await vi.waitFor(() => expect(used).toEqual([500]));
    const before = (await client.recovery.status()).openings;
    const restored = await client.recovery.restore({ file: backup.name });
    expect(restored).toMatchObject({
      check: { ok: true, transactions: 1 },
      before: { kind: 'backup', backup: { reason: 'before-restore' } },
      status: { mode: 'open', busy: null, openings: before + 1 },
    });
    // The stream ends, and whoever watches asks again on the same socket.
    await first;
    const second = watch();
    await vi.waitFor(() => expect(used.at(-1)).toBe(250));
    expect(await usedIn(client, workspaceId)).toBe(250);
    const kept = restored.before.kind === 'backup' ? restored.before.backup.name : '';
    expect((await client.backups.list()).backups.map(({ name }) => name)).toContain(kept);
    await client.recovery.restore({ file: kept });
    await second;
    expect(await usedIn(client, workspaceId)).toBe(500);
  });

  it('is done once when it is asked for twice at the same time, and calls in between wait', async () => {
    const { workspaceId, client, backup } = await withBackup();
    const [left, meanwhile, right] = await Promise.all([
      client.recovery.restore({ file: backup.name }),
      usedIn(client, workspaceId),
      client.recovery.restore({ file: backup.name }),
    ]);
    expect(right.before).toEqual(left.before);
    expect([250, 500]).toContain(meanwhile);
    const reasons = (await client.backups.list()).backups.map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'before-restore')).toHaveLength(1);
  });

  it.each(['header', 'middle', 'truncated', 'not-a-database'] as const)(
    'brings data back that is damaged (%s), and keeps the damaged file',
    async (how) => {
      const { dataDir, workspaceId } = await studioData();
      const first = await openStandingReplica({ dataDir, clock: () => at(now) });
      const backup = await first.client.backups.make();
      await first.close();
      damage(dataDir, how);
      const found = readFileSync(fileOf(dataDir));
      const { client } = await own(dataDir);
      expect(await client.backups.list()).toMatchObject({ backups: [{ name: backup.name }] });
      expect(await client.backups.check({ file: backup.name })).toMatchObject({ ok: true, transactions: 1 });
      expect((await client.recovery.status()).ways[0]).toBe('restore');
      const restored = await client.recovery.restore({ file: backup.name });
      expect(restored.status).toMatchObject({ mode: 'open', problem: null });
      expect(await usedIn(client, workspaceId)).toBe(250);
      if (restored.before.kind !== 'folder') throw new Error('A damaged file is kept as it is.');
      expect(readFileSync(join(restored.before.folder, 'fuelgauge.sqlite'))).toEqual(found);
    },
  );

  it('refuses what is no backup by name, and leaves everything open and as it was', async () => {
    const { dataDir, workspaceId, client, backup } = await withBackup();
    const elsewhere = await temporaryFolder();
    writeFileSync(join(elsewhere, 'secret.txt'), 'the secret of somebody else');
    symlinkSync(join(elsewhere, 'secret.txt'), join(dirname(backup.file), 'fuelgauge-20260101T000000Z-manual.sqlite'));
    for (const [file, says] of [
      ['nothing.sqlite', 'is no backup in the list'],
      ['../fuelgauge.sqlite', 'is no backup in the list'],
      ['fuelgauge-20260101T000000Z-manual.sqlite', 'leads out of the folder'],
      [join(dataDir, 'lock.sqlite'), 'is no backup'],
      [fileOf(dataDir), 'is the data itself'],
      [dataDir, 'folder'],
      [join(elsewhere, 'secret.txt'), 'no database'],
      [join(elsewhere, 'missing.sqlite'), 'cannot be restored'],
    ] as const) {
      const refusal = await client.recovery.restore({ file }).then(
        () => 'restored',
        (error: unknown) => JSON.stringify(error instanceof ORPCError ? error.data : error),
      );
      expect(refusal, file).toContain(says);
      expect(refusal).not.toContain('the secret of');
    }
    for (const [file, says] of [
      ['nothing.sqlite', 'is no backup in the list'],
      ['fuelgauge-20260101T000000Z-manual.sqlite', 'leads out of the folder'],
    ] as const) {
      const refusal = await refusalOf(client.backups.check({ file }));
      expect(refusal, file).toMatchObject({
        data: { issues: [{ path: 'file', message: expect.stringContaining(says) }] },
      });
    }
    expect(await client.recovery.status()).toMatchObject({ mode: 'open' });
    expect(await usedIn(client, workspaceId)).toBe(500);
    // The directory is still ours.
    expect(lockInAnotherProcess(dataDir)).toBe('locked');
  });

  it('is refused where reading only was asked for', async () => {
    const { dataDir } = await studioData();
    const { client } = await own(dataDir, true);
    expect(await refusalOf(client.recovery.restore({ file: join(dataDir, 'any.sqlite') }))).toMatchObject({
      data: { code: 'read-only', kept: expect.stringMatching(/^Nothing was changed/) },
    });
  });
});

describe('salvaging', () => {
  it.each(['header', 'schema'] as const)(
    'reads what is left (%s), says what, keeps the damaged file, and goes on',
    async (how) => {
      const { dataDir, workspaceId } = await studioData();
      damage(dataDir, how);
      const found = readFileSync(fileOf(dataDir));
      const { client } = await own(dataDir);
      const { mode, ways } = await client.recovery.status();
      expect(mode).toBe('unopened');
      expect(ways).toContain('salvage');
      const [salvaged, again] = await Promise.all([client.recovery.salvage({}), client.recovery.salvage({})]);
      expect(again).toEqual(salvaged);
      expect(salvaged).toMatchObject({
        report: { transactions: 1, lostTotal: 0 },
        status: { mode: 'open', problem: null },
      });
      expect(readFileSync(join(salvaged.report.setAside ?? '', 'fuelgauge.sqlite'))).toEqual(found);
      expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(250);
      expect(
        (await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana' })).outcome,
      ).toBe('allowed');
    },
  );

  it('changes nothing where nothing can be read, and still offers the ways on', async () => {
    const { dataDir } = await studioData();
    damage(dataDir, 'not-a-database');
    const found = readFileSync(fileOf(dataDir));
    const { client } = await own(dataDir);
    const { ways } = await client.recovery.status();
    expect(await refusalOf(client.recovery.salvage({}))).toMatchObject({ code: 'PROBLEM', data: { code: 'damaged' } });
    expect(await client.recovery.status()).toMatchObject({ mode: 'unopened', busy: null, ways });
    expect(readFileSync(fileOf(dataDir))).toEqual(found);
  });

  it('is done by the running app when the command line asks for it, as is a restore', async () => {
    const { dataDir, workspaceId } = await studioData();
    const first = await openStandingReplica({ dataDir, clock: () => at(now) });
    const { name } = await first.client.backups.make();
    await first.close();
    damage(dataDir, 'header');
    const { client } = await own(dataDir);
    const cli = commandLineIn(dataDir);
    expect(await cli.json('salvage')).toMatchObject({ transactions: 1, lostTotal: 0 });
    expect(await client.recovery.status()).toMatchObject({ mode: 'open' });
    await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' });
    expect(await cli.json(`backup restore ${name}`)).toMatchObject({
      restored: { ok: true },
      before: { kind: 'backup' },
    });
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(250);
    expect(await cli.run('--read-only salvage')).toMatchObject({ exitCode: 1 });
  });
});

function lockInAnotherProcess(dataDir: string): string {
  const script = fileURLToPath(new URL('../../replica/database/lock.ts', import.meta.url));
  const code = `const { lockDataDirectory } = await import(${JSON.stringify(script)});
    const locked = lockDataDirectory(${JSON.stringify(dataDir)}); console.log(locked.ok ? 'free' : locked.error.kind);`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }).stdout.trim();
}

describe('a folder that cannot be written to', () => {
  it('is opened for reading by itself, with the reason, and for writing once it can be', async () => {
    const { dataDir, workspaceId } = await studioData();
    let writable = false;
    const standing = await openStandingReplica({
      dataDir,
      clock: () => at(now),
      claim: () =>
        writable
          ? { ok: true, value: undefined }
          : err({ kind: 'read-only', path: dataDir, message: `The data folder ${dataDir} is on a read-only disk.` }),
    });
    onTestFinished(standing.close);
    const { client } = standing;
    expect(standing.status()).toMatchObject({ mode: 'read-only', reason: 'read-only', ways: ['try-again'] });
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(250);
    expect(
      await refusalOf(client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana' })),
    ).toMatchObject({
      data: { code: 'read-only', message: expect.stringContaining('is on a read-only disk') },
    });
    expect(await client.recovery.tryAgain()).toMatchObject({ mode: 'read-only' });
    writable = true;
    expect(await client.recovery.tryAgain()).toMatchObject({ mode: 'open' });
    expect(
      (await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana' })).outcome,
    ).toBe('allowed');
  });

  it('is opened for reading when the disk is full', async () => {
    const { dataDir, workspaceId } = await studioData();
    const full = err({ kind: 'disk-full', path: dataDir, message: 'The disk is full.' } as const);
    const standing = await openStandingReplica({ dataDir, claim: () => full, clock: () => at(now) });
    onTestFinished(standing.close);
    expect(standing.status()).toMatchObject({ mode: 'read-only', reason: 'disk-full', problem: { code: 'disk-full' } });
    expect(await standing.client.workspaces.list()).toMatchObject([{ id: workspaceId }]);
  });
});

describe('fuelgauge --read-only', () => {
  it('reads and changes nothing, with and without a running owner', async () => {
    const { dataDir, workspaceId, whole } = await studioData();
    const cli = commandLineIn(dataDir);
    const use = `log --workspace ${workspaceId} --feature topic-prompt --quantity 1 --member ana`;
    expect(await cli.json(`--read-only balance --workspace ${workspaceId}`)).toMatchObject({ used: '250' });
    expect(await cli.json(`--read-only ${use}`)).toMatchObject({
      code: 'read-only',
      kept: expect.stringMatching(/^Nothing/),
    });
    expect((await cli.run(`--read-only ${use}`)).exitCode).toBe(1);
    expect(readFileSync(fileOf(dataDir))).toEqual(whole);

    await own(dataDir);
    expect(await cli.json(`--read-only balance --workspace ${workspaceId}`)).toMatchObject({ used: '250' });
    expect(await cli.json(`--read-only ${use}`)).toMatchObject({ code: 'read-only' });
    expect(await cli.json(use)).toMatchObject({ outcome: 'allowed' });
  });

  it('makes no data where there is none', async () => {
    const folder = join(await temporaryFolder(), 'none');
    expect(await commandLineIn(folder).json('--read-only workspace list')).toMatchObject({ code: 'not-found' });
    expect(() => readFileSync(folder)).toThrow('ENOENT');
  });

  it('reads a file that was made read-only, as every command does', async () => {
    const { dataDir, workspaceId } = await studioData();
    const renamed = join(await temporaryFolder(), 'moved');
    renameSync(dataDir, renamed);
    chmodSync(fileOf(renamed), 0o444);
    expect(await commandLineIn(renamed).json(`balance --workspace ${workspaceId}`)).toMatchObject({ used: '250' });
  });
});
