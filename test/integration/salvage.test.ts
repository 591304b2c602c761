import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReplica } from '../../replica/main.ts';
import { databaseFile } from '../../replica/database/data-directory.ts';
import { checkFile } from '../../replica/backup/check-file.ts';
import { salvage } from '../../replica/salvage/salvage.ts';
import type { SalvageView } from '../../shared/bridge/backup-views.ts';
import { assert } from '../../shared/kernel/assert.ts';
import { at, clientOf, openTestReplica, piktochart } from '../support/replica.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { thoroughness } from '../support/thoroughness.ts';

const now = at('2026-11-21T08:00:00Z');
const pageBytes = 8192;

/** The text of every document of a file, without what the storage adds, by collection and id. */
function documentsIn(file: string): ReadonlyMap<string, string> {
  const database = new DatabaseSync(file, { readOnly: true });
  const documents = new Map<string, string>();
  for (const { name, collection } of database.prepare('SELECT name, collection FROM rxstorage_tables').all()) {
    if (String(collection).startsWith('_')) continue;
    const rows = database.prepare(`SELECT id, document FROM "${String(name)}" WHERE deleted=0`).all();
    for (const { id, document } of rows)
      documents.set(`${String(collection)}/${String(id)}`, plainText(String(document)));
  }
  database.close();
  return documents;
}

function plainText(document: string): string {
  return JSON.stringify(JSON.parse(document), (key, value: unknown) => {
    if (['_rev', '_meta', '_attachments', '_deleted'].includes(key)) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)));
  });
}

let made = '';
let written: ReadonlyMap<string, string> = new Map();

/** A sample team, and a workspace with refusals and orders; the last entries are in the log only. */
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'fuelgauge-test-'));
  const first = await openReplica({ dataDir: made, clock: () => at('2026-11-20T12:00:00Z') });
  const client = clientOf(first);
  await client.workspaces.createSample({ platforms: ['piktochart'] });
  const workspaceId = await piktochart(client, { name: 'Design' });
  const use = { workspaceId, feature: 'video', quantity: '2', member: 'ana' };
  await client.usage.log(use);
  await client.usage.log({ ...use, quantity: '9' });
  await client.orders.create({ workspaceId, pack: 'starter' });
  await client.readings.add({ workspaceId, used: '600', at: '2026-11-20T11:00' });
  await first.close();
  const second = await openReplica({ dataDir: made, clock: () => at('2026-11-20T13:00:00Z') });
  for (let count = 0; count < 20; count += 1) {
    await clientOf(second).usage.log({ ...use, feature: 'topic-prompt', quantity: '1', happened: true });
  }
  const copy = mkdtempSync(join(tmpdir(), 'fuelgauge-test-'));
  cpSync(made, copy, { recursive: true });
  await second.close();
  rmSync(made, { recursive: true });
  made = copy;
  written = documentsIn(databaseFile(made));
});

afterAll(() => rmSync(made, { recursive: true, force: true }));

async function damagedCopy(damage: (file: string) => void): Promise<string> {
  const dataDir = await temporaryFolder();
  for (const suffix of ['', '-wal']) {
    cpSync(databaseFile(made) + suffix, databaseFile(dataDir) + suffix);
  }
  damage(databaseFile(dataDir));
  return dataDir;
}

/** Salvages, and says what was found; what was not written is a failure. */
async function salvaged(damage: (file: string) => void) {
  const dataDir = await damagedCopy(damage);
  const before = ['', '-wal'].map((suffix) => contentOf(databaseFile(dataDir) + suffix));
  const answer = await salvage({ dataDir, at: now });
  assert(answer.ok, answer.ok ? '' : answer.error.message);
  const report: SalvageView = answer.value;
  const found = documentsIn(databaseFile(dataDir));
  expect([...found].filter(([key, text]) => written.get(key) !== text)).toEqual([]);
  const aside = report.setAside ?? '';
  expect(['', '-wal'].map((suffix) => contentOf(join(aside, `fuelgauge.sqlite${suffix}`)))).toEqual(before);
  return { dataDir, report, found };
}

function contentOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'latin1') : undefined;
}

function pagesOf(file: string): number {
  return readFileSync(file).length / pageBytes;
}

function overwrite(file: string, from: number, bytes: Uint8Array): void {
  const content = readFileSync(file);
  content.set(bytes.subarray(0, Math.max(0, content.length - from)), from);
  writeFileSync(file, content);
}

