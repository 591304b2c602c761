import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { ownDataDirectory } from '../../replica/loopback/owner.ts';
import { openReplica } from '../../replica/main.ts';
import { assert } from '../../shared/kernel/assert.ts';
import { commandLineIn, spawnedCommandLineIn, type CommandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const copilotReport = join(import.meta.dirname, '../data/github-copilot-usage-report.csv');
const entry = join(import.meta.dirname, '../../replica/cli/main.ts');
const created = z.object({ workspaceId: z.string() });
const create = 'workspace create --platform piktochart --plan pro --seats 3 --anchor 2026-01-01 --time-zone UTC';

async function startWorkspace(cli: CommandLine): Promise<string> {
  const { workspaceId } = created.parse(await cli.json(create));
  const w = `--workspace ${workspaceId}`;
  await cli.json(`member add ${w} --id ada --name Ada --role member`);
  return w;
}

async function startCopilot(cli: CommandLine): Promise<string> {
  const flags = '--platform github-copilot --plan business --seats 100 --anchor 2025-10-01 --time-zone UTC';
  const { workspaceId } = created.parse(await cli.json(`workspace create ${flags}`));
  return `--workspace ${workspaceId}`;
}

it('runs as a process of its own: answers, refusals and wrong input by exit code', async () => {
  const cli = spawnedCommandLineIn(await temporaryFolder());
  const w = await startWorkspace(cli);
  const log = `log ${w} --member ada --feature video --at 2026-01-05`;
  expect(await cli.run(`${log} --quantity 1 --json`)).toMatchObject({ exitCode: 0, error: '' });
  const refused = await cli.run(`${log} --quantity 100 --json`);
  expect(refused).toMatchObject({ exitCode: 2, error: '' });
  expect(JSON.parse(refused.out)).toMatchObject({ outcome: 'refused', reasons: [{ rule: 'pool', headroom: '1250' }] });
  const wrong = await cli.run(`${log} --quantity 1e309`);
  expect(wrong).toMatchObject({ exitCode: 1, out: '' });
  expect(wrong.error).toContain('quantity');
  const readable = await cli.run(`balance ${w} --as-of 2026-01-06`);
  expect(readable).toMatchObject({ exitCode: 0, error: '' });
  expect(readable.out).toMatch(/Used +250 of 1,500/);
});

it('works through the running owner, which sees every entry at once', async () => {
  const folder = await temporaryFolder();
  const opened = await ownDataDirectory({
    dataDirectory: folder,
    openReplica: (dataDir) => openReplica({ dataDir, shell: 'browser' }),
  });
  assert(opened.ok, 'The folder can be owned.');
  onTestFinished(() => opened.value.close());
  const cli = spawnedCommandLineIn(folder);
  const w = await startWorkspace(cli);
  expect(await cli.json(`log ${w} --member ada --feature video --quantity 1 --at 2026-01-05`)).toMatchObject({
    outcome: 'allowed',
    credits: '250',
  });
  const refused = await cli.run(`hold ${w} --member ada --feature video --quantity 100 --at 2026-01-05`);
  expect(refused.exitCode).toBe(2);
  expect(await cli.json(`balance ${w} --as-of 2026-01-06`)).toMatchObject({ used: '250', available: '1250' });
  expect((await cli.run(`balance --workspace nope`)).exitCode).toBe(1);

  const copilot = await startCopilot(cli);
  const imported = await cli.json(`import ${copilotReport} ${copilot}`);
  expect(imported).toMatchObject({ rows: 1693, booked: 1693, credits: '175767.637', members: 92, features: 17 });
  const exported = await cli.run(`export ${copilot} --format csv`);
  expect(exported.out.trimEnd().split('\r\n')).toHaveLength(1694);
});

it('waits for another command that has the folder, so that both are booked', async () => {
  const cli = spawnedCommandLineIn(await temporaryFolder());
  const w = await startWorkspace(cli);
  const log = `log ${w} --member ada --feature topic-prompt --quantity 1 --at 2026-01-05`;
  const runs = await Promise.all(Array.from({ length: 4 }, () => cli.run(log)));
  expect(runs.map((run) => run.exitCode)).toEqual([0, 0, 0, 0]);
  expect(await cli.json(`balance ${w} --as-of 2026-01-06`)).toMatchObject({ used: '4' });
});

it('ends quietly when its reader has seen enough', async () => {
  const cli = commandLineIn(await temporaryFolder());
  const w = await startCopilot(cli);
  expect(await cli.json(`import ${copilotReport} ${w}`)).toMatchObject({ booked: 1693 });
  const child = spawn(process.execPath, [
    entry,
    '--data-dir',
    cli.dataDirectory,
    'export',
    ...w.split(' '),
    '--format',
    'csv',
  ]);
  const ended = once(child, 'exit');
  let error = '';
  child.stderr.on('data', (text) => (error += String(text)));
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await ended).toEqual([0, null]);
  expect(error).toBe('');
});

