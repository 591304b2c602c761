import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { databaseFile } from '../../replica/database/data-directory.ts';
import { restoreBackup } from '../../replica/backup/restore.ts';
import { at, credits, openTestReplica, piktochart } from '../support/replica.ts';
import { rollUpsOf } from '../support/roll-ups.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const now = at('2026-11-21T08:00:00Z');

/**
 * A data directory as a killed process leaves it, with 30 uses of which the last are in the log only, and a backup that
 * has 3 of them.
 */
async function killedWithBackup() {
  const { client, dataDir, close: closeFirst } = await openTestReplica();
  const workspaceId = await piktochart(client, { name: 'Design' });
  const use = { workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana', happened: true };
  for (let count = 0; count < 3; count += 1) await client.usage.log(use);
  const { name } = await client.backups.make();
  await closeFirst();
  const { client: again, close } = await openTestReplica({ dataDir });
  for (let count = 0; count < 27; count += 1) await again.usage.log(use);
  const killed = await temporaryFolder();
  cpSync(dataDir, killed, { recursive: true });
  await close();
  return { dataDir: killed, file: join(killed, 'backups', name), workspaceId };
}

/** How many credits are used in a data directory; its file is whole and its sums are right. */
async function usedIn(dataDir: string, workspaceId: string): Promise<number> {
  const { client, replica, close } = await openTestReplica({ dataDir });
  const { state, rollup } = replica;
  expect(state.database.connection.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  const kept = rollUpsOf(replica);
  rollup.rebuild(state.database);
  expect(rollUpsOf(replica)).toEqual(kept);
  const used = credits((await client.balance.get({ workspaceId })).balance.used);
  await close();
  return used;
}

/** Every file below a folder with its content. */
function contentsOf(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length), readFileSync(path, 'latin1')];
    }),
  );
}

describe('restoring a backup', () => {
  it('puts it in place of the data, which is kept as a backup, log included', async () => {
    const { dataDir, file, workspaceId } = await killedWithBackup();
    const restored = await restoreBackup({ dataDir, file, at: now });
    expect(restored).toMatchObject({
      ok: true,
      value: {
        check: { ok: true, transactions: 3 },
        before: { kind: 'backup', backup: { name: 'fuelgauge-20261121T080000Z-before-restore.sqlite' } },
      },
    });
    expect(
      readdirSync(dataDir)
        .filter((name) => name !== 'uploads')
        .toSorted(),
    ).toEqual(['backups', 'fuelgauge.sqlite']);
    expect(await usedIn(dataDir, workspaceId)).toBe(3);
    const before = join(dataDir, 'backups', 'fuelgauge-20261121T080000Z-before-restore.sqlite');
    expect(await restoreBackup({ dataDir, file: before, at: at('2026-11-21T09:00:00Z') })).toMatchObject({ ok: true });
    expect(await usedIn(dataDir, workspaceId)).toBe(30);
  });

  it('works where the data is damaged, whose files are kept as they are', async () => {
    const { dataDir, file, workspaceId } = await killedWithBackup();
    const broken = databaseFile(dataDir);
    const bytes = readFileSync(broken).fill(0xa5, 8192 * 2, 8192 * 60);
    writeFileSync(broken, bytes);
    const log = readFileSync(`${broken}-wal`);
    const restored = await restoreBackup({ dataDir, file, at: now });
    const folder = join(dataDir, 'set-aside', '20261121T080000Z');
    expect(restored).toMatchObject({ ok: true, value: { before: { kind: 'folder', folder } } });
    expect(readFileSync(join(folder, 'fuelgauge.sqlite')).equals(bytes)).toBe(true);
    expect(readFileSync(join(folder, 'fuelgauge.sqlite-wal')).equals(log)).toBe(true);
    expect(await usedIn(dataDir, workspaceId)).toBe(3);
    expect(readFileSync(join(folder, 'fuelgauge.sqlite')).equals(bytes)).toBe(true);
  });

  it('works where there is no data, and from the folder of another computer with its log', async () => {
    const { dataDir, file, workspaceId } = await killedWithBackup();
    const empty = await temporaryFolder();
    expect(await restoreBackup({ dataDir: empty, file, at: now })).toMatchObject({
      ok: true,
      value: { before: { kind: 'nothing' } },
    });
    expect(await usedIn(empty, workspaceId)).toBe(3);
    const other = await temporaryFolder();
    expect(await restoreBackup({ dataDir: other, file: databaseFile(dataDir), at: now })).toMatchObject({ ok: true });
    expect(await usedIn(other, workspaceId)).toBe(30);
  });

  it('refuses what cannot be restored, and changes nothing', async () => {
    const { dataDir, file } = await killedWithBackup();
    const folder = await temporaryFolder();
    const made = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const foreign = join(folder, 'foreign.sqlite');
    const cars = new DatabaseSync(foreign);
    cars.exec('CREATE TABLE cars (id INTEGER)');
    cars.close();
    const newer = made('newer.sqlite', readFileSync(file));
    const database = new DatabaseSync(newer);
    database.exec('PRAGMA user_version=2');
    database.close();
    const bytes = readFileSync(file);
    bytes.fill(0, 8192 * 4, 8192 * 8);
    const before = contentsOf(dataDir);
    for (const [refused, message] of [
      [foreign, /another program/],
      [newer, /later version/],
      [made('damaged.sqlite', bytes), /damaged/],
      [made('empty.sqlite', ''), /0 bytes/],
      [made('text.sqlite', 'text '.repeat(9_999)), /no database/],
      [folder, /folder/],
      [join(folder, 'missing.sqlite'), /no such file/],
      [databaseFile(dataDir), /data itself/],
    ] as const) {
      const restored = await restoreBackup({ dataDir, file: refused, at: now });
      expect(restored.ok ? 'restored' : restored.error.message, refused).toMatch(message);
      expect(restored.ok ? '' : restored.error.kept, refused).toContain('Nothing was changed');
    }
    expect(contentsOf(dataDir)).toEqual(before);
  });
});

