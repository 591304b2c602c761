import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { databaseFile } from '../../replica/database/data-directory.ts';
import { lockDataDirectory } from '../../replica/database/lock.ts';
import { commandLineIn, type CommandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const madeSchema = z.object({ name: z.string(), file: z.string(), madeAt: z.iso.datetime() });

async function studio(): Promise<CommandLine> {
  const cli = commandLineIn(await temporaryFolder());
  const flags = '--platform piktochart --plan pro --seats 3 --anchor 2026-11-01 --time-zone UTC';
  expect((await cli.run(`workspace create ${flags} --name Design`)).exitCode).toBe(0);
  await cli.run('member add --workspace Design --id ana --role member', '--name', 'Ana Costa');
  return cli;
}

const log = 'log --workspace Design --feature video --quantity 1 --member ana --happened';

async function used(cli: CommandLine): Promise<string> {
  const balance = z.object({ used: z.string() }).loose();
  return balance.parse(await cli.json('balance --workspace Design')).used;
}

describe('fuelgauge backup', () => {
  it('makes, lists, checks, restores and removes', async () => {
    const cli = await studio();
    await cli.run(log);
    const made = madeSchema.parse(await cli.json('backup make'));
    await cli.run(log);
    expect(await used(cli)).toBe('500');

    const listed = await cli.run('backup list');
    expect(listed.out).toContain(made.name);
    expect(await cli.json('backup list')).toMatchObject({
      folder: join(cli.dataDirectory, 'backups'),
      lastFailure: null,
      backups: [{ name: made.name, reason: 'manual', madeAt: made.madeAt }],
    });
    const checked = await cli.run(`backup check ${made.name}`);
    expect(checked).toMatchObject({ exitCode: 0, out: expect.stringContaining('is whole.\n1 transaction, the last') });
    expect(await cli.json(`backup check ${made.file}`)).toMatchObject({ ok: true, transactions: 1 });

    const restored = await cli.run(`backup restore ${made.name}`);
    expect(restored).toMatchObject({ exitCode: 0, error: '', out: expect.stringContaining('1 transaction.') });
    expect(restored.out).toMatch(/What was there before is kept as .*-before-restore\.sqlite/);
    expect(await used(cli)).toBe('250');
    const [newest] = readdirSync(join(cli.dataDirectory, 'backups')).filter((name) => name.includes('before-restore'));
    expect(await cli.json('backup restore', newest ?? '')).toMatchObject({
      restored: { transactions: 2 },
      before: { kind: 'backup' },
    });
    expect(await used(cli)).toBe('500');

    expect((await cli.run(`backup remove ${made.name}`)).exitCode).toBe(0);
    expect(await cli.run(`backup remove ${made.name}`)).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining('There is no backup'),
    });
  });

  it('shows and changes its settings', async () => {
    const cli = await studio();
    expect(await cli.json('backup settings')).toEqual({ on: true, keepDaily: 7, keepWeekly: 4, folder: null });
    const elsewhere = await temporaryFolder();
    expect(await cli.json('backup settings --off --keep-daily 3 --keep-weekly 0 --folder', elsewhere)).toEqual({
      on: false,
      keepDaily: 3,
      keepWeekly: 0,
      folder: elsewhere,
    });
    const made = madeSchema.parse(await cli.json('backup make'));
    expect(made.file).toBe(join(elsewhere, made.name));
    expect((await cli.run('backup settings')).out).toContain('No backup is made by itself.');
    expect(await cli.json('backup settings --on --usual-folder')).toMatchObject({ on: true, folder: null });
    for (const [flags, message] of [
      ['--on --off', '--on cannot be combined with --off'],
      ['--keep-daily 0', '--keep-daily: keep one at least'],
      [`--folder ${elsewhere}/missing`, 'There is no folder'],
      ['--folder x --usual-folder', '--folder cannot be combined'],
    ] as const) {
      const run = await cli.run(`backup settings ${flags}`);
      expect([flags, run.exitCode, run.out]).toEqual([flags, 1, '']);
      expect(run.error).toContain(message);
    }
  });

  it('checks and restores nothing that is no backup', async () => {
    const cli = await studio();
    const file = join(await temporaryFolder(), 'text.sqlite');
    writeFileSync(file, 'text '.repeat(1_000));
    expect(await cli.run(`backup check ${file}`)).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('cannot be restored.\n- It is no database'),
    });
    const before = readFileSync(databaseFile(cli.dataDirectory));
    for (const refused of [file, `${file}.missing`, cli.dataDirectory]) {
      const run = await cli.run('backup restore', refused);
      expect([run.exitCode, run.out]).toEqual([1, '']);
      expect(run.error).toContain('Nothing was changed');
    }
    expect(readFileSync(databaseFile(cli.dataDirectory)).equals(before)).toBe(true);
  });

  it('changes no file of a folder that a process has which does not answer', async () => {
    const cli = await studio();
    const { name } = madeSchema.parse(await cli.json('backup make'));
    const lock = lockDataDirectory(cli.dataDirectory);
    const run = await cli.run(`backup restore ${name}`);
    expect(run).toMatchObject({ exitCode: 1, out: '', error: expect.stringContaining('does not answer') });
    if (lock.ok) lock.value.release();
    expect((await cli.run(`backup restore ${name}`)).exitCode).toBe(0);
    expect(await cli.run(`--read-only backup restore ${name}`)).toMatchObject({ exitCode: 1 });
  });
});

describe('fuelgauge salvage', () => {
  it('names both ways on where data is damaged, and saves what can be read', async () => {
    const cli = await studio();
    for (let count = 0; count < 5; count += 1) await cli.run(log);
    const bytes = readFileSync(databaseFile(cli.dataDirectory));
    bytes.fill(0xaa, 0, 4_000);
    writeFileSync(databaseFile(cli.dataDirectory), bytes);
    const refused = await cli.run('balance --workspace Design');
    expect(refused).toMatchObject({ exitCode: 1, out: '', error: expect.stringContaining('“backup restore”') });
    expect(refused.error).toContain('“salvage”');
    const saved = await cli.run('salvage');
    expect(saved).toMatchObject({ exitCode: 0, error: '' });
    expect(saved.out).toContain('Saved: 5 transactions of 1 workspace.');
    expect(saved.out).toMatch(/The damaged files are kept in .*set-aside/);
    expect(await used(cli)).toBe('1250');
    const [copy] = readdirSync(join(cli.dataDirectory, 'set-aside'));
    const aside = join(cli.dataDirectory, 'set-aside', copy ?? '', 'fuelgauge.sqlite');
    expect(await cli.json(`salvage --file ${aside}`)).toMatchObject({ transactions: 5, lost: [], lostTotal: 0 });
    expect(await used(cli)).toBe('1250');
  });
});
