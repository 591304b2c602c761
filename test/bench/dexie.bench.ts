/** What somebody with RxDB would take for free: its storage on IndexedDB, in a real Chromium, beside ours in Node. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { createRxDatabase, type RxCollection } from 'rxdb';
import { build } from 'vite';
import { z } from 'zod';
import { getRxStorageSqlite } from '../../replica/storage-sqlite/storage-sqlite.ts';
import { launchChromiumIn } from '../support/chromium.ts';
import { BULK_DOCUMENTS, BULKS, collectionSteps } from './collection-steps.ts';
import { figureOf, type Figure } from './figure.ts';
import { lineSchema, type Line } from './lines.ts';

const RUNS = 5;
const DOCUMENTS = BULKS * BULK_DOCUMENTS;
const stepsSchema = z.object({ bulkSeconds: z.number(), rangeSeconds: z.number() });
type Steps = z.infer<typeof stepsSchema>;

export async function dexieFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'dexie-bench-'));
  const browser = await launchChromiumIn(join(folder, 'profile'));
  try {
    const page = await openPage(await browser.newPage(), join(folder, 'page'));
    const runs: { readonly ours: Steps; readonly dexie: Steps }[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const first = run % 2 === 0 ? await measureOurs(folder, run) : undefined;
      const dexie = stepsSchema.parse(await page.evaluate(`measureDexie(${run})`));
      runs.push({ ours: first ?? (await measureOurs(folder, run)), dexie });
    }
    return [
      figureOf({
        name: 'rxdb-dexie.bulk-insert',
        unit: 'documents/s',
        n: DOCUMENTS,
        runs: runs.map(({ ours, dexie }) => ({
          value: DOCUMENTS / ours.bulkSeconds,
          baseline: DOCUMENTS / dexie.bulkSeconds,
        })),
      }),
      figureOf({
        name: 'rxdb-dexie.range-10k-sorted',
        unit: 'ms',
        n: 1,
        runs: runs.map(({ ours, dexie }) => ({
          value: ours.rangeSeconds * 1_000,
          baseline: dexie.rangeSeconds * 1_000,
        })),
      }),
    ];
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureOurs(folder: string, run: number): Promise<Steps> {
  const database = await createRxDatabase<{ lines: RxCollection<Line> }>({
    name: `run${run}`,
    storage: getRxStorageSqlite({ folder }),
    multiInstance: false,
    eventReduce: false,
  });
  const { lines } = await database.addCollections({ lines: { schema: lineSchema } });
  try {
    return await collectionSteps(lines);
  } finally {
    await database.close();
  }
}

/** The page, built as the app's own pages are, under an address that no request leaves this computer for. */
async function openPage(page: Page, outDir: string): Promise<Page> {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('./dexie-page', import.meta.url)),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, target: 'esnext' },
  });
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    const name = pathname === '/' ? '/index.html' : pathname;
    const contentType = extname(name) === '.html' ? 'text/html' : 'text/javascript';
    return route.fulfill({ contentType, body: readFileSync(join(outDir, name)) });
  });
  await page.goto('https://bench.localhost/');
  return page;
}