describe('restoring while the process is killed', () => {
  const script = fileURLToPath(new URL('../support/restore-process.ts', import.meta.url));
  const steps = ['check', 'copy', 'keep-present', 'intent', 'companions', 'database', 'done'] as const;

  it.each(steps)('leaves the old data or the new, each whole, when it ends before “%s”', async (step) => {
    for (const damaged of [false, true]) {
      const { dataDir, file, workspaceId } = await killedWithBackup();
      const broken = databaseFile(dataDir);
      if (damaged) writeFileSync(broken, readFileSync(broken).fill(0x5a, 8192 * 2, 8192 * 60));
      const files = ['', '-wal'].map((suffix) => readFileSync(broken + suffix));
      const ended = spawnSync(process.execPath, [script, dataDir, file, step], { encoding: 'utf8' });
      expect([ended.signal, ended.stdout]).toEqual(['SIGKILL', '']);
      const decided = ['companions', 'database', 'done'].includes(step);
      if (decided) {
        expect(await usedIn(dataDir, workspaceId)).toBe(3);
        if (damaged) {
          const folder = join(dataDir, 'set-aside', '20261121T080000Z');
          const kept = ['', '-wal'].map((suffix) => readFileSync(join(folder, `fuelgauge.sqlite${suffix}`)));
          expect(kept).toEqual(files);
        }
      } else {
        expect(['', '-wal'].map((suffix) => readFileSync(broken + suffix))).toEqual(files);
        if (!damaged) expect(await usedIn(dataDir, workspaceId)).toBe(30);
        const again = await restoreBackup({ dataDir, file, at: now });
        expect(again.ok).toBe(true);
        expect(await usedIn(dataDir, workspaceId)).toBe(3);
      }
      expect(readdirSync(dataDir).filter((name) => name.startsWith('.') || name.startsWith('replacing'))).toEqual([]);
      expect(existsSync(file)).toBe(true);
    }
  });
});