describe('salvaging a file', () => {
  it('finds everything where nothing is damaged, with sums that are right and a second copy', async () => {
    const { dataDir, report, found } = await salvaged(() => undefined);
    expect(found).toEqual(written);
    expect(report).toMatchObject({ lost: [], lostTotal: 0, brokenPlaces: 0, lostFrom: null });
    expect(report.backup?.reason).toBe('salvage');
    expect(await checkFile(report.backup?.file ?? '')).toMatchObject({ ok: true, transactions: report.transactions });
    expect(readdirSync(dataDir).filter((name) => !/-(?:wal|shm)$/.test(name))).toEqual([
      'backups',
      'fuelgauge.sqlite',
      'set-aside',
    ]);
    const { client } = await openTestReplica({ dataDir });
    const names = (await client.workspaces.list()).map(({ name }) => name);
    expect(names).toContain('Design');
    expect((await client.app.info()).damagedRows).toBe(0);
  });

  it('finds nearly everything after the first pages are gone, which lead to all others', async () => {
    const { found } = await salvaged((file) => overwrite(file, 0, new Uint8Array(pageBytes)));
    expect(found.size / written.size).toBeGreaterThan(0.95);
  });

  it.each([
    ['a head of nonsense', (file: string) => overwrite(file, 0, new Uint8Array(100).fill(0xee))],
    ['a log of nonsense', (file: string) => overwrite(`${file}-wal`, 0, new Uint8Array(9_999).fill(0x11))],
    ['no log', (file: string) => rmSync(`${file}-wal`)],
    ['half a page missing at the end', (file: string) => truncateSync(file, readFileSync(file).length - 5_000)],
    [
      'a third missing at the end',
      (file: string) => truncateSync(file, Math.floor((pagesOf(file) * 2) / 3) * pageBytes),
    ],
    ['pages of zeros', (file: string) => overwrite(file, 30 * pageBytes, new Uint8Array(5 * pageBytes))],
  ])('finds most of a file with %s', async (name, damage) => {
    const { found, report } = await salvaged(damage);
    expect(found.size / written.size).toBeGreaterThan(0.5);
    const missing = [...written.keys()].filter((key) => !found.has(key));
    const told = new Set(report.lost.map(({ collection, id }) => `${collection}/${id}`));
    // Of a log that is gone nobody knows what was in it.
    if (missing.length > 0 && name !== 'no log') expect(report.lostTotal + report.brokenPlaces).toBeGreaterThan(0);
    expect([...told].filter((key) => found.has(key))).toEqual([]);
  });

  it('names the rows that are lost, with the time that they are from', async () => {
    const file = databaseFile(made);
    const copy = await damagedCopy(() => undefined);
    const database = new DatabaseSync(databaseFile(copy));
    const { pageno } =
      database
        .prepare(`SELECT pageno FROM dbstat WHERE name='transactions_v0' AND pagetype='leaf' LIMIT 1 OFFSET 3`)
        .get() ?? {};
    database.close();
    expect(pagesOf(file)).toBeGreaterThan(Number(pageno));
    const { report, found } = await salvaged((damaged) =>
      overwrite(damaged, (Number(pageno) - 1) * pageBytes, new Uint8Array(pageBytes).fill(0xcc)),
    );
    const missing = [...written.keys()].filter((key) => !found.has(key));
    expect(missing.length).toBeGreaterThan(3);
    expect(report.lost.map(({ collection, id }) => `${collection}/${id}`).toSorted()).toEqual(missing.toSorted());
    const instants = missing.map((key): number => JSON.parse(written.get(key) ?? '{}').occurredAt);
    expect([report.lostFrom, report.lostTo]).toEqual([Math.min(...instants), Math.max(...instants)]);
  });

  it('changes nothing when nothing can be read', async () => {
    const dataDir = await damagedCopy((file) => {
      writeFileSync(file, 'no database '.repeat(10_000));
      rmSync(`${file}-wal`);
    });
    const answer = await salvage({ dataDir, at: now });
    expect(answer).toMatchObject({ ok: false, error: { code: 'damaged', todo: 'Restore a backup.' } });
    expect(readdirSync(dataDir)).toEqual(['fuelgauge.sqlite']);
  });
});

/** How many letters one text has that the other has not. */
function lettersBetween(left: string, right: string): number {
  const counts = new Map<string, number>();
  for (const letter of left.split('')) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  for (const letter of right.split('')) counts.set(letter, (counts.get(letter) ?? 0) - 1);
  return [...counts.values()].reduce((total, count) => total + Math.abs(count), 0);
}

describe('salvaging any damage', () => {
  it('invents nothing and finds all rows of the pages that are left, whatever sectors are lost', async () => {
    const sectors = (readFileSync(databaseFile(made)).length / 512) | 0;
    const loss = fc.record({
      at: fc.integer({ min: 0, max: sectors - 1 }),
      count: fc.integer({ min: 1, max: 24 }),
      filling: fc.constantFrom(0, 0xff, undefined),
      seed: fc.integer({ min: 1, max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(loss, { minLength: 1, maxLength: 4 }), async (losses) => {
        const { found } = await salvaged((file) => {
          for (const { at: from, count, filling, seed } of losses) {
            const bytes = Uint8Array.from({ length: count * 512 }, (_, index) => filling ?? (index * seed * 31) % 256);
            overwrite(file, from * 512, bytes);
          }
        });
        // A page has at most 40 rows, and what is lost is at most 4 × 24 sectors of 512 bytes.
        expect(found.size).toBeGreaterThan(written.size * 0.6);
      }),
      { numRuns: 12 * thoroughness, endOnFailure: true },
    );
  }, 600_000);

  it('finds nearly all rows whatever bytes are flipped, each as it was but for a flip within its own text', async () => {
    const length = readFileSync(databaseFile(made)).length;
    const flip = fc.record({ at: fc.integer({ min: 0, max: length - 1 }), mask: fc.integer({ min: 1, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 30 }), async (flips) => {
        const dataDir = await damagedCopy((file) => {
          const content = readFileSync(file);
          for (const { at: from, mask } of flips) content[from] = (content[from] ?? 0) ^ mask;
          writeFileSync(file, content);
        });
        expect((await salvage({ dataDir, at: now })).ok).toBe(true);
        const found = documentsIn(databaseFile(dataDir));
        const changed = [...found].filter(([key, text]) => written.get(key) !== text);
        expect(changed.length).toBeLessThanOrEqual(flips.length);
        for (const [key, text] of changed) {
          // A flip turns one letter into another, and may so bring the fields of a body into another order.
          expect(lettersBetween(text, written.get(key) ?? ''), key).toBeLessThanOrEqual(4 * flips.length);
        }
        expect(found.size).toBeGreaterThan(written.size * 0.6);
      }),
      { numRuns: 12 * thoroughness, endOnFailure: true },
    );
  }, 600_000);
});