it('[L2] a killed import leaves nothing that the next run cannot make whole', async () => {
  const cli = commandLineIn(await temporaryFolder());
  const w = await startCopilot(cli);
  const rows = 12_000;
  const file = join(await temporaryFolder(), 'usage.csv');
  const lines = Array.from(
    { length: rows },
    (_, row) => `2025-10-${String(1 + (row % 28)).padStart(2, '0')},user${row % 50},m,1,0.5`,
  );
  writeFileSync(file, `date,username,model,quantity,aic_quantity\n${lines.join('\n')}\n`);
  const child = spawn(process.execPath, [entry, '--data-dir', cli.dataDirectory, 'import', file, ...w.split(' ')]);
  const ended = once(child, 'exit');
  const uploads = join(cli.dataDirectory, 'uploads');
  while (child.exitCode === null && !(existsSync(uploads) && readdirSync(uploads).length > 0)) await wait(5);
  child.kill('SIGKILL');
  await ended;
  const again = z.object({ rows: z.number(), booked: z.number(), duplicates: z.number(), restated: z.number() });
  const summary = again.parse(await cli.json(`import ${file} ${w}`));
  expect(summary.rows).toBe(rows);
  expect(summary.booked + summary.duplicates).toBe(rows);
  expect(await cli.json(`balance ${w} --as-of 2025-10-31`)).toMatchObject({ used: String(rows / 2) });
});

it('says that a data folder cannot be used, and changes nothing', async () => {
  const file = join(await temporaryFolder(), 'file');
  writeFileSync(file, 'x');
  const run = await commandLineIn(file).run('workspace list --json');
  expect(run.exitCode).toBe(1);
  expect(run.error).toContain('Choose a folder');
  expect(JSON.parse(run.out)).toMatchObject({ code: 'wrong-input', issues: [{ path: '--data-dir' }] });

  const damaged = await temporaryFolder();
  const cli = commandLineIn(damaged);
  await startWorkspace(cli);
  for (const name of readdirSync(damaged).filter((each) => each.includes('sqlite') && !each.startsWith('lock'))) {
    writeFileSync(join(damaged, name), 'this is no database at all'.repeat(500));
  }
  const broken = await cli.run('workspace list --json');
  expect(broken.exitCode).toBe(1);
  expect(JSON.parse(broken.out)).toMatchObject({ code: 'damaged' });
});

it('takes a workspace by its name where only one has it', async () => {
  const cli = commandLineIn(await temporaryFolder());
  await cli.json(`${create} --name Design`);
  expect(await cli.json('balance --workspace Design --as-of 2026-01-15')).toMatchObject({ available: '1500' });
  await cli.json(`${create} --name Design`);
  expect(await cli.run('balance --workspace Design --as-of 2026-01-15')).toMatchObject({ exitCode: 1 });
});
